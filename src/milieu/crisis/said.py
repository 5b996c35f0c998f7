"""What an entry about restraint or seclusion says, in one sentence."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from milieu.census.packs import pack
from milieu.crisis import kinds, models, wording
from milieu.people.models import Person


def device_names(codes: Iterable[str], pack_name: str, language: str) -> list[str]:
    """Return these devices in the unit's words. A code that it no longer has is shown as it is."""
    known = pack(pack_name).restraint
    return [each.said(language) if (each := known.device(code)) else code for code in codes]


def names_of(ids: Iterable[UUID], *, whole: bool = False) -> dict[UUID, str]:
    """Return the short names of these people, or whole ones; who is not known is left out."""
    known = Person.objects.in_bulk(list(ids))
    return {key: each.name if whole else each.short_name for key, each in known.items()}


def of_start(row: models.RestraintStart, pack_name: str, language: str) -> str:
    """Return a start: ``Began: four limbs strapped. In danger: … Released when: …``"""
    devices = ", ".join(device_names(row.devices.split(), pack_name, language)).lower()
    parts = [
        _("Restraint or seclusion began: %(devices)s") % {"devices": devices},
        _("Why: %(danger)s") % {"danger": row.danger.rstrip(".")},
        _("Released when: %(criteria)s") % {"criteria": "; ".join(row.criteria.splitlines())},
    ]
    if row.untrained:
        parts.append(_("Not everybody who did it was trained for it by our list"))
    return ". ".join(parts)


def of_change(row: models.RestraintChange, pack_name: str, language: str) -> str:
    """Return a change of device or observer."""
    if row.what == "observer":
        name = names_of([row.observer_id]).get(row.observer_id) if row.observer_id else None
        return _("%(name)s observes from now on") % {"name": name} if name else _("Nobody observes")
    (device,) = device_names([row.device], pack_name, language)
    words = _("Put on: %(device)s") if row.what == "on" else _("Taken off: %(device)s")
    return words % {"device": device.lower()}


def of_order(row: models.RestraintOrder) -> str:
    """Return an order: ``Ordered by Petra H. (physician, in person): mechanical restraint …``"""
    words = {
        "name": row.ordered_by.short_name,
        "capacity": wording.CAPACITY_NAMES[row.capacity],
        "how": wording.HOW[row.how],
        "what": ", ".join(str(wording.SORTS[sort]).lower() for sort in row.sorts.split()),
        "minutes": row.minutes,
        "why": row.why,
    }
    head = _("Renewed by %(name)s (%(capacity)s, %(how)s)") if row.renews else ""
    head = head or _("Ordered by %(name)s (%(capacity)s, %(how)s)")
    said = (head + _(": %(what)s, at most %(minutes)d min. %(why)s")) % words
    if row.attending != "yes":
        return said
    attending = _("By the attending physician")
    return f"{said.rstrip('.')}. {attending}"


def of_check(row: models.RestraintCheck) -> str:
    """Return a check: ``Circulation: warm, good color. Breathing: easy``"""
    return ". ".join(_parts(row)) or row.note


def _parts(row: models.RestraintCheck) -> Iterator[str]:
    for name, (label, answers) in wording.LOOKS.items():
        if code := getattr(row, name):
            yield f"{label}: {answers.get(code, code)}"
    if row.met:
        yield _("So now: %(criteria)s") % {"criteria": "; ".join(row.met.splitlines())}


def beside(fact: Any) -> str:
    """Return what an entry says beside its sentence: its note, and what the nurse should know."""
    told = getattr(fact, "nurse_should_know", "")
    parts = [
        getattr(fact, "note", ""),
        _("For the nurse: %(words)s") % {"words": told} if told else "",
    ]
    return ". ".join(part.rstrip(".") for part in parts if part)


def of_seen(row: models.RestraintSeen) -> str:
    """Return an evaluation, a consultation or a notice."""
    head = _("%(what)s (%(capacity)s, %(how)s)") % {
        "what": wording.SEEN[row.what],
        "capacity": wording.CAPACITY_NAMES[row.capacity],
        "how": wording.HOW[row.how],
    }
    parts = [row.whom, row.situation, row.reaction, row.condition, row.words]
    go_on = str(wording.GO_ON[row.go_on]) if row.go_on else ""
    said = ". ".join(part.rstrip(".") for part in (*parts, go_on) if part)
    return f"{head}: {said}" if said else head


def of_end(row: models.RestraintEnd) -> str:
    """Return a release."""
    parts = [
        _("Released. %(state)s") % {"state": row.state.rstrip(".")},
        str(wording.INJURIES[row.injuries]),
        row.injury_words,
    ]
    return ". ".join(part for part in parts if part)


def of_debrief(row: models.RestraintDebrief) -> str:
    """Return a debriefing."""
    head = _("Talked over, %(whom)s") % {"whom": str(wording.WHO[row.who]).lower()}
    parts = [
        str(wording.HELD[row.outcome]) if row.outcome == "declined" else "",
        _("There: %(people)s") % {"people": row.present} if row.present else "",
        _("Would have helped: %(words)s") % {"words": row.helped} if row.helped else "",
        _("Made it worse: %(words)s") % {"words": row.worsened} if row.worsened else "",
        row.words,
    ]
    return ". ".join([head, *(part for part in parts if part)])


def of_occurrence(row: models.Occurrence) -> str:
    """Return an occurrence."""
    what = f"{wording.OCCURRED[row.what]}, {wording.RELATION[row.relation]}"
    return f"{what}. {row.words}"


def of_report(row: models.OccurrenceReport) -> str:
    """Return a report."""
    said = _("Reported to: %(whom)s") % {"whom": wording.REPORTED_TO[row.whom]}
    return ". ".join(part for part in (said, row.number, row.words) if part)


PLAIN: dict[str, Callable[[Any], str]] = {
    kinds.ORDER: of_order,
    kinds.CHECK: of_check,
    kinds.SEEN: of_seen,
    kinds.END: of_end,
    kinds.DEBRIEF: of_debrief,
    kinds.OCCURRENCE: of_occurrence,
    kinds.REPORT: of_report,
}


def said_of(kind: str, fact: Any, pack_name: str, language: str) -> str:
    """Return what an entry of one of this room's kinds says."""
    if kind == kinds.START:
        return of_start(fact, pack_name, language)
    if kind == kinds.CHANGE:
        return of_change(fact, pack_name, language)
    return str(capfirst(PLAIN[kind](fact)))
