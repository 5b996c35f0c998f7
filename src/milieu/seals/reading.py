"""Entries as the record holds them, with what a leaf says of each: header and fact, and whose."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from milieu.record.kinds import kinds
from milieu.record.models import Entry
from milieu.record.prepared import Prepared, columns

HEADER = columns(Entry)
WHOSE = {"patient_id": "stay__patient", "facility_id": "stay__patient__facility"}
NAMES = (*HEADER, *WHOSE)
WHY = "sealing tells nobody what an entry says"


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry with its fact. The facility is that of the person in care: it never changes."""

    header: dict[str, Any]
    fact: dict[str, Any] | None

    @property
    def seq(self) -> int:
        """Its number in the record."""
        return int(self.header["seq"])

    @property
    def patient(self) -> UUID:
        """Whom it is about."""
        found: UUID = self.header["patient_id"]
        return found

    @property
    def facility(self) -> UUID:
        """In whose log it belongs."""
        found: UUID = self.header["facility_id"]
        return found


def stored(seqs: Sequence[int]) -> list[Stored]:
    """Return the entries of these numbers, lowest first; one that is not there is left out."""
    headers = [dict(zip(NAMES, row, strict=True)) for row in ENTRIES.ask(sorted(seqs))]
    facts = _facts(headers)
    return [Stored(header, facts.get(header["seq"])) for header in headers]


def unsealed(after: int) -> Any:
    """Return the entries above this number that have no leaf, as a queryset, oldest first."""
    return Entry.objects.as_system(WHY).filter(seq__gt=after, leaf=None).order_by("seq")


def _facts(headers: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for header in headers:
        if header["kind"] in kinds():  # another was written there by no program of ours
            by_kind[header["kind"]].append(header["seq"])
    found = {}
    for kind, seqs in by_kind.items():
        names, asked = _of_kind(kind)
        for seq, *values in asked.ask(seqs):
            found[seq] = dict(zip(names, values, strict=True))
    return found


# Asked in words that are kept, so that PostgreSQL's answer comes in binary: its times as text cost
# more to read than all the rest of a leaf.
ENTRIES = Prepared(
    lambda seqs: (
        Entry.objects.as_system(WHY)
        .filter(seq__in=seqs)
        .order_by("seq")
        .values_list(*HEADER, *WHOSE.values())
    ),
    key=int,
)


@cache
def _of_kind(kind: str) -> tuple[list[str], Prepared]:
    """Return what a fact of this kind holds, and how to ask for it by the numbers of entries."""
    model = kinds()[kind].model
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    every = model._base_manager  # noqa: SLF001 (all of them)
    return names, Prepared(
        lambda seqs: every.filter(pk__in=seqs).values_list("pk", *names), key=int
    )
