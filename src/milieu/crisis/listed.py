"""Which laws apply to a facility: those that it lists, from when to when; else its pack's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from milieu.census.models import Facility, Unit
from milieu.crisis.law import laws
from milieu.crisis.models import ListedLaw
from milieu.kernel.errors import Refusal
from milieu.people.models import Person


def listed(facility_id: UUID) -> list[ListedLaw]:
    """Return every law that a facility lists or listed."""
    return list(ListedLaw.objects.filter(facility=facility_id).select_related("by", "ended_by"))


def laws_at(rows: Sequence[ListedLaw], unit: Unit, at: datetime) -> tuple[str, ...]:
    """Return the laws that applied on a unit at a moment.

    Where the facility lists none then, the pack's: no unit is ever without law.
    """
    known = laws()
    found = [
        row.law
        for row in rows
        if row.law in known and row.since <= at and (row.until is None or row.until > at)
    ]
    return tuple(sorted(set(found))) or unit.pack.restraint.laws


def laws_of(unit: Unit, at: datetime) -> tuple[str, ...]:
    """Return the laws that apply on a unit at a moment; one statement."""
    return laws_at(listed(unit.facility_id), unit, at)


@transaction.atomic
def list_laws(facility: Facility, chosen: Sequence[str], *, by: Person, at: datetime) -> None:
    """List exactly these laws from now on. What applied before stays written down.

    Raises:
        Refusal ``unknown-law``, ``no-law``.
    """
    if not set(chosen) <= laws().keys():
        raise Refusal("unknown-law", _("This server knows no such law."), field="laws")
    if not chosen:
        raise Refusal("no-law", _("Choose at least one law."), field="laws")
    rows = {row.law: row for row in listed(facility.pk) if row.until is None}
    gone = [row.pk for law, row in rows.items() if law not in chosen]
    ListedLaw.objects.filter(pk__in=gone).update(until=at, ended_by=by)
    ListedLaw.objects.bulk_create(
        ListedLaw(facility=facility, law=law, since=at, by=by)
        for law in sorted(set(chosen) - rows.keys())
    )
