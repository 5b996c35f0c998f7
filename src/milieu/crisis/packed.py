"""Who is held as phones carry it: all that a clock on a phone needs to run without network."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from milieu.alerts.deadlines import WHAT
from milieu.census.models import Stay, Unit
from milieu.crisis import wording
from milieu.crisis.kept import FACILITY, Clocks, clocks
from milieu.crisis.law import NEXT_BUSINESS_DAY, Rule, Sort, laws, listed
from milieu.crisis.limits import Application, Limit, Spell, limits
from milieu.crisis.listed import laws_of
from milieu.crisis.models import UnderWay
from milieu.crisis.reading import WHY, of_stays
from milieu.crisis.said import names_of
from milieu.crisis.shown import BARRED
from milieu.kernel.clock import rfc3339

ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # only what lies between it and a limit is used


def held_on(unit: Unit) -> set[UUID]:
    """Return the stays of a unit that are under restraint or seclusion now; one statement."""
    rows = UnderWay.objects.as_system(WHY).filter(stay__standing__unit=unit)
    return set(rows.values_list("stay_id", flat=True))


def for_phones(stays: Sequence[Stay], now: datetime) -> Mapping[UUID, dict[str, Any]]:
    """Return ``held`` of each stay that is held: of two applications the one that began first.

    ``stays``: with ``under_way``. Nothing is asked where nobody is held; else five statements.
    """
    running = {
        stay.under_way.application: stay.pk
        for stay in stays
        if getattr(stay, "under_way", None) is not None
    }
    wholes = of_stays(running.values())
    found = clocks([wholes[key] for key in running if key in wholes], now)
    names = names_of({each.whole.observer for each in found.values() if each.whole.observer})
    return {running[key]: _held(each, now, names) for key, each in found.items()}


def _held(found: Clocks, now: datetime, names: Mapping[UUID, str]) -> dict[str, Any]:
    whole = found.whole
    last, observer = whole.last_check, whole.observer
    check = next((each for each in found.open if each.what == "check"), None)
    return {
        "application": whole.id,
        "began_at": rfc3339(whole.began),
        "devices": [
            {"code": code, "since": rfc3339(on)} for code, on, off in whole.spells if off is None
        ],
        "criteria": whole.criteria,
        "met": last.fact.met.splitlines() if last else [],
        "ready_at": rfc3339(whole.ready) if whole.ready else None,
        "observer": {"id": observer, "name": names.get(observer, "")} if observer else None,
        "untrained": bool(whole.start.fact.untrained),
        "check_s": int((check.due - check.since).total_seconds()) if check and check.due else None,
        "limits": [_limit(each) for each in found.worth_showing(now)],
        "barred": [{"what": each.what, "rule": _rule(each.rule)} for each in found.barred],
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "what": limit.what,
        "sort": limit.sort,
        "since": rfc3339(limit.since),
        "due_at": rfc3339(limit.due) if limit.due else None,
        "met_at": rfc3339(limit.met_at) if limit.met_at else None,
        "rule": _rule(limit.rule),
    }


def _rule(rule: Rule) -> list[tuple[str, str]]:
    """Return each law that asks for it, with its paragraph."""
    return list(dict.fromkeys((each.law, each.paragraph) for each in (rule, *rule.also)))


def words_for_phones(unit: Unit, now: datetime) -> dict[str, Any]:
    """Return which laws apply, the clocks that they start, and the words; one statement.

    ``begins`` has, for each sort and age, every clock of the first moment, so that a start that is
    written without network has its clocks at once. What is due by a business day is left out: the
    server tells of it.
    """
    names = laws_of(unit, now)
    return {"held": _words() | {"laws": _laws(names), "begins": _begins(names)}}


@cache
def _words() -> dict[str, Any]:
    """Return what limits, looks and answers are called: one set of words for pages and phones."""
    return {
        "limits": _labels(WHAT),
        "sorts": _labels(wording.SORTS),
        "barred": _labels(BARRED),
        "injuries": _list(wording.INJURIES),
        "looks": [
            {"code": code, "label": _label(name), "answers": _list(answers)}
            for code, (name, answers) in wording.LOOKS.items()
        ],
    }


def _label(words: object) -> dict[str, str]:
    """Return words in every language that is shipped."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = str(words)
    return found


def _labels(named: Mapping[str, object]) -> dict[str, dict[str, str]]:
    return {code: _label(words) for code, words in named.items()}


def _list(named: Mapping[str, object]) -> list[dict[str, Any]]:
    return [{"code": code, "label": _label(words)} for code, words in named.items()]


@cache
def _laws(names: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {name: laws()[name].title for name in names}
    return found | {FACILITY: _label(gettext_lazy("The facility's own rule"))}


@cache
def _begins(names: tuple[str, ...]) -> list[dict[str, Any]]:
    rules = [rule for name in names for rule in listed(name).rules]
    ages = {0, *(rule.from_age for rule in rules), *(rule.below_age or 0 for rule in rules)}
    return [
        {"sort": sort, "from_age": age, "limits": _at_once(names, sort, age)}
        for sort in Sort
        for age in (None, *sorted(ages))
    ]


def _at_once(names: tuple[str, ...], sort: Sort, age: int | None) -> list[dict[str, Any]]:
    """Return the clocks that somebody of this age starts; None: not known, the strictest."""
    born = None if age is None else date(ANY_DAY.year - age, 1, 1)
    spell = Spell(sort=sort, device="", began=ANY_DAY, ended=None)
    begun = Application(ANY_DAY, None, born, "UTC", (spell,), (), (), (), ())
    return [
        {
            "what": each.what,
            "sort": each.sort,
            "after_s": int((each.due - ANY_DAY).total_seconds()) if each.due else None,
            "rule": _rule(each.rule),
        }
        for each in limits(begun, names, ANY_DAY)
        if each.rule.value != NEXT_BUSINESS_DAY
    ]
