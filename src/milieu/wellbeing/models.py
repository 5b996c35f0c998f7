"""Check-ins after a hard moment, what was answered, and who may be asked for company.

What somebody answers here is theirs. Nothing of it is a fact about anyone in care, and no manager,
lead or colleague reads it: ``Answer`` has no manager that gives rows of other people.
"""

from typing import Any

from django.db import models

from milieu.census.models import Stay, Unit
from milieu.kernel.ids import uuid7
from milieu.people.models import Person


class CheckIn(models.Model):
    """Somebody is asked how they are: at once, after a day, three days, two weeks.

    ``cause_id``: what the exposure was first known by; whatever belongs to it has the same.
    """

    id = models.UUIDField(primary_key=True, editable=False)  # made from the moment and the step
    person = models.ForeignKey(Person, models.PROTECT, related_name="check_ins")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=20)  # help, incident, restraint
    cause_id = models.UUIDField()
    stay = models.ForeignKey(Stay, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    step = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    asked_until = models.DateTimeField()  # after that it is asked no longer

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["person", "due_at"], name="check_in_by_person")]

    def __str__(self) -> str:
        return f"Check-in {self.pk}"


class OwnManager(models.Manager["Answer"]):
    """Gives the answers of one person, to that person. Unnarrowed, it gives no rows."""

    def get_queryset(self) -> models.QuerySet["Answer"]:
        return super().get_queryset().none()

    def of(self, person: Person) -> Any:
        """Return one's own answers."""
        return super().get_queryset().filter(check_in__person=person)


class Answer(models.Model):
    """What somebody said of how they are. Only they read it."""

    check_in = models.OneToOneField(
        CheckIn, models.PROTECT, primary_key=True, related_name="answer"
    )
    at = models.DateTimeField()
    hurt = models.CharField(max_length=20, blank=True)
    off_floor = models.CharField(max_length=20, blank=True)
    relief = models.CharField(max_length=20, blank=True)
    how = models.PositiveSmallIntegerField(null=True)
    sleep = models.CharField(max_length=20, blank=True)
    again = models.CharField(max_length=20, blank=True)  # it comes back by day or night
    words = models.TextField(max_length=2000, blank=True)

    objects = OwnManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Answer {self.pk}"


class Peer(models.Model):
    """A colleague whom one may ask for company: they said yes, and a manager wrote them down."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Peer {self.pk}"


class Asked(models.Model):
    """Somebody asked a colleague for company. Those two know of it, and nobody else."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    peer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Asked {self.pk}"


class Wish(models.Model):
    """Somebody wishes to be with a person in care again, after a hard moment with them."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Wish {self.pk}"
