"""Clock claims by the million: ``python -m tests.record.claims [HOW MANY]``.

A device may say anything about its clock. The server knows two things for sure: the anchor that the
device had heard, and when it received the entry. Whatever a claim says that lies outside of these
two has to be labelled. What is outside is worked out here in whole seconds, without ``evidence``.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from milieu.record.evidence import Label, Times, Tolerance, counted_at, labels

NIGHT = datetime(2026, 3, 2, 2, 53, tzinfo=UTC)
TOLERANCE = Tolerance(
    late_entry=timedelta(minutes=5), sent_late=timedelta(minutes=15), clock_off=timedelta(minutes=2)
)
SLACK_S = 2
LATE_S = 300
FULL = 1_000_000
NEAR = (-301, -300, -299, -3, -2, -1, 0, 1, 2, 3, 299, 300, 301)  # where answers change
FAR = (60, 900, 3_600, 43_200, 864_000)


class Claim(NamedTuple):
    """What a device says and what the server knows, in seconds from ``NIGHT``."""

    happened: int
    written: int
    offset: int | None
    anchor: int | None
    received: int

    def times(self) -> Times:
        """Return this as the record reads it."""
        return Times(
            happened_at=_at(self.happened),
            written_at=_at(self.written),
            received_at=_at(self.received),
            offset=None if self.offset is None else timedelta(seconds=self.offset),
            anchor_at=None if self.anchor is None else _at(self.anchor),
        )


def claims(count: int, seed: int = 7) -> Iterator[Claim]:
    """Yield claims of every kind, many of them close to where the answer changes."""
    chance = Random(seed)
    for _ in range(count):
        received = _span(chance)
        anchor = None if chance.random() < 0.2 else received - abs(_span(chance))
        offset = None if chance.random() < 0.2 else _span(chance)
        around = chance.choice([received, received if anchor is None else anchor])
        written = around + (offset or 0) + _span(chance)
        yield Claim(written + _span(chance), written, offset, anchor, received)


def outside(claim: Claim) -> set[Label]:
    """Return what of a claim is outside of what is proved, by the label that has to say so."""
    shift = claim.offset or 0
    found = set()
    if claim.written - shift > claim.received + SLACK_S:
        found.add(Label.AHEAD)  # written after it was received
    if claim.happened > claim.written + SLACK_S:
        found.add(Label.AHEAD)  # happened after it was written
    if claim.anchor is not None and claim.written - shift < claim.anchor - SLACK_S:
        found.add(Label.BEFORE_ANCHOR)  # written before what it followed
    if claim.written - claim.happened > LATE_S:
        found.add(Label.LATE_ENTRY)  # nobody can prove what happened long before it was written
    return found


def faults(claim: Claim) -> list[str]:
    """Return what is wrong with what the record makes of a claim; nothing, where all is well."""
    times = claim.times()
    told = set(labels(times, TOLERANCE))
    counted = counted_at(times, TOLERANCE)
    wrong = [f"not labelled {label}" for label in sorted(outside(claim) - told)]
    if counted is not None:
        if counted > times.received_at:
            wrong.append("counts after it was received")
        if times.anchor_at and counted < times.anchor_at - timedelta(seconds=LATE_S):
            wrong.append("counts before what is proved")
        if Label.LATE_ENTRY in told:
            wrong.append("counts though it was written afterwards")
    return wrong


def weigh(count: int) -> tuple[Counter[str], list[tuple[Claim, list[str]]]]:
    """Return how many claims are outside and in which way, and every one that is not told."""
    kinds: Counter[str] = Counter()
    missed = []
    for claim in claims(count):
        kinds.update(outside(claim) or ["inside"])
        if wrong := faults(claim):
            missed.append((claim, wrong))
    return kinds, missed


def _at(seconds: int) -> datetime:
    return NIGHT + timedelta(seconds=seconds)


def _span(chance: Random) -> int:
    if chance.random() < 0.5:
        return chance.choice(NEAR)
    reach = chance.choice(FAR)
    return chance.randint(-reach, reach)


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else FULL
    said, untold = weigh(asked)
    sys.stdout.write(f"{asked:,} claims, {len(untold):,} outside of their proof without a label\n")
    sys.stdout.writelines(f"{count:>10,} {kind}\n" for kind, count in sorted(said.items()))
    sys.stdout.writelines(f"{claim}: {', '.join(wrong)}\n" for claim, wrong in untold[:20])
    sys.exit(bool(untold))
