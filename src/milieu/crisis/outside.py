"""What has to be reported outside: each occurrence, to whom by when, and the reports made."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from milieu.census.models import Stay
from milieu.crisis import models, reports
from milieu.crisis.kept import listed_by_facility, stays_with
from milieu.crisis.listed import laws_at
from milieu.crisis.reading import WHY, roots_of
from milieu.record.models import Entry


class Duty(NamedTuple):
    """A report that a law asks for, and the entry that says it was made; None: not yet."""

    asked: reports.Duty
    made: Entry | None

    @property
    def late(self) -> bool:
        return self.made is not None and self.made.happened_at > self.asked.due


class Occurred(NamedTuple):
    """One occurrence. ``id``: of the entry that first told of it."""

    id: UUID
    entry: Entry
    row: models.Occurrence
    stay: Stay
    duties: list[Duty]

    @property
    def owed(self) -> list[reports.Duty]:
        """The reports that were not made yet."""
        return [duty.asked for duty in self.duties if duty.made is None]

    @property
    def in_the_log(self) -> bool:
        """Whether a law asks for a line in the hospital's own log."""
        return any(duty.asked.to == "log" for duty in self.duties)


def occurred(stays: Iterable[UUID] | None = None) -> list[Occurred]:
    """Return what occurred to these people, or to anybody, the newest first; few statements.

    Their own table is asked first, by itself, and is mostly empty. Asked together with the record,
    SQLite took an empty table for a large one, read every entry (45 s of five million), and let
    nobody write meanwhile.
    """
    known = list(models.Occurrence.objects.as_system(WHY).values_list("pk", flat=True))
    if not known:
        return []
    rows = models.Occurrence.objects.as_system(WHY).filter(pk__in=known, entry__amended_by=None)
    if stays is not None:
        rows = rows.filter(entry__stay__in=list(stays))
    found = list(rows.select_related("entry__author").order_by("-entry__happened_at"))
    if not found:
        return []
    people = stays_with({row.entry.stay_id for row in found})
    laws = listed_by_facility({stay.standing.unit.facility_id for stay in people.values()})
    first, made = _first(found), _reports(found)
    return [
        _occurred(row, first[row.pk], people[row.entry.stay_id], laws, made[first[row.pk]])
        for row in found
    ]


def _first(found: Sequence[models.Occurrence]) -> dict[int, UUID]:
    """Return, by the place of an entry, the id of the first that told of the same occurrence."""
    stays = {row.entry.stay_id for row in found}
    kind = found[0].entry.kind
    return roots_of(Entry.objects.as_system(WHY).filter(stay__in=stays, kind=kind))


def _reports(found: Sequence[models.Occurrence]) -> dict[UUID, list[Entry]]:
    """Return the reports that stand, by their occurrence, the oldest first."""
    rows = models.OccurrenceReport.objects.as_system(WHY).filter(
        entry__stay__in={row.entry.stay_id for row in found}, entry__amended_by=None
    )
    made: dict[UUID, list[Entry]] = defaultdict(list)
    for row in rows.select_related("entry__author").order_by("entry__happened_at"):
        entry = row.entry
        entry.occurrencereport = row
        made[row.occurrence].append(entry)
    return made


def _occurred(
    row: models.Occurrence,
    first: UUID,
    stay: Stay,
    laws: dict[UUID, list[models.ListedLaw]],
    made: Sequence[Entry],
) -> Occurred:
    unit = stay.standing.unit
    told = reports.Occurrence(
        what=row.what,
        relation=row.relation,
        known_at=row.known_at,
        zone=unit.time_zone,
        happened_at=row.entry.happened_at,
        died_on=row.died_on,
        born=stay.patient.birth_date,
        soft_wrist_only=row.soft_wrist_only,
    )
    names = laws_at(laws.get(unit.facility_id, ()), unit, row.known_at)
    duties = [
        Duty(asked, next((each for each in made if each.occurrencereport.whom == asked.to), None))
        for asked in reports.reports(told, names)
    ]
    return Occurred(first, row.entry, row, stay, duties)
