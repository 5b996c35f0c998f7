"""Who may order the SpO2 scale of somebody's NEWS2, and when it is refused."""

from collections.abc import Iterable
from uuid import UUID

from milieu.kernel.text import storable
from milieu.people.rules import Action
from milieu.record.grounds import not_in_the_future
from milieu.record.kinds import Case, Kind
from milieu.record.models import Entry
from milieu.record.rows import Values
from milieu.rounds.grounds import may_say
from milieu.vitals import models, shape
from milieu.vitals.news2 import Ordered

SCALE = "vitals.scale"


def decide(case: Case) -> None:
    """Weigh an order of a scale.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``in-the-future``, ``text-unusable``.
    """
    may_say(case, Action.ORDER_SCALE)
    not_in_the_future(case)
    said: shape.OxygenScale | None = case.draft.fact
    if said is not None:
        storable(said.why, field="why")


def build(case: Case) -> Values:
    """Return the row of an order."""
    said: shape.OxygenScale = case.draft.fact
    return {"scale": said.scale, "why": storable(said.why, field="why")}


def orders_of(stay: UUID) -> list[Entry]:
    """Return the orders of somebody that stand, with author and fact; oldest first."""
    entries = Entry.objects.as_system("the reader may see this stay: asked before").current()
    found = entries.filter(stay=stay, kind=SCALE).select_related("author", "oxygenscale")
    return list(found.order_by("happened_at", "seq"))


def ordered(orders: Iterable[Entry]) -> list[Ordered]:
    """Return orders as the rules read them."""
    return [Ordered(each.happened_at, each.oxygenscale.said().scale) for each in orders]


KIND = Kind(
    name=SCALE, shape=shape.OxygenScale, model=models.OxygenScale, decide=decide, build=build
)
