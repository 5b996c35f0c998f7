"""What the person said elsewhere that their own plan might say: offered to them, never copied.

Rooms above this one hear it, as when a hard moment is talked over afterwards, and give it as
``Heard`` by a function that ``settings.PLAN_HEARD`` names. Whether it goes into the plan, and in
which words, is settled with the person: it is taken into the form of a new version, and the form
asks anew whether they agree.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Literal, NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from milieu.calm.rules import PARTS, same_words, told_lines
from milieu.calm.shape import LINE_MAX
from milieu.census.models import Stay
from milieu.record.models import Entry

OFFERED_MAX = 12  # lines: more is not gone through with anybody in one sitting


class Heard(NamedTuple):
    """What was written down of what the person said, for one part of their plan."""

    entry_id: UUID
    at: datetime
    by: str  # who wrote it down
    part: Literal["helps", "worsens"]
    words: str  # each thing on its own line


Hears = Callable[[Stay], Iterable[Heard]]


class Suggestion(NamedTuple):
    """One line that their plan might have. ``in_plan``: the plan that stands says it already."""

    key: str
    heard: Heard
    line: str
    in_plan: bool

    @property
    def too_long(self) -> bool:
        """Whether it has to be shortened with them to be a line."""
        return len(self.line) > LINE_MAX


@cache
def _who_hears() -> Sequence[Hears]:
    return [import_string(name) for name in settings.PLAN_HEARD]


def suggestions(stay: Stay, plan: Entry | None) -> list[Suggestion]:
    """Return the lines that this person's plan might have, those said last first.

    Args:
        stay: whose.
        plan: the one that stands.
    """
    heard = [each for hears in _who_hears() for each in hears(stay)]
    heard.sort(key=lambda each: each.at, reverse=True)
    distinct = {
        (each.heard.part, same_words(each.line)): each for each in _lines(heard[::-1], plan)
    }
    return list(distinct.values())[::-1][:OFFERED_MAX]


def _lines(heard: Iterable[Heard], plan: Entry | None) -> Iterator[Suggestion]:
    lines = [line for part in PARTS for line in plan.ownplan.lines(part)] if plan else []
    said = {same_words(line) for line in lines}
    for each in heard:
        for place, line in enumerate(told_lines(each.words, LINE_MAX)):
            key = f"{each.entry_id}.{each.part}.{place}"
            yield Suggestion(key, each, line, same_words(line) in said)
