"""The day as an axis: where each mark stands, in hundredths of its length, and what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from milieu.board.day import Hour
from milieu.board.said import Speech, check_of, said
from milieu.board.timeline import Timeline, gap_words
from milieu.record.evidence import Label
from milieu.record.models import Entry
from milieu.record.spans import length

LABEL_ROOM = 7.0  # hundredths of the axis that the length of a gap takes in words
SHAPES = {"round.level": "level", "stay.movement": "movement"}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One mark: a tick for a check, a bar from ``place`` over ``width``, or another shape."""

    shape: str
    place: float
    words: str
    width: float = 0.0
    label: str = ""  # written on the axis
    label_place: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Axis:
    """All marks of one day."""

    hours: list[Hour]
    gaps: list[Mark]
    away: list[Mark]
    checks: list[Mark]
    others: list[Mark]
    now: float | None


def axis(timeline: Timeline, speech: Speech, now: datetime) -> Axis:
    """Return the axis of a day."""
    day = timeline.day
    standing = [
        entry for entry in timeline.entries if not hasattr(entry, "amended_by") and not entry.struck
    ]
    return Axis(
        hours=list(day.hours()),
        gaps=list(_gaps(timeline, speech, now)),
        away=[
            _bar(timeline, "away", start, end, length(end - start)) for start, end in timeline.away
        ],
        checks=[
            _mark(entry, timeline, speech) for entry in standing if entry.kind == "round.check"
        ],
        others=[mark for entry in standing for mark in _others(entry, timeline, speech)],
        now=day.place(now) if day.holds(now) else None,
    )


def _gaps(timeline: Timeline, speech: Speech, now: datetime) -> Iterator[Mark]:
    """Yield the gaps as bars; a length is written where it does not run into the one before."""
    free_from = 0.0
    for gap in timeline.gaps:
        end = gap.end or min(now, timeline.day.end)
        words = length(end - gap.start)
        bar = _bar(timeline, "gap", gap.start, end, gap_words(gap, speech, now))
        place = min(max(bar.place + bar.width / 2, LABEL_ROOM / 2), 100 - LABEL_ROOM / 2)
        if place - LABEL_ROOM / 2 < free_from:
            yield bar
            continue
        free_from = place + LABEL_ROOM / 2
        yield Mark(
            shape="gap",
            place=bar.place,
            width=bar.width,
            words=bar.words,
            label=words,
            label_place=round(place, 3),
        )


def _bar(timeline: Timeline, shape: str, start: datetime, end: datetime, words: str) -> Mark:
    place = timeline.day.place(start)
    return Mark(
        shape=shape, place=place, width=round(timeline.day.place(end) - place, 3), words=words
    )


def _mark(entry: Entry, timeline: Timeline, speech: Speech) -> Mark:
    """Mark a check: broken where its time is not supported, short where nobody was seen."""
    seen = entry.safetycheck.outcome == "seen"
    late = entry.counted_at is None or Label.LATE_ENTRY in timeline.doubts[entry.seq]
    return _at(entry, ("late" if late else "seen") if seen else "unseen", timeline, speech)


def _others(entry: Entry, timeline: Timeline, speech: Speech) -> Iterator[Mark]:
    check = check_of(entry)
    if check and check.nurse_should_know:
        yield _at(entry, "concern", timeline, speech, words=check.nurse_should_know)
    elif check and check.note:
        yield _at(entry, "note", timeline, speech, words=check.note)
    elif shape := SHAPES.get(entry.kind):
        yield _at(entry, shape, timeline, speech)


def _at(entry: Entry, shape: str, timeline: Timeline, speech: Speech, *, words: str = "") -> Mark:
    at = entry.stands_at
    text = f"{speech.said_at(at)} {words or said(entry, speech)}"
    return Mark(shape=shape, place=timeline.day.place(at), words=text)
