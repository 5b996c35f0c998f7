"""The last two weeks at a glance: of one person, and of a unit. Numbers for pictures and tables."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.template.loader import get_template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.admissions.services import moves_of
from milieu.census.models import Standing, Stay, Unit
from milieu.census.packs import LANGUAGE
from milieu.census.services import HERE
from milieu.rounds.projection import levels_of
from milieu.watch.models import Notice
from milieu.watch.noticing import HISTORY, learned_this_hour, read_everyone, seen
from milieu.watch.picture import DAYS, Picture, picture
from milieu.watch.rules import Prior, usual
from milieu.watch.said import Told, told, value_words
from milieu.watch.sources import SOURCES, Point, read

MOSTLY: Final = 0.5  # from here on a band is more the person's own than the unit's


class Event(NamedTuple):
    """Something that is marked on the axis of time."""

    at: datetime
    words: str


class Value(NamedTuple):
    """One value in the table. ``outside``: of what was usual then."""

    at: datetime
    words: str
    outside: bool
    entry: UUID


class Row(NamedTuple):
    """One stream of a person: for the picture, and for the table beside it."""

    code: str
    title: str
    picture: Picture | None
    usual: str
    last: str
    own: bool  # what is usual is mostly the person's own by now
    values: list[dict[str, Any]]  # at (s since 1970), value, low and high of what was usual, words
    table: list["Value"]  # the newest first


def of_person(stay: Stay, notices: Sequence[Notice], now: datetime) -> dict[str, Any]:
    """Return what the page of one person shows."""
    unit = stay.standing.unit
    series = read([stay.pk], now - HISTORY, now, unit.zone)
    own = {code: series[code].get(stay.pk, []) for code in SOURCES}
    priors = learned_this_hour(unit, now)
    rows = [row for code in SOURCES if (row := _row(code, own[code], priors[code], unit, now))]
    notices_told: list[Told] = [told(notice, unit.zone, own) for notice in notices]
    events = _events(stay, now)
    return {
        "rows": rows,
        "events": events,
        "notices": notices_told,
        "charts": {
            "from": (now - DAYS).timestamp(),
            "until": now.timestamp(),
            "zone": unit.time_zone,
            "streams": [
                {"code": row.code, "title": row.title, "values": row.values} for row in rows
            ],
            "events": [{"at": each.at.timestamp(), "words": each.words} for each in events],
            "notices": [
                {"at": each.at.timestamp(), "streams": [p.stream for p in each.parts.all()]}
                for each in notices
            ],
        },
    }


def of_unit(unit: Unit, now: datetime) -> dict[str, Any]:
    """Return what the page of a unit shows: people by room, and the same streams for each."""
    found = read_everyone(unit, now)
    priors = learned_this_hour(unit, now, found)
    standings = (
        Standing.objects.as_system("of a unit that its reader may see")
        .filter(unit=unit, state__in=HERE)
        .select_related("stay__patient", "bed__room")
        .order_by("bed__room__name", "bed__name", "stay")
    )
    codes = [code for code in SOURCES if any(found[code].values())]
    people = []
    for standing in standings:
        points = {code: found[code].get(standing.stay_id, []) for code in codes}
        small = [_small(code, points[code], priors[code], unit, now) for code in codes]
        people.append({"standing": standing, "pictures": small})
    return {"titles": [SOURCES[code].title for code in codes], "people": people}


def _row(code: str, points: list[Point], prior: Prior, unit: Unit, now: datetime) -> Row | None:
    source, since = SOURCES[code], now - DAYS
    bands = usual(source.stream, seen(points), prior, zone=unit.zone, since=since)
    shown = list(zip([point for point in points if point[0] >= since], bands, strict=True))
    if not shown:
        return None
    (_at, last, _entry), band = shown[-1]
    return Row(
        code=code,
        title=str(source.title),
        picture=picture(points, until=now, band=(band.low, band.high)),
        usual=_("%(low)s to %(high)s")
        % {"low": source.said(band.low), "high": source.said(band.high)},
        last=value_words(code, last),
        own=band.own >= MOSTLY,
        values=[
            {
                "at": at.timestamp(),
                "value": value,
                "low": band.low,
                "high": band.high,
                "words": value_words(code, value),
                "entry": str(entry),
            }
            for (at, value, entry), band in shown
        ],
        table=[
            Value(
                at,
                value_words(code, value),
                value is not None and not band.low <= value <= band.high,
                entry,
            )
            for (at, value, entry), band in reversed(shown)
        ],
    )


def _small(code: str, points: list[Point], prior: Prior, unit: Unit, now: datetime) -> str:
    """Return a small picture of two weeks, drawn; nothing where nothing was seen in them."""
    if not points:
        return ""
    last, _value, _entry = points[-1]
    *_, band = usual(SOURCES[code].stream, seen(points), prior, zone=unit.zone, since=last)
    return _drawn(picture(points, until=now, band=(band.low, band.high)))


@lru_cache(maxsize=1024)
def _drawn(small: Picture | None) -> str:
    return get_template("watch/picture.html").render({"picture": small})


def _events(stay: Stay, now: datetime) -> list[Event]:
    """Return movements and levels of the last two weeks, oldest first."""
    language = get_language() or LANGUAGE
    pack = stay.standing.unit.pack
    names = {
        "admit": _("Admitted"),
        "leave": _("On leave"),
        "return": _("Back"),
        "transfer": _("Moved"),
        "discharge": _("Discharged"),
    }
    moves = [
        Event(move.at, names[str(move.what)])
        for move in moves_of([stay.pk])[stay.pk]
        if str(move.what) in names
    ]
    levels = [
        Event(order.at, pack.level(order.level).said(language))
        for order in levels_of([stay.pk])[stay.pk]
    ]
    return sorted(each for each in [*moves, *levels] if each.at >= now - DAYS)
