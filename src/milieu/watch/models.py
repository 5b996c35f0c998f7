"""What a unit has chosen to watch, what a nurse was told, and what the nurse made of it.

All of it is appended: a choice is followed by another, a notice stays as it was told.
"""

from typing import Any, TypeVar

from django.db import models

from milieu.census.models import Stay, Unit
from milieu.kernel.ids import uuid7
from milieu.people.access import units_where
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry

M = TypeVar("M", bound=models.Model)


class Choice(models.Model):
    """A unit turned a stream on or off. The newest of a stream holds; without one it is off."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    stream = models.CharField(max_length=40)
    on = models.BooleanField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "stream", "-at"], name="choice_newest")]

    def __str__(self) -> str:
        return f"Choice {self.pk}"


class Follow(models.Model):
    """A unit let its budget follow how many notices were useful, or not any more."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    on = models.BooleanField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Follow {self.pk}"


class Budget(models.Model):
    """How many notices a week a unit will read. The newest holds.

    ``marked``: it followed the marks, of which so many were useful. Null: a person chose it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    a_week = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    useful = models.PositiveSmallIntegerField(null=True)
    marked = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return f"Budget {self.pk}"


class ForNurses(InCareManager[M]):
    """Rows that nurses may read and nobody else: none, until it is said who is asking."""

    def visible_to(self, person: Person) -> Any:
        """Return the rows of the units where this person reads notices."""
        units = units_where(person, Action.NOTICES)
        return self._whole().filter(**{f"{self.unit_path}__in": units})


class NoticeManager(ForNurses["Notice"]):
    unit_path = "unit"


class Notice(models.Model):
    """Somebody was unlike themselves at ``at``. ``told_at``: when the unit could first read it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="notices")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField()

    objects = NoticeManager()

    class Meta:
        default_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["stay", "at"], name="notice_once")]
        indexes = [models.Index(fields=["unit", "-told_at"], name="notice_newest")]

    def __str__(self) -> str:
        return f"Notice {self.pk}"


class PartManager(ForNurses["Part"]):
    unit_path = "notice__unit"


class Part(models.Model):
    """One stream of a notice: what was usual then, and how many looks could not be had."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="parts")
    stream = models.CharField(max_length=40)
    since = models.DateTimeField()
    low = models.FloatField()
    middle = models.FloatField()
    high = models.FloatField()
    missing = models.PositiveSmallIntegerField()

    objects = PartManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Part {self.pk}"


class BehindManager(ForNurses["Behind"]):
    unit_path = "part__notice__unit"


class Behind(models.Model):
    """One entry behind a part of a notice, with what it said. Null: declined, or not seen."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="behind")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    value = models.FloatField(null=True)

    objects = BehindManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Behind {self.pk}"


class MarkManager(ForNurses["Mark"]):
    unit_path = "notice__unit"


class Mark(models.Model):
    """What a nurse made of a notice. The newest holds, and all stay."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="marks")
    said = models.CharField(max_length=10)
    words = models.CharField(max_length=140, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = MarkManager()

    class Meta:
        default_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                name="mark_said", condition=models.Q(said__in=["useful", "known", "not-useful"])
            )
        ]

    def __str__(self) -> str:
        return f"Mark {self.pk}"
