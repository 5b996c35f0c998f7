"""The pages on which an instrument is chosen, filled in, put right, and read over time."""

from datetime import timedelta
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
from milieu.instruments.said import of_scored
from milieu.instruments.services import SCORED, instruments, record, texts
from milieu.kernel import clock
from milieu.kernel.clock import wall_time
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import StrikeForm, entry_to_amend, require_author_or_lead
from milieu.record.models import Entry
from milieu.record.pages import carry_out, show, stay_for, to_person

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
            "at": each.counted_at or each.happened_at,
            "clock": wall_time(each.counted_at or each.happened_at, zone),
            "words": of_scored(each.scored, language),
            "note": each.scored.note,
            "by": each.author.short_name,
        }
        for each in entries
    ]


@page
def fill_in(request: Request, stay_id: UUID, code: str) -> HttpResponse:
    """Fill in one instrument."""
    stay = stay_for(request, stay_id, Action.SCORE)
    instrument = _instrument(code)
    now = clock.now()
    form = ScoredForm(
        request.POST or None, stay=stay, now=now, instrument=instrument, text=texts().get(code)
    )

    def act(given: dict[str, Any]) -> Entry:
        return record(
            entry_id=given["entry_id"],
            stay=stay,
            given=form.given(),
            at=given["at"],
            written_at=now,
            by=request.user,
        )

    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, _("It is recorded."))
    return show(request, "instruments/fill.html", form, stay=stay, **_head(instrument, form))


@page
def amend(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what an instrument showed."""
    wrong = entry_to_amend(request, entry_id, SCORED, "scored")
    stay = stay_for(request, wrong.stay_id, Action.SEE)
    require_author_or_lead(request, wrong, stay, Action.SCORE)
    now, code = clock.now(), wrong.scored.instrument
    instrument = _instrument(code)
    striking = "strike" in request.POST
    posted = request.POST or None
    form = ScoredForm(
        None if striking else posted,
        stay=stay,
        now=now,
        instrument=instrument,
        text=texts().get(code) if wrong.scored.text or not wrong.scored.score else None,
        wrong=wrong,
    )
    strike = StrikeForm(posted if striking else None)

    def act(given: dict[str, Any]) -> Entry:
        return record(
            entry_id=given["entry_id"],
            stay=stay,
            given=None if striking else form.given(),
            at=wrong.happened_at if striking else given["at"],
            written_at=now,
            by=request.user,
            amends=wrong,
            reason=given["reason"],
        )

    if request.method == "POST" and carry_out(strike if striking else form, act):
        return to_person(request, stay, _("The entry is put right."))
    more = {"wrong": wrong, "strike": strike, "striking": striking, **_head(instrument, form)}
    return show(request, "instruments/fill.html", form, stay=stay, **more)


def _instrument(code: str) -> Instrument:
    found = instruments().get(code)
    if found is None:
        raise Http404
    return found


def _head(instrument: Instrument, form: ScoredForm) -> dict[str, Any]:
    language, text = get_language() or LANGUAGE, form.text
    return {
        "title": said(instrument.title, language),
        "about": said(instrument.about, language) if instrument.about else "",
        "intro": [said(each, language) for each in text.intro] if text else [],
        "licence": text.licence if text else instrument.licence,
        "only_english": text is not None and language not in text.questions[0].label,
    }
