"""A plan and tries as tests make them. A test names what it is about."""

from datetime import timedelta

from milieu.calm.services import PLAN, TRIED
from milieu.calm.shape import OwnPlan, Tried
from tests.cast import NIGHT

HOUR = timedelta(hours=1)
ROSAS = OwnPlan(
    agreement="agreed",
    sets_off=("Loud voices",),
    early_signs=("I walk faster",),
    helps=("A walk in the yard", "Cold water"),
    worsens=("Being told to calm down",),
    talk=("My dog Biscuit",),
    touch=("Ask before you touch me",),
    trusts=("My sister Ana",),
)
WALK = Tried(of="plan", words="A walk in the yard", did="calmer")
QUIET = Tried(of="choice", code="quiet-room", words="Here, or in the quiet room?", did="calmer")


def planned(cast, fact=ROSAS, *, stay=None, at=NIGHT, **more):
    """Return a plan of Rosa's, as Dana wrote it at a desk."""
    written = {"device_id": None, "kind": PLAN, "fact": fact}
    return cast.check(stay or cast.rosa, at, **written | more)


def tried(cast, fact=WALK, *, stay=None, at=NIGHT, **more):
    """Return what Dana tried with Rosa."""
    return cast.check(stay or cast.rosa, at, **{"kind": TRIED, "fact": fact} | more)
