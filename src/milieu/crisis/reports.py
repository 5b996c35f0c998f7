"""What must be reported to whom, and by when, after a death or a serious occurrence. Plain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from milieu.crisis.application import years
from milieu.crisis.law import Law, Report, Rule, listed
from milieu.crisis.owed import due
from milieu.kernel.clock import midnight


@dataclass(frozen=True)
class Occurrence:
    """Something that has to be reported.

    Attributes:
        what: death, serious-injury, suicide-attempt.
        relation: to restraint or seclusion: during, within-24h of release, within-week where it may
            have contributed, none.
        known_at: when somebody of the facility knew.
        zone: the facility's clock, by which days and the close of business are counted.
        happened_at: as it was written down.
        died_on: where that was on an earlier day, of which no more is known.
        soft_wrist_only: two soft wrist restraints, no other restraint and no seclusion.
    """

    what: str
    relation: str
    known_at: datetime
    zone: str
    happened_at: datetime
    died_on: date | None = None
    born: date | None = None
    soft_wrist_only: bool = False

    @property
    def happened(self) -> datetime:
        """Return the earliest moment at which it may have happened."""
        zone = ZoneInfo(self.zone)
        if self.died_on and self.died_on < self.happened_at.astimezone(zone).date():
            return midnight(self.died_on, zone)
        return self.happened_at

    @property
    def age(self) -> int | None:
        """Return the age on that day; None: not known."""
        if self.born is None:
            return None
        return years(self.born, self.happened.astimezone(ZoneInfo(self.zone)).date())


@dataclass(frozen=True)
class Duty:
    """Somebody has to be told by a time. ``to``: cms, state, advocates, guardian, log."""

    to: str
    since: datetime
    due: datetime
    how: str
    rule: Rule


def reports(occurrence: Occurrence, laws: Sequence[str]) -> tuple[Duty, ...]:
    """Return what these laws ask to be reported of an occurrence, in order of due.

    Where two laws ask for a report to the same, both stand: each may want its own form.

    Raises:
        Refusal ``law-unknown``.
    """
    found = [duty for name in laws for duty in _duties(occurrence, listed(name))]
    return tuple(sorted(found, key=lambda duty: (duty.due, duty.to)))


def _duties(occurrence: Occurrence, law: Law) -> Iterator[Duty]:
    for report in law.reports:
        if not _asked(report, occurrence):
            continue
        since = occurrence.known_at if report.since == "known" else occurrence.happened
        source = law.sources[report.source]
        rule = Rule(
            law=law.id,
            paragraph=report.paragraph,
            source=source.url,
            read_on=source.read_on,
            value=report.due if report.due_days is None else f"{report.due_days}-days",
            figure="report",
            sure=bool(report.sure),
            note=report.note,
        )
        yield Duty(report.to, since, _due(report, since, occurrence.zone), report.how, rule)


def _asked(report: Report, occurrence: Occurrence) -> bool:
    age = occurrence.age
    return (
        occurrence.what in report.what
        and (not report.relation or occurrence.relation in report.relation)
        and report.soft_wrist in (None, occurrence.soft_wrist_only)
        and (report.below_age is None or age is None or age < report.below_age)
    )


def _due(report: Report, since: datetime, zone: str) -> datetime:
    if report.due_days is None:
        assert report.due is not None, "Refused when the law was read."
        by = due(since, report.due, zone)
        assert by is not None, "Refused when the law was read."
        return by
    clock = ZoneInfo(zone)
    day = since.astimezone(clock).date()
    return midnight(day + timedelta(days=report.due_days + 1), clock)
