"""An application as pages show it: every clock in words and elapsed time, and what was said."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.alerts.deadlines import name_of
from milieu.census.models import Stay
from milieu.crisis import wording
from milieu.crisis.asked import asked
from milieu.crisis.kept import FACILITY, Clocks, clocks
from milieu.crisis.law import Rule, figures, laws
from milieu.crisis.limits import Limit
from milieu.crisis.listed import laws_of
from milieu.crisis.reading import Part, age_at, of_stays, sorts_of
from milieu.crisis.said import beside, device_names, names_of, said_of
from milieu.kernel.clock import wall_time
from milieu.record.spans import length

FAR = timedelta(hours=12)
BARRED = {
    "both-at-once": gettext_lazy("Restraint and seclusion at once"),
    "device": gettext_lazy("A device that this law forbids"),
    "order-by": gettext_lazy("The order came from somebody whom this law does not let order"),
    "order-too-long": gettext_lazy("The order was longer than this law allows"),
    "renewal-unseen": gettext_lazy("Renewed before the person was seen as this law asks"),
    "evaluated-by-starter": gettext_lazy(
        "Evaluated by somebody who laid hands on; it does not count"
    ),
}


class Clock(NamedTuple):
    """One limit in words. ``state``: over, late (met after its time), soon, open or kept."""

    what: str
    name: str
    state: str
    word: str  # ``7 min left``, ``12 min over``, ``in time, 02:40``
    by: str
    day: str  # the same with its day
    due: datetime | None
    rule: str  # the law and its paragraph


class Line(NamedTuple):
    """One entry about it."""

    at: str
    words: str
    by: str
    entry_id: UUID
    late: bool  # written after the fact: it shows nobody to have been there
    note: str


def law_title(law: str, language: str) -> str:
    """Return what a law is called."""
    if law == FACILITY or law not in laws():
        return _("The facility's own rule")
    return laws()[law].called(language)


def rule_said(rule: Rule, language: str) -> str:
    """Return which law asks for it, and where it says so; others that ask the same stand behind."""
    every = dict.fromkeys((each.law, each.paragraph) for each in (rule, *rule.also))
    said = [f"{law_title(law, language)}, {place}".rstrip(", ") for law, place in every]
    return "; ".join(said)


def value_said(rule: Rule) -> str:
    """Return what a law says of a figure: a number, or its words."""
    value = rule.value
    codes = sorted(value) if isinstance(value, frozenset) else [str(value)]
    return ", ".join(str(wording.VALUES.get(code, code)) for code in codes)


def asked_of(stay: Stay, page: str, now: datetime, language: str) -> list[tuple[str, str, str]]:
    """Return what the laws ask of whoever writes on this page: the figure, its value, where."""
    unit = stay.standing.unit
    age = age_at(stay.patient.birth_date, now, unit.zone)
    return [
        (figures()[rule.figure].called(language), value_said(rule), rule_said(rule, language))
        for rule in asked(laws_of(unit, now), page, age=age)
    ]


def clock(limit: Limit, now: datetime, zone: ZoneInfo, language: str, warn_min: int) -> Clock:
    """Return a limit in words, in elapsed time."""
    state, word = _state(limit, now, zone, warn_min)
    return Clock(
        what=limit.what,
        name=_named(limit),
        state=state,
        word=word,
        by=_by(limit.due, now, zone) if limit.due else "",
        day=f"{limit.due.astimezone(zone):%Y-%m-%d} {wall_time(limit.due, zone)}"
        if limit.due
        else "",
        due=limit.due,
        rule=rule_said(limit.rule, language),
    )


def _named(limit: Limit) -> str:
    """Return what a limit is called; where each sort has its own, with the sort."""
    sort = f" ({str(wording.SORTS[limit.sort]).lower()})" if limit.sort else ""
    return f"{name_of(limit.what)}{sort}"


def _by(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return by when, with the day where the hour alone could mean two."""
    hour = wall_time(due, zone)
    far = abs(due - now) >= FAR
    return f"{date_format(due.astimezone(zone), 'D')} {hour}" if far else hour


def _state(limit: Limit, now: datetime, zone: ZoneInfo, warn_min: int) -> tuple[str, str]:
    late = limit.late(now)
    if limit.met_at is not None:
        at = {"time": wall_time(limit.met_at, zone), "late": length(late)}
        if late:
            return "late", _("%(time)s, %(late)s late") % at
        return "kept", _("in time, %(time)s") % at
    if limit.due is None:
        return "soon", _("as soon as possible, since %(time)s") % {
            "time": length(now - limit.since)
        }
    if now >= limit.due:
        return "over", _("%(time)s over") % {"time": length(late)}
    left = limit.due - now
    soon = left.total_seconds() <= warn_min * 60
    return "soon" if soon else "open", _("%(time)s left") % {"time": length(left)}


def told(found: Clocks, now: datetime, language: str) -> dict[str, Any]:
    """Return all that a page shows of an application."""
    whole, unit = found.whole, found.stay.standing.unit
    names = names_of({*whole.start.fact.people, *(o.who for o in whole.observed if o.who)})
    last = whole.last_check
    met = set(last.fact.met.splitlines()) if last else set()
    return {
        "id": whole.id,
        "stay": found.stay,
        "sorts": [wording.SORTS[sort] for sort in sorts_of(whole.devices, unit.pack_name)],
        "devices": device_names(whole.devices, unit.pack_name, language),
        "began": whole.began,
        "ended": whole.ended,
        "elapsed": length((whole.ended or now) - whole.began),
        "observer": names.get(whole.observer, "") if whole.observer else "",
        "uncovered": list(_uncovered(found, now)),
        "criteria": [(line, line in met) for line in whole.criteria],
        "ready": whole.ready is not None,
        "untrained": [names.get(UUID(each), "?") for each in whole.start.fact.untrained.split()],
        "next": nearest(found, now, language),
        "clocks": list(_clocks(found, now, language)),
        "barred": [
            (BARRED.get(each.what, each.what), rule_said(each.rule, language))
            for each in found.barred
        ],
        "laws": [law_title(law, language) for law in found.laws],
        "lines": list(lines(found, language)),
    }


def held_now(stay: Stay, now: datetime, language: str) -> list[dict[str, Any]]:
    """Return what is under way of somebody. ``stay``: with ``under_way``, which is mostly None."""
    if getattr(stay, "under_way", None) is None:
        return []
    running = [whole for whole in of_stays([stay.pk]).values() if whole.ended is None]
    return [told(each, now, language) for each in clocks(running, now).values()]


def nearest(found: Clocks, now: datetime, language: str) -> Clock | None:
    """Return the limit that comes first of those that are not met; one that has passed is first."""
    unit = found.stay.standing.unit
    return next(
        (
            clock(limit, now, unit.zone, language, unit.pack.restraint.warn(limit.what))
            for limit in found.open
        ),
        None,
    )


def _clocks(found: Clocks, now: datetime, language: str) -> Iterator[Clock]:
    unit = found.stay.standing.unit
    for limit in found.worth_showing(now):
        yield clock(limit, now, unit.zone, language, unit.pack.restraint.warn(limit.what))


def _uncovered(found: Clocks, now: datetime) -> Iterator[str]:
    zone = found.stay.standing.unit.zone
    for each in found.whole.observed:
        end = each.end or now
        if each.who is None and end > each.start:
            yield _("%(start)s to %(end)s, %(long)s") % {
                "start": wall_time(each.start, zone),
                "end": wall_time(each.end, zone) if each.end else _("now"),
                "long": length(end - each.start),
            }


def lines(found: Clocks, language: str) -> Iterator[Line]:
    """Yield all that stands of what was said about it, the newest first."""
    unit = found.stay.standing.unit
    for part in sorted((found.whole.start, *found.whole.parts), key=_newest_last, reverse=True):
        kind = part.entry.kind
        yield Line(
            at=wall_time(part.at, unit.zone),
            words=said_of(kind, part.fact, unit.pack_name, language),
            by=part.entry.author.short_name,
            entry_id=part.entry.entry_id,
            late=not part.on_the_spot,
            note=beside(part.fact),
        )


def _newest_last(part: Part) -> tuple[datetime, int]:
    return part.at, part.entry.seq
