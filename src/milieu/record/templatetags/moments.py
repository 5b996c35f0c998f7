"""``{{ entry.happened_at|wall:unit.zone }}``: a moment as the unit's clock shows it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

from milieu.kernel.clock import now, wall_time

register = template.Library()


@register.filter
def wall(moment: datetime, zone: ZoneInfo) -> str:
    """``02:53``; with the day before it when that is not today: ``2026-11-21 02:53``."""
    day = moment.astimezone(zone).date()
    time = wall_time(moment, zone)
    return time if day == now().astimezone(zone).date() else f"{day:%Y-%m-%d} {time}"
