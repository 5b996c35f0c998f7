"""A small picture of one stream, as SVG from the server: it prints, and needs no script."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from milieu.watch.sources import Point

WIDE: Final = 240.0
HIGH: Final = 48.0
EDGE: Final = 4.0
GAP: Final = "40v8"  # a mark on the lower edge
DAYS: Final = timedelta(days=14)


class Picture(NamedTuple):
    """A line with its values, a band for what was usual, and marks where there was no value.

    All marks of one look are one path: of a unit's four hundred pictures, each value as an element
    of its own kept a browser busy for longer than everything else.
    """

    line: str  # points of a polyline
    dots: str  # a path: one point for each value
    lately: str  # the same, for those in the time that a notice is about
    gaps: str  # a path: a mark where something was declined, or not to be had
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

    places = [(at, x(at), y(value)) for at, value in shown if value is not None]
    top, bottom = y(band[1]), y(band[0])
    return Picture(
        line=" ".join(f"{across},{down}" for _, across, down in places),
        dots=_points(place for at, *place in places if not (since and at >= since)),
        lately=_points(place for at, *place in places if since and at >= since),
        gaps="".join(f"M{x(at)} {GAP}" for at, value in shown if value is None),
        band=(top, round(max(bottom - top, 1.0), 1)),
    )


def _points(places: Iterable[Sequence[float]]) -> str:
    """Return a path of no length at each place, which round ends of a line make a dot."""
    return "".join(f"M{across} {down}h0" for across, down in places)
