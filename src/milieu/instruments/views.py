"""The pages on which an instrument is chosen, filled in, put right, and read over time."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milieu.census.models import Stay
from milieu.instruments.catalogue import LANGUAGE, Instrument, said
from milieu.instruments.forms import ScoredForm
from milieu.instruments.questionnaire import Text
from milieu.instruments.said import of_scored
from milieu.instruments.services import SCORED, instruments, texts
from milieu.kernel import clock
from milieu.kernel.clock import wall_time
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import Desk, entry_to_amend, write
from milieu.record.amending import amend as put_right
from milieu.record.models import Entry
from milieu.record.pages import stay_for

page = require_http_methods(["GET", "HEAD", "POST"])
SHOWN_FOR = timedelta(days=90)


@require_safe
def choose(request: Request, stay_id: UUID) -> HttpResponse:
    """Show what was scored in the last three months, and every instrument that can be used."""
    stay = stay_for(request, stay_id, Action.SEE)
    language, known = get_language() or LANGUAGE, texts()
    offered = [
        {
            "code": each.code,
            "title": said(each.title, language),
            "about": said(each.about, language) if each.about else "",
            "licence": known[each.code].licence if each.code in known else each.licence,
            "text": each.code in known,
            "bands": [bands.source for bands in each.bands],
        }
        for each in instruments().values()
    ]
    context = {
        "stay": stay,
        "offered": offered,
        "lines": _lines(stay, language),
        "may": may(request.user, Action.SCORE, stay.standing.unit_id),
    }
    return render(request, "instruments/choose.html", context)


def _lines(stay: Stay, language: str) -> list[dict[str, Any]]:
    entries = (
        Entry.objects.as_system("the reader may see this stay: asked before")
        .current()
        .filter(stay=stay, kind=SCORED, happened_at__gte=clock.now() - SHOWN_FOR)
        .select_related("author", "scored")
        .order_by("-happened_at", "-seq")
    )
    zone = stay.standing.unit.zone
    return [
        {
            "entry_id": each.entry_id,
            "at": each.told_at,
            "clock": wall_time(each.told_at, zone),
            "words": of_scored(each.scored, language),
            "note": each.scored.note,
            "by": each.author.short_name,
        }
        for each in entries
    ]


@page
def fill_in(request: Request, stay_id: UUID, code: str) -> HttpResponse:
    """Fill in one instrument."""
    return write(request, stay_id, _desk(_instrument(code), texts().get(code)))


@page
def amend(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what an instrument showed."""
    wrong = entry_to_amend(request, entry_id, SCORED, ScoredForm.FACT)
    code = wrong.scored.instrument
    typed = wrong.scored.score is not None and not wrong.scored.text
    text = None if typed else texts().get(code)
    return put_right(request, wrong, _desk(_instrument(code), text))


def _desk(instrument: Instrument, text: Text | None) -> Desk:
    return Desk(
        SCORED,
        partial(ScoredForm, instrument=instrument, text=text),
        "instruments/fill.html",
        _("It is recorded."),
        _head(instrument, text),
        Action.SCORE,
    )


def _instrument(code: str) -> Instrument:
    found = instruments().get(code)
    if found is None:
        raise Http404
    return found


def _head(instrument: Instrument, text: Text | None) -> dict[str, Any]:
    language = get_language() or LANGUAGE
    return {
        "title": said(instrument.title, language),
        "about": said(instrument.about, language) if instrument.about else "",
        "intro": [said(each, language) for each in text.intro] if text else [],
        "licence": text.licence if text else instrument.licence,
        "only_english": text is not None and language not in text.questions[0].label,
    }
