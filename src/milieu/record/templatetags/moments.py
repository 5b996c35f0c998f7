"""``{{ entry.happened_at|wall:unit.zone }}``: a moment as the unit's clock shows it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template

from milieu.kernel.clock import now, wall_time

register = template.Library()


NEAR = timedelta(hours=12)  # further away, a time alone could mean two days


@register.filter
def wall(moment: datetime, zone: ZoneInfo) -> str:
    """``02:53``; with its day where it is half a day away or more: ``2026-11-21 02:53``."""
    time = wall_time(moment, zone)
    near = abs(moment - now()) < NEAR
    return time if near else f"{moment.astimezone(zone):%Y-%m-%d} {time}"
