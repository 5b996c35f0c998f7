"""Entries as the record holds them, with what a leaf says of each: header and fact, and whose."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from milieu.record.kinds import kinds
from milieu.record.models import Entry

HEADER = [field.attname for field in Entry._meta.concrete_fields]
WHOSE = {"patient_id": "stay__patient", "facility_id": "stay__patient__facility"}


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


def stored(entries: Any) -> list[Stored]:
    """Return these entries, in their order. One statement, and one for each kind among them."""
    names = [*HEADER, *WHOSE]
    rows = entries.values_list(*HEADER, *WHOSE.values())
    headers = [dict(zip(names, row, strict=True)) for row in rows]
    facts = _facts(headers)
    return [Stored(header, facts.get(header["seq"])) for header in headers]


def unsealed(after: int) -> Any:
    """Return the entries above this number that have no leaf, as a queryset, oldest first."""
    every = Entry.objects.as_system("sealing tells nobody what an entry says")
    return every.filter(seq__gt=after, leaf=None).order_by("seq")


def by_seq(seqs: Sequence[int]) -> dict[int, Stored]:
    """Return these entries by their numbers; one that is not there is left out."""
    every = Entry.objects.as_system("what was sealed is compared with what is stored")
    return {each.seq: each for each in stored(every.filter(seq__in=seqs))}


def _facts(headers: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for header in headers:
        if header["kind"] in kinds():  # another was written there by no program of ours
            by_kind[header["kind"]].append(header["seq"])
    found = {}
    for kind, seqs in by_kind.items():
        columns = _columns(kind)
        rows = kinds()[kind].model._base_manager.filter(pk__in=seqs)  # noqa: SLF001 (all of them)
        for seq, *values in rows.values_list("pk", *columns):
            found[seq] = dict(zip(columns, values, strict=True))
    return found


@cache
def _columns(kind: str) -> list[str]:
    fields = kinds()[kind].model._meta.concrete_fields
    return [field.attname for field in fields if not field.primary_key]
