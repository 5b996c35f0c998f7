"""Orders, evaluations and debriefings: who may give them, and what the strictest law allows."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from msgspec.structs import replace

from milieu.census.models import Patient, Unit
from milieu.crisis import models, shape
from milieu.crisis.grounds import Wholes, about, gather
from milieu.crisis.kinds import DEBRIEF, ORDER, SEEN
from milieu.crisis.law import Rule, Sort, figures, strictest
from milieu.crisis.listed import laws_of
from milieu.crisis.reading import Whole, age_at
from milieu.crisis.services import need, texts
from milieu.crisis.wording import CAPACITY_NAMES
from milieu.kernel.errors import Refusal
from milieu.people.models import Grant
from milieu.people.rules import Action, Role
from milieu.record.kinds import Case, Draft, Kind, fact_of
from milieu.record.known import Known
from milieu.record.rows import Values
from milieu.rounds.grounds import roles_here

_PRESCRIBES = frozenset({Role.PRESCRIBER})
_CARES = frozenset({Role.TECHNICIAN, Role.LEAD, Role.THERAPIST, Role.MANAGER})
CAPACITIES: dict[str, frozenset[Role]] = {  # which roles here go with a capacity that laws name
    "physician": _PRESCRIBES,
    "practitioner": _PRESCRIBES,
    "physician-assistant": _PRESCRIBES,
    "psychologist": _PRESCRIBES | {Role.THERAPIST},
    "registered-nurse": frozenset({Role.NURSE}),
    "practical-nurse": frozenset({Role.NURSE}),
    "technician": _CARES,
}
ACTIONS = {
    "guardian-told": Action.DEBRIEF,
    "wellbeing": Action.EVALUATE,
    "order-signed": Action.ORDER_RESTRAINT,
}
BY_LAW = {"order-signed": "order-by"}  # whoever may order may sign
FACE_TO_FACE = ("situation", "reaction", "condition")


class Looked(NamedTuple):
    """What an order is weighed with: the applications, and who prescribes where."""

    wholes: Wholes
    prescribers: dict[UUID, set[UUID]]  # by person: units


def gather_order(drafts: Sequence[Draft], known: Known) -> Looked:
    """Return the applications, and on which units the ordering people prescribe."""
    named = {draft.fact.ordered_by for draft in drafts if draft.fact is not None}
    grants = Grant.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=known.received_at),
        person__in=named,
        role=Role.PRESCRIBER,
        starts_at__lte=known.received_at,
    )
    found: dict[UUID, set[UUID]] = {}
    for person, unit, of_facility in grants.values_list(
        "person_id", "unit_id", "facility__units__id"
    ):
        found.setdefault(person, set()).add(unit or of_facility)
    return Looked(gather(drafts, known), found)


def decide_order(case: Case) -> None:
    """Weigh an order. None stands beforehand, and none is longer than the strictest law allows.

    Raises:
        Refusal as ``grounds.about``, and ``order-not-prescriber``, ``not-yours``, ``order-ended``,
        ``words-missing``, ``not-by-law``, ``order-too-long``.
    """
    looked: Looked = case.gathered
    said: shape.Order | None = case.draft.fact
    found = about(replace(case, gathered=looked.wholes), Action.ORDER_RESTRAINT, known_only=True)
    if said is None or found is None:
        return
    assert case.standing, "Asked before."
    unit = case.standing.unit
    row = fact_of(case.wrong) if case.wrong else None
    written = row.ordered_by_id if row else None
    if said.ordered_by != written and unit.pk not in looked.prescribers.get(said.ordered_by, ()):
        raise Refusal(
            "order-not-prescriber",
            _("Only a prescriber of this unit can order it. Choose who ordered it."),
            field="ordered_by",
        )
    if said.ordered_by != case.author.pk and Role.NURSE not in roles_here(case, case.standing):
        raise Refusal(
            "not-yours",
            _("A nurse writes down what somebody else ordered. Write your own orders."),
            field="ordered_by",
        )
    if found.ended and case.draft.happened_at > found.ended:
        raise Refusal(
            "order-ended",
            _(
                "It was over then. An order does not stand for a next time: begin anew if it is "
                "needed."
            ),
            field="at",
        )
    need(said, "why")
    _by_law("order-by", said.capacity, unit, case.draft.happened_at)
    _not_too_long(case, said, unit)


def _not_too_long(case: Case, said: shape.Order, unit: Unit) -> None:
    rule = longest(case.stay.patient, unit, said.sorts, case.draft.happened_at)
    if rule and said.minutes > rule.value:
        raise Refusal(
            "order-too-long",
            _("At most %(minutes)d minutes: %(paragraph)s. Choose fewer.")
            % {"minutes": rule.value, "paragraph": rule.paragraph},
            field="minutes",
        )


def longest(patient: Patient, unit: Unit, sorts: Sequence[str], at: datetime) -> Rule | None:
    """Return the shortest of the longest orders that the laws allow for this age and sorts."""
    names = laws_of(unit, at)
    age = age_at(patient.birth_date, at, unit.zone)
    found = [strictest(names, "order-minutes", age=age, sort=Sort(sort)) for sort in sorts]
    return min((rule for rule in found if rule), key=lambda rule: rule.value, default=None)


def build_order(case: Case) -> Values:
    """Return the row of an order."""
    said: shape.Order = case.draft.fact
    return {
        "application": said.application,
        "sorts": " ".join(sorted(set(said.sorts))),
        "minutes": said.minutes,
        "how": said.how,
        "ordered_by_id": said.ordered_by,
        "capacity": said.capacity,
        "renews": said.renews,
        "attending": said.attending,
        **texts(said, "why"),
    }


def decide_seen(case: Case) -> None:
    """Weigh an evaluation, a consultation, or that a guardian was told.

    Raises:
        Refusal as ``grounds.about``, and ``not-by-law``, ``capacity-not-held``, ``words-missing``,
        ``go-on-missing``, ``whom-missing``.
    """
    said: shape.Seen | None = case.draft.fact
    action = ACTIONS.get(said.what, Action.EVALUATE) if said else Action.EVALUATE
    about(case, action)
    if said is None:
        return
    assert case.standing, "Asked before."
    unit = case.standing.unit
    held = roles_here(case, case.standing)
    if CAPACITIES[said.capacity].isdisjoint(held) and case.wrong is None:
        raise Refusal(
            "capacity-not-held",
            _("You do not work here in this capacity. Choose your own."),
            field="capacity",
        )
    _by_law(BY_LAW.get(said.what, f"{said.what}-by"), said.capacity, unit, case.draft.happened_at)
    if said.what == "face-to-face":
        for name in FACE_TO_FACE:
            need(said, name)
        if not said.go_on:
            raise Refusal("go-on-missing", _("Say whether it goes on or ends."), field="go_on")
    if said.what in ("consult", "guardian-told") and not said.whom.strip():
        raise Refusal("whom-missing", _("Say who it was."), field="whom")
    texts(said, *FACE_TO_FACE, "whom", "words")


def _by_law(figure: str, capacity: str, unit: Unit, at: datetime) -> None:
    """Pass if every law that applies lets somebody in this capacity do it."""
    if figure not in figures():
        return
    rule = strictest(laws_of(unit, at), figure, age=None, sort=None)
    if rule and capacity not in rule.value:
        who = ", ".join(str(CAPACITY_NAMES[each]) for each in CAPACITY_NAMES if each in rule.value)
        raise Refusal(
            "not-by-law",
            _("The law lets this be done by: %(who)s. %(paragraph)s.")
            % {"who": who or _("nobody"), "paragraph": rule.paragraph},
            field="capacity",
        )


def build_seen(case: Case) -> Values:
    """Return the row of an evaluation."""
    said: shape.Seen = case.draft.fact
    return {
        "application": said.application,
        **{name: getattr(said, name) for name in ("what", "capacity", "how", "go_on")},
        **texts(said, *FACE_TO_FACE, "whom", "words"),
    }


def decide_debrief(case: Case) -> None:
    """Weigh a debriefing. Raises as ``grounds.about``, and ``not-over``, ``words-missing``."""
    found: Whole | None = about(case, Action.DEBRIEF)
    said: shape.Debrief | None = case.draft.fact
    if said is None:
        return
    if found and found.ended is None:
        raise Refusal("not-over", _("It is not over yet. Write down the release first."))
    need(said, "helped" if said.outcome == "held" else "words")
    texts(said, "present", "helped", "worsened", "words")


def build_debrief(case: Case) -> Values:
    """Return the row of a debriefing."""
    said: shape.Debrief = case.draft.fact
    return {
        "application": said.application,
        "who": said.who,
        "outcome": said.outcome,
        **texts(said, "present", "helped", "worsened", "words"),
    }


ORDER_KIND = Kind(
    name=ORDER,
    shape=shape.Order,
    model=models.RestraintOrder,
    decide=decide_order,
    build=build_order,
    gather=gather_order,
)
SEEN_KIND = Kind(
    name=SEEN,
    shape=shape.Seen,
    model=models.RestraintSeen,
    decide=decide_seen,
    build=build_seen,
    from_phone=True,
    binds_author=True,
    gather=gather,
)
DEBRIEF_KIND = Kind(
    name=DEBRIEF,
    shape=shape.Debrief,
    model=models.RestraintDebrief,
    decide=decide_debrief,
    build=build_debrief,
    gather=gather,
)
