"""Where people go whom another system sends: its codes for places, and our units."""

from dataclasses import dataclass
from datetime import datetime

from milieu.census.models import Facility, Unit
from milieu.kernel.errors import Refusal
from milieu.people.models import Person


@dataclass(frozen=True)
class Destinations:
    """Our units, and the one for people whose place is none of them."""

    units: tuple[Unit, ...]
    fallback: Unit | None

    def named(self, code: str, facility: str = "") -> Unit | None:
        """Return the unit with this code, whatever its case; None when none or several have it.

        A ``facility`` by its code tells apart units of one name; another's unit is none of ours.
        """
        wanted, of = code.strip().casefold(), facility.strip().casefold()
        found = [
            unit
            for unit in self.units
            if wanted
            and unit.code.casefold() == wanted
            and (not of or unit.facility.code.casefold() == of)
        ]
        return found[0] if len(found) == 1 else None

    def facility_named(self, code: str) -> Facility | None:
        """Return the facility with this code, whatever its case, if it has a unit."""
        of = code.strip().casefold()
        facilities = (unit.facility for unit in self.units)
        return next((each for each in facilities if each.code.casefold() == of), None)

    def facility(self) -> Facility | None:
        """Return whose numbers people are known by when no unit is named."""
        if self.fallback:
            return self.fallback.facility
        facilities = {unit.facility_id: unit.facility for unit in self.units}
        return next(iter(facilities.values())) if len(facilities) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who takes people in, where they go, and when it is: the same for all that a door is sent."""

    destinations: Destinations
    by: Person
    received_at: datetime


def destinations(code: str | None = None) -> Destinations:
    """Return our units. ``code`` names the fallback; a system's only unit is its fallback.

    Raises:
        Refusal ``no-unit``: there is no unit yet.
        Refusal ``unit-unknown``: no unit, or more than one, has this code.
    """
    units = tuple(Unit.objects.select_related("facility"))
    if not units:
        raise Refusal(
            "no-unit", "There is no unit yet. Set one up, then take people in.", field="unit"
        )
    if code is None:
        return Destinations(units, units[0] if len(units) == 1 else None)
    found = Destinations(units, None).named(code)
    if found is None:
        codes = ", ".join(sorted({unit.code for unit in units}))
        text = f"{code!r} is not the code of one unit here. Choose one of: {codes}."
        raise Refusal("unit-unknown", text, field="unit")
    return Destinations(units, found)
