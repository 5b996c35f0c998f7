"""Which version of a plan stands, and which were written without knowing of it. Plain.

The later one stands. Whoever writes at a desk has the record before them; whoever writes on a phone
has what it last heard, and says so (``after``). Two versions that do not know of each other both
stay, and the one that is not shown is offered to whoever goes through the plan next: once they have
looked at it, their own version says that it knows of both.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

OFFERED_MAX: Final = 2  # the newest; all of them are among the versions


class Version(NamedTuple):
    """One version. ``seq``: its place in the record. ``stands``: it was neither amended nor struck.

    ``after``: which versions its author had before them; None: the record itself, at a desk.
    """

    id: UUID
    at: datetime
    seq: int
    stands: bool
    after: tuple[UUID, ...] | None


def standing(versions: Iterable[Version]) -> Version | None:
    """Return the version that stands: the latest by its own time."""
    return max(
        (each for each in versions if each.stands),
        key=lambda each: (each.at, each.seq),
        default=None,
    )


def meanwhile(versions: Iterable[Version]) -> Sequence[Version]:
    """Return what the author of the version that stands did not know of, newest first."""
    found = sorted(versions, key=lambda each: each.seq)
    shown = standing(found)
    if shown is None:
        return []
    unknown = set(found) - {shown} - _known(shown, found)
    others = [each for each in unknown if each.stands]
    return sorted(others, key=lambda each: (each.at, each.seq), reverse=True)[:OFFERED_MAX]


def _known(shown: Version, versions: Sequence[Version]) -> set[Version]:
    """Return every version of which this one's author could know, through those before it too."""
    by_id = {each.id: each for each in versions}
    known: set[Version] = set()
    left = [shown]
    while left:
        version = left.pop()
        if version.after is None:
            before = [each for each in versions if each.seq < version.seq]
        else:
            before = [by_id[each] for each in version.after if each in by_id]
        left += [each for each in before if each not in known]
        known.update(before)
    return known
