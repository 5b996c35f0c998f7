"""The log of each facility: leaves, the nodes above them, signed heads, and what phones saw."""

from typing import TypeVar

from django.db import models

from milieu.census.models import Facility, Patient
from milieu.kernel.ids import uuid7
from milieu.people.models import Device, Person
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry

M = TypeVar("M", bound=models.Model)


def _read_beside(to: type[M]) -> models.ForeignKey[M, M]:
    """Return a link to a row that the sealer read together with the entry, which is held to it.

    Were the database asked again for each leaf and node, that would be a third of what sealing
    costs it; ``checking.py`` tells of a leaf or a node that stands elsewhere.
    """
    return models.ForeignKey(
        to, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )


class LeafManager(InCareManager["Leaf"]):
    unit_path = "entry__stay__standing__unit"


class Leaf(models.Model):
    """One entry as it was sealed: its bytes, and its place in the log. Never changed."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="leaf")
    facility = _read_beside(Facility)
    index = models.BigIntegerField(db_column="number")  # its place in the log, from 0
    patient = _read_beside(Patient)
    salt = models.BinaryField(max_length=16)  # so that nobody can guess an entry from its hash
    data = models.BinaryField()  # see canonical.py
    hash = models.BinaryField(max_length=32)

    objects = LeafManager()

    class Meta:
        default_manager_name = "objects"
        verbose_name_plural = "leaves"
        constraints = [models.UniqueConstraint(fields=["facility", "index"], name="leaf_place")]
        indexes = [models.Index(fields=["patient", "index"], name="leaf_by_patient")]

    def __str__(self) -> str:
        return f"Leaf {self.index}"

    @property
    def sealed(self) -> bytes:
        """The bytes whose hash stands in the log."""
        return bytes(self.salt) + bytes(self.data)


class Node(models.Model):
    """The hash of a complete subtree above the leaves. Never changed."""

    facility = _read_beside(Facility)
    place = models.BigIntegerField()  # the key of a ``merkle.Place``, from level 1 on
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "place"], name="node_place")]

    def __str__(self) -> str:
        return f"Node {self.place}"


class Head(models.Model):
    """A signed checkpoint: after each sealing, what the whole log is. Never changed."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()  # see note.py
    up_to = models.BigIntegerField()  # every entry that could be seen up to here was sealed
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "size"], name="head_once")]

    def __str__(self) -> str:
        return f"Head {self.size}"


class SealKey(models.Model):
    """A key that heads were signed with, as others verify it. Old ones are kept for old heads."""

    verifier = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.verifier


class Sighting(models.Model):
    """The newest head that a phone showed us, at most some minutes old."""

    device = models.OneToOneField(Device, models.PROTECT, primary_key=True, related_name="+")
    note = models.TextField()
    size = models.BigIntegerField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Sighting of {self.size}"


class Contradiction(models.Model):
    """A head with our signature that this record does not contain. Never changed.

    A phone held it, so this record once said it: since then it was put back, or replaced.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, related_name="+", db_index=False)
    note = models.TextField()
    note_sha256 = models.BinaryField(max_length=32)
    size = models.BigIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "note_sha256"], name="contradiction_once")
        ]

    def __str__(self) -> str:
        return f"Contradiction {self.pk}"


class Explanation(models.Model):
    """What a person found out about a contradiction: only this takes its warning away."""

    contradiction = models.OneToOneField(
        Contradiction, models.PROTECT, primary_key=True, related_name="explanation"
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    words = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"Explanation {self.pk}"


APPEND_ONLY = (Leaf, Node, Head, SealKey, Contradiction, Explanation)
