"""What is said of vital signs, in typed columns."""

import msgspec
from django.db import models
from django.db.models import Q

from milieu.record.models import Fact
from milieu.record.shapes import constraints
from milieu.vitals import shape


class VitalSigns(Fact):
    """One set, or that there was none. Several codes have spaces between."""

    outcome = models.CharField(max_length=10)
    why = models.CharField(max_length=140, blank=True)
    temperature_tenths = models.PositiveSmallIntegerField(null=True)
    temperature_unit = models.CharField(max_length=1, blank=True)
    pulse = models.PositiveSmallIntegerField(null=True)
    breaths = models.PositiveSmallIntegerField(null=True)
    systolic = models.PositiveSmallIntegerField(null=True)
    diastolic = models.PositiveSmallIntegerField(null=True)
    position = models.CharField(max_length=10, blank=True)
    oxygen = models.PositiveSmallIntegerField(null=True)
    air = models.CharField(max_length=10, blank=True)
    awareness = models.CharField(max_length=20, blank=True)
    pain = models.PositiveSmallIntegerField(null=True)
    weight_tenths = models.PositiveSmallIntegerField(null=True)
    weight_unit = models.CharField(max_length=2, blank=True)
    confirmed = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)
    nurse_should_know = models.CharField(max_length=140, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.VitalSigns, prefix="vitals"),
            models.CheckConstraint(
                name="vitals_say_why_not",
                condition=Q(outcome="taken", why="")
                | Q(outcome="asleep")
                | (Q(outcome="declined") & ~Q(why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Vital signs {self.pk}"

    def said(self) -> shape.VitalSigns:
        """Return this row as the shape that it came in as."""
        found = {name: getattr(self, name) for name in shape.VitalSigns.__struct_fields__}
        return msgspec.convert(found | {"confirmed": self.confirmed.split()}, shape.VitalSigns)
