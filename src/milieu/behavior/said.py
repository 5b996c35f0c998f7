"""What an entry about behavior says, in sentences of the unit's words; and many of them, by day."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milieu.behavior.models import Episode, ShiftSeen
from milieu.behavior.services import EPISODE, SHIFT, words
from milieu.census.models import Stay
from milieu.kernel.clock import wall_time
from milieu.record.models import Entry, told_at


def of_shift(seen: ShiftSeen, pack_name: str, language: str) -> str:
    """Return what was said of a shift: ``Evening: up and about, with others, "tired of it"``."""
    word = _Words(pack_name, language)
    shift = word("shift", seen.shift)
    if seen.outcome == "not-seen":
        why = word("why", seen.why).lower()
        return _("%(shift)s: not seen, %(why)s") % {"shift": shift, "why": why}
    parts = ". ".join(str(capfirst(part)) for part in _parts(seen, word))
    return f"{shift}: {parts}" if parts else shift


def _parts(seen: ShiftSeen, word: "_Words") -> Iterator[str]:
    told: list[tuple[str, str]] = [
        ("%s", word("activity", str(seen.activity or ""))),
        ("%s", word("speech", seen.speech)),
        ("%s", word("company", seen.company)),
        (_("Said: “%s”"), seen.mood),
        ("%s", word("affect", seen.affect)),
        (_("Washing and dressing: %s"), word("self_care", seen.self_care).lower()),
        (_("Groups: %s"), word("participation", seen.participation).lower()),
        ("%s", _asked(seen.requests)),
        (_("Declined: %s"), word.all("declined", seen.declined)),
        (_("Restlessness and anger: %s"), word.all("agitation", seen.agitation)),
    ]
    return (frame % said for frame, said in told if said)


def _asked(requests: int | None) -> str:
    if requests is None:
        return ""
    return ngettext("Asked %(times)d time", "Asked %(times)d times", requests) % {"times": requests}


def of_episode(episode: Episode, pack_name: str, language: str) -> str:
    """Return an episode in three sentences, with how often, how long and how strong."""
    word = _Words(pack_name, language)
    told = _("Episode. Before: %(before)s. Seen: %(seen)s. After: %(after)s") % {
        "before": episode.antecedent.rstrip("."),
        "seen": episode.behavior.rstrip("."),
        "after": episode.consequence.rstrip("."),
    }
    return ". ".join([told, *_measures(episode, word)])


def _measures(episode: Episode, word: "_Words") -> Iterator[str]:
    if episode.place:
        yield word("place", episode.place)
    if episode.count is not None:
        yield ngettext("%(n)d time", "%(n)d times", episode.count) % {"n": episode.count}
    if episode.duration_min is not None:
        yield _("%(minutes)d min in all") % {"minutes": episode.duration_min}
    if episode.intensity is not None:
        yield word("intensity", str(episode.intensity))


class _Words:
    """The pack's words. A code that it no longer has is shown as it was recorded."""

    def __init__(self, pack_name: str, language: str) -> None:
        self.pack_name, self.language = pack_name, language

    def __call__(self, part: str, code: str) -> str:
        found = words(self.pack_name, part).get(code)
        return str(capfirst(found.said(self.language))) if found else code

    def all(self, part: str, codes: str) -> str:
        """Return several words, commas between."""
        return ", ".join(self(part, code).lower() for code in codes.split())


class Line(NamedTuple):
    """One entry as the page of days shows it."""

    at: datetime
    clock: str
    words: str
    note: str
    by: str
    entry_id: UUID


def days_of(stay: Stay, since: datetime, language: str) -> dict[str, Any]:
    """Return what was said of somebody since then, by day, the newest first."""
    unit = stay.standing.unit
    rows = (
        Entry.objects.as_system("the reader may see this stay: asked before")
        .current()
        .filter(stay=stay, kind__in=[SHIFT, EPISODE])
        .annotate(at=told_at())
        .filter(at__gte=since)
        .select_related("author", "shiftseen", "episode")
        .order_by("-at", "-seq")
    )
    lines = [_line(row, unit.pack_name, language, unit.zone) for row in rows]

    def day(line: Line) -> str:
        return date_format(line.at.astimezone(unit.zone), _("l, F j"))

    return {"days": [(name, list(found)) for name, found in groupby(lines, day)]}


def _line(entry: Entry, pack_name: str, language: str, zone: Any) -> Line:
    at: datetime = entry.told_at
    if entry.kind == SHIFT:
        told, note = of_shift(entry.shiftseen, pack_name, language), entry.shiftseen.note
    else:
        told, note = of_episode(entry.episode, pack_name, language), ""
    clock = wall_time(at, zone)
    return Line(at, clock, told, note, entry.author.short_name, entry.entry_id)
