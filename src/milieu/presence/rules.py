"""What shows presence, strongest first, and which taps cannot both be true. Plain."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple

from milieu.record.evidence import SLACK

AGREE: Final = 2 * SLACK  # two phones that were both compared may differ by this


class Grade(StrEnum):
    """How presence was shown, strongest first. Stored values are forever."""

    TAP = "tap"  # a tag at the door was tapped
    CODE = "code"  # the code that is printed at the door: it can be photographed
    WALL = "wall"  # the code of that minute on the wall board
    SECOND = "second"  # a colleague opened their own lock on the same phone
    ATTESTED = "attested"  # the author's word
    LATE = "late"  # written afterwards: never counted as on time


class Doubt(StrEnum):
    """Why what was given does not show presence. The check is stored all the same."""

    NOT_OURS = "not-ours"  # no tag of this facility says this
    NOT_FIXED = "not-fixed"  # the tag was at no door at that time
    OTHER_DOOR = "other-door"  # it was at another person's door, or on another unit
    OTHER_TIME = "other-time"  # it was read at another time than the check's
    UNKNOWN_CODE = "unknown-code"  # neither a code at a door nor one of the wall board then
    NOT_PROVED = "not-proved"  # nothing shows that the colleague opened their lock


class Tap(NamedTuple):
    """One reading of a tag, and when it is said to have been."""

    seq: int  # the entry that it came with
    origin: int  # the first entry of its chain of amendments, which is about the same tap
    tag: str
    counter: int
    at: datetime


class Against(NamedTuple):
    """Why a tap cannot be as another entry says: the tag counted the other way round."""

    other: int  # the entry that contradicts it
    how: str  # "replay", or "before" or "after": what the tag says of this one against the other


def contradictions(taps: Iterable[Tap]) -> dict[int, list[Against]]:
    """Return what contradicts each entry, of taps from all phones, in any order.

    The counter of a tag is a clock that nobody can set. Of two taps the one with the higher counter
    was later; when its time is earlier by more than two compared clocks can differ, at least one of
    the two times is not true. The same counter twice is one tap that was written down twice. Each
    entry is given at most one of every kind: the one that contradicts it most.
    """
    found: dict[int, list[Against]] = {}
    by_tag: dict[str, list[Tap]] = {}
    for tap in taps:
        by_tag.setdefault(tap.tag, []).append(tap)
    for read in by_tag.values():
        read.sort(key=lambda tap: (tap.counter, tap.at, tap.seq))
        every = (
            *_replays(read),
            *_out_of_order(read, "after", 1),
            *_out_of_order(read[::-1], "before", -1),
        )
        for one, against in every:
            found.setdefault(one.seq, []).append(against)
    return found


def _replays(read: Sequence[Tap]) -> Iterator[tuple[Tap, Against]]:
    for taps in _by_counter(read):
        for tap in taps:
            others = [other for other in taps if other.origin != tap.origin]
            if others:
                yield tap, Against(others[0].seq, "replay")


def _out_of_order(read: Sequence[Tap], how: str, sign: int) -> Iterator[tuple[Tap, Against]]:
    """Compare each tap with that one, of those before it by counter, which is furthest in time."""
    furthest: Tap | None = None
    for taps in _by_counter(read):
        for tap in taps:
            if furthest and sign * (furthest.at - tap.at) > AGREE:
                yield tap, Against(furthest.seq, how)
        for tap in taps:
            if furthest is None or sign * (tap.at - furthest.at) > timedelta():
                furthest = tap


def _by_counter(read: Sequence[Tap]) -> list[list[Tap]]:
    return [list(taps) for _, taps in groupby(read, key=lambda tap: tap.counter)]
