"""Opening a place: a facility, its units, their rooms and beds."""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from milieu.census import packs
from milieu.census.models import Bed, Facility, Room, Unit
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable

ROOMS_MAX = 200
BEDS = "ABCDEF"  # beds of one room, by letter; a single bed has none
NUMBERED = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")


def room_names(rooms: str) -> list[str]:
    """Return the names that ``12`` (01 to 12) or ``201-212`` stands for.

    Raises:
        Refusal ``rooms-unreadable``.
    """
    found = NUMBERED.fullmatch(rooms.strip())
    first, last = (int(found[1]) if found[2] else 1, int(found[2] or found[1])) if found else (1, 0)
    if not 0 <= last - first < ROOMS_MAX:
        text = f"Give 1 to {ROOMS_MAX} rooms, as a number (12) or as first and last (201-212)."
        raise Refusal("rooms-unreadable", text, field="rooms")
    width = max(2, len(str(last)))
    return [f"{number:0{width}}" for number in range(first, last + 1)]


@transaction.atomic
def open_unit(
    facility: Facility,
    *,
    name: str,
    code: str,
    time_zone: str,
    pack_name: str,
    rooms: Sequence[str],
    beds: int,
) -> Unit:
    """Open a unit with rooms of ``beds`` beds each. Nobody is in it yet.

    Raises:
        Refusal ``zone-unknown``, ``unknown-pack``, ``beds-unreadable``, ``unit-code-taken``.
    """
    _check(time_zone, pack_name, beds)
    code = storable(code, field="code")
    if Unit.objects.filter(facility=facility, code__iexact=code).exists():
        text = f"{facility} already has a unit with the code {code}. Choose another code."
        raise Refusal("unit-code-taken", text, field="code")
    unit = Unit.objects.create(
        facility=facility,
        name=storable(name, field="name"),
        code=code,
        time_zone=time_zone,
        pack_name=pack_name,
    )
    made = Room.objects.bulk_create([Room(unit=unit, name=room) for room in rooms])
    letters = BEDS[:beds] if beds > 1 else [""]
    Bed.objects.bulk_create([Bed(room=room, name=letter) for room in made for letter in letters])
    return unit


def _check(time_zone: str, pack_name: str, beds: int) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        text = f"{time_zone!r} is no time zone. Write it as in America/New_York."
        raise Refusal("zone-unknown", text, field="zone") from None
    packs.pack(pack_name)
    if not 1 <= beds <= len(BEDS):
        raise Refusal("beds-unreadable", f"Give 1 to {len(BEDS)} beds for a room.", field="beds")


def facility_coded(code: str, *, name: str = "") -> Facility:
    """Return the facility with this code; a new one when it has a ``name``.

    Raises:
        Refusal ``facility-unknown``: none has this code, and no name was given for a new one.
    """
    code = storable(code, field="facility")
    if found := Facility.objects.filter(code__iexact=code).first():
        return found
    if not name:
        known = ", ".join(Facility.objects.order_by("code").values_list("code", flat=True))
        text = f"No facility has the code {code}. Known: {known or 'none'}."
        raise Refusal("facility-unknown", text, field="facility")
    return Facility.objects.create(code=code, name=storable(name, field="facility_name"))


def unit_coded(code: str, *, facility: Facility | None = None) -> Unit:
    """Return the one unit with this code; ``facility`` tells apart units that share it.

    Raises:
        Refusal ``unit-unknown``: no unit, or more than one, has this code.
    """
    units = Unit.objects.filter(code__iexact=code.strip())
    found = list((units.filter(facility=facility) if facility else units)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        text = f"Several facilities have a unit {code}. Name the facility too."
        raise Refusal("unit-unknown", text, field="unit")
    known = ", ".join(Unit.objects.order_by("code").values_list("code", flat=True).distinct())
    text = f"No unit has the code {code}. Known: {known or 'none'}."
    raise Refusal("unit-unknown", text, field="unit")
