"""Tags and printed codes, and the doors where they were, one after the other."""

from __future__ import annotations

from django.db import models

from milieu.census.models import Facility, Room
from milieu.kernel.ids import uuid7
from milieu.people.models import Person


class Tag(models.Model):
    """Something fixed at a door: an NTAG 424 DNA, known by its UID, or a printed code."""

    class Kind(models.TextChoices):
        """Stored values are forever."""

        NFC = "nfc"
        PRINTED = "printed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=20)  # the UID as hex, or what is printed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "code"], name="tag_code_in_facility")
        ]

    def __str__(self) -> str:
        return self.code


class Fixing(models.Model):
    """From a moment on a tag is at a door, or at none. Appended and never changed.

    So a check is judged by where the tag was then, however late it arrives.
    """

    tag = models.ForeignKey(Tag, models.PROTECT, related_name="fixings")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")  # None: retired
    since = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # None: by command

    class Meta:
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return f"Fixing {self.pk}"
