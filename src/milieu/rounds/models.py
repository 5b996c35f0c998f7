"""The facts of rounds in typed columns, and the clock that is worked out from them."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from milieu.alerts.models import Alert
from milieu.census.models import Stay, Unit
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry, Fact
from milieu.record.shapes import constraints
from milieu.rounds import shape


def _named() -> models.ForeignKey[Person | None, Person | None]:
    """Return a column for somebody whom a phone names, and whom this server need not know."""
    return models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )


class SafetyCheck(Fact):
    """One look at one person. Codes are words of the unit's pack."""

    outcome = models.CharField(max_length=10)
    place = models.CharField(max_length=40, blank=True)
    position = models.CharField(max_length=40, blank=True)
    activity = models.CharField(max_length=40, blank=True)
    eyes = models.CharField(max_length=10, blank=True)
    breathing = models.CharField(max_length=10, blank=True)
    why = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    nurse_should_know = models.CharField(max_length=140, blank=True)

    # How presence was shown, as given: a tap, a code, or a colleague and what proves them.
    presence = models.CharField(max_length=10, blank=True)
    presence_said = models.CharField(max_length=140, blank=True)  # message, code or proof
    presence_at = models.DateTimeField(null=True)  # by the device's clock
    second = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    # What the server made of it when it stored the check; empty: no more than the author's word.
    grade = models.CharField(max_length=10, blank=True)
    doubt = models.CharField(max_length=20, blank=True)
    tag_uid = models.CharField(max_length=14, blank=True)
    tag_counter = models.PositiveIntegerField(null=True)
    shown_at = models.DateTimeField(null=True)  # by the server's clock, as far as that is known

    class Meta:
        indexes = [
            models.Index(
                fields=["tag_uid", "tag_counter", "shown_at"],
                name="check_by_tag",
                condition=Q(tag_counter__isnull=False),  # a question must say so, too
            )
        ]
        constraints = [
            *constraints(shape.SafetyCheck, prefix="check"),
            models.CheckConstraint(
                name="check_says_why_not", condition=Q(outcome="seen") | ~Q(why="")
            ),
            models.CheckConstraint(
                name="check_seen_somewhere", condition=~Q(outcome="seen") | ~Q(place="")
            ),
        ]

    def __str__(self) -> str:
        return f"Check {self.pk}"


class LevelOrder(Fact):
    """An observation level, from the moment it happened on."""

    level = models.CharField(max_length=40)
    why = models.CharField(max_length=500)
    observer = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )

    def __str__(self) -> str:
        return f"{self.level} {self.pk}"


class Take(Fact):
    """The author holds this person from now on, if nobody else does."""

    without = _named()  # who held them, and was not there to hand them over

    def __str__(self) -> str:
        return f"Take {self.pk}"


class Give(Fact):
    """The author asks anybody to take this person."""

    def __str__(self) -> str:
        return f"Give {self.pk}"


class Offer(Fact):
    """The author asks somebody to take over, with the state as their screen showed it."""

    purpose = models.CharField(max_length=10)
    sharps = models.CharField(max_length=10)
    sharps_out = models.CharField(max_length=140, blank=True)
    to = _named()
    role = models.CharField(max_length=20, blank=True)
    until = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    level = models.CharField(max_length=40, blank=True)
    concern = models.BooleanField()
    note = models.CharField(max_length=140, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.Offer, prefix="offer"),
            models.CheckConstraint(
                name="offer_says_which_sharps",
                condition=Q(sharps="none", sharps_out="") | (Q(sharps="out") & ~Q(sharps_out="")),
            ),
            models.CheckConstraint(
                name="offer_of_a_break_ends",
                condition=Q(purpose="break", until__isnull=False)
                | (~Q(purpose="break") & Q(until=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"


class Reply(Fact):
    """What came of an offer. It may be stored before the offer, which is on another phone yet."""

    offer = models.UUIDField()  # the id of its entry
    says = models.CharField(max_length=10)
    roles = models.CharField(max_length=200, blank=True)  # the author's here, spaces between

    class Meta:
        constraints = [*constraints(shape.Reply, prefix="reply")]

    def __str__(self) -> str:
        return f"Reply {self.pk}"


class Spell(models.Model):
    """A time in which a unit, or one list, asks for more than those on the floor can give.

    Who was at work then cannot be worked out again years later, so the house writes down what it
    found when it found it: never changed, and about nobody's work. A spell that comes back soon
    after the last one was told with that one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # whose list
    began_at = models.DateTimeField()
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="+")  # that told of it

    class Meta:
        indexes = [models.Index(fields=["unit", "began_at"], name="spell_of_unit")]

    def __str__(self) -> str:
        return f"Spell {self.pk}"

    @property
    def ended_at(self) -> datetime | None:
        """When it was over, or None while it lasts."""
        end: SpellEnd | None = getattr(self, "end", None)
        return end.at if end else None

    def holds(self, moment: datetime) -> bool:
        """Return whether it lasted at this moment."""
        return self.began_at <= moment and (self.ended_at is None or moment <= self.ended_at)


class SpellEnd(models.Model):
    """When a spell was over."""

    spell = models.OneToOneField(Spell, models.PROTECT, primary_key=True, related_name="end")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"End of {self.spell_id}"


class ClockManager(InCareManager["Clock"]):
    unit_path = "stay__standing__unit"


class Clock(models.Model):
    """When the next check is due, and what it rests on. A projection: it says what the record says.

    Nothing looks for a clock by what it rests on, so there is no index to keep up with each check:
    PostgreSQL then writes a clock anew in its place (HOT).
    """

    stay = models.OneToOneField(Stay, models.PROTECT, primary_key=True, related_name="clock")
    level = models.CharField(max_length=40, blank=True)  # empty: none ordered yet
    level_entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="+", db_index=False
    )
    level_from = models.DateTimeField(null=True)  # from then on no other order has a say
    observer = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    last = models.ForeignKey(
        SafetyCheck, models.PROTECT, null=True, related_name="+", db_index=False
    )
    last_at = models.DateTimeField(null=True)  # what the evidence supports
    tried = models.ForeignKey(  # the newest look, where it saw nobody
        SafetyCheck, models.PROTECT, null=True, related_name="+", db_index=False
    )
    tried_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # none while away, or without a level

    objects = ClockManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Clock {self.pk}"


class HoldManager(InCareManager["Hold"]):
    unit_path = "stay__standing__unit"


class Hold(models.Model):
    """Who has the watch of a stay now, and to whom it is offered. A projection: never adjusted."""

    stay = models.OneToOneField(Stay, models.PROTECT, primary_key=True, related_name="hold")
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, blank=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=10, blank=True)  # "break": ``given_by`` is on one
    until = models.DateTimeField(null=True)  # when that break is to end
    eyes_since = models.DateTimeField(null=True)  # since when the holder sees them all the time
    offer = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")  # that stands
    # Whom the newest order names to stay with them, until they have accepted.
    asked = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = HoldManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Hold {self.pk}"
