"""A plan and what was tried, in typed columns."""

from django.db import models
from django.db.models import Q

from milieu.calm import shape
from milieu.record.models import Fact
from milieu.record.shapes import constraints

PART_MAX = 2000  # composing letters (NFC) may make a text longer than it came


class OwnPlan(Fact):
    """The person's own plan. The lines of a part have line breaks between."""

    agreement = models.CharField(max_length=10)
    sets_off = models.CharField(max_length=PART_MAX, blank=True)
    early_signs = models.CharField(max_length=PART_MAX, blank=True)
    helps = models.CharField(max_length=PART_MAX, blank=True)
    worsens = models.CharField(max_length=PART_MAX, blank=True)
    talk = models.CharField(max_length=PART_MAX, blank=True)
    touch = models.CharField(max_length=PART_MAX, blank=True)
    trusts = models.CharField(max_length=PART_MAX, blank=True)
    differs = models.CharField(max_length=500, blank=True)
    made_with = models.CharField(max_length=500, blank=True)
    after = models.CharField(max_length=300, blank=True)  # ids, with spaces between

    class Meta:
        constraints = [
            *constraints(shape.OwnPlan, prefix="ownplan"),
            models.CheckConstraint(
                name="ownplan_says_what_differs",
                condition=(Q(agreement="part") & ~Q(differs=""))
                | (~Q(agreement="part") & Q(differs="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Own plan {self.pk}"

    def talk_alone(self) -> set[str]:
        """Return what they like to talk about and did not name among what helps."""
        return set(self.lines("talk")) - set(self.lines("helps"))

    def lines(self, part: str) -> list[str]:
        """Return the lines of one part, in the order in which the person said them."""
        text: str = getattr(self, part)
        return text.split("\n") if text else []


class Tried(Fact):
    """One thing that was tried, and what it did. ``words`` as they were on the screen then."""

    of = models.CharField(max_length=10)
    code = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=500)
    did = models.CharField(max_length=10)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.Tried, prefix="tried"),
            models.CheckConstraint(
                name="tried_line_has_no_code",
                condition=Q(of="plan", code="") | (~Q(of="plan") & ~Q(code="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Tried {self.pk}"
