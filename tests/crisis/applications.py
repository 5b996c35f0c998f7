"""Applications for tests: told in minutes from the start."""

from datetime import UTC, date, datetime, timedelta

from milieu.crisis.law import Sort
from milieu.crisis.limits import Application, Order, Seen, Spell, limits

START = datetime(2026, 3, 2, 15, tzinfo=UTC)  # a Monday, 10:00 in New York
NEW_YORK = "America/New_York"
ADULT, YOUTH, CHILD = date(1990, 5, 1), date(2012, 5, 1), date(2019, 5, 1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PERSONAL, MECHANICAL, SECLUSION = Sort
EVERY = frozenset(Sort)


def at(minutes, *, start=START):
    """Return the moment so many minutes after the start; None stays None."""
    return None if minutes is None else start + minutes * MINUTE


def spell(sort, began=0, ended=None, device=""):
    return Spell(sort, device, at(began), at(ended))


def order(minute, minutes=240, *, sorts=EVERY, role="physician", renews=False, **more):
    return Order(at(minute), minutes, frozenset(sorts), role, renews, **more)


def seen(what, minute, role="physician"):
    return Seen(what, at(minute), role)


def held(*spells, born=ADULT, ended=None, orders=(), did=(), checks=(), observed=(), zone=NEW_YORK):
    """Return an application that began at START."""
    return Application(
        began=START,
        ended=at(ended),
        born=born,
        zone=zone,
        spells=tuple(spells),
        orders=tuple(orders),
        seen=tuple(did),
        checks=tuple(at(minute) for minute in checks),
        observed=tuple((at(start), at(end)) for start, end in observed),
    )


def of(application, what, *laws, now=10_000, sort=None):
    """Return the limits of one kind by these laws, as minutes: since, due, met."""
    found = limits(application, laws or ("cms-hospital",), at(now))
    return [
        (minutes(limit.since), minutes(limit.due), minutes(limit.met_at))
        for limit in sorted(found, key=lambda limit: limit.since)
        if limit.what == what and sort in (None, limit.sort)
    ]


def minutes(moment):
    """Return how many minutes after the start; None stays None."""
    return None if moment is None else (moment - START) / MINUTE
