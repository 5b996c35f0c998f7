"""Plans that invented people made, and what was tried with them. From a seed of their own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from milieu.calm.services import PLAN, TRIED
from milieu.calm.shape import OwnPlan, Tried

PLANNED_EVERY = 3  # of the beds: whoever is in them has a plan
MADE_AFTER = timedelta(hours=5)
HARD_EVERY_H = 8  # hours between two hard moments, on average
HELPS_SHARE = {0: 0.85, 1: 0.5, 2: 0.3}  # by its place in the plan: the first helps most
Did = Literal["calmer", "same", "worse", "not-wanted"]
PLANS = (
    OwnPlan(
        agreement="agreed",
        sets_off=("Being told no without a reason", "Loud voices", "Nobody says what comes next"),
        early_signs=("I walk faster", "I stop answering", "My jaw gets tight"),
        helps=("A walk in the courtyard", "Cold water on my hands", "Ten minutes with my music"),
        worsens=("Being told to calm down", "Many people around me"),
        talk=("My dog Biscuit", "Baking bread"),
        touch=("Ask before you touch me", "Never come from behind"),
        trusts=("My sister Ana", "Whoever is on nights"),
    ),
    OwnPlan(
        agreement="part",
        differs="I do not shout, I talk loud",
        sets_off=("Waiting for a phone call", "Someone in my chair"),
        early_signs=("I talk louder", "I ask the same thing again"),
        helps=("Tell me how long it takes", "Drawing in the quiet room", "A cup of tea"),
        worsens=("Being watched from the door",),
        talk=("Baseball", "The sea"),
        touch=("A hand on the shoulder is all right",),
        trusts=("My brother", "The chaplain"),
    ),
    OwnPlan(
        agreement="not-asked",
        early_signs=("Stands up and sits down again",),
        helps=("Somebody sits near and says little", "The lights lower"),
        worsens=("Questions one after the other",),
        touch=("Steps back when somebody comes close",),
    ),
)
CHOICES = (
    ("quiet-room", "Here, or in the quiet room?"),
    ("sit-walk", "Sit down, or walk a little?"),
)


def calmed(
    number: int, seed: str, since: datetime, until: datetime
) -> Iterator[tuple[datetime, str, object, Random]]:
    """Yield the plan of whoever is in this bed, and what was tried. ``number``: of the bed."""
    chance = Random(f"calm {seed}")
    if number % PLANNED_EVERY or since + MADE_AFTER > until:
        return
    plan = PLANS[number // PLANNED_EVERY % len(PLANS)]
    yield since + MADE_AFTER, PLAN, plan, chance
    at = since + MADE_AFTER
    while (at := at + timedelta(hours=chance.expovariate(1 / HARD_EVERY_H))) < until:
        place = chance.choice((0, 0, 1, 1, 2, 3))
        if place < len(plan.helps):
            did = _did(chance, HELPS_SHARE[place])
            yield at, TRIED, Tried(of="plan", words=plan.helps[place], did=did), chance
        else:
            code, words = chance.choice(CHOICES)
            did = _did(chance, 0.6)
            yield at, TRIED, Tried(of="choice", code=code, words=words, did=did), chance


def _did(chance: Random, helps: float) -> Did:
    if chance.random() < helps:
        return "calmer"
    return chance.choice(("same", "same", "not-wanted", "worse"))
