"""What a notice says: what changed from what, over which time. Never a verdict or an order."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milieu.kernel.clock import wall_time
from milieu.watch.models import Behind, Mark, Notice, Part
from milieu.watch.picture import Picture, picture
from milieu.watch.sources import SOURCES, Point

MOST: float = 0.8  # "4 of the last 5": a bound that four of five looks keep to
MARKS = ("useful", "known", "not-useful")


class Link(NamedTuple):
    """One entry behind a notice."""

    entry_id: UUID
    when: str
    words: str


class Line(NamedTuple):
    """One stream of a notice."""

    words: str
    picture: Picture | None
    links: list[Link]


class Told(NamedTuple):
    """A notice as a nurse reads it."""

    id: UUID
    stay_id: UUID
    who: str
    room: str
    when: str
    lines: list[Line]
    mark: Mark | None


def whole(notices: Any) -> Any:
    """Let notices come with all that ``told`` reads. Who may see a notice may see its parts."""
    behind = Behind.objects.as_system("of notices that are narrowed").select_related("entry")
    parts = Part.objects.as_system("of notices that are narrowed")
    marks = Mark.objects.as_system("of notices that are narrowed").select_related("by")
    return notices.select_related("stay__patient", "stay__standing__bed__room").prefetch_related(
        Prefetch("parts", queryset=parts.prefetch_related(Prefetch("behind", queryset=behind))),
        Prefetch("marks", queryset=marks),
    )


def told(notice: Notice, zone: ZoneInfo, points: dict[str, list[Point]]) -> Told:
    """Return a notice in words. ``points``: what is known of the person's streams, for pictures.

    The notice comes from ``whole``.
    """
    standing = notice.stay.standing
    marks = sorted(notice.marks.all(), key=lambda each: (each.at, each.pk))
    return Told(
        id=notice.pk,
        stay_id=notice.stay_id,
        who=notice.stay.patient.screen_name,
        room=str(standing.bed or ""),
        when=_when(notice.at, zone),
        lines=[
            _line(part, notice, zone, points.get(part.stream, []))
            for part in sorted(notice.parts.all(), key=lambda each: each.stream)
        ],
        mark=marks[-1] if marks else None,
    )


def _line(part: Part, notice: Notice, zone: ZoneInfo, points: list[Point]) -> Line:
    behind = sorted(part.behind.all(), key=lambda each: each.at)
    links = [
        Link(each.entry.entry_id, _when(each.at, zone), value_words(part.stream, each.value))
        for each in behind
    ]
    band = (part.low, part.high)
    shown = picture(points, until=notice.at, band=band, since=part.since)
    return Line(words(part, behind), shown, links)


def words(part: Part, behind: Sequence[Behind]) -> str:
    """Return what changed in one stream: ``25 % or less at 4 of the last 5; usually 75 %``."""
    source = SOURCES[part.stream]
    values = sorted(each.value for each in behind if each.value is not None)
    names = {"title": source.title, "count": len(behind)}
    if not values:
        return ngettext(
            "%(title)s: declined, or not to be had, at %(missing)d of the last %(count)d.",
            "%(title)s: declined, or not to be had, at %(missing)d of the last %(count)d.",
            part.missing,
        ) % {**names, "missing": part.missing}
    fewer = sum(values) / len(values) < part.middle
    bound = _bound(values if fewer else values[::-1], source.said, source.said(part.middle))
    kept = sum(value <= bound if fewer else value >= bound for value in values)
    said = names | {
        "kept": kept,
        "count": len(values),
        "bound": source.said(bound),
        "usual": source.said(part.middle),
    }
    if fewer:
        text = _(
            "%(title)s: %(bound)s or less at %(kept)d of the last %(count)d; usually %(usual)s."
        )
    else:
        text = _(
            "%(title)s: %(bound)s or more at %(kept)d of the last %(count)d; usually %(usual)s."
        )
    found = text % said
    if part.missing:
        found += " " + ngettext(
            "%(missing)d more was declined or not to be had.",
            "%(missing)d more were declined or not to be had.",
            part.missing,
        ) % {"missing": part.missing}
    return found


def _bound(values: Sequence[float], said: Callable[[float], str], usual: str) -> float:
    """Return a value that most keep to, and that is not called as what is usual.

    ``values``: the one farthest from what is usual first.
    """
    most = values[: round(MOST * (len(values) - 1)) + 1]
    return next((value for value in reversed(most) if said(value) != usual), most[-1])


def value_words(stream: str, value: float | None) -> str:
    """Return one value in words."""
    return _("declined, or not to be had") if value is None else SOURCES[stream].said(value)


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{date_format(at.astimezone(zone), 'D j M')} {wall_time(at, zone)}"
