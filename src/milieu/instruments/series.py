"""Scores as plain series, for whoever looks for change. A stream is an instrument's code."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from milieu.instruments.models import Scored
from milieu.instruments.services import SCORED
from milieu.record.models import Entry, told_at

Point = tuple[datetime, float | None, UUID]  # when, how much (None: declined, or no score), entry
Series = dict[str, dict[UUID, list[Point]]]  # by stream, then by stay


def series(stays: Iterable[UUID], since: datetime) -> Series:
    """Return the scores of these stays from ``since`` on, oldest first. One statement.

    A time is what the record supports, else what the entry says.
    """
    rows = (
        Scored.objects.as_system("the caller narrows the stays")
        .filter(
            entry__in=Entry.objects.as_system("the caller narrows the stays")
            .current()
            .filter(stay__in=list(stays), kind=SCORED),
        )
        .annotate(at=told_at("entry__"))
        .filter(at__gte=since)
        .order_by("at", "pk")
        .values_list("instrument", "entry__stay", "at", "score", "entry__entry_id")
    )
    found: Series = {}
    for stream, stay, at, score, entry_id in rows:
        value = None if score is None else float(score)
        found.setdefault(stream, {}).setdefault(stay, []).append((at, value, entry_id))
    return found
