"""``rounds.Clock``: the level, the last check, and when the next check is due."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from milieu.census.models import Standing, State
from milieu.census.packs import pack
from milieu.record.kinds import Follow, Projection, Stored
from milieu.record.models import Entry
from milieu.record.prepared import Prepared, columns, together
from milieu.record.rows import Values, insert_or_replace
from milieu.record.statements import Row
from milieu.rounds.models import Clock, LevelOrder
from milieu.rounds.rules import Ordered, deadline
from milieu.rounds.services import CHECK, LEVEL
from milieu.rounds.shape import SafetyCheck

ORDERS_MAX = 1_000_000
MOVEMENT = "stay.movement"  # admissions writes them; this room reads only what they lead to


class Shown(NamedTuple):
    """What a clock rests on, besides levels: where the stay stands, and its newest looks."""

    stay: UUID
    state: str
    clock_from: datetime
    pack_name: str
    last: int | None  # that saw the person
    last_at: datetime | None
    look: int | None  # of any outcome
    look_at: datetime | None


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
    """Ask where these stand, with the newest look at each whose time counts, and that saw them.

    Asked with NOT EXISTS, because for an outer join PostgreSQL reckons that nothing is left, and
    reads a stay's whole history: with two million entries 386 ms for one stay, this way 0.3. The
    newest is looked for once, by its number, and joined: not once for each of its values.
    """
    looks = _entries().filter(
        ~Exists(_entries().filter(amends=OuterRef("pk"))),
        stay=OuterRef("stay"),
        kind=CHECK,
        counted_at__isnull=False,
        struck=False,
    )
    last, look = map(_newest_of, (looks.filter(safetycheck__outcome="seen"), looks))
    where: QuerySet[Standing] = Standing.objects.as_system("a projection reads all")
    return (
        where.filter(stay__in=stays)
        .annotate(last=last, look=look)
        .values_list(
            *("stay_id", "state", "clock_from", "unit__pack_name"),
            *("last__seq", "last__counted_at", "look__seq", "look__counted_at"),
        )
    )


def _newest_of(looks: QuerySet[Entry]) -> FilteredRelation:
    newest = Subquery(looks.order_by("-counted_at", "-seq").values("seq")[:1])
    return FilteredRelation("stay__entries", condition=Q(stay__entries__seq=newest))


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
ROW = columns(Clock)
ROWS = Prepared(
    lambda stays: (
        Clock.objects.as_system("a projection goes on from its own rows")
        .filter(stay__in=stays)
        .values_list(*ROW)
    )
)


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
    levels = ordered(orders, shown.pack_name)
    due_at = None
    if shown.state == State.IN:
        since = max(filter(None, (shown.last_at, shown.clock_from)))
        due_at = deadline(since, levels)
    tried = shown.look != shown.last
    return {
        "stay_id": shown.stay,
        "level": newest.level if newest else "",
        "level_entry_id": newest.entry if newest else None,
        "level_from": levels[-1].at if levels else None,
        "observer_id": newest.observer if newest else None,
        "last_id": shown.last,
        "last_at": shown.last_at,
        "tried_id": shown.look if tried else None,
        "tried_at": shown.look_at if tried else None,
        "due_at": due_at,
    }


def follow(stored: Sequence[Stored], rows: Sequence[Row]) -> set[UUID]:
    """Let clocks go on to new checks. Return the stays whose clocks must be worked out afresh.

    Of all that a right row rests on, a new check can change one thing: that it is the newest look.
    Where the newest order alone has a say since then, the row and the check tell the rest. The
    questions of the record that this saves were a seventh of what a push of 24 checks costs on
    PostgreSQL.
    """
    clocks = {row[0]: dict(zip(ROW, row, strict=True)) for row in rows}
    afresh = {item.case.draft.stay_id for item in stored} - clocks.keys()
    afresh |= {
        draft.stay_id
        for draft in (item.case.draft for item in stored)
        if draft.kind != CHECK or draft.amends
    }
    looks: dict[UUID, list[Stored]] = defaultdict(list)
    for item in stored:
        if item.counted_at and item.case.draft.stay_id not in afresh:
            looks[item.case.draft.stay_id].append(item)
    gone_on: list[Values] = []
    for stay, new in looks.items():
        if clock := _gone_on(clocks[stay], new):
            gone_on.append(clock)
        else:
            afresh.add(stay)
    insert_or_replace(Clock, gone_on)
    return afresh


def _gone_on(clock: Values, looks: Sequence[Stored]) -> Values | None:
    """Return the row after these looks too; None where another order than the newest has a say."""
    standing, level_from = looks[0].case.standing, clock["level_from"]
    assert standing, "Who is checked stands somewhere."
    last, tried = (clock["last_at"], clock["last_id"]), (clock["tried_at"], clock["tried_id"])
    new = [(item.counted_at, item.seq) for item in looks]
    seen = [mark for mark, item in zip(new, looks, strict=True) if _saw(item)]
    last_at, last_id = _newest(last, *seen)
    look_at, look_id = _newest(last, tried, *new)
    if level_from is None or level_from > max(filter(None, (last_at, standing.clock_from))):
        return None
    shown = Shown(
        *(clock["stay_id"], standing.state, standing.clock_from, standing.unit.pack_name),
        *(last_id, last_at, look_id, look_at),
    )
    order = Order(
        *(clock["stay_id"], level_from, clock["level_entry_id"], clock["level"]),
        *(clock["observer_id"], level_from, level_from),
    )
    return _clock(shown, [order])


def _saw(item: Stored) -> bool:
    fact: SafetyCheck = item.case.draft.fact
    return fact.outcome == "seen"


def _newest(*looks: tuple[Any, Any]) -> tuple[Any, Any]:
    """Return the newest of these times and entries; nothing twice where there was none."""
    return max((look for look in looks if look[0]), default=(None, None))


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


CLOCK = Projection(
    "clock", frozenset({CHECK, LEVEL, MOVEMENT}), project, clear, follow=Follow(ROWS, follow)
)
