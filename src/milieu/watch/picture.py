"""A small picture of one stream, as SVG from the server: it prints, and needs no script."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from milieu.watch.sources import Point

WIDE: Final = 240.0
HIGH: Final = 48.0
EDGE: Final = 4.0
DAYS: Final = timedelta(days=14)


class Dot(NamedTuple):
    """One value. ``lately``: it lies in the time that the notice is about."""

    x: float
    y: float
    lately: bool


class Picture(NamedTuple):
    """A line with its values, a band for what was usual, and marks where there was no value."""

    line: str  # points of a polyline
    dots: tuple[Dot, ...]
    gaps: tuple[float, ...]  # where something was declined, or not to be had
    band: tuple[float, float]  # top, and height
    wide: float = WIDE
    high: float = HIGH


def picture(
    points: Sequence[Point],
    *,
    until: datetime,
    band: tuple[float, float],
    since: datetime | None = None,
) -> Picture | None:
    """Draw the two weeks up to ``until``; None where nothing was seen in them."""
    start = until - DAYS
    shown = [(at, value) for at, value, _ in points if start <= at <= until]
    values = [value for _, value in shown if value is not None]
    if not values:
        return None
    low, high = min(*band, *values), max(*band, *values)
    span = (high - low) or 1.0

    def x(at: datetime) -> float:
        return round(EDGE + (WIDE - 2 * EDGE) * ((at - start) / DAYS), 1)

    def y(value: float) -> float:
        return round(EDGE + (HIGH - 2 * EDGE) * (1 - (value - low) / span), 1)

    dots = [
        Dot(x(at), y(value), bool(since and at >= since))
        for at, value in shown
        if value is not None
    ]
    top, bottom = y(band[1]), y(band[0])
    return Picture(
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        dots=tuple(dots),
        gaps=tuple(x(at) for at, value in shown if value is None),
        band=(top, round(max(bottom - top, 1.0), 1)),
    )
