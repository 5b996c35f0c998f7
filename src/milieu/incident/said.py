"""What entries about incidents say, in sentences of the unit's words."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.census.models import Stay, Unit
from milieu.census.packs import LANGUAGE
from milieu.incident.models import (
    Incident,
    IncidentMark,
    IncidentNotified,
    IncidentReport,
)
from milieu.incident.rules import Owed, owed
from milieu.incident.services import MARK, NOTIFIED, words
from milieu.kernel.clock import wall_time
from milieu.record.models import Entry

STRENGTH = {  # in which direction something was strong; the pack has the anchors of each
    "verbal": gettext_lazy("Words"),
    "things": gettext_lazy("Things"),
    "self_harm": gettext_lazy("Towards themselves"),
    "others": gettext_lazy("Towards others"),
}


def word(pack_name: str, part: str, code: str, language: str | None = None) -> str:
    """Return the pack's word; a code that it no longer has is shown as it was recorded."""
    known = words(pack_name, part).get(code)
    return known.said(language or get_language() or LANGUAGE) if known else code


def all_words(pack_name: str, part: str, codes: str) -> str:
    """Return the words of several codes, with commas between."""
    return ", ".join(word(pack_name, part, code) for code in codes.split())


def of_mark(mark: IncidentMark, pack_name: str, language: str) -> str:
    """Return a mark: ``Incident: hands on, Sam O., dayroom. "…"``."""
    parts = [
        word(pack_name, "marks", mark.what, language),
        mark.who.short_name if mark.who else "",
        word(pack_name, "place", mark.place, language) if mark.place else "",
    ]
    said = ", ".join(filter(None, parts))
    return f"{said}. “{mark.words}”" if mark.words else said


def of_report(report: IncidentReport, pack_name: str, language: str) -> str:
    """Return a report in short: its kinds, and what was told."""
    kinds = ", ".join(word(pack_name, "kinds", code, language) for code in report.kinds.split())
    return _("Incident report. %(kinds)s. %(told)s") % {"kinds": kinds, "told": report.narrative}


def of_notified(told: IncidentNotified, pack_name: str, language: str) -> str:
    """Return who was told of an incident, and how."""
    parts = [
        word(pack_name, "tell", told.whom, language),
        word(pack_name, "ways", told.way, language) if told.way else "",
        told.reached,
        told.words,
    ]
    return _("Told of the incident: %(who)s") % {"who": ", ".join(filter(None, parts))}


class Moment(NamedTuple):
    """One line of the timeline."""

    at: datetime
    clock: str
    words: str
    by: str
    entry_id: UUID


def timeline(incident: Incident, unit: Unit) -> list[Moment]:
    """Return what happened, by the times of its marks."""
    return _moments(facts(IncidentMark, MARK, incident), of_mark, unit)


def notifications(incident: Incident, unit: Unit) -> list[Moment]:
    """Return who was told, and when."""
    return _moments(facts(IncidentNotified, NOTIFIED, incident), of_notified, unit)


def _moments(found: Iterable[Any], say: Callable[[Any, str, str], str], unit: Unit) -> list[Moment]:
    language = get_language() or LANGUAGE
    return [
        Moment(
            at=each.entry.stands_at,
            clock=wall_time(each.entry.stands_at, unit.zone),
            words=say(each, unit.pack_name, language),
            by=each.entry.author.short_name,
            entry_id=each.entry.entry_id,
        )
        for each in found
    ]


def facts(model: Any, kind: str, incident: Incident) -> Sequence[Any]:
    """Return what stands of one kind about an incident that the reader sees."""
    entries = (
        Entry.objects.as_system("of an incident that the reader sees")
        .current()
        .filter(stay=incident.stay_id, kind=kind)
    )
    found = model.objects.as_system("of an incident that the reader sees").filter(
        entry__in=entries, incident=incident.incident
    )
    found = found.select_related("entry__author", *(["who"] if model is IncidentMark else []))
    return sorted(found, key=lambda fact: (fact.entry.stands_at, fact.pk))


def told_as_it_happened(moments: Iterable[Moment]) -> str:
    """Return the timeline as the beginning of a report: nothing has to be written twice."""
    return "\n".join(f"{each.clock} {each.words}" for each in moments)


def owed_of(incident: Incident, unit: Unit) -> list[Owed]:
    """Return who has to be told of an incident, until when, and who was."""
    of = {
        *incident.marks.split(),
        *incident.kinds.split(),
        *incident.outcomes.split(),
        incident.injury_person,
        incident.injury_others,
    }
    return owed(
        unit.pack.incident.tell,
        began_at=incident.began_at,
        of=of,
        told=incident.told.split(),
    )


def going_on(stays: Iterable[Stay | UUID], unit: Unit, now: datetime) -> Sequence[Incident]:
    """Return the incidents of these stays to which another mark belongs, the last marked first."""
    since = now - timedelta(minutes=unit.pack.incident.goes_on_min)
    found = Incident.objects.as_system("of stays that the reader sees")
    found = found.filter(stay__in=list(stays), last_at__gte=since, report=None)
    return list(found.order_by("-last_at", "key"))
