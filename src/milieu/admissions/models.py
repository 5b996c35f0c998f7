"""Movements, one row each."""

from django.db import models
from django.db.models import Q

from milieu.admissions.rules import What
from milieu.admissions.shape import Movement as Shape
from milieu.census.models import Bed, Unit
from milieu.people.models import Person
from milieu.record.models import Fact
from milieu.record.shapes import constraints


class Movement(Fact):
    """One movement of one stay. Cancelled by striking its entry out."""

    what = models.CharField(max_length=10, choices=[(what.value, what.value) for what in What])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, related_name="+", db_index=False)
    escort = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    back_by = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            *constraints(Shape, prefix="movement"),
            models.CheckConstraint(
                name="movement_leads_somewhere",
                condition=Q(what__in=["admit", "transfer"], unit__isnull=False)
                | Q(unit=None, bed=None) & ~Q(what__in=["admit", "transfer"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"
