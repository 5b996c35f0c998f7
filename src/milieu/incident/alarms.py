"""Who has to be told of an incident, and what has to be reported, told before its time runs out.

Looked at by the ticker. A line of the log of violence leads to nobody, and so does its alert: it is
about the unit.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from milieu.alerts.due import Due, kind_now, tell
from milieu.alerts.kinds import TELL_NEAR, TELL_PASSED
from milieu.incident.models import Incident, ViolenceLog
from milieu.incident.said import owed_of
from milieu.incident.violence import due_of

WHY = "the house looks whether somebody still has to be told of an incident, and tells who must"
LOOKED_AT_FOR: Final = timedelta(days=14)  # told every day until then
FACILITY: Final = "facility"
VIOLENCE: Final = "violence-report"


def raise_tellings(now: datetime) -> int:
    """Raise an alert for everybody who has to be told soon, or was not told in time."""
    return tell([*_of_incidents(now), *_of_violence(now)], now)


def _of_incidents(now: datetime) -> Iterator[Due]:
    rows = Incident.objects.as_system(WHY).filter(began_at__gt=now - LOOKED_AT_FOR)
    for incident in rows.select_related("stay__standing__unit"):
        unit = incident.stay.standing.unit
        for owed in owed_of(incident, unit):
            kind = "" if owed.told else _kind(owed.due, now, owed.tell.warn_min)
            if kind:
                yield Due(
                    kind=kind,
                    of=incident.incident,
                    what=f"tell-{owed.tell.code}",
                    since=incident.began_at,
                    due_at=owed.due,
                    law=FACILITY,
                    paragraph=owed.tell.paragraph,
                    pack=unit.pack,
                    again_after=timedelta(minutes=unit.pack.incident.again_min),
                    columns={"stay": incident.stay, "source_id": incident.first_id},
                )


def _of_violence(now: datetime) -> Iterator[Due]:
    lines = ViolenceLog.objects.filter(written_at__gt=now - LOOKED_AT_FOR, reported=None)
    for line in lines.select_related("unit"):
        violence, due_at = line.unit.pack.incident.violence, due_of(line)
        if kind := _kind(due_at, now, violence.warn_min):
            yield Due(
                kind=kind,
                of=line.pk,
                what=VIOLENCE,
                since=line.happened_at,
                due_at=due_at,
                law=FACILITY,
                paragraph=violence.paragraph,
                pack=line.unit.pack,
                again_after=timedelta(minutes=line.unit.pack.incident.again_min),
                columns={"unit": line.unit},
            )


def _kind(due_at: datetime, now: datetime, warn_min: int) -> str:
    return kind_now(due_at, now, warn_min=warn_min, near=TELL_NEAR, passed=TELL_PASSED)
