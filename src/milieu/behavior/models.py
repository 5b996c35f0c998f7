"""What is said of somebody's behavior, in typed columns."""

from django.db import models
from django.db.models import Q

from milieu.behavior import shape
from milieu.record.models import Fact
from milieu.record.shapes import constraints


class ShiftSeen(Fact):
    """How somebody was in one shift. Several codes of one part have spaces between."""

    shift = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10)
    why = models.CharField(max_length=40, blank=True)
    activity = models.PositiveSmallIntegerField(null=True)
    speech = models.CharField(max_length=40, blank=True)
    company = models.CharField(max_length=10, blank=True)
    mood = models.CharField(max_length=140, blank=True)  # in their own words
    affect = models.CharField(max_length=40, blank=True)
    self_care = models.CharField(max_length=10, blank=True)
    participation = models.CharField(max_length=20, blank=True)
    requests = models.PositiveSmallIntegerField(null=True)
    declined = models.CharField(max_length=500, blank=True)
    agitation = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)
    nurse_should_know = models.CharField(max_length=140, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.ShiftSeen, prefix="shift"),
            models.CheckConstraint(
                name="shift_says_why_not",
                condition=(Q(outcome="seen", why="") | (Q(outcome="not-seen") & ~Q(why=""))),
            ),
        ]

    def __str__(self) -> str:
        return f"Shift seen {self.pk}"


class Episode(Fact):
    """One episode: before, what could be seen, after."""

    antecedent = models.CharField(max_length=300)
    behavior = models.CharField(max_length=300)
    consequence = models.CharField(max_length=300)
    place = models.CharField(max_length=40, blank=True)
    count = models.PositiveSmallIntegerField(null=True)
    duration_min = models.PositiveSmallIntegerField(null=True)
    intensity = models.PositiveSmallIntegerField(null=True)
    nurse_should_know = models.CharField(max_length=140, blank=True)

    class Meta:
        constraints = [*constraints(shape.Episode, prefix="episode")]

    def __str__(self) -> str:
        return f"Episode {self.pk}"
