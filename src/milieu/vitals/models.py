"""What is said of vital signs, in typed columns, and what stands of them now."""

import msgspec
from django.db import models
from django.db.models import Q

from milieu.census.models import Stay
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry, Fact
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


class OxygenScale(Fact):
    """An order: on which SpO2 scale NEWS2 is worked out from then on, and why."""

    scale = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=500)

    class Meta:
        constraints = [*constraints(shape.OxygenScale, prefix="oxygen")]

    def __str__(self) -> str:
        return f"SpO2 scale {self.pk}"

    def said(self) -> shape.OxygenScale:
        """Return this row as the shape that it came in as."""
        return msgspec.convert({"scale": self.scale, "why": self.why}, shape.OxygenScale)


class LatestManager(InCareManager["Latest"]):
    unit_path = "stay__standing__unit"


class Latest(models.Model):
    """The newest set of somebody, and the newest order of a scale. A projection."""

    stay = models.OneToOneField(Stay, models.PROTECT, primary_key=True, related_name="vitals")
    newest = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+", db_index=False)
    newest_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # of that set; empty: there is none
    ordered = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+", db_index=False)
    scale = models.PositiveSmallIntegerField(null=True)  # None: nobody ordered one, so scale 1

    objects = LatestManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Latest vital signs {self.pk}"
