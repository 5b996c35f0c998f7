"""The kinds of fact that are recorded here. Each room declares its own; settings list them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypedDict
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from milieu.census.models import Standing, Stay, Unit
from milieu.kernel.errors import Refusal
from milieu.people.access import Reach
from milieu.people.models import Person
from milieu.record.evidence import Times
from milieu.record.models import Entry, Fact
from milieu.record.prepared import Prepared
from milieu.record.rows import Values
from milieu.record.statements import Row

if TYPE_CHECKING:
    from milieu.record.known import Known


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it comes in at a door: not yet decided, not yet stored."""

    entry_id: UUID
    kind: str
    stay_id: UUID
    author_id: UUID
    happened_at: datetime
    written_at: datetime
    fact: Any  # a Struct of the kind's shape, or None: strike out what ``amends`` names
    device_id: UUID | None = None
    device_seq: int | None = None
    clock_offset_ms: int | None = None
    clock_age_s: int | None = None
    anchor_at: datetime | None = None
    amends: UUID | None = None
    reason: str = ""


class Compared(TypedDict):
    """How a clock was compared with the server's: by how much it was off, and how long ago."""

    clock_offset_ms: int
    clock_age_s: int


SERVER_CLOCK: Final = Compared(clock_offset_ms=0, clock_age_s=0)  # what pages and feeds go by


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """All that a kind may weigh when it decides about one draft. Looked up once for the batch."""

    draft: Draft
    patient_id: UUID  # whose stay it is
    standing: Standing | None  # where it stands, on which unit; None before it was ever admitted
    author: Person
    reach: Reach  # what the author may do where
    times: Times
    wrong: Entry | None  # what it amends
    gathered: Any = None  # what its kind looked up for the batch

    @property
    def keeps_time(self) -> bool:
        """Whether it puts an entry right and claims no other time than that: weighed already."""
        return self.wrong is not None and self.wrong.happened_at == self.draft.happened_at

    @property
    def unit(self) -> Unit:
        """Return the unit where the stay stands, once it was asked whether it stands anywhere."""
        assert self.standing, "Every kind asks where the stay stands before anything else."
        return self.standing.unit

    @property
    def stay(self) -> Stay:
        """Return the stay. Made when it is asked for: most cases are weighed without it."""
        return Stay(pk=self.draft.stay_id, patient_id=self.patient_id)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of fact: its shape at the doors, its columns, and who decides."""

    name: str
    shape: type[msgspec.Struct]
    model: type[Fact]
    decide: Callable[[Case], None]  # raises Refusal
    build: Callable[[Case], Values]  # the row; the ledger gives it its entry
    from_phone: bool = False  # phones may push it
    binds_author: bool = False  # nobody sends it for another without proof that it is theirs
    gather: Callable[[Sequence[Draft], Known], Any] | None = None  # look up for a whole batch
    says_more: Callable[[Case], bool] | None = None  # an amendment, than what supported its time
    after: Callable[[Sequence[Stored]], None] | None = None  # in the same transaction

    @property
    def reached_as(self) -> str:
        """What an entry calls its fact of this kind."""
        return str(self.model._meta.model_name)


class Stored(msgspec.Struct, frozen=True):
    """What was stored, for whoever has to act on it in the same transaction."""

    case: Case
    seq: int
    counted_at: datetime | None  # what due times may rest on


@dataclass(frozen=True)
class Projection:
    """An answer worked out from the record. It can be thrown away and rebuilt to the same rows."""

    name: str
    kinds: frozenset[str]
    project: Callable[[Sequence[UUID]], None]  # bring these stays' rows up to date
    clear: Callable[[], None]  # forget every row
    follow: Follow | None = None  # where a row and a new entry say enough without the record


@dataclass(frozen=True)
class Follow:
    """How rows that are right go on to what was stored just now, as ``project`` would make them."""

    rows: Prepared  # asks for the rows of these stays, under the lock of the batch
    on: Callable[[Sequence[Stored], Sequence[Row]], Collection[UUID]]  # returns whom it leaves out


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind that settings list, by name."""
    listed: list[Kind] = [import_string(path) for path in settings.KINDS]
    return {kind.name: kind for kind in listed}


@cache
def projections() -> tuple[Projection, ...]:
    """Return the projections that settings list, in that order."""
    return tuple(import_string(path) for path in settings.PROJECTIONS)


def read_facts(entries: Sequence[Entry], *, named: Mapping[str, Sequence[str]]) -> None:
    """Read the facts of these entries, in one statement for each kind that is among them.

    As one join of all kinds, PostgreSQL took 196 ms to plan 46 tables, and 14 to answer.

    Args:
        entries: of any kinds; ``fact_of`` then asks the database nothing more.
        named: by kind, which rows that its fact names are read with it.
    """
    of_kind: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_kind[entry.kind].append(entry)
    for name, some in of_kind.items():
        if kind := kinds().get(name):
            facts: Any = kind.model._base_manager.all()  # noqa: SLF001 (of entries one may see)
            if also := named.get(name):
                facts = facts.select_related(*also)
            prefetch_related_objects(some, Prefetch(kind.reached_as, facts))


def fact_of(entry: Entry) -> Any:
    """Return the fact of an entry; None where it has none, or settings list no such kind."""
    known = kinds().get(entry.kind)
    return getattr(entry, known.reached_as, None) if known else None


def kind_named(name: str) -> Kind:
    """Return a kind.

    Raises:
        Refusal ``unknown-kind``: settings list no such kind.
    """
    if kind := kinds().get(name):
        return kind
    raise Refusal(
        "unknown-kind",
        _("This server has no kind of entry called %(name)r.") % {"name": name},
        field="kind",
    )
