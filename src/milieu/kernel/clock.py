"""Time, in one place. Elapsed time is reckoned in UTC only; zones are for showing."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return this server's time, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """Write an aware time as RFC 3339 in UTC with milliseconds: ``2026-11-22T02:53:10.412Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins by this clock; the first, where it does so twice."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def wall_time(moment: datetime, zone: ZoneInfo) -> str:
    """Write the hour and minute as the unit's clock shows them: ``02:53``.

    In the hour that the clocks repeat, the zone's letters are added (``01:30 EDT``), because
    without them the same words would mean two moments.
    """
    local = moment.astimezone(zone)
    text = local.strftime("%H:%M")
    if len(moments_of(local.replace(tzinfo=None), zone)) > 1:
        text += f" {local.tzname()}"
    return text


YEARS: Final = range(1900, 2200)  # of what pages ask about: no record is older, and none that late


def moments_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the moments at which the unit's clock shows this day and time, the earlier first.

    Mostly one. Two in the hour that the clocks repeat, none in the hour that they leave out, and
    none outside of ``YEARS``: at the ends of the calendar no other zone has the moment.
    """
    if wall.year not in YEARS:
        return []
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    naive = wall.replace(fold=0)
    return sorted(at for at in found if at.astimezone(zone).replace(tzinfo=None, fold=0) == naive)
