"""People who work here, their roles, and the phones and boards of their units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milieu.kernel.ids import uuid7
from milieu.people.rules import Role

if TYPE_CHECKING:
    from milieu.people.access import Reach

INTERFACE = "hospital-interface"  # the account in whose name messages of other systems are stored


class PersonManager(BaseUserManager["Person"]):
    def create_user(
        self, username: str, name: str, password: str | None = None, **more: Any
    ) -> Person:
        """Create a person who can sign in; without a password, only by single sign-on."""
        person = self.model(username=username, name=name, **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def interface(self) -> Person:
        """Return the account that messages of other systems are stored under; it cannot sign in."""
        person, created = self.get_or_create(
            username=INTERFACE, defaults={"name": "Hospital interface", "is_active": False}
        )
        if created:
            person.set_unusable_password()
            person.save(update_fields=["password"])
        return person


class Person(AbstractBaseUser):
    """Someone who works here. What they may do is in their grants, never in the account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("user name"), max_length=150, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    password_is_first = models.BooleanField(default=False)  # made for them: good for one sign-in
    pin_hash = models.CharField(max_length=200, blank=True)
    pin_misses = models.PositiveSmallIntegerField(default=0)  # wrong PINs since the last right one
    badge_sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    reach_cache: Reach | None = None  # what this person may do where; filled by access.reach_of

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """First name and last initial, as on the wall: ``Dana R.``"""
        first, *rest = self.name.split() or [self.username]
        return f"{first} {rest[-1][0]}." if rest else first

    @property
    def initials(self) -> str:
        """First letters of the first and last name: ``DR``"""
        parts = self.name.split() or [self.username]
        return "".join(part[0] for part in (parts[0], *parts[1:][-1:])).upper()


class Grant(models.Model):
    """A role that a person holds, on one unit or in a whole facility, for a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    unit = models.ForeignKey(
        "census.Unit", models.PROTECT, null=True, blank=True, related_name="grants"
    )
    facility = models.ForeignKey(
        "census.Facility", models.PROTECT, null=True, blank=True, related_name="grants"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_is_for_one_place",
                condition=Q(unit=None, facility__isnull=False)
                | Q(unit__isnull=False, facility=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class Device(models.Model):
    """A phone that a lead has enrolled for one unit. It speaks with a token that only it holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("census.Unit", models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    token_sha256 = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    enrolled_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    badge_misses = models.PositiveSmallIntegerField(default=0)  # since the last password typed here

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Screen(models.Model):
    """A screen on a unit's wall. It shows the board of that unit, and nobody is signed in on it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("census.Unit", models.PROTECT, related_name="screens")
    name = models.CharField(max_length=60)
    token_sha256 = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    enrolled_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # last contact, to the minute

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EnrolCode(models.Model):
    """A code that enrols one phone or one screen, once, within minutes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code_sha256 = models.CharField(max_length=64, unique=True)
    enrols = models.CharField(
        max_length=6, choices=[(what, what) for what in ("phone", "screen")], default="phone"
    )
    unit = models.ForeignKey("census.Unit", models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Enrolment code until {self.expires_at:%H:%M}"


class ShiftSession(models.Model):
    """One person at work on one phone. It proves who wrote an entry, whoever sends it later."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="shift_sessions")
    device = models.ForeignKey(Device, models.PROTECT, related_name="sessions")
    token_sha256 = models.CharField(max_length=64, unique=True)
    how = models.CharField(
        max_length=10, choices=[(how, how) for how in ("password", "passkey", "pin", "badge")]
    )
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["device", "person"], name="session_by_device")]

    def __str__(self) -> str:
        return f"Session {self.pk}"
