"""The header of every fact, and the abstract fact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Least

from milieu.census.models import Stay
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Device
from milieu.people.scoping import InCareManager

SETTLING: Final = timedelta(seconds=10)  # in which a transaction that stores entries has ended


class EntryQuerySet(models.QuerySet["Entry"]):
    def current(self) -> Self:
        """Leave out entries that were amended, and those that only strike another out."""
        amendments = Entry.objects.as_system("only whether there is one").filter(
            amends=models.OuterRef("pk")
        )
        return self.filter(~models.Exists(amendments), struck=False)

    def stored_since(self, seq: int, at: datetime) -> Self:
        """Keep what may have been stored since somebody read up to ``seq``, at ``at``.

        Entries are numbered before they are committed, so one with a lower number may come after;
        what was stored shortly before is kept too.
        """
        return self.filter(Q(seq__gt=seq) | Q(stored_at__gt=at - SETTLING))


class EntryManager(InCareManager["Entry"]):
    unit_path = "stay__standing__unit"
    rows = EntryQuerySet


class Entry(models.Model):
    """The header of one fact: who said it, about which stay, when it happened, and how we know.

    Entries are appended and never changed or deleted; the database refuses both (see
    ``guards.py``). A mistake is put right by a new entry that ``amends`` the old one; one without
    a fact (``struck``) only strikes it out.
    """

    seq = models.BigAutoField(primary_key=True)  # the order in which this server stored it
    entry_id = models.UUIDField(unique=True)  # minted where it was written, so resending is safe
    kind = models.CharField(max_length=40)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="entries", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+", db_index=False)
    device_seq = models.BigIntegerField(null=True)  # counts up on the device, so holes are provable
    happened_at = models.DateTimeField()  # by the device's own clock
    written_at = models.DateTimeField()  # when the device wrote it down, by its own clock
    stored_at = models.DateTimeField()  # when this server received and stored it
    clock_offset_ms = models.BigIntegerField(null=True)  # device minus server, as last measured
    clock_age_s = models.BigIntegerField(null=True)  # how long before writing that was
    anchor_at = models.DateTimeField(null=True)  # it was written after this; the server signed it
    counted_at = models.DateTimeField(null=True)  # what due times may rest on; see evidence.py
    amends = models.OneToOneField("self", models.PROTECT, null=True, related_name="amended_by")
    struck = models.BooleanField(default=False)  # this entry has no fact: it strikes out ``amends``
    reason = models.CharField(max_length=500, blank=True)  # why it amends
    content_sha256 = models.BinaryField(max_length=32)

    objects = EntryManager()

    class Meta:
        default_manager_name = "objects"
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["stay", "kind", "counted_at", "seq"], name="entry_newest"),
            models.Index(fields=["stored_at"], name="entry_by_storing"),
            models.Index(
                fields=["device", "device_seq"],
                name="entry_by_device",
                condition=Q(device__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="entry_amendment_has_reason",
                condition=Q(amends=None, reason="") | (Q(amends__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="entry_strike_amends", condition=Q(struck=False) | Q(amends__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"

    @property
    def told_at(self) -> datetime:
        """When it was so: what is supported of its time, else what its device says.

        Nothing was so after it was stored, whatever a device says: the next one is newer.
        ``stands_at`` also takes off what is known to be wrong with the device's clock.
        """
        return self.counted_at or min(self.happened_at, self.stored_at)

    @property
    def stands_at(self) -> datetime:
        """When it stands among others: what is supported of its time, else what its device says.

        Of what its device says the offset that was measured of its clock is taken off.
        """
        said = self.happened_at - timedelta(milliseconds=self.clock_offset_ms or 0)
        return self.counted_at or min(said, self.stored_at)


def told_at(entry: str = "") -> Coalesce:
    """Return ``Entry.told_at`` as a question asks it.

    ``entry`` is the way to the entry, such as ``entry__`` from a fact.
    """
    said = Least(f"{entry}happened_at", f"{entry}stored_at")
    return Coalesce(f"{entry}counted_at", said)


class FactManager(InCareManager["Fact"]):
    unit_path = "entry__stay__standing__unit"


class Fact(models.Model):
    """What an entry says, in typed columns. One subclass for each kind of fact."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="%(class)s")

    objects = FactManager()

    class Meta:
        abstract = True


class Epoch(models.Model):
    """One life of the record: it begins at first start, and again at every restore."""

    number = models.BigAutoField(primary_key=True)
    epoch_id = models.UUIDField(default=uuid7, unique=True)
    began_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"Epoch {self.number}"
