"""What a setting pack says of hard moments, from an incident to aftercare. Plain."""

from typing import Literal

import msgspec

from milieu.census.packs.word import Word


class Tell(Word, frozen=True):
    """Somebody who has to be told of an incident, and within what time of its beginning."""

    within_min: int
    warn_min: int  # so long before, whoever must tell is told
    source: str
    as_of: str
    paragraph: str = ""  # of a law; empty: the facility's own rule
    if_any: tuple[
        str, ...
    ] = ()  # codes of kinds, outcomes, marks or injuries; empty: of every incident


class Violence(msgspec.Struct, frozen=True):
    """The log of violent incidents: how soon it is reported, and how long it is kept."""

    grave_h: int  # with an injury, a weapon or an urgent threat
    else_h: int
    warn_min: int  # so long before, whoever must report is told
    paragraph: str
    kept_years: int
    sorts: tuple[Word, ...]
    by_whom: tuple[Word, ...]
    circumstances: tuple[Word, ...]
    source: str
    as_of: str


class Anchors(msgspec.Struct, frozen=True):
    """How strong something was: words for 0 to 4, in this order."""

    verbal: tuple[Word, ...]
    things: tuple[Word, ...]
    self_harm: tuple[Word, ...]
    others: tuple[Word, ...]


class IncidentWords(msgspec.Struct, frozen=True):
    """The words in which an incident is marked as it happens, and told afterwards."""

    marks: tuple[Word, ...]  # one tap each, in the order of a screen
    kinds: tuple[Word, ...]
    outcomes: tuple[Word, ...]
    injury: tuple[Word, ...]
    ways: tuple[Word, ...]  # of telling somebody
    anchors: Anchors
    tell: tuple[Tell, ...]
    goes_on_min: int  # a mark this long after the last belongs to a new incident
    again_min: int  # somebody still not told this long after an answer: an alert anew
    violence: Violence
    source: str
    as_of: str


class AskedAfter(Word, frozen=True):
    """When somebody is asked how they are after a hard moment, and for how long."""

    after_min: int
    asked_for_min: int


class Resource(Word, frozen=True):
    """Who else helps staff, and how they are reached."""

    reach: str
    source: str


class Wellbeing(msgspec.Struct, frozen=True):
    """Looking after staff when something was hard."""

    steps: tuple[AskedAfter, ...]
    hard_marks: tuple[str, ...]  # marks of an incident that make it a hard moment
    one_event_h: int  # what began within this of the first, with the same person, is one exposure
    apart_h: int  # for so long somebody else is suggested for that person
    least: int  # fewer people than this are never a share
    resources: tuple[Resource, ...]
    source: str
    as_of: str


class Calm(msgspec.Struct, frozen=True):
    """What can be offered here in a hard moment: choices of which both are possible."""

    choices: tuple[Word, ...]
    source: str
    as_of: str


class Device(Word, frozen=True):
    """A way in which somebody is held, strapped or shut in, and which sort the law calls it."""

    sort: Literal["personal", "mechanical", "seclusion"]


class Restraint(msgspec.Struct, frozen=True):
    """The words for restraint and seclusion, and how long before a legal limit it is said.

    The limits themselves are law, and stand in ``crisis/laws``.
    """

    laws: tuple[str, ...]  # ids of those that apply where a facility has listed none
    devices: tuple[Device, ...]
    tried: tuple[Word, ...]  # what may have been tried before
    danger: tuple[Word, ...]  # what put somebody in danger, to be tapped; the words are kept
    criteria: tuple[Word, ...]  # what may have to be so for release, to be tapped
    warn_min: dict[str, int]  # by limit; ``other`` for those that are not named
    asap_min: int  # what the law wants as soon as possible is told of after this
    order_ahead_min: int  # an order this long before hands are laid on belongs to it
    release_min: int  # every criterion met for this long, and not released: an alert
    again_min: int  # a limit that is still passed this long after an answer is told anew
    again_after_end_min: int  # the same once nobody is held any longer: a debriefing, a report
    source: str
    as_of: str

    def device(self, code: str) -> Device | None:
        """Return the device with this code, or None where this pack has no such word."""
        return next((each for each in self.devices if each.code == code), None)

    def warn(self, limit: str) -> int:
        """Return how many minutes before this limit it is said."""
        return self.warn_min.get(limit, self.warn_min["other"])
