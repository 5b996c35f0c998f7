"""Who works where: accounts, and the roles given to them. Nobody gives more than they reach."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from milieu.kernel.errors import Refusal
from milieu.people.access import not_allowed
from milieu.people.models import INTERFACE, Grant, Person
from milieu.people.rules import GRANTED, Action, Role, allowed
from milieu.people.services import end_on_phones

if TYPE_CHECKING:
    from typing import TypedDict

    from django_stubs_ext import WithAnnotations

    from milieu.census.models import Facility, Unit

    class _Shown(TypedDict):
        grants_here: list[Grant]  # past ones too, oldest first
        has_factor: bool

    Colleague = WithAnnotations[Person, _Shown]

# None that look alike, and none that spell a word.
LETTERS = "bcdfghjkmnpqrstvwxyz23456789"
GROUPS = 4
GROUP_LENGTH = 5  # 28^20: 96 bits
USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,149}")
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes are not a factor
NEEDS_NO_SIGHT = frozenset(set(Role) - GRANTED[Action.SEE])  # roles that see nobody in care


@dataclass(frozen=True)
class Places:
    """Where a person may do something, and in which roles: units, and facilities as a whole."""

    units: dict[Unit, frozenset[Role]]
    facilities: dict[Facility, frozenset[Role]]

    def __bool__(self) -> bool:
        return bool(self.units or self.facilities)

    def roles_at(self, place: Unit | Facility) -> frozenset[Role] | None:
        """Return the roles that are held at this very place; None when it is not one of these."""
        pairs: list[tuple[Unit | Facility, frozenset[Role]]] = [
            *self.units.items(),
            *self.facilities.items(),
        ]
        return dict(pairs).get(place)

    def hold(self, grant: Grant) -> bool:
        """Return whether all that this role reaches lies within."""
        return grant.unit in self.units if grant.unit else grant.facility in self.facilities


def held_at(moment: datetime) -> Q:
    """Return the condition of a role that is held at this moment."""
    return Q(starts_at__lte=moment) & (Q(ends_at=None) | Q(ends_at__gt=moment))


def places(person: Person, *actions: Action, at: datetime) -> Places:
    """Return where this person may do any of these things, by name of the place."""
    units: dict[Unit, frozenset[Role]] = {}
    facilities: dict[Facility, frozenset[Role]] = {}
    if person.is_active:
        held = Grant.objects.filter(held_at(at), person=person)
        for grant in held.select_related("unit", "facility").prefetch_related("facility__units"):
            role = Role(grant.role)
            if grant.facility:
                facilities[grant.facility] = facilities.get(grant.facility, frozenset()) | {role}
            for unit in [grant.unit] if grant.unit else _units_of(grant):
                units[unit] = units.get(unit, frozenset()) | {role}
    return Places(
        {unit: units[unit] for unit in sorted(units, key=str) if _any(actions, units[unit])},
        {
            each: facilities[each]
            for each in sorted(facilities, key=str)
            if _any(actions, facilities[each])
        },
    )


def _units_of(grant: Grant) -> list[Unit]:
    return list(grant.facility.units.all()) if grant.facility else []


def _any(actions: tuple[Action, ...], roles: frozenset[Role]) -> bool:
    return any(allowed(action, roles) for action in actions)


def staff(within: Places, *, newcomers: bool) -> QuerySet[Colleague, Colleague]:
    """Return who holds or held a role in these places; with ``newcomers``, who never held any."""
    here = Q(unit__in=list(within.units)) | Q(facility__units__in=list(within.units))
    known = Q(pk__in=Grant.objects.filter(here).values("person"))
    if newcomers:
        known |= ~Q(pk__in=Grant.objects.values("person"))
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    grants = (
        Grant.objects.filter(here)
        .distinct()
        .select_related("unit", "facility")
        .order_by("starts_at", "pk")
    )
    return (
        Person.objects.filter(known)
        .exclude(username=INTERFACE)
        .annotate(has_factor=Exists(factors))
        .prefetch_related(Prefetch("grants", grants, to_attr="grants_here"))
    )


def roles_to_give(roles: frozenset[Role]) -> frozenset[Role]:
    """Return which roles may be given by someone who holds these at a place.

    Who sees nobody in care there gives no role that does.
    """
    if not allowed(Action.MANAGE_PEOPLE, roles):
        return frozenset()
    return frozenset(Role) if allowed(Action.SEE, roles) else NEEDS_NO_SIGHT


@transaction.atomic
def add_person(
    username: str,
    name: str,
    *,
    role: Role | None,
    place: Unit | Facility | None,
    by: Person | None,
    at: datetime,
    password: str | None = None,
) -> tuple[Person, str]:
    """Add an account, with a first role when one is named. Return it and its first password.

    ``by`` is nobody when the hospital's engineer does it on the server itself.

    Raises:
        Refusal ``username-unusable``, ``username-taken``, and those of ``give_role``.
    """
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        text = _("Use two letters or more: a to z, digits, and . _ - @ between them.")
        raise Refusal("username-unusable", text, field="username")
    if username == INTERFACE or Person.objects.filter(username__iexact=username).exists():
        text = _("This user name is taken. Choose another, such as one with a middle initial.")
        raise Refusal("username-taken", text, field="username")
    is_first, password = not password, password or first_password()
    person = Person.objects.create_user(
        username, name.strip(), password, password_is_first=is_first
    )
    if role and place:
        give_role(person, role, place, by=by, at=at)
    return person, password


def first_password() -> str:
    """Return a password to be read out or typed once: ``k7fmq-2xw9t-hpb4r-9zmcd``."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


@transaction.atomic
def give_role(
    person: Person, role: Role, place: Unit | Facility, *, by: Person | None, at: datetime
) -> Grant:
    """Give a role on a unit or in a whole facility, from now on.

    Raises:
        Refusal ``not-allowed``: the giver manages nobody there.
        Refusal ``own-roles``: nobody gives a role to themselves.
        Refusal ``reaches-further``: the role sees people in care and its giver does not.
        Refusal ``role-held``: it is held already.
    """
    if by:
        _require_to_give(by, role, place, at=at)
        _require_another(by, person)
    where: dict[str, Any] = {str(place._meta.model_name): place}  # the grant's "unit" or "facility"
    Person.objects.select_for_update().get(pk=person.pk)  # two who give at once give it once
    if Grant.objects.filter(held_at(at), person=person, role=role, **where).exists():
        text = _("%(name)s already has this role on %(place)s.") % {"name": person, "place": place}
        raise Refusal("role-held", text, field="role")
    return Grant.objects.create(person=person, role=role, starts_at=at, given_by=by, **where)


def _require_to_give(by: Person, role: Role, place: Unit | Facility, *, at: datetime) -> None:
    mine = places(by, Action.MANAGE_PEOPLE, at=at)
    held = mine.roles_at(place)
    if held is None:
        raise not_allowed(Action.MANAGE_PEOPLE)
    if role not in roles_to_give(held):
        text = _(
            "This role sees people in care, and yours does not. Add the person without a role; "
            "the unit manager gives it."
        )
        raise Refusal("reaches-further", text, field="role")


def _require_another(by: Person, person: Person) -> None:
    if by.pk == person.pk:
        text = _(
            "Nobody changes their own roles or sign-in. "
            "Ask another manager or the system administrator."
        )
        raise Refusal("own-roles", text)


@transaction.atomic
def end_role(grant: Grant, *, by: Person, at: datetime) -> None:
    """End a role now. It stays known that it was held, and until when.

    On phones of units where none is left that sees people in care, the person is signed out.

    Raises:
        Refusal ``own-roles``, ``not-allowed``.
    """
    _require_another(by, grant.person)
    if not places(by, Action.MANAGE_PEOPLE, at=at).hold(grant):
        raise not_allowed(Action.MANAGE_PEOPLE)
    Grant.objects.filter(held_at(at), pk=grant.pk).update(ends_at=at)
    end_on_phones(grant.person, at=at, but_on=places(grant.person, Action.SEE, at=at).units)


def require_over(by: Person, person: Person, *, at: datetime) -> None:
    """Pass when ``by`` manages every place that this person's account reaches.

    When all roles have ended, it reaches where they were held. Before the first one, it is
    nobody's: whoever set how a newcomer signs in could come back as them once another unit had
    given a role. Who gives the first one does so on a unit of their own, under their name.

    Raises:
        Refusal ``own-roles``, ``not-allowed``.
        Refusal ``no-role-yet``: the person never had one.
        Refusal ``reaches-further``: the person also works elsewhere.
    """
    mine = places(by, Action.MANAGE_PEOPLE, at=at)
    if not mine:
        raise not_allowed(Action.MANAGE_PEOPLE)
    _require_another(by, person)
    reached = _reached(person, at=at)
    if not reached:
        text = _(
            "%(name)s has no role yet, so this account is nobody's to change. "
            "Give the first role, then come back."
        )
        raise Refusal("no-role-yet", text % {"name": person})
    if not all(mine.hold(grant) for grant in reached):
        text = _(
            "%(name)s also works outside your units, so this account is not yours to change. "
            "You can end the roles on your own units; for the rest, ask the system administrator."
        )
        raise Refusal("reaches-further", text % {"name": person})


def require_to_let_in(by: Person, person: Person, *, at: datetime) -> None:
    """Pass when ``by`` may set how this person signs in, with which one could sign in as them.

    So who sees nobody in care does not set it for who does, or ever did: roles end and come back.

    Raises:
        Refusal ``reaches-further``: the person sees people in care and ``by`` does not.
        Refusal: those of ``require_over``.
    """
    require_over(by, person, at=at)
    seeing = Grant.objects.filter(person=person, role__in=GRANTED[Action.SEE])
    seen = places(by, Action.SEE, at=at)
    if seeing.exists() and not all(seen.hold(grant) for grant in _reached(person, at=at)):
        text = _(
            "%(name)s sees people in care, and your role does not. "
            "A manager of their unit sets the password and the badge, and lets them sign in again."
        )
        raise Refusal("reaches-further", text % {"name": person})


def _reached(person: Person, *, at: datetime) -> QuerySet[Grant]:
    ever = Grant.objects.filter(person=person).select_related("unit", "facility")
    return ever.filter(held_at(at)) or ever


@transaction.atomic
def switch_sign_in(person: Person, *, on: bool, by: Person, at: datetime) -> None:
    """Let a person sign in, or not. Switched off, every session of theirs ends with this request.

    What they wrote on a phone before is still sent from it by whoever uses it next.

    Raises:
        Refusal: those of ``require_over``; switched on, those of ``require_to_let_in``.
    """
    (require_to_let_in if on else require_over)(by, person, at=at)
    Person.objects.filter(pk=person.pk).update(is_active=on)
    if not on:
        end_sessions(person, at=at)


@transaction.atomic
def new_password(person: Person, *, by: Person, at: datetime) -> str:
    """Set a new first password and return it; the old one and every session end with it.

    Whoever gave it knows it, so all that it is good for is to choose another.

    Raises:
        Refusal: those of ``require_to_let_in``.
    """
    require_to_let_in(by, person, at=at)
    password = first_password()
    person.set_password(password)
    Person.objects.filter(pk=person.pk).update(password=person.password, password_is_first=True)
    end_sessions(person, at=at)
    return password


def end_sessions(person: Person, *, at: datetime) -> None:
    """End every session of this person: on phones, and in browsers."""
    end_on_phones(person, at=at)
    for session in UserSession.objects.filter(user=person):
        session.end()
