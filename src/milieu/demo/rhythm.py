"""How an invented day goes: what could be seen of someone at this hour. Plain; chance is given."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from milieu.demo.names import CONCERNS, NOTES
from milieu.rounds.shape import SafetyCheck

# What a look shows, by part of the day: (weight, place, position, activity, eyes, breathing).
Scene = tuple[float, str, str, str, str, str]
NIGHT: tuple[Scene, ...] = (
    (80, "own-room", "lying", "", "closed", "seen"),
    (6, "own-room", "lying", "moving-in-bed", "", "seen"),
    (5, "own-room", "lying", "", "open", "seen"),
    (2, "bathroom", "standing", "", "", ""),
    (2, "hall", "walking", "", "open", ""),
    (1, "desk", "standing", "with-staff", "", ""),
)
MEAL: tuple[Scene, ...] = (
    (80, "dining", "sitting", "eating", "", ""),
    (10, "own-room", "lying", "", "open", "seen"),
    (10, "dayroom", "sitting", "talking", "", ""),
)
GROUP: tuple[Scene, ...] = (
    (60, "group-room", "sitting", "group", "", ""),
    (15, "dayroom", "sitting", "reading-tv", "", ""),
    (15, "own-room", "sitting", "alone", "", ""),
    (10, "own-room", "lying", "", "open", "seen"),
)
FREE: tuple[Scene, ...] = (
    (26, "dayroom", "sitting", "reading-tv", "", ""),
    (22, "dayroom", "sitting", "talking", "", ""),
    (14, "own-room", "sitting", "alone", "", ""),
    (12, "own-room", "lying", "", "open", "seen"),
    (8, "hall", "walking", "", "", ""),
    (6, "courtyard", "walking", "talking", "", ""),
    (5, "desk", "standing", "with-staff", "", ""),
    (4, "hall", "standing", "phone", "", ""),
    (3, "hall", "walking", "pacing", "", ""),
)
MEAL_HOURS = {8, 12, 17}
GROUP_HOURS = {10, 14}
QUIET: tuple[Scene, ...] = ((1, "own-room", "lying", "", "open", "seen"),)


@dataclass(frozen=True)
class Temper:
    """What is this person's own: how they sleep, and from when on they keep to themselves."""

    wakeful: float  # 0 to 1: how often awake at night
    withdrawn_from: datetime | None = None


def seen(temper: Temper, local: datetime, chance: Random) -> SafetyCheck:
    """Return what a look at this local time shows."""
    if chance.random() < 0.004:
        return SafetyCheck(outcome="refused", why="asked-to-be-left")
    if chance.random() < 0.002:
        return SafetyCheck(outcome="not-seen", why="bathroom-closed", place="bathroom")
    _, place, position, activity, eyes, breathing = _scene(temper, local, chance)
    return SafetyCheck(
        outcome="seen",
        place=place,
        position=position,
        activity=activity,
        eyes=eyes,  # type: ignore[arg-type]
        breathing=breathing,  # type: ignore[arg-type]
        note=chance.choice(NOTES) if chance.random() < 0.01 else "",
        nurse_should_know=chance.choice(CONCERNS) if chance.random() < 0.0012 else "",
    )


def _scene(temper: Temper, local: datetime, chance: Random) -> Scene:
    scenes = _usual(local.hour)
    if scenes is NIGHT and chance.random() < temper.wakeful:
        scenes = NIGHT[1:]
    withdrawn = temper.withdrawn_from is not None and local >= temper.withdrawn_from
    if withdrawn and scenes is not NIGHT and chance.random() < 0.7:
        scenes = QUIET
    return chance.choices(scenes, weights=[scene[0] for scene in scenes])[0]


def _usual(hour: int) -> tuple[Scene, ...]:
    if hour >= 22 or hour < 7:
        return NIGHT
    if hour in MEAL_HOURS:
        return MEAL
    return GROUP if hour in GROUP_HOURS else FREE
