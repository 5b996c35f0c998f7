"""Calls as phones, boards and pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from milieu.census.models import Unit
from milieu.help.models import Call, Said
from milieu.help.services import WHY, still_open
from milieu.kernel.clock import rfc3339
from milieu.people.models import Person

LATE: Final = timedelta(seconds=10)


@dataclass(frozen=True)
class Told:
    """A call as it is read: who comes, who is there, and whether it is over."""

    call: Call
    caller: str  # empty: from a phone that nobody had unlocked
    phone: str
    coming: tuple[str, ...]
    there: tuple[str, ...]
    over: Said | None

    @property
    def answered(self) -> bool:
        """Whether somebody said by name that they come."""
        return bool(self.coming or self.there)

    @property
    def arrived_late(self) -> bool:
        """Whether the phone had no network when help was called on it."""
        return self.call.received_at - self.call.called_at > LATE


def open_on(unit: Unit | UUID) -> list[Told]:
    """Return the open calls of a unit, the first first."""
    return told(still_open(Call.objects.as_system(WHY).filter(unit=unit)))


def told(calls: Any) -> list[Told]:
    """Return calls as they are read, in the order of the queryset; two statements."""
    calls = calls.select_related("caller", "device", "unit", "stay").prefetch_related("said__by")
    return [_told(call) for call in calls]


def _told(call: Call) -> Told:
    said = list(call.said.all())
    there = _names(said, "there")
    return Told(
        call=call,
        caller=call.caller.short_name if call.caller else "",
        phone=call.device.name if call.device else "",
        coming=tuple(name for name in _names(said, "coming") if name not in there),
        there=there,
        over=next((each for each in said if each.says == "over"), None),
    )


def _names(said: Iterable[Said], says: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(each.by) for each in said if each.says == says))


def _name(person: Person | None) -> str:
    return person.short_name if person else ""


def for_phones(unit_id: UUID) -> list[dict[str, Any]]:
    """Return the open calls of a unit as phones read them. See docs/wire.md."""
    return [
        {
            "id": each.call.pk,
            "called_at": rfc3339(each.call.called_at),
            "caller": each.caller,
            "phone": each.phone,
            "stay": each.call.stay_id,
            "room": each.call.room,
            "room_by": each.call.room_by,
            "room_at": _moment(each.call.room_at),
            "coming": each.coming,
            "there": each.there,
        }
        for each in open_on(unit_id)
    ]


def _moment(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None
