"""A hospital with one unit, as the doors of other systems find it; and who is there by now."""

import pytest

from milieu.census.models import Facility, Standing, Stay, Unit
from tests.cast import unit_named


@pytest.fixture
def north(db: None) -> Unit:
    """The only unit that there is, unless a test makes another."""
    return unit_named(
        Facility.objects.create(name="Elm", code="ELM"), "North", zone="America/New_York"
    )


@pytest.fixture
def south(north: Unit) -> Unit:
    return unit_named(north.facility, "South")


def standing() -> Standing:
    """Return where the newest stay stands."""
    related = ("unit", "bed__room")
    return Standing.objects.as_system("test").select_related(*related).order_by("-stay_id")[0]


def stays() -> int:
    """Return how many stays there are."""
    return Stay.objects.as_system("counted by a test").count()
