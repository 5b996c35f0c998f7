"""The record of one application on paper: all of it, as a surveyor reads it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from milieu.census.packs import LANGUAGE
from milieu.crisis import wording
from milieu.crisis.kept import Clocks, clocks
from milieu.crisis.kinds import ORDER
from milieu.crisis.reading import everything_of
from milieu.crisis.said import beside, device_names, names_of, said_of
from milieu.crisis.shown import BARRED, clock, law_title, rule_said
from milieu.crisis.views import application_for
from milieu.kernel import clock as time
from milieu.kernel.clock import wall_time
from milieu.kernel.pdf import as_pdf
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.kinds import fact_of
from milieu.record.models import Entry
from milieu.record.spans import length

STYLE: Final = Path(__file__).parent / "static/crisis/record.css"


class Written(NamedTuple):
    """One entry on paper. ``amended``: by whom it was put right, when and why; empty: it stands."""

    at: str
    stored: str  # when the server had it, where that was later
    words: str
    note: str
    by: str
    amended: str
    reason: str  # why it puts an earlier one right
    struck: bool
    late: bool


@never_cache
@require_safe
def record(request: Request, application_id: UUID) -> HttpResponse:
    """Give the record as a PDF; where none can be made, as a page that prints."""
    _stay, whole = application_for(request, application_id, Action.SEE)
    now = time.now()
    found = clocks([whole], now)[whole.id]
    language = get_language() or LANGUAGE
    context = {**told(found, now, language), "by": request.user.name, "language": language}
    if "page" not in request.GET:
        made = as_pdf(render_to_string("crisis/record.html", context), STYLE)
        if made is not None:
            answer = HttpResponse(made, content_type="application/pdf")
            answer["Content-Disposition"] = f'inline; filename="restraint-{whole.began:%Y%m%d}.pdf"'
            return answer
    context["style"] = static("crisis/record.css")
    return HttpResponse(render_to_string("crisis/record.html", context))


def told(found: Clocks, now: datetime, language: str) -> dict[str, Any]:
    """Return all that the paper says."""
    whole, stay = found.whole, found.stay
    unit, start = stay.standing.unit, whole.start.fact
    names = names_of(
        {*start.people, *(each.who for each in whole.observed if each.who)}, whole=True
    )
    tried = {each.code: each.said(language) for each in unit.pack.restraint.tried}
    say = _Times(found)
    return {
        "stay": stay,
        "unit": unit,
        "numbers": ", ".join(
            f"{each.system} {each.value}".strip()
            for each in stay.patient.identifiers.order_by("system", "value")
        ),
        "began": say(whole.began),
        "ended": say(whole.ended) if whole.ended else "",
        "long": length((whole.ended or now) - whole.began),
        "danger": start.danger,
        "tried": [tried.get(code, code) for code in start.tried.split()],
        "tried_words": start.tried_words,
        "basis": wording.BASIS[start.basis],
        "criteria": whole.criteria,
        "applied_by": [names.get(each, "?") for each in start.people],
        "untrained": [names.get(UUID(each), "?") for each in start.untrained.split()],
        "devices": list(_devices(found, say, language)),
        "orders": list(_orders(found, say)),
        "observed": [
            (say(o.start), say(o.end) if o.end else "", names.get(o.who, "?") if o.who else "")
            for o in whole.observed
        ],
        "limits": [
            clock(limit, now, unit.zone, language, unit.pack.restraint.warn(limit.what))
            for limit in found.limits
        ],
        "barred": [
            (say(each.since), BARRED.get(each.what, each.what), rule_said(each.rule, language))
            for each in found.barred
        ],
        "laws": [law_title(law, language) for law in found.laws],
        "written": list(_written(found, say, language)),
        "printed_at": say(now),
    }


class _Times:
    """Says a moment by the unit's clock, with its day."""

    def __init__(self, found: Clocks) -> None:
        self.zone = found.stay.standing.unit.zone

    def __call__(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{date_format(local, 'Y-m-d')} {wall_time(moment, self.zone)}"


def _devices(found: Clocks, say: _Times, language: str) -> Iterator[tuple[str, str, str]]:
    name = found.stay.standing.unit.pack_name
    for device, on, off in found.whole.spells:
        yield device_names([device], name, language)[0], say(on), say(off) if off else ""


def _orders(found: Clocks, say: _Times) -> Iterator[tuple[str, str, str, str]]:
    """Yield each order: when, until when at most, by whom and how, and who wrote it down."""
    for part in found.whole.of(ORDER):
        order = part.fact
        end = part.at + timedelta(minutes=order.minutes)
        who = f"{order.ordered_by.name} ({wording.CAPACITY_NAMES[order.capacity]})"
        yield say(part.at), say(end), f"{who}, {wording.HOW[order.how]}", part.entry.author.name


def _written(found: Clocks, say: _Times, language: str) -> Iterator[Written]:
    entries = {entry: entry.told_at for entry in everything_of(found.whole)}
    for entry, at in sorted(entries.items(), key=lambda pair: (pair[1], pair[0].seq)):
        fact = fact_of(entry)
        pack_name = found.stay.standing.unit.pack_name
        yield Written(
            at=say(at),
            stored=say(entry.stored_at) if entry.stored_at - at > timedelta(minutes=1) else "",
            words=_("Struck out an entry")
            if fact is None
            else said_of(entry.kind, fact, pack_name, language),
            note=beside(fact),
            by=entry.author.name,
            amended=_amended(entry, say),
            reason=entry.reason,
            struck=entry.struck,
            late=entry.counted_at is None,
        )


def _amended(entry: Entry, say: _Times) -> str:
    by: Entry | None = getattr(entry, "amended_by", None)
    if by is None:
        return ""
    words = {"name": by.author.name, "time": say(by.stored_at), "reason": by.reason}
    return _("Put right by %(name)s, %(time)s: %(reason)s") % words
