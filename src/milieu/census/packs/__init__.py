"""Setting packs: what differs between places is data. Plain Python; no Django."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from milieu.census.packs.hard import Calm, IncidentWords, Restraint, Wellbeing
from milieu.census.packs.word import LANGUAGE as LANGUAGE
from milieu.census.packs.word import Word as Word
from milieu.kernel.errors import Refusal
from milieu.kernel.text import gettext_noop

FOLDER = Path(__file__).parent


class Reason(Word, frozen=True, rename={"outcomes": "for"}):
    """A reason why someone was not seen. ``outcomes``: which kinds of check it is offered for."""

    outcomes: tuple[Literal["refused", "not-seen"], ...] = ("refused", "not-seen")


class Level(msgspec.Struct, frozen=True):
    """An observation level: a greatest allowed gap, never a grid of slots.

    ``gap_s`` is the greatest time between two checks, in seconds. A continuous level needs
    someone's eyes all the time; its ``gap_s`` is how often that is written down, and
    ``relief_s`` after how long whoever watches is to be relieved.
    """

    code: str
    short: str  # as on the wall: "Q15"
    label: dict[str, str]
    gap_s: int
    continuous: bool
    named_observer: bool
    source: str
    as_of: str
    relief_s: int | None = None  # None: nobody stays with anyone

    def require_observer(self, observer: object | None) -> None:
        """Pass if somebody is named who stays with them, where this level needs that.

        Raises:
            Refusal ``observer-missing``.
        """
        if self.named_observer and observer is None:
            raise Refusal(
                "observer-missing",
                gettext_noop("This level needs someone by name. Choose who stays with them."),
                field="observer",
            )

    def said(self, language: str = LANGUAGE) -> str:
        """Return the words in this language, else in English."""
        return self.label.get(language, self.label[LANGUAGE])

    def meaning(self, language: str = LANGUAGE) -> str:
        """Return the short name and what it means: ``Q15: At least every 15 minutes``."""
        return f"{self.short}: {self.said(language)}"


class Tile(msgspec.Struct, frozen=True):
    """One whole sentence that a check can be made of in a tap, by its codes."""

    place: str
    position: str = ""
    activity: str = ""
    eyes: str = ""
    breathing: str = ""


class UsualTile(Tile, frozen=True):
    """A tile to offer until the unit's own record says what is usual: at these hours."""

    hours: tuple[int, int] = (0, 24)  # from, until; wraps past midnight

    def at(self, hour: int) -> bool:
        """Return whether this tile is usual at this hour of the unit's day."""
        first, last = self.hours
        return first <= hour < last if first <= last else hour >= first or hour < last


class Rung(msgspec.Struct, frozen=True):
    """Whom an alert reaches when nobody has answered it for this long."""

    after_s: int
    role: str


class Ladder(msgspec.Struct, frozen=True):
    """Who answers a kind of alert, within what time, and whom it reaches one after the other."""

    kind: str
    owner: str  # the role that must answer
    answer_s: int  # an answer is due within this
    rungs: tuple[Rung, ...]  # by time
    source: str
    as_of: str


class Criterion(Word, frozen=True):
    """Something that has to be so before anybody's sleep is protected."""

    source: str
    as_of: str


class ProtectedSleep(msgspec.Struct, frozen=True):
    """When a night may be watched from the doorway. It changes no due time."""

    hours: tuple[str, str]  # offered first, by the unit's clock
    longest_h: int
    nights_most: int  # then somebody decides anew
    levels: tuple[str, ...]  # codes; at a stricter one nobody's sleep is protected
    criteria: tuple[Criterion, ...]
    source: str
    as_of: str


class Behavior(msgspec.Struct, frozen=True):
    """The words in which this kind of setting describes how somebody was in a shift."""

    activity: tuple[Word, ...]  # anchors 1 to 7, in this order
    speech: tuple[Word, ...]
    company: tuple[Word, ...]
    affect: tuple[Word, ...]
    self_care: tuple[Word, ...]
    participation: tuple[Word, ...]
    declined: tuple[Word, ...]  # what somebody may not have wanted
    agitation: tuple[Word, ...]  # ``none`` stands alone
    intensity: tuple[Word, ...]  # of an episode: anchors 1 to 3, in this order
    why: tuple[Word, ...]  # why somebody was not seen in a shift
    source: str
    as_of: str


class Nights(msgspec.Struct, frozen=True):
    """How sleep is worked out from night checks, and how far that is from the truth."""

    hours: tuple[str, str]  # the night, by the unit's clock
    apart_most_s: int  # between two checks further apart nothing is known
    known_least: float  # the share of a night that has to be known before it has a number
    agreement: tuple[float, float]  # of what nurses saw with actigraphy, from night one to three
    source: str
    as_of: str


class Vitals(msgspec.Struct, frozen=True):
    """After how many hours vital signs that were not taken are to be tried again."""

    again_h: int
    again_raised_h: int  # at levels where more is watched
    raised_levels: tuple[str, ...]
    source: str
    as_of: str


class MealTime(Word, frozen=True):
    """A meal of the day, offered from a full hour of the unit's clock on."""

    from_hour: int


class Vessel(Word, frozen=True):
    """What people drink out of here, and what it holds."""

    ml: int


class Intake(msgspec.Struct, frozen=True):
    """The unit's meals, its vessels, and why somebody may decline a meal."""

    meals: tuple[MealTime, ...]
    vessels: tuple[Vessel, ...]
    why: tuple[Word, ...]
    source: str
    as_of: str

    def words(self, part: str) -> Mapping[str, Word]:
        """Return the words for a ``meal``, a ``vessel``, or ``why``, by code."""
        found: dict[str, Sequence[Word]] = {
            "meal": self.meals,
            "vessel": self.vessels,
            "why": self.why,
        }
        return {each.code: each for each in found[part]}


class Shift(msgspec.Struct, frozen=True):
    """A shift of the day, from a full hour of the unit's clock until the next one begins."""

    code: str
    label: dict[str, str]
    begins_h: int
    source: str
    as_of: str

    def said(self, language: str = LANGUAGE) -> str:
        """Return the words in this language, else in English."""
        return self.label.get(language, self.label[LANGUAGE])


class Limits(msgspec.Struct, frozen=True):
    """How long things may take, in seconds. Each is the facility's to set."""

    late_entry_s: int  # written this long after it happened: a late entry
    sent_late_s: int  # stored this long after it was written: said so
    clock_off_s: int  # a device clock further off than this is said to be off
    two_places_s: int  # one person in two rooms within this: doubtful
    overdue_grace_s: int  # a check this much overdue is an alert
    overload_calm_s: int  # too few people again within this after enough: not told anew
    help_again_s: int  # a call of which nothing was heard for this long is told anew
    uncovered_grace_s: int  # a continuous level without anyone at work for this long is an alert
    relief_warn_s: int  # this long before whoever watches is to be relieved, it is said
    break_most_s: int  # no break is longer
    tap_within_s: int  # a tag, code or colleague this long before a look belongs to it
    wall_code_s: int  # a code of the wall board counts for this long; 0: the board shows none
    shares_people_least: int  # fewer people than this made the checks: no share is shown
    lock_after_s: int  # a phone left alone shows nothing after this
    retained_s: int  # phones keep stored entries this long
    tiles_days: int  # how far back the unit's usual tiles look
    look_s: int  # one look with the way there, until the unit's own record tells
    look_least_s: int  # no look is reckoned shorter
    walk_pause_s: int  # two checks further apart do not belong to one walk


class Pack(msgspec.Struct, frozen=True):
    """The words, levels and limits of one kind of setting."""

    name: str
    title: dict[str, str]
    person: dict[str, str]  # what someone in care is called here
    people: dict[str, str]
    levels: tuple[Level, ...]  # the strictest first
    shifts: tuple[Shift, ...]  # by hour
    places: tuple[Word, ...]
    own_place: str  # the place code that means the person's own room
    positions: tuple[Word, ...]
    activities: tuple[Word, ...]
    eyes: tuple[Word, ...]
    breathing: tuple[Word, ...]
    why_not: tuple[Reason, ...]  # reasons for a check refused, not seen, or breathing not seen
    tiles: tuple[UsualTile, ...]
    limits: Limits
    ladders: tuple[Ladder, ...]
    protected_sleep: ProtectedSleep
    nights: Nights
    behavior: Behavior
    vitals: Vitals
    intake: Intake
    incident: IncidentWords
    calm: Calm
    wellbeing: Wellbeing
    restraint: Restraint

    def level(self, code: str) -> Level:
        """Return the level with this code.

        Raises:
            Refusal ``unknown-code``: this pack has no such level.
        """
        for level in self.levels:
            if level.code == code:
                return level
        known = ", ".join(level.short for level in self.levels)
        raise Refusal(
            "unknown-code", f"This unit has no level {code!r}. Choose {known}.", field="level"
        )

    def strictness(self, code: str) -> int:
        """Return the place of a level among all, the strictest first: as the pack lists them."""
        return self.levels.index(self.level(code))

    def ladder(self, kind: str) -> Ladder:
        """Return how alerts of this kind reach someone. Each kind has its ladder in every pack."""
        return next(ladder for ladder in self.ladders if ladder.kind == kind)

    def tiles_at(self, hour: int) -> Iterator[Tile]:
        """Yield the tiles that the pack holds usual at this hour."""
        for tile in self.tiles:
            if tile.at(hour):
                yield Tile(tile.place, tile.position, tile.activity, tile.eyes, tile.breathing)

    @property
    def version(self) -> str:
        """A short hash of the whole pack: changes when any word or number does."""
        return sha256(msgspec.json.encode(self)).hexdigest()[:12]


WordList = Literal["places", "positions", "activities", "eyes", "breathing", "why_not"]


@cache
def words(pack_name: str, kind: WordList) -> dict[str, Word]:
    """Return a pack's words of one kind, by code."""
    return {word.code: word for word in getattr(pack(pack_name), kind)}


@cache
def pack(name: str) -> Pack:
    """Return the pack with this name.

    Raises:
        Refusal ``unknown-pack``: there is none; the message names those that there are.
    """
    path = FOLDER / f"{name}.toml"
    if name not in names():
        raise Refusal(
            "unknown-pack", f"There is no setting pack {name!r}. Choose {', '.join(names())}."
        )
    return msgspec.toml.decode(path.read_bytes(), type=Pack)


def names() -> list[str]:
    """Return the names of all packs."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))
