"""Alerts and their acknowledgements. Both are appended; neither is ever changed."""

from django.db import models

from milieu.census.models import Stay
from milieu.people.models import Person
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry


class AlertManager(InCareManager["Alert"]):
    unit_path = "stay__standing__unit"


class Alert(models.Model):
    """Something that a person has to answer, about one stay.

    ``id`` is made from what raised it, so raising it twice makes one. ``owner_role`` is who must
    answer; ``answer_by`` is when.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=40)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="alerts")
    source = models.ForeignKey(Entry, models.PROTECT, related_name="alerts")  # what raised it
    words = models.CharField(max_length=140)
    raised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()  # as the author says
    raised_at = models.DateTimeField()  # when the server knew
    owner_role = models.CharField(max_length=20)
    answer_by = models.DateTimeField()

    objects = AlertManager()

    class Meta:
        default_manager_name = "objects"
        indexes = [models.Index(fields=["raised_at"], name="alert_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Waiting(models.Model):
    """An alert that nobody has answered: put in when it is raised, taken out when it is answered.

    It says nothing that alerts and acknowledgements do not say; it is there so that a board need
    not look through years of answered ones.
    """

    alert = models.OneToOneField(Alert, models.PROTECT, primary_key=True, related_name="waiting")

    def __str__(self) -> str:
        return f"Waiting {self.pk}"


class Acknowledgement(models.Model):
    """Who answered an alert, when, and what was done."""

    alert = models.OneToOneField(
        Alert, models.PROTECT, primary_key=True, related_name="acknowledgement"
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"Acknowledgement {self.pk}"
