"""Business days and the close of business, as ``business.toml`` has them. Plain."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

DAY = timedelta(days=1)


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day of the year, or the nth of a weekday in a month; -1 is the last."""

    name: str
    month: int
    day: int = 0
    weekday: int = 0
    nth: int = 0
    since: int = 0  # the first year

    def on(self, year: int) -> date:
        """Return its own day in a year."""
        if self.day:
            return date(year, self.month, self.day)
        if self.nth > 0:
            first = date(year, self.month, 1)
            ahead = (self.weekday - first.isoweekday()) % 7
            return first + timedelta(days=ahead, weeks=self.nth - 1)
        last = date(year + self.month // 12, self.month % 12 + 1, 1) - DAY
        return last - timedelta(days=(last.isoweekday() - self.weekday) % 7)

    def kept_on(self, year: int) -> date:
        """Return when it is kept: a Saturday's on the Friday, a Sunday's on the Monday."""
        own = self.on(year)
        return own + {6: -DAY, 7: DAY}.get(own.isoweekday(), timedelta())


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which days are business days, and when business closes by the facility's clock."""

    close: str
    close_source: str
    weekdays: tuple[int, ...]
    source: str
    read_on: date
    sure: bool
    holidays: tuple[Holiday, ...]

    def is_open(self, day: date) -> bool:
        """Return whether business is done on this day."""
        return day.isoweekday() in self.weekdays and not any(
            holiday.kept_on(year) == day
            for year in (day.year, day.year + 1)  # New Year's Day may be kept in December
            for holiday in self.holidays
            if year >= holiday.since
        )

    def next_close(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the close of business on the first business day after the day of this moment."""
        day = moment.astimezone(zone).date() + DAY
        while not self.is_open(day):
            day += DAY
        return datetime.combine(day, time.fromisoformat(self.close), zone).astimezone(UTC)


@cache
def calendar() -> Calendar:
    """Return the calendar that ships."""
    text = Path(__file__).with_name("business.toml").read_bytes()
    return msgspec.toml.decode(text, type=Calendar)
