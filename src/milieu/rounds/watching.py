"""Who watched whom, read from the record; and ``rounds.Hold``, who has the watch now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from milieu.census.left import from_text
from milieu.census.models import Standing
from milieu.census.packs import pack
from milieu.census.services import HERE
from milieu.people.services import SHIFT_MAX
from milieu.people.shift import at_pages_now, sessions_of
from milieu.record.kinds import Projection
from milieu.record.models import Entry
from milieu.record.prepared import Prepared
from milieu.record.rows import Values, insert_or_replace
from milieu.rounds.handing import GIVE, OFFER, REPLY, TAKE
from milieu.rounds.models import Hold
from milieu.rounds.projection import MOVEMENT, Order, asked, levels_of
from milieu.rounds.services import LEVEL
from milieu.rounds.watch import Interval, Said, Watch, Watched, What, attended, merged, watched

WHY = "who is responsible for whom is worked out from all that was said"
KINDS = (TAKE, GIVE, OFFER, REPLY, LEVEL)
SAID_AS = {TAKE: What.TAKE, GIVE: What.OFFER, OFFER: What.OFFER, LEVEL: What.ORDER}


class Held(NamedTuple):
    """Who has the watch now, and since when."""

    holder: UUID
    since: datetime


NOBODY = Watched([], None, None)
COLUMNS = (
    *("stay_id", "kind", "counted_at", "written_at", "entry_id", "seq", "author_id"),
    *("take__without_id", "offer__to_id", "offer__role", "offer__purpose", "offer__until"),
    *("reply__offer", "reply__says", "reply__roles", "levelorder__observer_id"),
)


def _said(stays: Sequence[UUID]) -> QuerySet[Entry, tuple[Any, ...]]:
    entries: QuerySet[Entry, Any] = Entry.objects.as_system(WHY).current()
    counts = Q(kind=LEVEL) | Q(counted_at__isnull=False)
    return entries.filter(counts, stay__in=stays, kind__in=KINDS).values_list(*COLUMNS)


SAID = Prepared(_said)
STANDINGS = Prepared(
    lambda stays: (
        Standing.objects.as_system("a projection reads all")
        .filter(stay__in=stays)
        .values_list("stay_id", "state", "unit__pack_name", "left")
    )
)


def said_of(stays: Sequence[UUID]) -> dict[UUID, list[Said]]:
    """Return all that stands of what was said about who watches these people; one statement."""
    found: dict[UUID, list[Said]] = defaultdict(list)
    for row in SAID.ask(stays):
        values = dict(zip(COLUMNS, row, strict=True))
        found[values["stay_id"]].append(_as_said(values))
    return found


def _as_said(row: Mapping[str, Any]) -> Said:
    kind = row["kind"]
    return Said(
        what=What(row["reply__says"]) if kind == REPLY else SAID_AS[kind],
        at=row["counted_at"] or row["written_at"],  # an order in arrears is heard when written
        entry_id=row["entry_id"],
        seq=row["seq"],
        by=row["author_id"],
        to=row["offer__to_id"] or row["levelorder__observer_id"],
        role=row["offer__role"] or "",
        roles=row["reply__roles"] or "",
        purpose=row["offer__purpose"] or ("shift" if kind == GIVE else ""),
        until=row["offer__until"],
        offer=row["reply__offer"],
        without=row["take__without_id"],
    )


def watched_of(standing: Standing) -> Watched:
    """Return everyone who ever had the watch of this stay, and when."""
    said = said_of([standing.stay_id])[standing.stay_id]
    return watched(said, moved=_moved(standing.left), ended=standing.discharged_at)


def _moved(left: str) -> list[datetime]:
    return [each.at for each in from_text(left)]


def really(watches: Sequence[Watch], now: datetime) -> list[Watch]:
    """Return the parts of these watches in which whoever had them was at work."""
    if not watches:
        return []
    sessions = sessions_of({watch.who for watch in watches}, since=watches[0].start, now=now)
    return [
        replace(watch, start=start, end=None if watch.end is None and stop == now else stop)
        for watch in watches
        for start, stop in attended(
            (watch.start, watch.end or now), sessions[watch.who], shift=SHIFT_MAX
        )
    ]


def gone_home(held: Mapping[UUID, Held], now: datetime) -> dict[UUID, datetime]:
    """Return, by stay, since when whoever has the watch is at work no longer.

    At work is who is signed in on a phone, or used the pages lately. What somebody has who never
    signed in is believed for one shift.
    """
    if not held:
        return {}
    first = min(each.since for each in held.values())
    sessions = sessions_of({each.holder for each in held.values()}, since=first, now=now)
    gone = {}
    for stay, (holder, since) in held.items():
        parts = attended((since, now), sessions[holder], shift=SHIFT_MAX)
        if parts and parts[-1][1] < now:
            gone[stay] = parts[-1][1]
    at_pages = at_pages_now(now) if gone else set()
    return {stay: at for stay, at in gone.items() if held[stay].holder not in at_pages}


def on_break(now: datetime) -> set[UUID]:
    """Return who is on a break while somebody relieves them: a break is a break."""
    holds = Hold.objects.as_system(WHY).filter(purpose="break", until__gt=now)
    return {person for person in holds.values_list("given_by_id", flat=True) if person}


def continuous_times(orders: Sequence[Order], pack_name: str, now: datetime) -> list[Interval]:
    """Return when somebody's eyes were to be on this person all the time."""
    kept = asked(orders, pack_name)
    ends = [*(order.at for order in kept[1:]), now]
    codes = continuous(pack_name)
    pairs = zip(kept, ends, strict=False)
    return merged((order.at, end) for order, end in pairs if order.level in codes)


@cache
def continuous(pack_name: str) -> frozenset[str]:
    """Return the levels of a pack at which somebody is watched all the time."""
    return frozenset(level.code for level in pack(pack_name).levels if level.continuous)


def project(stays: Sequence[UUID]) -> None:
    """Work out afresh who has the watch of these stays, in a constant number of statements."""
    said, orders = said_of(stays), levels_of(stays)
    rows = [
        _hold(
            stay,
            watched(said[stay], moved=_moved(left)) if state in HERE else NOBODY,
            orders[stay],
            name,
        )
        for stay, state, name, left in STANDINGS.ask(stays)
    ]
    insert_or_replace(Hold, rows)


def _hold(stay: UUID, told: Watched, orders: Sequence[Order], pack_name: str) -> Values:
    newest = told.watches[-1] if told.watches and not told.watches[-1].end else None
    eyes = _eyes_since(orders, pack_name)
    return {
        "stay_id": stay,
        "holder_id": newest.who if newest else None,
        "since": newest.start if newest else None,
        "how": newest.how if newest else "",
        "given_by_id": newest.given_by if newest else None,
        "purpose": newest.purpose if newest else "",
        "until": newest.until if newest else None,
        "eyes_since": max(newest.start, eyes) if newest and eyes else None,
        "offer_id": told.offer.seq if told.offer else None,
        "asked_id": told.order.to if told.order and eyes else None,
    }


def _eyes_since(orders: Sequence[Order], pack_name: str) -> datetime | None:
    """Return since when a continuous level has been in force without a pause, or None."""
    since = None
    for order in asked(orders, pack_name):
        since = (since or order.at) if order.level in continuous(pack_name) else None
    return since


def clear() -> None:
    """Forget who has the watch of anyone."""
    Hold.objects.as_system("rebuilding").delete()


HOLD = Projection("hold", frozenset({*KINDS, MOVEMENT}), project, clear)
