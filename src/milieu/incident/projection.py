"""``incident.Incident``: each incident of a stay, from its marks, report and notifications."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from milieu.incident.models import Incident, IncidentMark, IncidentNotified, IncidentReport
from milieu.incident.services import MARK, NOTIFIED, REPORT
from milieu.record.kinds import Projection
from milieu.record.models import Entry
from milieu.record.rows import Values, insert_or_replace

WHY = "a projection reads all"


def project(stays: Sequence[UUID]) -> None:
    """Work out the incidents of these stays afresh."""
    marks = _by_incident(IncidentMark, MARK, stays)
    reports, told = (
        _by_incident(model, kind, stays)
        for model, kind in ((IncidentReport, REPORT), (IncidentNotified, NOTIFIED))
    )
    rows = [_row(found, reports[key], told[key]) for key, found in marks.items()]
    kept = [row["key"] for row in rows]
    Incident.objects.as_system(WHY).filter(stay__in=stays).exclude(key__in=kept).delete()
    if rows:
        insert_or_replace(Incident, rows)


def _by_incident(model: Any, kind: str, stays: Iterable[UUID]) -> dict[tuple[UUID, UUID], Any]:
    """Return what stands of one kind by incident and stay, in the order of its times."""
    entries = Entry.objects.as_system(WHY).current().filter(stay__in=list(stays), kind=kind)
    facts = model.objects.as_system(WHY).filter(entry__in=entries).select_related("entry")
    found: dict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: (fact.entry.stands_at, fact.pk)):
        found[fact.incident, fact.entry.stay_id].append(fact)
    return found


def _row(marks: Sequence[Any], reports: Sequence[Any], told: Sequence[Any]) -> Values:
    first, report = marks[0], reports[-1] if reports else None
    parts = ("kinds", "outcomes", "injury_person", "injury_others")
    return {
        "key": f"{first.incident}:{first.entry.stay_id}",
        "incident": first.incident,
        "stay_id": first.entry.stay_id,
        "began_at": first.entry.stands_at,
        "last_at": marks[-1].entry.stands_at,
        "first_id": first.pk,
        "call": next((mark.call for mark in marks if mark.call), None),
        "report_id": report.pk if report else None,
        "marks": " ".join(sorted({mark.what for mark in marks})),
        **{part: getattr(report, part) if report else "" for part in parts},
        "told": " ".join(sorted({each.whom for each in told})),
    }


def clear() -> None:
    """Forget every row."""
    Incident.objects.as_system("rebuilding").delete()


INCIDENT = Projection("incident", frozenset({MARK, REPORT, NOTIFIED}), project, clear)
