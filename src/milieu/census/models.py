"""Who is here, and where. Movements are entries of the record; ``Standing`` follows from them."""

from __future__ import annotations

from functools import cached_property
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milieu.census.left import Left, from_text
from milieu.census.packs import Pack, pack
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.people.scoping import InCareManager


class Facility(models.Model):
    """A hospital, centre, clinic or school: the outermost place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40, unique=True)  # as other systems name it

    class Meta:
        verbose_name_plural = "facilities"

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A ward, house or programme: where rounds are walked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="units")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40)  # as other systems name it: HL7 PV1-3.1
    time_zone = models.CharField(max_length=64)  # IANA name
    pack_name = models.CharField(max_length=40, default="inpatient")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "code"], name="unit_code_in_facility")
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def pack(self) -> Pack:
        """The words, levels and limits of this kind of setting."""
        return pack(self.pack_name)


class Room(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="room_name_in_unit")]

    def __str__(self) -> str:
        return self.name


class Bed(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="beds")
    name = models.CharField(max_length=20, blank=True)  # empty where a room has one bed

    class Meta:
        ordering = ["room__name", "name"]
        constraints = [models.UniqueConstraint(fields=["room", "name"], name="bed_name_in_room")]

    def __str__(self) -> str:
        return f"{self.room.name}{self.name}"


class PatientManager(InCareManager["Patient"]):
    unit_path = "stays__standing__unit"


class Patient(models.Model):
    """A person in care, as the facility knows them. A feed may bring details up to date."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="patients")
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    given_name = models.CharField(_("given names"), max_length=120, blank=True)
    preferred_name = models.CharField(_("preferred name"), max_length=60, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(
        _("sex"),
        max_length=10,
        blank=True,
        choices=[
            ("female", _("female")),
            ("male", _("male")),
            ("other", _("other")),
            ("unknown", _("unknown")),
        ],
    )  # http://hl7.org/fhir/R4/valueset-administrative-gender.html
    details_at = models.DateTimeField(null=True)  # when any of these was put right, last

    objects = PatientManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Patient {self.pk}"

    @property
    def called(self) -> str:
        """The name that this person goes by."""
        return self.preferred_name or self.given_name.split(" ")[0] or self.family_name

    @property
    def legal_name(self) -> str:
        """Given and family name, used where identity is checked."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def screen_name(self) -> str:
        """Preferred name and family initial: ``Rosa M.``"""
        return f"{self.called} {self.family_name[:1]}.".strip() if self.family_name else self.called

    @property
    def initials(self) -> str:
        """As on the wall board: ``R.M.``"""
        return "".join(f"{part[0]}." for part in (self.called, self.family_name) if part).upper()


class Identifier(models.Model):
    """A number that a system knows a person in care by; it has one owner in a facility."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="identifiers")
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "system", "value"], name="identifier_once")
        ]

    def __str__(self) -> str:
        return f"Identifier {self.pk}"


class Merge(models.Model):
    """Two numbers turned out to be one person. Nothing moves: readers follow the link."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merged = models.OneToOneField(Patient, models.PROTECT, related_name="merged_into")
    survivor = models.ForeignKey(Patient, models.PROTECT, related_name="merged_from")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Merge {self.pk}"


class Receipt(models.Model):
    """What another system sent and was taken in: a message, or the newest version of one thing.

    Says nothing about whom it was.
    """

    id = models.UUIDField(primary_key=True)  # worked out by the door from what was sent
    event = models.CharField(max_length=20)
    control_id = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(db_index=True)  # the last one tells whether the feed lives
    as_of = models.DateTimeField(null=True)  # of a thing: when it was so, by whoever sent it

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"


class StayManager(InCareManager["Stay"]):
    unit_path = "standing__unit"


class Stay(models.Model):
    """One time in care, from admission to discharge. Where it stands is in ``Standing``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="stays")

    objects = StayManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Stay {self.pk}"


class State(models.TextChoices):
    """Where a stay stands. Stored values are forever."""

    IN = "in", _("on the unit")
    LEAVE = "leave", _("on leave")
    ESCORT = "escort", _("off the unit with an escort")
    DISCHARGED = "discharged", _("discharged")
    CANCELLED = "cancelled", _("admission cancelled")


class StandingManager(InCareManager["Standing"]):
    unit_path = "unit"


class Standing(models.Model):
    """Where a stay stands now. A projection: worked out from its movements, never adjusted."""

    stay = models.OneToOneField(Stay, models.PROTECT, primary_key=True, related_name="standing")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="standings")
    left = models.TextField(default="")  # the units that it came from, by ``census/left.py``
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, related_name="standings")
    state = models.CharField(max_length=10, choices=State.choices)
    since = models.DateTimeField()  # when this state began
    admitted_at = models.DateTimeField()
    discharged_at = models.DateTimeField(null=True)
    clock_from = models.DateTimeField()  # admission or last return: the earliest start of a gap
    back_by = models.DateTimeField(null=True)
    escort = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = StandingManager()

    class Meta:
        indexes = [
            models.Index(
                fields=["unit"],
                name="standing_here",
                condition=Q(state__in=["in", "leave", "escort"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    @property
    def left_units(self) -> tuple[Left, ...]:
        """Return the units that this stay was transferred from, oldest first."""
        return from_text(self.left)
