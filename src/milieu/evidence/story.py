"""What the report tells of one stay: the same reading of the record as on the person's page."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from milieu.board.day import Day
from milieu.board.said import Speech
from milieu.board.timeline import Line, gap_words, lines, read
from milieu.census.models import Stay
from milieu.evidence.choosing import Asked
from milieu.evidence.rules import Held, Turn, held
from milieu.kernel.clock import midnight
from milieu.people.models import Person
from milieu.record.evidence import Label
from milieu.record.spans import length
from milieu.rounds.models import LevelOrder
from milieu.rounds.projection import levels_of
from milieu.rounds.rules import Gap
from milieu.rounds.services import CHECK
from milieu.rounds.watching import really, watched_of


@dataclass(frozen=True, kw_only=True)
class Story:
    """One stay in the window of evidence, in words."""

    stay: Stay
    numbers: str
    start: str
    end: str
    facts: list[tuple[str, str]]  # counts, each with its name
    gaps: list[str]
    levels: list[tuple[str, str, str]]  # since when, what, why
    holders: list[tuple[str, str, str]]  # from, to, who
    days: list[tuple[str, list[Line]]]
    doubtful: list[Line]  # late, labelled or amended


def tell(stay: Stay, asked: Asked, now: datetime, language: str) -> Story:
    """Tell one stay's part of the window, on the clock of the unit where it stands."""
    speech = Speech(stay.standing.unit, language)
    end = min(asked.end, now)
    days, gaps = [], dict[datetime, Gap]()
    counts = dict.fromkeys(("checks", "late", "amended"), 0)
    for day in _days(asked.start, end, speech):
        timeline = read(stay, day, now, speech)
        told = lines(timeline, speech, now, set())[::-1]
        days.append((speech.said_at(day.start, day=True), told))
        gaps |= {gap.start: gap for gap in timeline.gaps}
        counts["checks"] += sum(entry.kind == CHECK for entry in timeline.entries)
        doubts = timeline.doubts.values()
        counts["late"] += sum(Label.LATE_ENTRY in labels for labels in doubts)
        counts["amended"] += sum(hasattr(entry, "amended_by") for entry in timeline.entries)
    every = [line for _day, told in days for line in told]
    return Story(
        stay=stay,
        numbers=", ".join(_numbers(stay)),
        start=speech.said_at(asked.start, day=True),
        end=speech.said_at(asked.end, day=True),
        facts=_facts(counts, gaps.values(), now),
        gaps=[gap_words(gap, speech, now) for gap in gaps.values()],
        levels=list(_levels(stay, asked, speech)),
        holders=[_holder(each, speech) for each in held(_turns(stay, now), asked.start, end)],
        days=days,
        doubtful=[line for line in every if line.labels or line.amended or line.amends],
    )


def _days(start: datetime, end: datetime, speech: Speech) -> Iterator[Day]:
    """Yield the window cut at every midnight of the unit's clock."""
    while start < end:
        tomorrow = midnight(start.astimezone(speech.zone).date() + timedelta(days=1), speech.zone)
        yield Day(start=start, end=min(tomorrow, end), zone=speech.zone)
        start = tomorrow


def _numbers(stay: Stay) -> Iterator[str]:
    for each in stay.patient.identifiers.order_by("system", "value"):
        yield f"{each.system} {each.value}".strip()


def _facts(counts: dict[str, int], gaps: Collection[Gap], now: datetime) -> list[tuple[str, str]]:
    return [
        (_("Checks"), str(counts["checks"])),
        (_("Late entries"), str(counts["late"])),
        (_("Entries put right or struck out"), str(counts["amended"])),
        (_("Gaps longer than allowed"), str(len(gaps))),
        (_("Longest gap"), _longest(gaps, now)),
    ]


def _longest(gaps: Iterable[Gap], now: datetime) -> str:
    """Return how long the longest gap was, or has been up to now where that one still lasts."""
    found = max(gaps, key=lambda gap: (gap.end or now) - gap.start, default=None)
    if found is None:
        return _("none")
    if found.end is None:
        return _("%(length)s so far") % {"length": length(now - found.start)}
    return length(found.end - found.start)


def _levels(stay: Stay, asked: Asked, speech: Speech) -> Iterator[tuple[str, str, str]]:
    """Yield the level that was in force when the window began, and each that was ordered in it."""
    orders = [order for order in levels_of([stay.pk])[stay.pk] if order.at < asked.end]
    earlier = [order for order in orders if order.at <= asked.start]
    rows = LevelOrder.objects.as_system("of the stay that is asked for").in_bulk(
        [order.entry for order in orders]
    )
    for order in [*earlier[-1:], *(order for order in orders if order.at > asked.start)]:
        level = speech.unit.pack.level(order.level)
        words = f"{level.short}: {level.said(speech.language)}"
        yield speech.said_at(order.at, day=True), words, rows[order.entry].why


def _turns(stay: Stay, now: datetime) -> Iterator[Turn]:
    """Yield when each began to watch this person, and when they no longer did or had gone home."""
    watches = really(watched_of(stay.standing).watches, now)
    names = dict(
        Person.objects.filter(pk__in=[watch.who for watch in watches]).values_list("pk", "name")
    )
    for watch in watches:
        yield Turn(watch.start, names.get(watch.who))
        if watch.end:
            yield Turn(watch.end, None)


def _holder(each: Held, speech: Speech) -> tuple[str, str, str]:
    said = [speech.said_at(moment, day=True) for moment in (each.start, each.end)]
    return said[0], said[1], each.name or _("nobody by name")
