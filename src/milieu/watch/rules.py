"""What a nurse should hear of: numbers and times in, signals out. Plain.

``prior`` learns the unit, ``usual`` gives the band that a picture shows, ``signals`` says when a
person is unlike themselves, so seldom by chance as the unit asks. Never a verdict: which streams
moved, from what to what, since when, and every look behind it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np

from milieu.watch.alike import ALIKE, together
from milieu.watch.budget import enough, enough_missing, missing_of, missing_traits
from milieu.watch.streams import Concern, Kind, Seen, Stream, shift_of
from milieu.watch.together import LAGS, Evidence, Traits, Watch, traits_of, way_of
from milieu.watch.usual import FADE, Prior, Usual, prior, usual

__all__ = [
    "Change", "Concern", "Kind", "Prior", "Seen", "Signal", "Stream", "Usual",
    "prior", "signals", "together", "usual",
]  # fmt: skip

FOR_MISSING: Final = 0.1  # of the budget: for looks that were refused or could not be had


class Change(NamedTuple):
    """One stream that moved, or of which there was less to see than usual: ``missing``."""

    stream: str
    since: datetime
    lately: float  # mean of what was seen since; NaN if nothing could be seen
    usual: Usual
    seen: tuple[int, ...]  # places in the stream's series, missing looks too
    missing: int


class Signal(NamedTuple):
    """A moment from which a person is unlike themselves."""

    at: datetime
    changes: tuple[Change, ...]


class _Look(NamedTuple):
    at: datetime
    stream: int
    place: int  # in the stream's series
    shift: int
    value: float | None


class _Person(NamedTuple):
    """One person's streams in the order of their codes."""

    codes: tuple[str, ...]
    streams: tuple[Stream, ...]
    priors: tuple[Prior, ...]
    looks: tuple[_Look, ...]  # by time


def signals(
    streams: Mapping[str, Stream],
    series: Mapping[str, Sequence[Seen]],
    priors: Mapping[str, Prior],
    *,
    zone: tzinfo,
    notices_per_day: float,
    alike: float = ALIKE,
) -> list[Signal]:
    """Return when one person became unlike themselves, the oldest first.

    What is seen later changes no signal that was given before.

    Args:
        streams: what is watched, by code.
        series: what was seen, by code, in any order.
        priors: what the unit tells of each stream, by code.
        zone: the unit's clock.
        notices_per_day: the person's share of what the unit will read, by chance alone.
        alike: how much streams of a person go together, as ``together`` learns it from the unit.
    """
    codes = tuple(sorted(streams))
    person = _Person(
        codes,
        tuple(streams[code] for code in codes),
        tuple(priors[code] for code in codes),
        tuple(
            sorted(
                _Look(seen.at, number, place, shift_of(seen.at, zone), seen.value)
                for number, code in enumerate(codes)
                for place, seen in enumerate(series.get(code, ()))
            )
        ),
    )
    if not person.looks:
        return []
    asked = enough(person.streams, person.priors, notices_per_day * (1 - FOR_MISSING), alike)
    moved = _walk(person, _by_value(person, alike), asked)
    asked = enough_missing(person.priors, notices_per_day * FOR_MISSING)
    fewer = _walk(person, _by_absence(person), asked)
    return sorted([*moved, *fewer], key=lambda signal: signal.at)


class _Reading(NamedTuple):
    """One way to read a person's looks: what was seen, or whether anything could be."""

    traits: Traits
    missing: bool  # which looks can be news: those that could not be had, or those that could
    scores: tuple[float | None, ...]  # of each look; upwards is what a nurse wants to hear of


def _by_value(person: _Person, alike: float) -> _Reading:
    ways = [way_of(stream) for stream in person.streams]
    scores = (
        None if look.value is None else ways[look.stream] * _score(person, look, look.value)
        for look in person.looks
    )
    return _Reading(
        traits_of(person.streams, person.priors, alike), missing=False, scores=tuple(scores)
    )


def _score(person: _Person, look: _Look, value: float) -> float:
    known = person.priors[look.stream]
    return (known.score(value, look.shift) - known.middle) / known.within


def _by_absence(person: _Person) -> _Reading:
    """Read only whether a look could be had: seldom not, on a scale by its own chance.

    What could not be had at one moment is one entry, however many streams are read from it. The
    first of them speaks for all, so that one shift in which somebody slept is not many.
    """
    usual_share = [missing_of(each) for each in person.priors]
    scores: list[float | None] = []
    missed: datetime | None = None
    for look in person.looks:
        share, width = usual_share[look.stream]
        again = look.value is None and look.at == missed
        scores.append(None if again else ((look.value is None) - share) / width)
        missed = look.at if look.value is None else missed
    return _Reading(missing_traits(person.priors), missing=True, scores=tuple(scores))


def _walk(person: _Person, reading: _Reading, asked: float) -> Iterator[Signal]:
    """Yield the signals of one reading, look after look."""
    watch = Watch(reading.traits, 1)
    looked: list[_Look] = []
    pairs = zip(person.looks, reading.scores, strict=True)
    for at, at_once in groupby(pairs, key=lambda pair: pair[0].at):
        news = False
        for look, score in at_once:
            watch.turn(look.shift - looked[-1].shift if looked else 1)
            looked.append(look)
            if score is not None:
                watch.see(look.stream, 0, score)
            news = news or (look.value is None) == reading.missing
        if not news:
            continue
        evidence = watch.evidence()
        if evidence.total[0] > asked:
            yield _signal(person, watch, evidence, at, looked)


def _signal(
    person: _Person, watch: Watch, evidence: Evidence, at: datetime, looked: list[_Look]
) -> Signal:
    """Return the signal, and let the watch begin again from what was seen lately."""
    lag = LAGS[evidence.lag[0]]
    moved = watch.moved(evidence, 0)
    now = looked[-1].shift
    changes = []
    for number in np.flatnonzero(moved).tolist():
        since = [look for look in looked if look.stream == number and look.shift > now - lag]
        seen = [look.value for look in since if look.value is not None]
        changes.append(
            Change(
                stream=person.codes[number],
                since=since[0].at,
                lately=sum(seen) / len(seen) if seen else float("nan"),
                usual=_before(person, number, looked, now - lag),
                seen=tuple(look.place for look in since),
                missing=len(since) - len(seen),
            )
        )
    watch.begin_again(0, lag, moved)
    return Signal(at, tuple(changes))


def _before(person: _Person, number: int, looked: list[_Look], until: int) -> Usual:
    """Return what was usual of a stream up to a shift."""
    known = person.priors[number]
    sums = np.zeros(3)
    for look in looked:
        if look.stream == number and look.shift <= until and look.value is not None:
            score = _score(person, look, look.value)
            sums += FADE ** (until - look.shift) * np.array([1, score, score * score])
    return known.band(sums.tolist(), until + 1)
