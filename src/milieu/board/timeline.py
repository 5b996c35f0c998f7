"""One day of one stay, read from the record in a constant number of statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from milieu.admissions.rules import Move, What, away_intervals
from milieu.admissions.services import moves_of
from milieu.alerts.shortage import afterwards
from milieu.board.day import Day
from milieu.board.labels import words_of
from milieu.board.said import AMENDED_AT, NAMED, Speech, beside, said
from milieu.board.shown import Shown, shown
from milieu.board.shown import doubts as presence_doubts
from milieu.board.sightings import two_places
from milieu.census.models import Stay
from milieu.record.doubts import out_of_order
from milieu.record.evidence import Label, labels
from milieu.record.kinds import kinds, read_facts
from milieu.record.known import times_of
from milieu.record.ledger import tolerance
from milieu.record.models import Entry
from milieu.record.spans import length
from milieu.rounds.models import Spell
from milieu.rounds.projection import levels_of, ordered
from milieu.rounds.rules import Gap, gaps
from milieu.rounds.services import CHECK
from milieu.rounds.staffing import behind, spells_of
from milieu.rounds.watch import Interval, merged, unwatched, without
from milieu.rounds.watching import continuous_times, really, watched_of

MINUTE = timedelta(minutes=1)
AROUND = timedelta(days=1)  # a device's clock may be this far off and its late entry still be found
ROWS_MAX = 2000  # of one day; more is a machine's doing, and the page says so


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the day's list: an entry, or a gap between two."""

    at: datetime
    clock: str
    words: str
    by: str = ""
    entry_id: UUID | None = None
    kind: str = ""
    note: str = ""
    concern: str = ""
    labels: list[str] = field(default_factory=list)
    shown: Shown | None = None  # how presence was shown, for a check
    amended: str = ""  # it does not stand any longer: who put it right, when and why
    amends: str = ""  # what it puts right, and why
    other_id: UUID | None = None  # the entry that amends it, or that it amends
    gap: bool = False
    staffing: str = ""  # what a gap is first of all, where too few people were on the floor
    amend_at: str = ""  # where the reader may put it right


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """One day: what the axis and the list are drawn from."""

    day: Day
    entries: Sequence[Entry]
    gaps: Sequence[Gap]
    staffing: Mapping[Gap, Spell]  # gaps that came when too few people were on the floor
    alone: Sequence[Interval]  # nobody watched, though somebody had to all the time
    away: Sequence[tuple[datetime, datetime]]
    doubts: dict[int, list[Label]]
    presence: dict[int, list[str]]  # what is to be told of how presence was shown
    more: bool


def read(stay: Stay, day: Day, now: datetime, speech: Speech) -> Timeline:
    """Read one day of a stay that the reader may see."""
    found = _entries(stay, day)
    entries = sorted((entry for entry in found if day.holds(entry.stands_at)), key=_order)
    moves = moves_of([stay.pk])[stay.pk]
    until = min(now, day.end)
    found_gaps = _gaps(stay, day, moves, now)
    return Timeline(
        day=day,
        entries=entries,
        gaps=found_gaps,
        staffing=_staffing(stay, found_gaps),
        alone=_alone(stay, day, away_intervals(moves, now), now),
        away=[
            (max(start, day.start), min(end, until))
            for start, end in away_intervals(moves, now)
            if start < until and end > day.start
        ],
        doubts=_doubts(stay, entries),
        presence=presence_doubts(entries, speech),
        more=len(found) == ROWS_MAX,
    )


def _order(entry: Entry) -> tuple[datetime, int]:
    return entry.stands_at, entry.seq


def _entries(stay: Stay, day: Day) -> list[Entry]:
    """Entries of the day, by what is supported of their time, or by what they say without it."""
    claimed = Q(counted_at=None, happened_at__range=(day.start - AROUND, day.end + AROUND))
    rows = (
        Entry.objects.as_system("the reader may see this stay: asked before")
        .filter(
            Q(counted_at__range=(day.start, day.end)) | claimed, stay=stay, kind__in=list(kinds())
        )
        .select_related("author", "device", "amends__author", "amended_by__author")
        .order_by("-seq")
    )
    found = list(rows[:ROWS_MAX])
    read_facts(found, named=NAMED)
    return found


def _gaps(stay: Stay, day: Day, moves: Sequence[Move], now: datetime) -> list[Gap]:
    """Gaps that touch the day; the check before it and the one after it bound the outermost."""
    seen = (
        Entry.objects.as_system("the reader may see this stay: asked before")
        .current()
        .filter(stay=stay, kind=CHECK, counted_at__isnull=False, safetycheck__outcome="seen")
    )
    before = seen.filter(counted_at__lt=day.start).order_by("-counted_at")
    after = seen.filter(counted_at__gte=day.end).order_by("counted_at")
    within = seen.filter(counted_at__range=(day.start, day.end))
    earlier = list(before.values_list("counted_at", flat=True)[:1])
    checks = earlier + list(within.values_list("counted_at", flat=True))
    checks += after.values_list("counted_at", flat=True)[:1]
    arrivals = [move.at for move in moves if move.what in (What.ADMIT, What.RETURN)]
    found = gaps(
        checks=checks,
        arrivals=[at for at in arrivals if not earlier or at >= earlier[0]],
        levels=ordered(levels_of([stay.pk])[stay.pk], stay.standing.unit.pack_name),
        away=away_intervals(moves, now),
        now=now,
    )
    return [gap for gap in found if gap.start < day.end and (gap.end or now) > day.start]


def _staffing(stay: Stay, found: Sequence[Gap]) -> dict[Gap, Spell]:
    if not found:
        return {}
    passed = [gap.allowed_until for gap in found]
    spells = spells_of(stay.standing.unit_id, min(passed), max(passed))
    return {gap: spell for gap in found if (spell := behind(gap, stay.standing, spells))}


def _alone(stay: Stay, day: Day, away: Sequence[Interval], now: datetime) -> list[Interval]:
    """Return the minutes or more of a continuous level in which nobody by name was watching."""
    orders = levels_of([stay.pk])[stay.pk]
    ended = stay.standing.discharged_at
    wanted = continuous_times(orders, stay.standing.unit.pack_name, ended or now)
    if not wanted:
        return []
    here = [part for times in wanted for part in without(times, merged(away))]
    kept = really(watched_of(stay.standing).watches, now)
    return [
        (start, end)
        for start, end in unwatched(kept, here, now)
        if end - start >= MINUTE and start < day.end and end > day.start
    ]


def _doubts(stay: Stay, entries: Sequence[Entry]) -> dict[int, list[Label]]:
    limits = tolerance(stay.standing.unit.pack_name)
    backwards = out_of_order(entries)
    twice = two_places(stay, entries)
    found = {}
    for entry in entries:
        told = labels(times_of(entry, entry.stored_at), limits)
        told += [Label.OUT_OF_ORDER] if entry.seq in backwards else []
        told += [Label.TWO_PLACES] if entry.seq in twice else []
        found[entry.seq] = told
    return found


def lines(timeline: Timeline, speech: Speech, now: datetime, amendable: set[int]) -> list[Line]:
    """Return the day as a list, the newest first."""
    found = [*_gap_lines(timeline, speech, now), *_alone_lines(timeline.alone, speech, now)]
    for entry in timeline.entries:
        if not (entry.struck and entry.amends):  # what was struck out says so itself
            labels = words_of(timeline.doubts[entry.seq], entry, speech.zone)
            labels += timeline.presence.get(entry.seq, [])
            found.append(_line(entry, labels, speech, may_amend=entry.seq in amendable))
    return sorted(found, key=lambda line: line.at, reverse=True)


def _line(entry: Entry, labels: list[str], speech: Speech, *, may_amend: bool) -> Line:
    note, concern = beside(entry)
    at = entry.stands_at
    amended_by: Entry | None = getattr(entry, "amended_by", None)
    other = amended_by or entry.amends
    return Line(
        at=at,
        clock=speech.said_at(at),
        words=said(entry, speech),
        by=entry.author.short_name,
        entry_id=entry.entry_id,
        kind=entry.kind,
        note=note,
        concern=concern,
        labels=labels,
        shown=shown(entry, speech),
        amended=amendment(amended_by, speech) if amended_by else "",
        amends=amendment(entry, speech) if entry.amends else "",
        other_id=other.entry_id if other else None,
        amend_at=reverse(AMENDED_AT[entry.kind], args=[entry.entry_id]) if may_amend else "",
    )


def amendment(entry: Entry, speech: Speech) -> str:
    """Return who put right what, when and why: ``by Lena O. at 04:10: It was the group room``."""
    name, at = entry.author.short_name, speech.said_at(entry.stored_at)
    return f"{name}, {at}: {entry.reason}"


def _gap_lines(timeline: Timeline, speech: Speech, now: datetime) -> Iterator[Line]:
    for gap in timeline.gaps:
        spell = timeline.staffing.get(gap)
        yield Line(
            at=gap.end or now,
            clock=speech.said_at(gap.end or now),
            words=gap_words(gap, speech, now),
            gap=True,
            staffing=afterwards(spell.alert.shortage, speech.zone) if spell else "",
        )


def _alone_lines(found: Iterable[Interval], speech: Speech, now: datetime) -> Iterator[Line]:
    for start, end in found:
        words = {
            "length": length(end - start),
            "start": speech.said_at(start),
            "end": speech.said_at(end),
        }
        told = _("Nobody by name was watching for %(length)s, %(start)s to %(end)s") % words
        if end >= now:
            told = _("Nobody by name has been watching for %(length)s, since %(start)s") % words
        yield Line(at=end, clock=speech.said_at(end), words=told, gap=True)


def gap_words(gap: Gap, speech: Speech, now: datetime) -> str:
    """Return a gap in words, with its length and what was allowed."""
    words = {
        "length": length((gap.end or now) - gap.start),
        "allowed": length(gap.allowed_until - gap.start),
        "start": speech.said_at(gap.start),
        "end": speech.said_at(gap.end or now),
    }
    if gap.end is None:
        return (
            _("Not seen for %(length)s so far, since %(start)s; %(allowed)s were allowed") % words
        )
    return _("Not seen for %(length)s, %(start)s to %(end)s; %(allowed)s were allowed") % words
