"""Who may say what somebody ate and drank, and when it is refused."""

from milieu.intake import models, rules, shape
from milieu.kernel.text import storable
from milieu.people.rules import Action
from milieu.record.kinds import Case, Kind
from milieu.record.rows import Values
from milieu.rounds.grounds import in_words, may_say

MEAL = "intake.meal"
DRINK = "intake.drink"


def decide_meal(case: Case) -> None:
    """Weigh a meal.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``unknown-code``, ``text-unusable``, and as ``rules.agree``.
    """
    may_say(case, Action.CHECK)
    said: shape.Meal | None = case.draft.fact
    if said is None:
        return
    rules.agree(said)
    _known(case, "meal", said.meal)
    _known(case, "why", said.why)
    storable(said.note, field="note")


def decide_drink(case: Case) -> None:
    """Weigh a drink. Raises as ``decide_meal`` does."""
    may_say(case, Action.CHECK)
    said: shape.Drink | None = case.draft.fact
    if said is None:
        return
    _known(case, "vessel", said.vessel)
    storable(said.note, field="note")


def _known(case: Case, part: str, code: str) -> None:
    in_words(case, filter(None, [code]), case.unit.pack.intake.words(part), field=part)


def build_meal(case: Case) -> Values:
    """Return the row of a meal."""
    said: shape.Meal = case.draft.fact
    plain = {name: getattr(said, name) for name in ("meal", "outcome", "share", "why")}
    return plain | {"note": storable(said.note, field="note")}


def build_drink(case: Case) -> Values:
    """Return the row of a drink."""
    said: shape.Drink = case.draft.fact
    return {"ml": said.ml, "vessel": said.vessel, "note": storable(said.note, field="note")}


MEAL_KIND = Kind(
    name=MEAL,
    shape=shape.Meal,
    model=models.Meal,
    decide=decide_meal,
    build=build_meal,
    from_phone=True,
)
DRINK_KIND = Kind(
    name=DRINK,
    shape=shape.Drink,
    model=models.Drink,
    decide=decide_drink,
    build=build_drink,
    from_phone=True,
)
