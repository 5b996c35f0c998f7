"""Calls for help, and what was said of each. Appended, never changed."""

from django.db import models

from milieu.census.models import Stay, Unit
from milieu.people.models import Device, Person
from milieu.people.scoping import InCareManager


class CallManager(InCareManager["Call"]):
    unit_path = "unit"


class Call(models.Model):
    """A call for help on a unit. It is open until somebody says that it is over.

    ``caller`` is None where nobody had unlocked the phone: whoever holds it may call.
    """

    id = models.UUIDField(primary_key=True, editable=False)  # made where it was called
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="calls")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    caller = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    stay = models.ForeignKey(Stay, models.PROTECT, null=True, related_name="+")
    room = models.CharField(max_length=40, blank=True)
    room_by = models.CharField(max_length=10, blank=True)  # see ``shape.RoomBy``
    room_at = models.DateTimeField(null=True)  # when that was known
    called_at = models.DateTimeField()
    received_at = models.DateTimeField()  # when this server heard of it

    objects = CallManager()

    class Meta:
        default_manager_name = "objects"
        indexes = [models.Index(fields=["unit", "called_at"], name="call_by_unit")]

    def __str__(self) -> str:
        return f"Call {self.pk}"


class Said(models.Model):
    """One thing that was said of a call, by whom and when. The call itself is the first."""

    id = models.UUIDField(primary_key=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="said")
    says = models.CharField(max_length=10)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=140, blank=True)

    class Meta:
        ordering = ["at", "received_at", "pk"]
        indexes = [models.Index(fields=["received_at"], name="said_by_time")]

    def __str__(self) -> str:
        return f"{self.says} {self.pk}"


class Open(models.Model):
    """A call of which nobody has said that it is over: put in with the call, taken out with that.

    It says nothing that calls do not say; it is there so that boards look through a handful.
    """

    call = models.OneToOneField(Call, models.PROTECT, primary_key=True, related_name="open")

    def __str__(self) -> str:
        return f"Open {self.pk}"
