"""Who may say what somebody ate and drank, and when it is refused."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.census.models import Stay
from milieu.census.packs import Intake
from milieu.intake import models, rules, shape
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.kinds import SERVER_CLOCK, Case, Draft, Kind
from milieu.record.ledger import append_one
from milieu.record.models import Entry
from milieu.record.rows import Values
from milieu.rounds.grounds import may_say

MEAL = "intake.meal"
DRINK = "intake.drink"


def decide_meal(case: Case) -> None:
    """Weigh a meal.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``unknown-code``, ``text-unusable``, and as ``rules.agree``.
    """
    words = may_say(case, Action.CHECK).unit.pack.intake
    said: shape.Meal | None = case.draft.fact
    if said is None:
        return
    rules.agree(said)
    _known(words, "meal", said.meal)
    _known(words, "why", said.why)
    storable(said.note, field="note")


def decide_drink(case: Case) -> None:
    """Weigh a drink. Raises as ``decide_meal`` does."""
    words = may_say(case, Action.CHECK).unit.pack.intake
    said: shape.Drink | None = case.draft.fact
    if said is None:
        return
    _known(words, "vessel", said.vessel)
    storable(said.note, field="note")


def _known(words: Intake, part: str, code: str) -> None:
    found = {"meal": words.meals, "why": words.why, "vessel": words.vessels}[part]
    if code and code not in {each.code for each in found}:
        text = _("This unit has no word %(code)r here.") % {"code": code}
        raise Refusal("unknown-code", text, field=part)


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


def record(
    kind: str,
    *,
    entry_id: UUID,
    stay: Stay,
    said: shape.Meal | shape.Drink | None,
    at: datetime,
    written_at: datetime,
    by: Person,
    amends: Entry | None = None,
    reason: str = "",
) -> Entry:
    """Record from a page; with ``amends``, put that entry right, without ``said`` strike it out.

    Raises as the kind's ``decide`` and the ledger do.
    """
    return append_one(
        Draft(
            entry_id=entry_id,
            kind=kind,
            stay_id=stay.pk,
            author_id=by.pk,
            happened_at=at,
            written_at=written_at,
            **SERVER_CLOCK,
            fact=said,
            amends=amends.entry_id if amends else None,
            reason=reason,
        )
    )
