"""Incidents: marks, reports and notifications, in typed columns; and the log without names."""

from django.db import models

from milieu.census.models import Facility, Stay, Unit
from milieu.incident import shape
from milieu.people.models import Person
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry, Fact
from milieu.record.shapes import constraints


class IncidentMark(Fact):
    """One thing in an incident, at its time."""

    incident = models.UUIDField(db_index=True)
    what = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True)
    who = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    call = models.UUIDField(null=True)
    words = models.CharField(max_length=140, blank=True)

    def __str__(self) -> str:
        return f"Incident mark {self.pk}"


class IncidentReport(Fact):
    """An incident told afterwards. Several codes of one part have spaces between."""

    incident = models.UUIDField(db_index=True)
    kinds = models.CharField(max_length=500)
    narrative = models.TextField(max_length=4000)
    place = models.CharField(max_length=40, blank=True)
    outcomes = models.CharField(max_length=500, blank=True)
    injury_person = models.CharField(max_length=40, blank=True)
    injury_others = models.CharField(max_length=40, blank=True)
    verbal = models.PositiveSmallIntegerField(null=True)
    things = models.PositiveSmallIntegerField(null=True)
    self_harm = models.PositiveSmallIntegerField(null=True)
    others = models.PositiveSmallIntegerField(null=True)
    witnesses = models.CharField(max_length=300, blank=True)
    helped = models.CharField(max_length=140, blank=True)

    class Meta:
        constraints = [*constraints(shape.Report, prefix="incident_report")]

    def __str__(self) -> str:
        return f"Incident report {self.pk}"


class IncidentNotified(Fact):
    """Somebody who had to be told was told."""

    incident = models.UUIDField(db_index=True)
    whom = models.CharField(max_length=40)
    way = models.CharField(max_length=40, blank=True)
    reached = models.CharField(max_length=140, blank=True)
    words = models.CharField(max_length=140, blank=True)

    def __str__(self) -> str:
        return f"Incident notified {self.pk}"


class IncidentManager(InCareManager["Incident"]):
    unit_path = "stay__standing__unit"


class Incident(models.Model):
    """An incident of one stay as the record has it now: when it began, what it was, its report.

    Worked out from the record; it can be thrown away and rebuilt to the same rows.
    """

    key = models.CharField(max_length=80, primary_key=True)  # of the incident and the stay
    incident = models.UUIDField(db_index=True)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="incidents")
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    first = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    call = models.UUIDField(null=True)
    report = models.ForeignKey(  # the newest that stands
        Entry, models.PROTECT, null=True, related_name="+", db_index=False
    )
    marks = models.CharField(max_length=500, blank=True)  # what was marked, each once
    kinds = models.CharField(max_length=500, blank=True)
    outcomes = models.CharField(max_length=500, blank=True)
    injury_person = models.CharField(max_length=40, blank=True)
    injury_others = models.CharField(max_length=40, blank=True)
    told = models.CharField(max_length=500, blank=True)  # who was told, of those who have to be

    objects = IncidentManager()

    class Meta:
        default_manager_name = "objects"
        indexes = [
            models.Index(fields=["stay", "began_at"], name="incident_by_stay"),
            models.Index(fields=["began_at"], name="incident_by_time"),
        ]

    def __str__(self) -> str:
        return f"Incident {self.key}"


class ViolenceLog(models.Model):
    """One line of the log of violent incidents: from who was there, and about nobody by name.

    California, 8 CCR 3342(d): the log omits any element by which somebody could be identified. So
    a line does not lead to its author, nor to anyone in care, nor to the entry that it is about.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    place = models.CharField(max_length=40, blank=True)
    sort = models.CharField(max_length=40)  # type 1 to 4 of the regulation
    by_whom = models.CharField(max_length=40)
    account = models.TextField(max_length=4000)
    circumstances = models.CharField(max_length=40, blank=True)
    injury = models.BooleanField()
    weapon = models.BooleanField()
    urgent = models.BooleanField()
    taken = models.TextField(max_length=1000)  # what was done at once to keep people safe

    class Meta:
        indexes = [models.Index(fields=["facility", "happened_at"], name="violence_by_time")]

    def __str__(self) -> str:
        return f"Violence log {self.pk}"


class ViolenceReported(models.Model):
    """That a line of the log was reported to the authority: when, and under which number."""

    line = models.OneToOneField(
        ViolenceLog, models.PROTECT, primary_key=True, related_name="reported"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"Violence reported {self.pk}"
