"""How invented people were in each shift, and what they answered. From a seed of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from milieu.behavior.services import EPISODE, SHIFT
from milieu.behavior.shape import Episode, ShiftSeen
from milieu.census.packs import Shift
from milieu.demo.rhythm import Temper
from milieu.instruments.questionnaire import Text
from milieu.instruments.services import SCORED
from milieu.instruments.shape import Answer, Scored

Groups = Literal["none-held", "joined", "part", "stayed-away", "declined"]
DAY = timedelta(days=1)
AFTER_ARRIVAL = timedelta(hours=3)  # nobody is described before they were seen for a while
ASKED_EVERY_DAYS = 3
EPISODE_SHARE = 0.03
MOODS = ("tired", "all right", "better than yesterday", "I miss my dog", "leave me be", "hopeful")
EPISODES = (
    ("Told that the phone call was over", "Shouted, held on to the receiver", "Let go, walked"),
    ("Visit was put off to Sunday", "Threw a cup at the wall", "Sat with staff, then slept"),
    ("Another person sat in his chair", "Swore, stood close to him", "Went along to the courtyard"),
)
GROUPS: tuple[Groups, ...] = ("part", "stayed-away", "declined")
HARMFUL = "/44260-8"  # of the PHQ-9; nobody here chose it, so that the demo's alerts stay its own


@dataclass
class Watched:
    """What one invented person is like, from a seed of their own: the same days, the same words."""

    temper: Temper
    seed: str
    chance: Random = field(init=False)
    pace: float = field(init=False)  # 1 to 7
    sociable: float = field(init=False)  # 0 to 1
    low: float = field(init=False)  # 0 to 3: how a question is mostly answered

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.pace = self.chance.uniform(3.2, 5.2)
        self.sociable = self.chance.uniform(0.3, 0.9)
        self.low = self.chance.uniform(0.3, 1.8)

    def withdrawn(self, at: datetime) -> bool:
        """Whether they keep to themselves by now."""
        return self.temper.withdrawn_from is not None and at >= self.temper.withdrawn_from

    def shift(self, code: str, at: datetime) -> ShiftSeen:
        """Return how they were in a shift."""
        if code == "night":
            return ShiftSeen(shift=code, outcome="not-seen", why="asleep")
        chance, quiet = self.chance, self.withdrawn(at)
        pace = self.pace - (2.2 if quiet else 0) + chance.gauss(0, 0.7)
        sociable = self.sociable * (0.2 if quiet else 1)
        with_others = chance.random() < sociable
        restless = not quiet and chance.random() < 0.08
        return ShiftSeen(
            shift=code,
            outcome="seen",
            activity=min(7, max(1, round(pace))),
            speech=chance.choice(("few", "none")) if quiet else chance.choice(("usual", "much")),
            company="with" if with_others else chance.choice(("near", "alone")),
            mood=chance.choice(MOODS) if chance.random() < 0.5 else "",
            affect="flat" if quiet else chance.choice(("even", "even", "bright", "worried")),
            self_care=chance.choice(("prompted", "declined" if quiet else "alone", "alone")),
            participation=self._group(code, sociable),
            requests=max(0, round(chance.gauss(0.6 if quiet else 2.5, 1))),
            declined=("meal",) if quiet and chance.random() < 0.5 else (),
            agitation=("pacing", "restless")[: chance.randint(1, 2)] if restless else ("none",),
        )

    def _group(self, code: str, sociable: float) -> Groups:
        if code == "evening":
            return "none-held"
        return "joined" if self.chance.random() < sociable else self.chance.choice(GROUPS)

    def answers(self, text: Text, at: datetime) -> Scored:
        """Return what they answered; now and then they did not want to."""
        if self.chance.random() < 0.08:
            return Scored(instrument=text.code, outcome="declined")
        low = self.low + (0.9 if self.withdrawn(at) else 0)
        given = []
        for link in text.scored:
            options = next(each for each in text.questions if each.link == link).options
            worth = 0 if link == HARMFUL else min(3, max(0, round(self.chance.gauss(low, 0.7))))
            given.append(Answer(link, options[worth].code))
        return Scored(
            instrument=text.code, outcome="answered", text=text.version, answers=tuple(given)
        )

    def episode(self) -> Episode:
        """Return one episode."""
        before, seen, after = self.chance.choice(EPISODES)
        return Episode(
            antecedent=before,
            behavior=seen,
            consequence=after,
            place="dayroom",
            count=1,
            duration_min=self.chance.randrange(2, 12),
            intensity=self.chance.choice((1, 1, 2)),
        )


def ends_of_shifts(
    shifts: Sequence[Shift], since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, str]]:
    """Yield when each shift between two moments ends, and which one that is."""
    day = since.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        for place, shift in enumerate(shifts):
            end = _at(day, shift.begins_h, zone)
            if since <= end <= until:
                yield end, shifts[place - 1].code
        day += DAY


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone)


def observed(
    watched: Watched, shift: str, at: datetime, *, number: int, texts: Mapping[str, Text]
) -> Iterator[tuple[str, object]]:
    """Yield what is written of somebody towards the end of a shift. ``number``: of their bed."""
    yield SHIFT, watched.shift(shift, at)
    if shift == "evening" and watched.chance.random() < EPISODE_SHARE:
        yield EPISODE, watched.episode()
    if shift == "day" and (at.toordinal() + number) % ASKED_EVERY_DAYS == 0:
        for code in ("phq-9", "gad-7"):
            yield SCORED, watched.answers(texts[code], at)
