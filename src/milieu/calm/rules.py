"""What goes together in a plan, and which things to offer first. Plain.

What the person said themselves is offered first, then whatever else was tried; of each, what helped
them most, by how often it helped when it was offered: ``(helped + 1) / (offered + 2)``, Laplace's
rule of succession. So a thing that nobody tried yet stands at one half, one lucky try does not pass
nine good ones of ten, and nothing is ever certain. Ties: what was tried last comes first, then the
order in which the person said it. It is an order and no score: what is shown is "helped 4 of 5
times".
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from milieu.calm.shape import OwnPlan
from milieu.kernel.errors import Refusal
from milieu.kernel.text import gettext_noop

PARTS: Final = ("helps", "touch", "worsens", "talk", "trusts", "early_signs", "sets_off")
OFFERED: Final = ("helps", "talk")  # parts whose lines can be tried in the moment
PRIOR_HELPED, PRIOR_OFFERED = 1, 2  # as if it had been offered twice before, and helped once
SENTENCE_ENDS: Final = re.compile(r"(?<=[.;!?])\s+")
NEVER: Final = datetime.min.replace(tzinfo=UTC)

Key = tuple[str, str]


def agree(said: OwnPlan) -> None:
    """Pass if the parts of a plan go together.

    Raises:
        Refusal ``nothing-said``, ``differs-missing``, ``differs-not-needed``.
    """
    if said.agreement != "declined" and not any(getattr(said, part) for part in PARTS):
        raise Refusal("nothing-said", gettext_noop("Write at least one line."))
    if said.agreement == "part" and not said.differs.strip():
        raise Refusal(
            "differs-missing",
            gettext_noop("They agreed with a part: say what they see differently."),
            field="differs",
        )
    if said.agreement != "part" and said.differs.strip():
        raise Refusal(
            "differs-not-needed",
            gettext_noop("Only who agreed with a part sees some of it differently. Leave it out."),
            field="differs",
        )


def one_line(text: str) -> str:
    """Return text as one line: every space, tab or break in it as one space."""
    return " ".join(text.split())


def told_lines(text: str, most: int) -> list[str]:
    """Return what somebody told as lines of a plan: as they are written; long ones by sentence.

    Args:
        text: what they said.
        most: letters of a line. A sentence that is longer stays whole: a person shortens it.
    """
    found: list[str] = []
    for line in filter(None, map(one_line, text.splitlines())):
        found += [line] if len(line) <= most else SENTENCE_ENDS.split(line)
    return found


def same_words(line: str) -> str:
    """Return by what two lines are known to say the same, however they are written."""
    return one_line(line).casefold().rstrip(".!")


class Thing(NamedTuple):
    """Something that can be tried: a line of their plan, a choice of the pack, or a way."""

    of: str  # plan, choice or way
    code: str
    words: str

    @property
    def key(self) -> Key:
        """By what it is known again: its code; a line by its words, however they are written."""
        return self.of, self.code or one_line(self.words).casefold()


class Tally(NamedTuple):
    """How often a thing was offered to one person, and what it did."""

    calmer: int = 0
    same: int = 0
    worse: int = 0
    unwanted: int = 0
    last_at: datetime = NEVER

    def with_(self, did: str, times: int, last_at: datetime) -> "Tally":
        """Return the tally with so many more that did this."""
        name = "unwanted" if did == "not-wanted" else did
        counted = {name: getattr(self, name) + times}
        return self._replace(**counted, last_at=max(self.last_at, last_at))

    @property
    def times(self) -> int:
        """How often it was tried. What was not wanted was offered, and not tried."""
        return self.calmer + self.same + self.worse

    @property
    def share(self) -> float:
        """How likely it is to help when it is offered, as the head of this file says."""
        return (self.calmer + PRIOR_HELPED) / (self.times + self.unwanted + PRIOR_OFFERED)


class Worked(NamedTuple):
    """One thing with what it did for this person. ``own``: it is in their plan now."""

    thing: Thing
    tally: Tally
    own: bool


def rank(own: Iterable[Thing], tried: Mapping[Key, tuple[Thing, Tally]]) -> list[Worked]:
    """Return the lines of their plan, then what else was tried; of each what helps most first."""
    found = {thing.key: Worked(thing, Tally(), own=True) for thing in own}
    for key, (thing, tally) in tried.items():
        mine = found.get(key)
        found[key] = Worked(mine.thing if mine else thing, tally, own=mine is not None)
    newest_first = sorted(found.values(), key=lambda each: each.tally.last_at, reverse=True)
    return sorted(newest_first, key=lambda each: (each.own, each.tally.share), reverse=True)
