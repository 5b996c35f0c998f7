"""Were there enough people? For a unit: what was told when, and who was missed while it lasted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milieu.admissions.rules import What, away_intervals
from milieu.admissions.services import moves_of
from milieu.alerts.shortage import afterwards
from milieu.board.regularity import seen_since
from milieu.board.said import Speech
from milieu.board.timeline import gap_words
from milieu.board.units import unit_seen
from milieu.census.models import Standing, Stay, Unit
from milieu.census.services import HERE
from milieu.kernel import clock
from milieu.record.spans import length
from milieu.rounds.models import Spell
from milieu.rounds.projection import levels_of, ordered
from milieu.rounds.rules import Gap, gaps
from milieu.rounds.staffing import behind, spells_of

SHOWN_FOR = timedelta(days=1)  # as long as the checks of a whole unit are read at once
BEFORE = timedelta(hours=2)  # the check before the first gap is looked for so long ago


class Missed(NamedTuple):
    """Somebody who was not seen in time while too few people were on the floor."""

    stay: Stay
    room: str
    words: str


class Told(NamedTuple):
    """One spell as it is shown: from when to when, what was told, and who was missed in it."""

    when: str
    words: str
    whose: str  # the list that was too long, where the unit as a whole had enough people
    answer: str
    missed: list[Missed]


@require_safe
def show(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Show the last day's spells, the newest first, each with the misses that came in it."""
    unit, now = unit_seen(request, unit_id), clock.now()
    speech = Speech(unit, get_language() or "en")
    spells = spells_of(unit.pk, now - SHOWN_FOR, now)
    missed = _missed(unit, spells, speech, now) if spells else {}
    told = [_told(spell, missed.get(spell.pk, []), speech) for spell in reversed(spells)]
    hours = SHOWN_FOR // timedelta(hours=1)
    return render(request, "board/staffing.html", {"unit": unit, "told": told, "hours": hours})


def _told(spell: Spell, missed: list[Missed], speech: Speech) -> Told:
    ended, answer = spell.ended_at, getattr(spell.alert, "acknowledgement", None)
    words = {
        "start": speech.said_at(spell.began_at),
        "end": speech.said_at(ended) if ended else "",
        "length": length(ended - spell.began_at) if ended else "",
    }
    return Told(
        when=(_("%(start)s to %(end)s, %(length)s") if ended else _("Since %(start)s")) % words,
        words=afterwards(spell.alert.shortage, speech.zone),
        whose=spell.holder.short_name if spell.holder else "",
        answer=f"{answer.words} ({answer.by.short_name})" if answer else "",
        missed=missed,
    )


def _missed(
    unit: Unit, spells: Sequence[Spell], speech: Speech, now: datetime
) -> dict[UUID, list[Missed]]:
    """Return who was missed in which spell, of those who are on the unit now."""
    standings = (
        Standing.objects.as_system("of a unit that its reader may see")
        .filter(unit=unit, state__in=HERE)
        .select_related("stay__patient", "bed__room")
    )
    here = {standing.stay_id: standing for standing in standings}
    found: dict[UUID, list[Missed]] = defaultdict(list)
    late = _gaps(unit, list(here), spells[0].began_at - BEFORE, now)
    for stay, gap in sorted(late, key=lambda each: each[1].allowed_until):
        if spell := behind(gap, here[stay], spells):
            room = str(here[stay].bed or "")
            found[spell.pk].append(Missed(here[stay].stay, room, gap_words(gap, speech, now)))
    return found


def _gaps(
    unit: Unit, stays: Sequence[UUID], since: datetime, now: datetime
) -> Iterable[tuple[UUID, Gap]]:
    seen, moves, levels = seen_since(stays, since), moves_of(stays), levels_of(stays)
    for stay in stays:
        arrivals = [move.at for move in moves[stay] if move.what in (What.ADMIT, What.RETURN)]
        for gap in gaps(
            checks=seen[stay],
            arrivals=[at for at in arrivals if at >= since],
            levels=ordered(levels[stay], unit.pack_name),
            away=away_intervals(moves[stay], now),
            now=now,
        ):
            yield stay, gap
