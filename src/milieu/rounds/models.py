"""The facts of rounds in typed columns, and the clock that is worked out from them."""

from django.db import models
from django.db.models import Q

from milieu.census.models import Stay
from milieu.people.models import Person
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry, Fact
from milieu.record.shapes import constraints
from milieu.rounds import shape


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

    class Meta:
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
    """The author holds this person from now on."""

    def __str__(self) -> str:
        return f"Take {self.pk}"


class Give(Fact):
    """The author no longer holds this person."""

    def __str__(self) -> str:
        return f"Give {self.pk}"


class ClockManager(InCareManager["Clock"]):
    unit_path = "stay__standing__unit"


class Clock(models.Model):
    """When the next check is due, and what it rests on. A projection: never adjusted.

    Nothing looks for a clock by what it rests on, so there is no index to keep up with each check:
    PostgreSQL then writes a clock anew in its place (HOT).
    """

    stay = models.OneToOneField(Stay, models.PROTECT, primary_key=True, related_name="clock")
    level = models.CharField(max_length=40, blank=True)  # empty: none ordered yet
    level_entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="+", db_index=False
    )
    observer = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    last = models.ForeignKey(
        SafetyCheck, models.PROTECT, null=True, related_name="+", db_index=False
    )
    last_at = models.DateTimeField(null=True)  # what the evidence supports
    due_at = models.DateTimeField(null=True)  # none while away, or without a level
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    held_since = models.DateTimeField(null=True)

    objects = ClockManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Clock {self.pk}"
