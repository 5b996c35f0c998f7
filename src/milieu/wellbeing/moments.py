"""Which moments were hard, and who was in them: read from calls, incidents and restraint."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from milieu.crisis.kinds import START
from milieu.crisis.reading import of_stays
from milieu.help.models import Call, Said
from milieu.incident.models import IncidentMark
from milieu.incident.services import MARK
from milieu.people.models import Person
from milieu.record.models import Entry
from milieu.wellbeing.rules import Moment

WHY = "to ask staff how they are; nothing of it is shown to others"
MISTAKE = "mistake"


def hard_moments(since: datetime, hard_marks: frozenset[str]) -> list[Moment]:
    """Return the hard moments that the server heard of since.

    Args:
        since: when it was stored.
        hard_marks: marks of an incident that make it one, by the pack.
    """
    return [*_calls(since), *_incidents(since, hard_marks), *_restraints(since)]


def _calls(since: datetime) -> Iterator[Moment]:
    """Yield calls for help that were no mistake, with who called and who was there."""
    calls = Call.objects.as_system(WHY).filter(received_at__gte=since, open=None)
    mistakes = Said.objects.filter(call__in=calls, outcome=MISTAKE).values("call")
    there: dict[UUID, set[UUID]] = defaultdict(set)
    said = Said.objects.filter(call__in=calls, says__in=("called", "there")).exclude(by=None)
    for call_id, person in said.values_list("call_id", "by_id"):
        there[call_id].add(person)
    for call in calls.exclude(pk__in=mistakes):
        yield Moment(
            "help", call.pk, call.called_at, call.unit_id, call.stay_id, frozenset(there[call.pk])
        )


def _incidents(since: datetime, hard: frozenset[str]) -> Iterator[Moment]:
    """Yield incidents with a hard mark, with who marked them and who is named in them."""
    entries = Entry.objects.as_system(WHY).current().filter(kind=MARK)
    lately = IncidentMark.objects.as_system(WHY).filter(
        entry__in=entries.filter(stored_at__gte=since)
    )
    touched = set(lately.values_list("incident", flat=True))
    marks = (
        IncidentMark.objects.as_system(WHY)
        .filter(entry__in=entries, incident__in=touched)
        .select_related("entry__stay__standing")
    )
    found: dict[tuple[UUID, UUID], list[IncidentMark]] = defaultdict(list)
    for mark in sorted(marks, key=lambda mark: (mark.entry.stands_at, mark.pk)):
        found[mark.incident, mark.entry.stay_id].append(mark)
    for (incident, stay_id), of in found.items():
        if not hard.isdisjoint(mark.what for mark in of):
            people = {mark.entry.author_id for mark in of} | {mark.who_id for mark in of}
            yield Moment(
                "incident",
                incident,
                of[0].entry.stands_at,
                of[0].entry.stay.standing.unit_id,
                stay_id,
                frozenset(person for person in people if person),
            )


def _restraints(since: datetime) -> Iterator[Moment]:
    """Yield each start of restraint or seclusion, with who applied it."""
    starts = Entry.objects.as_system(WHY).current().filter(kind=START, stored_at__gte=since)
    units = dict(starts.values_list("stay", "stay__standing__unit"))
    found = [each for each in of_stays(units).values() if each.start.entry.stored_at >= since]
    named = {person for each in found for person in each.start.fact.people}
    known = set(Person.objects.filter(pk__in=named).values_list("pk", flat=True))
    for each in found:
        people = known.intersection(each.start.fact.people)
        unit = units[each.stay_id]
        yield Moment("restraint", each.id, each.began, unit, each.stay_id, frozenset(people))
