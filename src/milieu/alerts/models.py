"""Alerts, how far each has climbed, who was told, and who answered.

Alerts, steps and acknowledgements are appended and never changed. A delivery is a message on its
way: it changes until it has arrived.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from milieu.census.models import Facility, Stay, Unit
from milieu.kernel.ids import uuid7
from milieu.people.access import units_where
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry


class AlertManager(InCareManager["Alert"]):
    unit_path = "stay__standing__unit"

    def visible_to(self, person: Person) -> Any:
        """Return alerts about people whom this person may see, and about the house they keep."""
        kept, seen = units_where(person, Action.MEND), units_where(person, Action.SEE)
        facilities = Unit.objects.filter(pk__in=kept).values("facility")
        of_the_house = Q(unit__in=[*kept, *seen]) | Q(facility__in=facilities)
        of_people = Q(**{f"{self.unit_path}__in": seen})
        return self._whole().filter(of_people | (Q(stay=None) & of_the_house))


class Alert(models.Model):
    """Something that a person has to answer: about one stay, or about a unit or a facility.

    ``id`` is made from what raised it, so raising it twice makes one. ``owner_role`` is who must
    answer, ``owner`` who is asked first where somebody is named; ``answer_by`` is until when.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=40)
    stay = models.ForeignKey(Stay, models.PROTECT, null=True, related_name="alerts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="alerts")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="alerts")
    source = models.ForeignKey(  # the entry that raised it, or that it rests on
        Entry, models.PROTECT, null=True, related_name="alerts"
    )
    words = models.CharField(max_length=140, blank=True)  # where a person wrote some
    raised_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()  # as the author says, or since when it is so
    raised_at = models.DateTimeField()  # when the server knew
    owner_role = models.CharField(max_length=20)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answer_by = models.DateTimeField()

    objects = AlertManager()

    class Meta:
        default_manager_name = "objects"
        indexes = [models.Index(fields=["raised_at"], name="alert_by_time")]
        constraints = [
            models.CheckConstraint(
                name="alert_is_about_one_thing",
                condition=Q(stay__isnull=False, unit=None, facility=None)
                | Q(stay=None, unit__isnull=False, facility=None)
                | Q(stay=None, unit=None, facility__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def place(self) -> Unit | Facility:
        """Where it is to be answered: for a stay, the unit on which it stands now."""
        place = self.facility or self.unit
        if place is None:
            assert self.stay, "It is about one thing."
            place = self.stay.standing.unit
        return place


class Shortage(models.Model):
    """By how much people are missing, as the alert told it: the list asks for more than there is.

    ``need_s`` of looking in every ``window_s`` is asked of ``hands`` people who can walk;
    ``late_s`` is by how much the worst check would come too late, None in the long run only.
    """

    alert = models.OneToOneField(Alert, models.PROTECT, primary_key=True, related_name="shortage")
    hands = models.PositiveSmallIntegerField()
    people_short = models.PositiveSmallIntegerField()
    need_s = models.PositiveIntegerField()
    window_s = models.PositiveIntegerField()
    late_s = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"Shortage {self.pk}"

    @property
    def for_ever(self) -> bool:
        """Whether it is too much in the long run; else only because many are due together."""
        return self.need_s > self.hands * self.window_s


class Deadline(models.Model):
    """The limit that an alert is about, as it stood when it was told, and where the law says so.

    ``of``: what has the limit: an application of restraint or seclusion, an occurrence that has to
    be reported, an incident, a line of the log of violence. ``due_at``: None where the law says "as
    soon as possible".
    """

    alert = models.OneToOneField(Alert, models.PROTECT, primary_key=True, related_name="deadline")
    of = models.UUIDField(db_index=True)
    what = models.CharField(max_length=40)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    law = models.CharField(max_length=40)
    paragraph = models.CharField(max_length=140)

    def __str__(self) -> str:
        return f"Deadline {self.pk}"


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


class Step(models.Model):
    """A rung of its ladder that an alert has reached without an answer."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    rung = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20)
    at = models.DateTimeField()  # when it was reached
    nobody = models.BooleanField()  # nobody of this role was on shift: the next was asked at once

    class Meta:
        ordering = ["rung"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "rung"], name="alert_reaches_a_rung_once")
        ]

    def __str__(self) -> str:
        return f"Step {self.rung} of {self.alert_id}"


class PushSubscription(models.Model):
    """A browser in which a person asked to be told, as its push service knows it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=100)  # the browser's public key
    auth = models.CharField(max_length=50)
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Push subscription {self.pk}"


class Way(models.TextChoices):
    """How somebody is told. Stored values are forever."""

    PAGE = "page"  # by the page that they have open; it fetches what waits for them
    PUSH = "push"  # by a message to their browser
    OUTSIDE = "outside"  # by one of the facility's own services
    WATCHDOG = "watchdog"  # nobody: a sign of life to whoever watches from outside


class Outcome(models.TextChoices):
    """How a delivery ended. Stored values are forever."""

    ARRIVED = "arrived"  # the outside said yes
    ANSWERED = "answered"  # the alert was answered before
    GONE = "gone"  # the address takes no messages any longer


class Delivery(models.Model):
    """One message on its way, written down with the step that it tells of. It is never dropped.

    ``id`` is made from the alert and the address, so nobody is told the same twice by one way.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="deliveries")
    rung = models.PositiveSmallIntegerField(default=0)
    way = models.CharField(max_length=10, choices=Way.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    subscription = models.ForeignKey(PushSubscription, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=16, blank=True)  # of a service: its hash, never itself
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()  # when it is tried next
    tries = models.PositiveIntegerField(default=0)  # that did not succeed
    fault = models.CharField(max_length=80, blank=True)  # what the last try ran into
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="delivery_to_do", condition=Q(done_at=None))
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"
