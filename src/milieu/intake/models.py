"""What is said of meals and drinks, in typed columns."""

from django.db import models
from django.db.models import Q

from milieu.intake import shape
from milieu.record.models import Fact
from milieu.record.shapes import constraints


class Meal(Fact):
    """How much of one meal was eaten."""

    meal = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10)
    share = models.PositiveSmallIntegerField(null=True)
    why = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.Meal, prefix="meal"),
            models.CheckConstraint(
                name="meal_says_how_much",
                condition=Q(outcome="eaten", share__isnull=False, why="")
                | (~Q(outcome="eaten") & Q(share=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"Meal {self.pk}"


class Drink(Fact):
    """How much was drunk."""

    ml = models.PositiveSmallIntegerField()
    vessel = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [*constraints(shape.Drink, prefix="drink")]

    def __str__(self) -> str:
        return f"Drink {self.pk}"
