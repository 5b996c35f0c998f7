"""The log of violent incidents, without identifiers: writing a line, and saying it was reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from milieu.census.models import Patient, Unit
from milieu.incident.models import ViolenceLog, ViolenceReported
from milieu.incident.rules import names_in, report_due
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.models import Grant, Person
from milieu.record.once import keep_once

SHOWN_FOR = timedelta(days=366)


@dataclass(frozen=True)
class Line:
    """A line of the log, with until when it is reported."""

    row: ViolenceLog
    due: datetime
    reported: ViolenceReported | None

    def late(self, now: datetime) -> bool:
        """Return whether it ought to have been reported by now."""
        return self.reported is None and now > self.due


def write(
    entry_id: UUID, unit: Unit, given: dict[str, Any], now: datetime, *, by: Person
) -> ViolenceLog:
    """Store a line. It keeps nothing of its author, ``by``.

    Raises:
        Refusal ``names-somebody``: it holds a name of somebody at work in this facility, or in
            care where its author may see them.
        Refusal ``entry-id-reused``: another line was sent from the same page.
        Refusal ``text-unusable``.
    """
    texts = {name: storable(given[name], field=name) for name in ("account", "taken")}
    names = _names(unit, by)
    for field, text in texts.items():
        if found := names_in(text, names):
            raise Refusal(
                "names-somebody",
                _("This log names nobody. Leave out: %(names)s.") % {"names": ", ".join(found)},
                field=field,
            )
    plain = ("sort", "by_whom", "place", "circumstances", "injury", "weapon", "urgent")
    said = {
        **texts,
        **{name: given[name] for name in plain},
        "facility_id": unit.facility_id,
        "unit_id": unit.pk,
        "happened_at": given["at"],
    }
    return keep_once(ViolenceLog.objects, entry_id, said, written_at=now)


def _names(unit: Unit, author: Person) -> Sequence[str]:
    """Return the names that are looked for: of all who work in this facility, and of whom in care
    the author may see.

    The regulation wants a line to identify nobody at all. But to send one back for a name says that
    somebody of that name is or was in care, so nobody else's may be looked for: whoever can write
    could ask about anybody in town, one word at a time, whether or not the word is repeated. A name
    that the author should not know here is theirs to leave out, as the form asks.
    """
    patients = Patient.objects.visible_to(author).filter(facility=unit.facility_id)
    grants = Grant.objects.filter(Q(unit__facility=unit.facility_id) | Q(facility=unit.facility_id))
    staff = Person.objects.filter(pk__in=grants.values("person"))
    return [
        *(
            " ".join(row)
            for row in patients.values_list("preferred_name", "given_name", "family_name")
        ),
        *staff.values_list("name", flat=True),
    ]


def reported(line_id: UUID, unit: Unit, *, by: Person, reference: str, at: datetime) -> None:
    """Say that a line was reported to the authority. The first time stands.

    Raises:
        Refusal ``unknown-line``: this unit has no such line.
    """
    line = ViolenceLog.objects.filter(pk=line_id, unit=unit).first()
    if line is None:
        raise Refusal("unknown-line", _("This unit's log has no such line."))
    ViolenceReported.objects.get_or_create(
        line=line,
        defaults={"by": by, "at": at, "reference": storable(reference, field="reference")},
    )


def lines(unit: Unit, since: datetime) -> list[Line]:
    """Return the lines of a unit, the newest first."""
    rows = ViolenceLog.objects.filter(unit=unit, happened_at__gte=since).select_related(
        "reported__by"
    )
    ordered = rows.select_related("unit").order_by("-happened_at", "pk")
    return [Line(row, due_of(row), getattr(row, "reported", None)) for row in ordered]


def due_of(row: ViolenceLog) -> datetime:
    """Return until when a line is reported, by its unit's pack. ``row``: with its unit."""
    grave = row.injury or row.weapon or row.urgent
    return report_due(row.happened_at, grave=grave, violence=row.unit.pack.incident.violence)
