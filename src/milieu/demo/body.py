"""What invented people ate and drank, and what was measured. From a seed of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from milieu.demo.rhythm import Temper
from milieu.intake.services import DRINK, MEAL
from milieu.intake.shape import Drink, Meal
from milieu.vitals.services import SET
from milieu.vitals.shape import VitalSigns

Share = Literal[0, 25, 50, 75, 100]
DAY = timedelta(days=1)
SHARES: tuple[Share, ...] = (0, 25, 50, 75, 100)
MEALS = (("breakfast", time(8, 10)), ("lunch", time(12, 20)), ("dinner", time(17, 30)))
MEASURED_AT = time(8, 40)
VESSELS = (("glass", 200), ("mug", 240), ("carton", 240), ("cup", 120))
DECLINED = ("not-hungry", "asleep", "by-choice")


@dataclass
class Body:
    """What one invented person is like: the same seed, the same days."""

    temper: Temper
    seed: str
    chance: Random = field(init=False)
    appetite: float = field(init=False)  # the share of a meal that is usual
    pulse: float = field(init=False)
    systolic: float = field(init=False)
    weight_kg: float = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(f"body {self.seed}")
        self.appetite = self.chance.uniform(0.6, 0.95)
        self.pulse = self.chance.uniform(62, 84)
        self.systolic = self.chance.uniform(108, 136)
        self.weight_kg = self.chance.uniform(54, 98)

    def withdrawn(self, at: datetime) -> bool:
        """Whether they keep to themselves by now."""
        return self.temper.withdrawn_from is not None and at >= self.temper.withdrawn_from

    def meal(self, code: str, at: datetime) -> Meal:
        """Return how much of a meal was eaten."""
        chance, quiet = self.chance, self.withdrawn(at)
        if chance.random() < (0.2 if quiet else 0.03):
            return Meal(meal=code, outcome="declined", why=chance.choice(DECLINED))
        usual = self.appetite * (0.35 if quiet else 1)
        nearest = min(4, max(0, round(4 * (usual + chance.gauss(0, 0.14)))))
        return Meal(meal=code, outcome="eaten", share=SHARES[nearest])

    def drink(self, at: datetime) -> Drink | None:
        """Return what was drunk with a meal, if anything was."""
        if self.chance.random() < (0.4 if self.withdrawn(at) else 0.1):
            return None
        vessel, ml = self.chance.choice(VESSELS)
        return Drink(ml=ml, vessel=vessel)

    def measured(self) -> VitalSigns:
        """Return the set of a morning; now and then they did not want to."""
        chance = self.chance
        if chance.random() < 0.06:
            return VitalSigns(outcome="declined", why="Not this morning")
        systolic = round(self.systolic + chance.gauss(0, 6))
        return VitalSigns(
            outcome="taken",
            temperature_tenths=round(980 + chance.gauss(0, 4)),
            temperature_unit="f",
            pulse=round(self.pulse + chance.gauss(0, 4)),
            breaths=round(15 + chance.gauss(0, 1.2)),
            systolic=systolic,
            diastolic=systolic - round(chance.uniform(38, 50)),
            position="sitting",
            oxygen=min(99, round(97.4 + chance.gauss(0, 0.8))),
            air="air",
            awareness="alert",
            pain=chance.choice((0, 0, 0, 1, 2)),
        )

    def weighed(self) -> VitalSigns:
        """Return what the scales said this week."""
        tenths = round(10 * (self.weight_kg + self.chance.gauss(0, 0.4)))
        return VitalSigns(outcome="taken", weight_tenths=tenths, weight_unit="kg")


def eaten_and_measured(
    body: Body, since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, str, object]]:
    """Yield what is written of somebody's meals, drinks and vital signs between two moments."""
    day = since.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        at = datetime.combine(day, MEASURED_AT, tzinfo=zone)
        at += timedelta(minutes=body.chance.uniform(-15, 25))
        told: list[tuple[datetime, str, object]] = [(at, SET, body.measured())]
        if day.weekday() == 0:
            told.append((at + timedelta(minutes=3), SET, body.weighed()))
        for code, hour in MEALS:
            eaten = datetime.combine(day, hour, tzinfo=zone)
            eaten += timedelta(minutes=body.chance.uniform(0, 20))
            told.append((eaten, MEAL, body.meal(code, eaten)))
            if drunk := body.drink(eaten):
                told.append((eaten, DRINK, drunk))
        yield from (each for each in told if since <= each[0] <= until)
        day += DAY
