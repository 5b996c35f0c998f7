"""What is said of restraint and seclusion in typed columns, and what is worked out from it.

Several codes, ids or criteria stand in one column: codes and ids with spaces between, criteria one
to a line.
"""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from milieu.census.models import Facility, Stay
from milieu.crisis import shape
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.people.scoping import InCareManager
from milieu.record.models import Fact
from milieu.record.shapes import constraints


def _person() -> models.ForeignKey[Person | None, Person | None]:
    """Return a column for somebody whom a phone names, and whom this server need not know."""
    return models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )


class RestraintStart(Fact):
    """An application began. Its id is the id of the entry; what puts it right keeps that."""

    devices = models.CharField(max_length=300)
    danger = models.CharField(max_length=500)
    tried = models.CharField(max_length=500, blank=True)
    tried_words = models.CharField(max_length=500, blank=True)
    criteria = models.CharField(max_length=900)
    applied_by = models.CharField(max_length=300)
    observer = _person()
    basis = models.CharField(max_length=10)
    # What the server knew when it stored this: who of them was not trained for it. Empty: all were.
    untrained = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [*constraints(shape.Start, prefix="restraint_start")]

    def __str__(self) -> str:
        return f"Start of restraint {self.pk}"

    @property
    def people(self) -> list[UUID]:
        """Return who applied it."""
        return [UUID(each) for each in self.applied_by.split()]


class RestraintChange(Fact):
    """A device was put on or taken off, or who observes changed."""

    application = models.UUIDField()
    what = models.CharField(max_length=10)
    device = models.CharField(max_length=40, blank=True)
    observer = _person()
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.Change, prefix="restraint_change"),
            models.CheckConstraint(
                name="restraint_change_names_a_device",
                condition=Q(what="observer", device="") | (~Q(what="observer") & ~Q(device="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Change of restraint {self.pk}"


class RestraintOrder(Fact):
    """An order for one application, for so many minutes."""

    application = models.UUIDField()
    sorts = models.CharField(max_length=40)
    minutes = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=10)
    ordered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    capacity = models.CharField(max_length=20)
    renews = models.BooleanField()
    why = models.CharField(max_length=500)
    attending = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [*constraints(shape.Order, prefix="restraint_order")]

    def __str__(self) -> str:
        return f"Order of restraint {self.pk}"


class RestraintCheck(Fact):
    """How somebody was while held. Empty: not looked at."""

    application = models.UUIDField()
    circulation = models.CharField(max_length=10, blank=True)
    breathing = models.CharField(max_length=10, blank=True)
    skin = models.CharField(max_length=10, blank=True)
    motion = models.CharField(max_length=10, blank=True)
    fluids = models.CharField(max_length=10, blank=True)
    food = models.CharField(max_length=10, blank=True)
    toilet = models.CharField(max_length=10, blank=True)
    dignity = models.CharField(max_length=10, blank=True)
    distress = models.CharField(max_length=12, blank=True)
    met = models.CharField(max_length=900, blank=True)
    note = models.CharField(max_length=500, blank=True)
    nurse_should_know = models.CharField(max_length=140, blank=True)

    class Meta:
        constraints = [*constraints(shape.Check, prefix="restraint_check")]

    def __str__(self) -> str:
        return f"Check in restraint {self.pk}"


class RestraintSeen(Fact):
    """Somebody examined them, was consulted or was told."""

    application = models.UUIDField()
    what = models.CharField(max_length=20)
    capacity = models.CharField(max_length=20)
    how = models.CharField(max_length=10)
    situation = models.CharField(max_length=500, blank=True)
    reaction = models.CharField(max_length=500, blank=True)
    condition = models.CharField(max_length=500, blank=True)
    go_on = models.CharField(max_length=10, blank=True)
    whom = models.CharField(max_length=140, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [*constraints(shape.Seen, prefix="restraint_seen")]

    def __str__(self) -> str:
        return f"Evaluation in restraint {self.pk}"


class RestraintEnd(Fact):
    """Released, and how they are."""

    application = models.UUIDField()
    state = models.CharField(max_length=500)
    injuries = models.CharField(max_length=10)
    injury_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.End, prefix="restraint_end"),
            models.CheckConstraint(
                name="restraint_end_says_which_injuries",
                condition=Q(injuries="none", injury_words="")
                | (~Q(injuries="none") & ~Q(injury_words="")),
            ),
        ]

    def __str__(self) -> str:
        return f"End of restraint {self.pk}"


class RestraintDebrief(Fact):
    """What was talked over afterwards."""

    application = models.UUIDField()
    who = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10)
    present = models.CharField(max_length=500, blank=True)
    helped = models.CharField(max_length=500, blank=True)
    worsened = models.CharField(max_length=500, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [*constraints(shape.Debrief, prefix="restraint_debrief")]

    def __str__(self) -> str:
        return f"Debriefing {self.pk}"


class Occurrence(Fact):
    """Something that has to be reported outside."""

    what = models.CharField(max_length=20)
    relation = models.CharField(max_length=20)
    known_at = models.DateTimeField()
    words = models.CharField(max_length=500)
    application = models.UUIDField(null=True)
    died_on = models.DateField(null=True)
    soft_wrist_only = models.BooleanField()

    class Meta:
        constraints = [*constraints(shape.Occurrence, prefix="occurrence")]

    def __str__(self) -> str:
        return f"Occurrence {self.pk}"


class OccurrenceReport(Fact):
    """A report of an occurrence was made."""

    occurrence = models.UUIDField()
    whom = models.CharField(max_length=10)
    number = models.CharField(max_length=140, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [*constraints(shape.Report, prefix="occurrence_report")]

    def __str__(self) -> str:
        return f"Report {self.pk}"


class ApplicationManager(InCareManager["Application"]):
    unit_path = "stay__standing__unit"


class Application(models.Model):
    """One application, from start to release. A projection: its clocks are worked out when read.

    ``newest`` is the last entry about it, so that who shows it sees that something changed.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="applications")
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)  # None: nobody wrote down a release
    devices = models.CharField(max_length=500, blank=True)  # on now; once ended, all there were
    sorts = models.CharField(max_length=40)  # of all that was used
    observer = _person()  # now
    last_check = models.DateTimeField(null=True)
    newest = models.BigIntegerField()

    objects = ApplicationManager()

    class Meta:
        default_manager_name = "objects"
        indexes = [
            models.Index(fields=["began"], name="application_under_way", condition=Q(ended=None)),
            models.Index(fields=["ended"], name="application_by_end"),
        ]

    def __str__(self) -> str:
        return f"Application {self.pk}"


class UnderWayManager(InCareManager["UnderWay"]):
    unit_path = "stay__standing__unit"


class UnderWay(models.Model):
    """Who is under restraint or seclusion now. A projection; no row where nobody wrote a start."""

    stay = models.OneToOneField(Stay, models.PROTECT, primary_key=True, related_name="under_way")
    application = models.UUIDField()  # the one that began first
    began = models.DateTimeField()
    newest = models.BigIntegerField()

    objects = UnderWayManager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return f"Under way {self.pk}"


class ListedLaw(models.Model):
    """A law that a facility lists as applying, from one day to another. Rows are only ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="laws")
    law = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["since", "law"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "law"], condition=Q(until=None), name="law_listed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.law} {self.pk}"


class Trained(models.Model):
    """Somebody showed that they can do this safely: on which day, until when, who certified it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="trained")
    sort = models.CharField(max_length=10)  # a value of ``law.Sort``, or ``cpr``
    on = models.DateField()
    until = models.DateField()  # the last day on which it holds
    certified_by = models.CharField(max_length=120)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-until"]
        constraints = [
            models.CheckConstraint(name="trained_ends_later", condition=Q(until__gte=F("on")))
        ]

    def __str__(self) -> str:
        return f"Trained {self.pk}"
