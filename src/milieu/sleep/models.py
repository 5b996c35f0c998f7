"""What is said of protected nights, in typed columns, and what follows from it."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from milieu.census.models import Stay
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry, Fact
from milieu.record.shapes import constraints
from milieu.sleep import rules, shape


class ProtectSleep(Fact):
    """Sleep is protected from now on. ``criteria``: the codes that were found so, spaces between.

    An order of which one criterion is not met is refused, so none is ever stored.
    """

    from_hour = models.CharField(max_length=5)
    to_hour = models.CharField(max_length=5)
    nights = models.PositiveSmallIntegerField()
    criteria = models.CharField(max_length=500)
    why = models.CharField(max_length=500)

    class Meta:
        constraints = [*constraints(shape.ProtectSleep, prefix="protect")]

    def __str__(self) -> str:
        return f"Protected sleep {self.pk}"

    @property
    def hours(self) -> rules.Hours:
        """From when to when, by the unit's clock."""
        return rules.Hours(self.from_hour, self.to_hour)


class EndSleep(Fact):
    """Sleep is no longer protected."""

    why = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"End of protected sleep {self.pk}"


class DoorwayLook(Fact):
    """A look from the doorway, and whether it woke them."""

    breathing = models.CharField(max_length=10)
    woken = models.CharField(max_length=3)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.DoorwayLook, prefix="doorway"),
            models.CheckConstraint(
                name="doorway_says_why_not", condition=Q(breathing="seen") | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return f"Look from the doorway {self.pk}"


class SleepManager(InCareManager["Sleep"]):
    unit_path = "stay__standing__unit"


class Sleep(models.Model):
    """The newest order of protected sleep, and until when it holds. A projection."""

    stay = models.OneToOneField(Stay, models.PROTECT, primary_key=True, related_name="sleep")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_by = models.CharField(max_length=10)  # what ends it then: a value of ``rules.EndedBy``
    from_hour = models.CharField(max_length=5)
    to_hour = models.CharField(max_length=5)
    nights = models.PositiveSmallIntegerField()

    objects = SleepManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Sleep {self.pk}"

    def lasts(self, now: datetime) -> bool:
        """Return whether this order still holds, by day and by night."""
        return self.since <= now < self.until
