"""The person's page, and the page of one entry: all that the record holds of it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milieu.board.axis import axis
from milieu.board.day import Day, day_named
from milieu.board.foot import foot_of
from milieu.board.labels import words_of
from milieu.board.regularity import of_stay
from milieu.board.said import AMENDED_AT, MOVEMENT, NAMED, Speech, beside, of_check, said
from milieu.board.shown import doubts as presence_doubts
from milieu.board.shown import shown
from milieu.board.sightings import two_places
from milieu.board.timeline import Line, lines, read
from milieu.board.watching import WhenForm
from milieu.calm.known import known_of
from milieu.calm.shown import helps_line
from milieu.census.models import State, Stay
from milieu.crisis.shown import held_now
from milieu.kernel import clock
from milieu.people.access import may, reach_of
from milieu.people.http import Request
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.doubts import out_of_order
from milieu.record.evidence import Label, labels
from milieu.record.grounds import may_put_right
from milieu.record.kinds import read_facts
from milieu.record.known import times_of
from milieu.record.ledger import tolerance
from milieu.record.models import Entry
from milieu.record.spans import length
from milieu.rounds.models import LevelOrder
from milieu.rounds.projection import levels_of
from milieu.sleep.nights import nights_of
from milieu.sleep.projection import protected
from milieu.sleep.rules import night_at


class Step(NamedTuple):
    """Something that can be done for this person, if the reader may and the moment allows it."""

    url_name: str
    label: Any
    icon: str
    action: Action
    states: frozenset[str]
    usual: bool = False  # in sight at once; all others are one press away, so that the day is too


IN = frozenset({State.IN.value})
AWAY = frozenset({State.LEAVE.value, State.ESCORT.value})
EVER = frozenset(State)
STEPS = (
    Step("check", gettext_lazy("Record a check"), "eye", Action.CHECK, IN, usual=True),
    Step("plan", gettext_lazy("Own plan"), "hand-helping", Action.SEE, EVER, usual=True),
    Step("glance", gettext_lazy("Two weeks at a glance"), "history", Action.SEE, EVER),
    Step("vitals-take", gettext_lazy("Take vital signs"), "plus", Action.CHECK, IN),
    Step("vitals", gettext_lazy("Vital signs"), "history", Action.SEE, EVER),
    Step("intake", gettext_lazy("Meals and drinks"), "history", Action.SEE, EVER),
    Step("behavior-shift", gettext_lazy("How was this shift?"), "pencil", Action.CHECK, IN),
    Step("instruments", gettext_lazy("Questionnaires and scores"), "list-checks", Action.SEE, EVER),
    Step("behavior", gettext_lazy("Behavior"), "history", Action.SEE, EVER),
    Step("incidents", gettext_lazy("Incidents"), "triangle-alert", Action.SEE, EVER),
    Step("nights", gettext_lazy("Nights"), "bed", Action.SEE, EVER),
    Step(
        "level-order",
        gettext_lazy("Order a level"),
        "clock",
        Action.ORDER_LEVEL,
        IN | AWAY,
        usual=True,
    ),
    Step(  # seldom, and then at once
        "restraint-start",
        gettext_lazy("Restraint or seclusion"),
        "shield-check",
        Action.RESTRAIN,
        IN,
        usual=True,
    ),
    Step("sleep-protect", gettext_lazy("Protect sleep"), "bed", Action.PROTECT_SLEEP, IN),
    Step("sleep-end", gettext_lazy("End protected sleep"), "bed", Action.PROTECT_SLEEP, IN | AWAY),
    Step("back", gettext_lazy("Back on the unit"), "undo-2", Action.LEAVE, AWAY, usual=True),
    Step("leave", gettext_lazy("On leave"), "door-open", Action.LEAVE, IN),
    Step("escort", gettext_lazy("Off the unit with an escort"), "users", Action.LEAVE, IN),
    Step("occurrence", gettext_lazy("To be reported outside"), "bell", Action.REPORT, EVER),
    Step("transfer", gettext_lazy("Move"), "bed", Action.TRANSFER, IN | AWAY),
    Step("discharge", gettext_lazy("Discharge"), "log-out", Action.DISCHARGE, IN | AWAY),
    Step("evidence", gettext_lazy("Evidence"), "shield-check", Action.EVIDENCE, EVER),
)


@require_safe
def stay(request: Request, stay_id: UUID) -> HttpResponse:
    """Show one person: who they are, where, since when, and one day of their record."""
    found = _stay_seen(request.user, stay_id)
    now = clock.now()
    unit = found.standing.unit
    speech = Speech(unit, get_language() or "en")
    day = day_named(request.GET.get("day", ""), now, unit.zone)
    timeline = read(found, day, now, speech)
    amendable = {entry.seq for entry in timeline.entries if may_amend(request.user, entry, found)}
    context = {
        "unit": unit,
        "stay": found,
        "patient": found.patient,
        "standing": found.standing,
        **_where(found, speech, now),
        **_looked(found, speech, now),
        **_sleep(found, speech, now),
        "helps": helps_line(known_of([found])[found.pk], unit.pack, speech.language),
        "held": held_now(found, now, speech.language),
        "usual": _steps(request.user, found, now, usual=True),
        "further": _steps(request.user, found, now, usual=False),
        "day": day,
        "axis": axis(timeline, speech, now),
        "days": _by_date(lines(timeline, speech, now, amendable), speech),
        "gaps": len(timeline.gaps),
        "more": timeline.more,
        "guessed": None if day.named else of_stay(found, now),
        "when": WhenForm(stay=found, now=now),
        "printed_at": speech.said_at(now, day=True),
        **_days_around(day, now),
    }
    return render(request, "board/stay.html", context)


def _stay_seen(person: Person, stay_id: UUID) -> Stay:
    """Return a stay. One that is not this person's to see looks like one that is not there."""
    stays = Stay.objects.visible_to(person).filter(pk=stay_id)
    related = ("patient", "standing__unit", "standing__bed__room", "standing__escort")
    watched = ("holder", "given_by", "offer__offer__to", "asked")
    worked_out = ("clock__observer", "clock__last", "clock__tried", "sleep", "under_way")
    found: Stay | None = stays.select_related(
        *related, *worked_out, *(f"hold__{name}" for name in watched)
    ).first()
    if found is None:
        raise Http404
    return found


def _where(found: Stay, speech: Speech, now: datetime) -> dict[str, Any]:
    """Return level, holder and state in words."""
    orders = levels_of([found.pk])[found.pk]
    order = orders[-1] if orders else None
    every = LevelOrder.objects.as_system("the reader may see this stay")
    ordered = every.filter(pk=order.entry).first() if order else None
    level = speech.unit.pack.level(order.level) if order else None
    held = getattr(found, "clock", None)
    standing = found.standing
    due_at = held.due_at if held else None
    return {
        "level": level,
        "level_words": level.said(speech.language) if level else "",
        "level_why": ordered.why if ordered else "",
        "level_since": speech.said_at(order.at, day=True) if order else "",
        "observer": held.observer.short_name if held and held.observer else "",
        "foot": foot_of(found, now),
        "not_with_them": _not_with_them(found),
        "due": speech.said_at(due_at) if due_at else "",
        "late": length(now - due_at) if due_at and now > due_at else "",
        "state": standing.get_state_display(),
        "since": speech.said_at(standing.since, day=True),
        "admitted": speech.said_at(standing.admitted_at, day=True),
        "back_by": speech.said_at(standing.back_by, day=True) if standing.back_by else "",
    }


def _not_with_them(found: Stay) -> str:
    """Return whom the order names to stay with somebody of whom another has the watch.

    Nobody where the card's foot says it: they are asked and have not accepted, or have a break.
    """
    held, hold = getattr(found, "clock", None), getattr(found, "hold", None)
    named = held.observer if held else None
    if named is None or hold is None or hold.holder is None:
        return ""
    away_for_now = hold.given_by if hold.purpose == "break" else None
    return "" if named in (hold.holder, hold.asked, away_for_now) else named.short_name


def _looked(found: Stay, speech: Speech, now: datetime) -> dict[str, Any]:
    """Return when they were seen last and how, and what a newer look says that did not see them.

    Whoever reads that somebody was seen an hour ago has to know that somebody tried since. A look
    that was written long afterwards is not among these: its time is only claimed.
    """

    def at(moment: datetime) -> str:
        today = now.astimezone(speech.zone).date()
        return speech.said_at(moment, day=moment.astimezone(speech.zone).date() != today)

    held = getattr(found, "clock", None)
    tried = ""
    if held and held.tried:
        words = {"time": at(held.tried_at), "words": of_check(held.tried, speech)}
        tried = _("Tried at %(time)s. %(words)s") % words
    return {
        "seen_at": at(held.last_at) if held and held.last_at else "",
        "seen": of_check(held.last, speech) if held and held.last else "",
        "tried": tried,
    }


def _sleep(found: Stay, speech: Speech, now: datetime) -> dict[str, Any]:
    """Return whether sleep is protected, in which hours and until when; and the last nights."""
    held = getattr(found, "sleep", None)
    last = held and speech.said_at(held.until, day=True)
    tonight = night_at(protected(held, speech.zone), now)
    return {
        "sleep": held if held and held.lasts(now) else None,
        "sleep_last": last,
        "sleep_now": speech.said_at(tonight[1]) if tonight else "",
        "nights": nights_of(found, now),
    }


def _steps(person: Person, found: Stay, now: datetime, *, usual: bool) -> list[dict[str, Any]]:
    standing = found.standing
    held = getattr(found, "sleep", None)
    instead = {"sleep-protect" if held and held.lasts(now) else "sleep-end"}
    if getattr(found, "under_way", None):  # its own panel leads to it; a second start is refused
        instead.add("restraint-start")
    return [
        {"url": reverse(step.url_name, args=[found.pk]), "label": step.label, "icon": step.icon}
        for step in STEPS
        if step.usual is usual
        and step.url_name not in instead
        and standing.state in step.states
        and may(person, step.action, standing.unit_id)
    ]


def _by_date(found: list[Line], speech: Speech) -> list[tuple[str, list[Line]]]:
    """Group lines by the date of the unit's clock: 24 hours touch two."""
    groups: dict[str, list[Line]] = {}
    for line in found:
        local = line.at.astimezone(speech.zone)
        groups.setdefault(date_format(local, _("l, F j")), []).append(line)
    return list(groups.items())


def _days_around(day: Day, now: datetime) -> dict[str, Any]:
    today = now.astimezone(day.zone).date()
    chosen = day.named or today
    before = chosen - timedelta(days=1)
    return {
        "before": before.isoformat(),
        "after": (chosen + timedelta(days=1)).isoformat() if chosen < today else "",
        "chosen": chosen.isoformat(),
        "title": date_format(day.named, _("l, F j")) if day.named else "",
    }


def may_amend(person: Person, entry: Entry, found: Stay) -> bool:
    """Return whether this person could put this entry right: its author, or a lead.

    A movement is struck out, by whoever admits: who is on the unit rests on it.
    """
    if hasattr(entry, "amended_by") or entry.struck or entry.kind not in AMENDED_AT:
        return False
    if entry.kind == MOVEMENT:
        return may(person, Action.ADMIT, found.standing.unit_id)
    roles = reach_of(person).get(found.standing.unit_id, frozenset())
    return may_put_right(entry, person.pk, roles, Action.SEE)  # the page asks for more


@require_safe
def entry(request: Request, entry_id: UUID) -> HttpResponse:
    """Show all that is kept of one entry."""
    entries = Entry.objects.visible_to(request.user).filter(entry_id=entry_id)
    related = ("author", "device", "amends__author", "amended_by__author")
    found: Entry | None = entries.select_related(
        *related, "stay__patient", "stay__standing__unit"
    ).first()
    if found is None:
        raise Http404
    read_facts([found], named=NAMED)
    unit = found.stay.standing.unit
    speech = Speech(unit, get_language() or "en")
    note, concern = beside(found)
    context = {
        "unit": unit,
        "entry": found,
        "patient": found.stay.patient,
        "words": said(found, speech),
        "note": note,
        "concern": concern,
        "at": speech.said_at(found.stands_at, day=True),
        "labels": words_of(_doubts(found), found, unit.zone)
        + presence_doubts([found], speech).get(found.seq, []),
        "shown": shown(found, speech),
        "times": _times(found, speech),
        "amended_by": getattr(found, "amended_by", None),
        "amend_at": reverse(AMENDED_AT[found.kind], args=[found.entry_id])
        if may_amend(request.user, found, found.stay)
        else "",
    }
    return render(request, "board/entry.html", context)


def _doubts(found: Entry) -> list[Label]:
    told = labels(times_of(found, found.stored_at), tolerance(found.stay.standing.unit.pack_name))
    told += [Label.OUT_OF_ORDER] if out_of_order([found]) else []
    return told + ([Label.TWO_PLACES] if two_places(found.stay, [found]) else [])


def _times(found: Entry, speech: Speech) -> list[tuple[Any, str]]:
    """Return every time that is kept, with its seconds, on the unit's clock."""

    def exact(moment: datetime | None) -> str:
        if moment is None:
            return _("none")
        local = moment.astimezone(speech.zone)
        return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"

    offset, age = found.clock_offset_ms, found.clock_age_s
    compared = _("never compared")
    if offset is not None:
        compared = _("%(seconds)s s, measured %(age)s before writing") % {
            "seconds": f"{offset / 1000:+.3f}",
            "age": length(timedelta(seconds=age or 0)),
        }
    return [
        (_("Happened, by the device's clock"), exact(found.happened_at)),
        (_("Written, by the device's clock"), exact(found.written_at)),
        (_("Stored, by the server's clock"), exact(found.stored_at)),
        (_("Device clock minus server clock"), compared),
        (_("Certainly written after"), exact(found.anchor_at)),
        (_("Counts for due times at"), exact(found.counted_at)),
    ]
