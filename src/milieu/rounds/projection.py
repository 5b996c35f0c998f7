"""``rounds.Clock``: the level, the last check, and when the next check is due."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from milieu.census.models import Standing, State
from milieu.census.packs import pack
from milieu.record.kinds import Projection
from milieu.record.models import Entry
from milieu.record.prepared import Prepared, together
from milieu.record.rows import Values, insert_or_replace
from milieu.record.statements import Row
from milieu.rounds.models import Clock, LevelOrder
from milieu.rounds.rules import Ordered, deadline
from milieu.rounds.services import CHECK, LEVEL

ORDERS_MAX = 1_000_000
MOVEMENT = "stay.movement"  # admissions writes them; this room reads only what they lead to


class Shown(NamedTuple):
    """What a clock rests on, besides levels: where the stay stands, and its newest entries."""

    stay: UUID
    state: str
    clock_from: datetime
    pack_name: str
    last: int | None
    last_at: datetime | None


class Order(NamedTuple):
    """One level order that stands."""

    stay: UUID
    at: datetime
    entry: int
    level: str
    observer: UUID | None
    written_at: datetime
    counted_at: datetime | None  # None where it was written long after ``at``


def _entries() -> QuerySet[Entry]:
    entries: QuerySet[Entry] = Entry.objects.as_system("a projection reads all")
    return entries


def _standings(stays: Sequence[UUID]) -> QuerySet[Standing, tuple[object, ...]]:
    """Ask where these stand, with the newest check of each that saw them and whose time counts.

    Asked with NOT EXISTS, because for an outer join PostgreSQL reckons that nothing is left, and
    reads a stay's whole history: with two million entries 386 ms for one stay, this way 0.3. The
    newest is looked for once, by its number, and joined: not once for each of its values.
    """
    standing = _entries().filter(
        ~Exists(_entries().filter(amends=OuterRef("pk"))),
        stay=OuterRef("stay"),
        kind=CHECK,
        counted_at__isnull=False,
        struck=False,
        safetycheck__outcome="seen",
    )
    newest = Subquery(standing.order_by("-counted_at", "-seq").values("seq")[:1])
    last = FilteredRelation("stay__entries", condition=Q(stay__entries__seq=newest))
    where: QuerySet[Standing] = Standing.objects.as_system("a projection reads all")
    return (
        where.filter(stay__in=stays)
        .annotate(last=last)
        .values_list(
            "stay_id", "state", "clock_from", "unit__pack_name", "last__seq", "last__counted_at"
        )
    )


def _orders(stays: Sequence[UUID]) -> QuerySet[LevelOrder, tuple[object, ...]]:
    """Ask for the entries first, in a question of its own.

    As one join, PostgreSQL walks the whole record beside the few orders: with 150,000 entries 31
    ms, and more with each entry. The limit, which nothing reaches, keeps it from joining them.
    """
    ordered = _entries().filter(stay__in=stays, kind=LEVEL).values("seq")[:ORDERS_MAX]
    orders = LevelOrder.objects.as_system("a projection reads all").filter(
        ~Exists(_entries().filter(amends=OuterRef("entry"))), entry__in=ordered
    )
    ordered_at: QuerySet[LevelOrder, tuple[object, ...]] = orders.order_by(
        "entry__happened_at", "entry_id"
    ).values_list(
        *("entry__stay_id", "entry__happened_at", "entry_id", "level", "observer_id"),
        *("entry__written_at", "entry__counted_at"),
    )
    return ordered_at


STANDINGS = Prepared(_standings)
ORDERS = Prepared(_orders)


def project(stays: Sequence[UUID]) -> None:
    """Work out the clocks of these stays afresh, in a constant number of statements.

    Each is read from the record by its newest entry, so neither the length of a history nor the
    order in which entries came matters.
    """
    standing, levels = together((STANDINGS, stays), (ORDERS, stays))
    orders = _by_stay(ORDERS.read(levels))
    shown = [Shown(*row) for row in STANDINGS.read(standing)]
    insert_or_replace(Clock, [_clock(each, orders[each.stay]) for each in shown])


def _clock(shown: Shown, orders: Sequence[Order]) -> Values:
    newest = orders[-1] if orders else None
    due_at = None
    if shown.state == State.IN:
        since = max(filter(None, (shown.last_at, shown.clock_from)))
        due_at = deadline(since, ordered(orders, shown.pack_name))
    return {
        "stay_id": shown.stay,
        "level": newest.level if newest else "",
        "level_entry_id": newest.entry if newest else None,
        "observer_id": newest.observer if newest else None,
        "last_id": shown.last,
        "last_at": shown.last_at,
        "due_at": due_at,
    }


def levels_of(stays: Iterable[UUID]) -> dict[UUID, list[Order]]:
    """Return the level orders of these stays that stand, oldest first, in one statement."""
    return _by_stay(ORDERS.ask(list(stays)))


def _by_stay(rows: Iterable[Row]) -> dict[UUID, list[Order]]:
    found: dict[UUID, list[Order]] = defaultdict(list)
    for row in rows:
        order = Order(*row)
        found[order.stay].append(order)
    return found


def ordered(orders: Sequence[Order], pack_name: str) -> list[Ordered]:
    """Return level orders, oldest first, as the rules read them."""
    chosen = pack(pack_name)
    return [
        Ordered(at=order.at, gap=timedelta(seconds=chosen.level(order.level).gap_s))
        for order in asked(orders, pack_name)
    ]


def asked(orders: Sequence[Order], pack_name: str) -> list[Order]:
    """Return which order was to be kept from when on, given all that stand, oldest first.

    One that was written long after it began is heard when it was written. Before that it may ask
    for more than was asked then, never for less: what was missed stays missed.
    """
    strictness = pack(pack_name).strictness
    written = [(order.written_at, order) for order in orders if order.counted_at is None]
    if not written:
        return list(orders)
    found: list[Order] = []
    stands = heard = orders[0]  # by what is known now, and by what was known then
    for at, order in sorted([*((order.at, order) for order in orders), *written]):
        if at == order.at:
            stands = order
        if order.counted_at is not None or at == order.written_at:
            heard = max(heard, order, key=lambda each: (each.at, each.entry))
        strictest = min(stands, heard, key=lambda each: strictness(each.level))
        found.append(strictest._replace(at=at))
    return found


def clear() -> None:
    """Forget every clock."""
    Clock.objects.as_system("rebuilding").delete()


CLOCK = Projection("clock", frozenset({CHECK, LEVEL, MOVEMENT}), project, clear)
