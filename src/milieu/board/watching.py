"""Who was watching at a certain minute? The named person, how they came to it, or nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milieu.admissions.rules import away_intervals
from milieu.admissions.services import moves_of
from milieu.board.handed import state
from milieu.board.said import Speech, said
from milieu.census.models import Stay
from milieu.kernel import clock
from milieu.people.http import Request
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.models import Entry
from milieu.record.moments import MomentField
from milieu.record.pages import stay_for
from milieu.record.spans import length
from milieu.rounds.models import Offer
from milieu.rounds.services import CHECK
from milieu.rounds.watch import How, Interval, Watch, merged, unwatched, without
from milieu.rounds.watching import really, watched_of

ASKED = "the reader may see this stay: asked before"
AROUND = timedelta(hours=12)  # before and after the minute, in the list of who watched
HOW = {
    How.TOOK: gettext_lazy("Took over; nobody had the watch"),
    How.ACCEPTED: gettext_lazy("Accepted from %(name)s"),
    How.ORDERED: gettext_lazy("Accepted what an order asked"),
    How.WITHOUT: gettext_lazy("Took over; %(name)s was not there to hand over"),
}
WHY = {
    "shift": gettext_lazy("handing over"),
    "break": gettext_lazy("relief during a break"),
    "return": gettext_lazy("back from a break"),
    "swap": gettext_lazy("relief from staying with this person"),
}


class WhenForm(forms.Form):
    """The minute that is asked about. Sent by GET, so that an answer has an address."""

    def __init__(self, *args: Any, stay: Stay, now: datetime) -> None:
        super().__init__(*args)
        zone = stay.standing.unit.zone
        self.fields["at"] = MomentField(
            zone=zone, latest=now, label=_("Who was watching at …?"), initial=now
        )


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One line of who watched: somebody, or nobody."""

    start: str
    end: str
    name: str  # empty: nobody
    how: str
    length: str
    asked_for: bool = False  # the minute that was asked about is in it


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Who was watching at one minute, and what is known around it."""

    at: str
    name: str = ""  # empty: nobody by name
    away: str = ""  # nobody had to: why
    since: str = ""
    how: str = ""
    until: str = ""
    handed: Sequence[str] = ()  # the state of which the one told the other
    nobody: str = ""  # the gap, with its length
    before: str = ""  # the last check up to that minute
    after: str = ""
    turns: Sequence[Turn] = ()


@require_safe
def watch(request: Request, stay_id: UUID) -> HttpResponse:
    """Answer who was watching at a minute; now, unless another is asked about."""
    stay = stay_for(request, stay_id, Action.SEE)
    now = clock.now()
    form = WhenForm(request.GET if "at_time" in request.GET else None, stay=stay, now=now)
    at = now if not form.is_bound else (form.cleaned_data["at"] if form.is_valid() else None)
    context = {
        "stay": stay,
        "unit": stay.standing.unit,
        "patient": stay.patient,
        "form": form,
        "answer": answer(stay, at, now, get_language() or "en") if at else None,
    }
    template = "board/watched.html" if request.htmx else "board/watch.html"
    return render(request, template, context)


def answer(stay: Stay, at: datetime, now: datetime, language: str) -> Answer:
    """Return who was watching this person at this minute."""
    speech = Speech(stay.standing.unit, language)
    told = _Told(stay, now, speech)
    before, after = _checks_around(stay, at, speech)
    found = Answer(
        at=speech.said_at(at, day=True),
        before=before,
        after=after,
        turns=list(told.turns(at)),
        away=told.away_at(at),
    )
    if found.away:
        return found
    for kept in told.kept:
        if kept.holds(at):
            return replace(found, **told.about(kept))
    return replace(found, nobody=told.gap_at(at))


class _Told:
    """All that the record says of who watched one stay."""

    def __init__(self, stay: Stay, now: datetime, speech: Speech) -> None:
        standing = stay.standing
        self.now, self.speech, self.standing = now, speech, standing
        self.watches = watched_of(standing).watches
        self.kept = really(self.watches, now)
        self.away = away_intervals(moves_of([stay.pk])[stay.pk], now)
        self.end = standing.discharged_at or now
        self.people = _named(self.watches)
        offers = Offer.objects.as_system("the reader may see this stay").filter(
            pk__in=[each.offer for each in self.watches if each.offer]
        )
        self.offers = {offer.pk: offer for offer in offers.select_related("to")}

    def away_at(self, at: datetime) -> str:
        """Return why nobody on the unit had to watch, or nothing."""
        came, left = self.standing.admitted_at, self.standing.discharged_at
        if at < came:
            return _("Not here yet: admitted %(time)s") % {"time": self._said(at, came)}
        if left and at >= left:
            return _("Not here any longer: discharged %(time)s") % {"time": self._said(at, left)}
        for start, end in self.away:
            if start <= at < end:
                return _("Off the unit from %(start)s to %(end)s") % {
                    "start": self._said(at, start),
                    "end": self._said(at, end),
                }
        return ""

    def about(self, kept: Watch) -> dict[str, Any]:
        """Return the one who watched, in words."""
        whole = next(each for each in self.watches if each.entry == kept.entry)
        offer = self.offers.get(whole.offer or 0)
        return {
            "name": self.people.get(whole.who, _("somebody not known here")),
            "since": self.speech.said_at(whole.start, day=True),
            "how": self._how(whole),
            "until": self.speech.said_at(kept.end, day=True) if kept.end else "",
            "handed": list(state(offer, self.speech)) if offer else [],
        }

    def _how(self, watch: Watch) -> str:
        name = self.people.get(watch.given_by, "") if watch.given_by else ""
        words = str(HOW[watch.how]) % {"name": name}
        if watch.purpose in WHY:
            words = _("%(how)s: %(why)s") % {"how": words, "why": WHY[watch.purpose]}
        return words

    def gaps(self) -> list[Interval]:
        """Return when nobody watched though the person was on the unit."""
        here = list(without((self.standing.admitted_at, self.end), merged(self.away)))
        return unwatched(self.kept, here, self.now)

    def gap_at(self, at: datetime) -> str:
        """Return the gap around a minute, in words."""
        start, end = next(gap for gap in self.gaps() if gap[0] <= at <= gap[1])
        words = {"start": self._said(at, start), "length": length(end - start), "end": ""}
        if end >= self.now:
            return _("Nobody was watching for %(length)s so far, since %(start)s") % words
        words["end"] = self._said(at, end)
        return _("Nobody was watching for %(length)s, %(start)s to %(end)s") % words

    def turns(self, at: datetime) -> Iterator[Turn]:
        """Yield who watched in the hours around a minute, and when nobody did."""
        first, last = at - AROUND, min(at + AROUND, self.now)
        spans: list[tuple[datetime, datetime, Watch | None]] = [
            *((each.start, each.end or self.now, each) for each in self.kept),
            *((start, end, None) for start, end in self.gaps()),
        ]
        for start, end, kept in sorted(spans, key=lambda span: span[:2]):
            if start <= last and end >= first:
                yield self._turn(at, (start, end), kept)

    def _turn(self, at: datetime, span: Interval, kept: Watch | None) -> Turn:
        start, end = span
        goes_on = end >= self.now
        return Turn(
            start=self.speech.said_at(start, day=True),
            end="" if goes_on else self._said(start, end),
            name=self.about(kept)["name"] if kept else "",
            how=self.about(kept)["how"] if kept else "",
            length=length(end - start),
            asked_for=start <= at and (goes_on or at < end),
        )

    def _said(self, at: datetime, moment: datetime) -> str:
        """Return a time, with its day where it is not the day that was asked about."""
        zone = self.speech.zone
        same = moment.astimezone(zone).date() == at.astimezone(zone).date()
        return self.speech.said_at(moment, day=not same)


def _named(watches: Sequence[Watch]) -> Mapping[UUID | None, str]:
    wanted = {each.who for each in watches} | {each.given_by for each in watches if each.given_by}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _checks_around(stay: Stay, at: datetime, speech: Speech) -> tuple[str, str]:
    """Return the last check up to this minute and the next one after it, in words."""
    checks = (
        Entry.objects.as_system(ASKED)
        .current()
        .filter(stay=stay, kind=CHECK, counted_at__isnull=False)
        .select_related("author", "safetycheck")
    )
    before = checks.filter(counted_at__lte=at).order_by("-counted_at", "-seq").first()
    after = checks.filter(counted_at__gt=at).order_by("counted_at", "seq").first()
    return _check(before, speech), _check(after, speech)


def _check(entry: Entry | None, speech: Speech) -> str:
    if entry is None or entry.counted_at is None:
        return ""
    return _("%(time)s, %(name)s: %(words)s") % {
        "time": speech.said_at(entry.counted_at, day=True),
        "name": entry.author.name,
        "words": said(entry, speech),
    }
