"""Calling for help, coming, and saying that it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from milieu.alerts.kinds import HELP
from milieu.alerts.models import Alert
from milieu.alerts.services import Wrong, acknowledge, raise_found
from milieu.census.models import Standing, Unit
from milieu.help.models import Call, Open, Said
from milieu.help.shape import ROOM_MAX, WORDS_MAX, Word
from milieu.kernel.errors import Refusal
from milieu.kernel.text import UNUSABLE, storable
from milieu.people.access import may, require
from milieu.people.models import Device, Person
from milieu.people.rules import Action
from milieu.record.once import keep_once, reused

WHY: Final = "a call for help is shown to everyone who works on its unit"
NAMESPACE: Final = UUID("5d6a1f7e-92b4-5c0e-b0a7-1c44c1f2a9d3")  # of what is said at a desk


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who speaks: from which unit, on which phone if on one, and who, where somebody is known."""

    unit: Unit
    device: Device | None = None
    person: Person | None = None


@transaction.atomic
def say(word: Word, speaker: Speaker, now: datetime) -> Call:
    """Store what is said of a call; said again it changes nothing. Returns the call.

    A call is never refused for what is wrong beside it: a person or a room that is not known is
    left out, and so is a sign in its words that cannot be stored.

    Raises:
        Refusal ``entry-id-reused``: something else was said under this id.
        Refusal ``unknown-call``: what is said is about none of this unit.
        Refusal ``sign-in-first``: nobody has unlocked this phone; it may call, and no more.
        Refusal ``not-allowed``: this person does not work in care on this unit.
        Refusal ``not-there``: only the caller, who came, a lead or a nurse says that it is over.
    """
    at = now - timedelta(milliseconds=word.age_ms)
    if word.says == "called":
        return _call(word, speaker, at, now)
    call: Call | None = Call.objects.as_system(WHY).filter(pk=word.call, unit=speaker.unit).first()
    if call is None:
        raise Refusal("unknown-call", _("This unit has no such call."), field="call")
    person = _known(speaker)
    if word.says == "over":
        _must_know(person, call)
    _keep(word, call, person, at, now)
    match word.says:
        case "coming" | "there":
            _answer(call, person, now, _("%(name)s is coming.") % {"name": person.short_name})
        case "over":
            Open.objects.filter(call=call).delete()
            _answer(call, person, now, _("%(name)s: it is over.") % {"name": person.short_name})
    return call


def _call(word: Word, speaker: Speaker, at: datetime, now: datetime) -> Call:
    room = _usable(word.room, ROOM_MAX)
    call: Call
    call, created = Call.objects.as_system(WHY).get_or_create(
        pk=word.id,
        defaults={
            "unit": speaker.unit,
            "device": speaker.device,
            "caller": speaker.person,
            "stay_id": _here(word.stay, speaker.unit),
            "room": room,
            "room_by": word.room_by if room else "",
            "room_at": at - timedelta(seconds=word.room_age_s) if room else None,
            "called_at": at,
            "received_at": now,
        },
    )
    if created:
        _keep(word, call, speaker.person, at, now)
        Open.objects.create(call=call)
        raise_found([_wrong(call)], now)
    elif call.unit_id != speaker.unit.pk:
        raise Refusal("unknown-call", _("This unit has no such call."), field="call")
    elif call.room != room:  # who called, and for whom, may be known better when it is sent again
        raise reused()
    return call


def _here(stay_id: UUID | None, unit: Unit) -> UUID | None:
    here = (
        Standing.objects.as_system("whether the phone may name this stay")
        .filter(stay=stay_id, unit=unit)
        .exists()
        if stay_id
        else False
    )
    return stay_id if here else None


def _known(speaker: Speaker) -> Person:
    if speaker.person is None:
        raise Refusal("sign-in-first", _("Unlock the phone first, so that your name stands there."))
    require(speaker.person, Action.HELP, speaker.unit.pk)
    return speaker.person


def _must_know(person: Person, call: Call) -> None:
    """Pass for whoever can know that it is over: who called, who came, a lead, a nurse."""
    came = Said.objects.filter(call=call, by=person, says__in=("coming", "there")).exists()
    if (
        person.pk != call.caller_id
        and not came
        and not may(person, Action.ANSWER_ROUNDS, call.unit_id)
    ):
        raise Refusal(
            "not-there",
            _("Only who called, who came, a lead or a nurse can say that it is over."),
        )


def _keep(word: Word, call: Call, by: Person | None, at: datetime, now: datetime) -> None:
    said = {
        "call_id": call.pk,
        "says": word.says,
        "by_id": by.pk if by else None,
        "outcome": word.outcome,
        "words": _usable(word.words, WORDS_MAX),
    }
    keep_once(Said.objects, word.id, said, at=at, received_at=now)


def _usable(text: str, most: int) -> str:
    return storable(UNUSABLE.sub("", text), field="words")[:most]  # some letters become two


def _wrong(call: Call) -> Wrong:
    pack = call.unit.pack
    return Wrong(
        kind=HELP,
        about=call.unit_id,
        since=call.called_at,
        pack=pack,
        again_after=timedelta(seconds=pack.limits.help_again_s),
        columns={"unit_id": call.unit_id, "raised_by_id": call.caller_id},
    )


def _answer(call: Call, by: Person, now: datetime, words: str) -> None:
    """Take the call's alert off the list: somebody said by name that they come, or it is over."""
    alerts = Alert.objects.as_system(WHY).filter(
        kind=HELP, unit=call.unit_id, happened_at=call.called_at, waiting__isnull=False
    )
    for alert_id in alerts.values_list("pk", flat=True):
        try:
            acknowledge(alert_id, by=by, words=words, at=now)
        except Refusal as refusal:
            if refusal.code != "already-answered":  # by somebody else in the same moment
                raise


def tell_again(now: datetime) -> int:
    """Raise an alert anew for calls that nobody has spoken of for a while and that are open yet.

    Somebody said that they come, and then nothing: were they held up? Looked at by the ticker.
    """
    quiet = []
    for call in still_open(Call.objects.as_system(WHY)).annotate(heard_at=Max("said__received_at")):
        again = timedelta(seconds=call.unit.pack.limits.help_again_s)
        if now - call.heard_at >= again:
            quiet.append(_wrong(call))
    return len(raise_found(quiet, now))


def still_open(calls: "QuerySet[Call]") -> "QuerySet[Call]":
    """Narrow calls to those of which nobody has said that they are over; the first first."""
    return calls.filter(open__isnull=False).select_related("unit").order_by("called_at", "pk")


def said_at_desk(says: str, call_id: UUID, person: Person) -> UUID:
    """Return the id of what this person says of a call at a desk: sent twice, it is the same."""
    return uuid5(NAMESPACE, f"{call_id}:{person.pk}:{says}")


def standing() -> frozenset[tuple[UUID, UUID, int]]:
    """Return every open call: its unit, its id, and how much was said of it.

    Where this is as it was, so is what boards and phones show of calls.
    """
    rows = Open.objects.annotate(said=Count("call__said")).values_list("call__unit", "pk", "said")
    return frozenset(rows)
