"""``rounds.Clock``: the level, the last check, the holder, and when the next check is due."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from milieu.census.models import Standing, State
from milieu.census.packs import pack
from milieu.record.kinds import Projection
from milieu.record.models import Entry
from milieu.rounds.models import Clock, LevelOrder
from milieu.rounds.rules import Ordered, deadline
from milieu.rounds.services import CHECK, GIVE, LEVEL, TAKE

MOVEMENT = "stay.movement"  # admissions writes them; this room reads only what they lead to
FIELDS = [field.name for field in Clock._meta.concrete_fields if not field.primary_key]


def project(stays: Sequence[UUID]) -> None:
    """Work out the clocks of these stays afresh, in a constant number of statements.

    Each is read from the record by its newest entry, so neither the length of a history nor the
    order in which entries came matters.
    """
    standings = {
        standing.stay_id: standing
        for standing in Standing.objects.filter(stay__in=stays)
        .select_related("unit")
        .annotate(
            last=_newest(CHECK, safetycheck__outcome="seen"), taken=_newest(TAKE), given=_newest(GIVE)
        )
    }
    named = {
        seq
        for standing in standings.values()
        for seq in (standing.last, standing.taken, standing.given)
        if seq
    }
    entries = {
        entry.seq: entry
        for entry in Entry.objects.as_system("a projection reads all").filter(seq__in=named)
    }
    orders = levels_of(stays)
    rows = [_clock(standing, entries, orders[stay]) for stay, standing in standings.items()]
    Clock.objects.bulk_create(rows, update_conflicts=True, unique_fields=["stay"], update_fields=FIELDS)


def _clock(standing: Standing, entries: dict[int, Entry], orders: Sequence[LevelOrder]) -> Clock:
    last = entries.get(standing.last)
    held = max(
        (entries[seq] for seq in (standing.taken, standing.given) if seq),
        key=lambda entry: (entry.counted_at, entry.seq),
        default=None,
    )
    newest = orders[-1] if orders else None
    row = Clock(
        stay_id=standing.stay_id,
        level=newest.level if newest else "",
        level_entry_id=newest.entry_id if newest else None,
        observer_id=newest.observer_id if newest else None,
        last_id=last.seq if last else None,
        last_at=last.counted_at if last else None,
    )
    if held and held.kind == TAKE and standing.state in (State.IN, State.LEAVE, State.ESCORT):
        row.holder_id, row.held_since = held.author_id, held.counted_at
    if standing.state == State.IN:
        since = max(filter(None, (row.last_at, standing.clock_from)))
        row.due_at = deadline(since, ordered(orders, standing.unit.pack_name))
    return row


def _newest(kind: str, **facts: str) -> Subquery:
    """The newest current entry of a kind whose time the evidence supports."""
    entries: QuerySet[Entry] = Entry.objects.as_system("a projection reads all")
    entries = entries.filter(
        stay=OuterRef("stay"),
        kind=kind,
        counted_at__isnull=False,
        amended_by=None,
        struck=False,
        **facts,
    )
    return Subquery(entries.order_by("-counted_at", "-seq").values("seq")[:1])


def levels_of(stays: Iterable[UUID]) -> dict[UUID, list[LevelOrder]]:
    """Return the level orders of these stays that stand, oldest first, in one statement."""
    rows = (
        LevelOrder.objects.filter(entry__stay__in=list(stays), entry__amended_by=None)
        .select_related("entry")
        .order_by("entry__happened_at", "entry_id")
    )
    found: dict[UUID, list[LevelOrder]] = defaultdict(list)
    for row in rows:
        found[row.entry.stay_id].append(row)
    return found


def ordered(orders: Iterable[LevelOrder], pack_name: str) -> list[Ordered]:
    """Return level orders as the rules read them."""
    chosen = pack(pack_name)
    return [
        Ordered(at=row.entry.happened_at, gap=timedelta(seconds=chosen.level(row.level).gap_s))
        for row in orders
    ]


def clear() -> None:
    """Forget every clock."""
    Clock.objects.as_system("rebuilding").delete()


CLOCK = Projection("clock", frozenset({CHECK, LEVEL, TAKE, GIVE, MOVEMENT}), project, clear)
