"""``GET /phone/pull``: what this person may see here, and what changed since. See docs/wire.md."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milieu.admissions.models import Movement
from milieu.alerts.kinds import CONCERN
from milieu.alerts.models import Acknowledgement, Alert
from milieu.calm.packed import for_phones as plans_for_phones
from milieu.calm.packed import ways_for_phones
from milieu.census.models import Standing, Unit
from milieu.census.packs import pack
from milieu.census.services import HERE
from milieu.crisis.packed import for_phones as held_for_phones
from milieu.crisis.packed import held_on, words_for_phones
from milieu.help.shown import for_phones
from milieu.incident.said import going_on
from milieu.instruments import packed
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import may, reach_of
from milieu.people.models import Grant, Person, ShiftSession
from milieu.people.rules import GRANTED, Action
from milieu.phone.http import answer, door
from milieu.phone.speaker import speaker
from milieu.phone.told import alerts_for
from milieu.presence.services import tag_rooms
from milieu.record import anchors, epoch
from milieu.record.ledger import newest_seq
from milieu.record.models import Entry
from milieu.record.shapes import json_schemas
from milieu.rounds.models import Clock, Hold, SafetyCheck
from milieu.rounds.tiles import usual_tiles
from milieu.seals import witness
from milieu.sleep.projection import protected
from milieu.vitals.again import for_phones as vitals_for_phones
from milieu.vitals.measures import measures
from milieu.wellbeing.services import rather_not

WIRE = 1
# A phone that asks about longer ago than this is told everything.
SINCE_MAX = timedelta(minutes=10)
POSITION_LENGTH_MAX = 18  # digits: more than a position ever has, and no more than fit in one


@door
@require_safe
def pull(request: HttpRequest) -> HttpResponse:
    """Tell a phone about its unit: everything, or what changed since its cursor."""
    session = speaker(request)
    unit, person, now = session.device.unit, session.person, clock.now()
    if not may(person, Action.SEE, unit.pk):
        text = _("You have no role on %(unit)s. Ask the unit manager.") % {"unit": unit}
        raise Refusal("not-on-this-unit", text)
    position = newest_seq()
    since = _since(request.GET.get("since", ""), now)
    # The clocks of who is held go on by themselves: they are told with every pull.
    changed = None if since is None else _changed(unit, since, now) | held_on(unit)
    words, version = _pack(unit, now)
    known = request.GET.get("pack") == version
    return answer(
        {
            "wire": WIRE,
            "received_at": clock.rfc3339(now),
            "anchor": anchors.issue(session.device_id, now),
            "cursor": f"{position}-{epoch.current()}",
            "durable_upto": position,
            "head": witness.head(unit.facility_id),
            "epoch": epoch.current(),
            "whole": since is None,
            "device": {"id": session.device_id, "name": session.device.name},
            "person": _me(person, unit),
            "people": _people(unit, now),
            "unit": {
                "id": unit.pk,
                "name": unit.name,
                "time_zone": unit.time_zone,
                "pack_version": version,
            },
            **({} if known else {"pack": words}),
            **_stays(session, changed, now),
            "alerts": alerts_for(session),
            "calls": for_phones(unit.pk),
            "incidents": _incidents(unit, now),
            "apart": sorted(rather_not(person, now, unit)),
        }
    )


@door
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Give the JSON Schema of each kind of fact. It tells nothing of anyone: no sign-in."""
    return answer({"kinds": json_schemas()})


def _since(cursor: str, now: datetime) -> tuple[int, datetime] | None:
    """Return the position to tell from and when it was stored, or None to tell everything.

    A position of another life of the record says nothing: after a restore its numbers come again.
    """
    number, _, life = cursor.partition("-")
    is_position = number.isdecimal() and len(number) <= POSITION_LENGTH_MAX
    if life != str(epoch.current()) or not is_position:
        return None
    entries = Entry.objects.as_system("a position tells nothing of anyone")
    stored_at = entries.filter(seq=int(number)).values_list("stored_at", flat=True).first()
    return (int(number), stored_at) if stored_at and now - stored_at < SINCE_MAX else None


def _changed(unit: Unit, since: tuple[int, datetime], now: datetime) -> set[UUID]:
    """Return the stays that something was stored about, or answered, and of whose names changed."""
    lately = now - SINCE_MAX
    entries = Entry.objects.as_system("narrowed to the unit by its standings")
    answered = Acknowledgement.objects.filter(at__gt=lately)
    renamed = _here(unit).filter(stay__patient__details_at__gt=lately)
    return {
        *entries.stored_since(*since).values_list("stay_id", flat=True).distinct(),
        *answered.values_list("alert__stay_id", flat=True).distinct(),
        *renamed.values_list("stay_id", flat=True),
    }


def _me(person: Person, unit: Unit) -> dict[str, Any]:
    roles = reach_of(person).get(unit.pk, frozenset())
    return {
        "id": person.pk,
        "name": person.short_name,
        "initials": person.initials,
        "roles": sorted(roles),
        "may": [action for action in Action if may(person, action, unit.pk)],
    }


def _people(unit: Unit, now: datetime) -> list[dict[str, Any]]:
    """Who may be offered to unlock a phone of this unit: those who walk rounds here."""
    held = Grant.objects.filter(
        Q(unit=unit) | Q(facility=unit.facility_id),
        Q(ends_at=None) | Q(ends_at__gt=now),
        starts_at__lte=now,
        role__in=GRANTED[Action.CHECK],
    )
    people = Person.objects.filter(is_active=True, pk__in=held.values("person"))
    return [{"id": one.pk, "name": one.short_name, "initials": one.initials} for one in people]


def _stays(session: ShiftSession, changed: set[UUID] | None, now: datetime) -> dict[str, Any]:
    unit = session.device.unit
    standings = _here(unit).select_related(
        "stay__patient",
        "bed__room",
        "stay__clock__last__entry__author",
        "stay__clock__tried__entry__author",
        "stay__hold__holder",
        "stay__hold__given_by",
        "stay__hold__asked",
        "stay__hold__offer__author",
        "stay__hold__offer__offer__to",
        "stay__clock__observer",
        "stay__clock__level_entry__levelorder",
        "stay__sleep",
        "stay__vitals",
        "stay__under_way",
        "unit",
    )
    if changed is not None:
        standings = standings.filter(stay__in=changed)
    found = list(standings)
    worried = _worried([standing.stay_id for standing in found])
    plans = plans_for_phones([standing.stay for standing in found])
    held = held_for_phones([standing.stay for standing in found], now)
    vitals = vitals_for_phones(standing.stay for standing in found)
    here = {standing.stay_id for standing in found}
    return {
        "stays": [
            _stay(standing, concern=standing.stay_id in worried)
            | plans[standing.stay_id]
            | {"held": held.get(standing.stay_id), "vitals": vitals.get(standing.stay_id)}
            for standing in found
        ],
        "gone": sorted(_were_here(changed - here, unit)) if changed else [],
    }


def _here(unit: Unit) -> Any:
    """Return where everybody stands who is on this unit, or away from it for a while."""
    whole = Standing.objects.as_system("of the phone's unit, on which its reader may see")
    return whole.filter(unit=unit, state__in=HERE)


def _were_here(stays: set[UUID], unit: Unit) -> set[UUID]:
    """Keep those that were on this unit once: a phone is told of nobody else's."""
    moved = Movement.objects.as_system("narrowed to the stays that are shown").filter(
        entry__stay__in=stays, unit=unit
    )
    return set(moved.values_list("entry__stay_id", flat=True))


def _incidents(unit: Unit, now: datetime) -> list[dict[str, Any]]:
    """Return the incidents that go on, so that whoever marks something marks it in the same."""
    here = _here(unit).values_list("stay", flat=True)
    return [{"id": each.incident, "stay": each.stay_id} for each in going_on(here, unit, now)]


def _worried(stays: Iterable[UUID]) -> set[UUID]:
    """Return the stays with a concern that no nurse has answered."""
    alerts = Alert.objects.as_system("narrowed to the stays that are shown")
    waiting = alerts.filter(stay__in=list(stays), kind=CONCERN, waiting__isnull=False)
    return set(waiting.values_list("stay_id", flat=True))


def _stay(standing: Standing, *, concern: bool) -> dict[str, Any]:
    patient = standing.stay.patient
    shown, hold = getattr(standing.stay, "clock", None), getattr(standing.stay, "hold", None)
    bed = standing.bed
    return {
        "id": standing.stay_id,
        "preferred_name": patient.called,
        "family_initial": patient.family_name[:1],
        "legal_name": patient.legal_name,
        "birth_date": patient.birth_date,
        "initials": patient.initials,
        "room": bed.room.name if bed else "",
        "bed": bed.name if bed else "",
        "state": standing.state,
        "state_since": clock.rfc3339(standing.since),
        "back_by": _moment(standing.back_by),
        "admitted_at": clock.rfc3339(standing.admitted_at),
        "level": _level(shown),
        "last": _look(shown.last, shown.last_at) if shown else None,
        "in_vain": _look(shown.tried, shown.tried_at) if shown else None,
        "due_at": _moment(shown.due_at) if shown else None,
        "holder": _named(hold.holder) if hold else None,
        "relieves": _relieves(hold),
        "eyes_since": _moment(hold.eyes_since) if hold else None,
        "offer": _offer(hold),
        "asked": _named(hold.asked) if hold else None,
        "concern": concern,
        "sleep": _sleep(standing),
    }


def _level(shown: Clock | None) -> dict[str, Any] | None:
    if shown is None or shown.level_entry is None:
        return None
    return {
        "code": shown.level,
        "since": clock.rfc3339(shown.level_entry.happened_at),
        "reason": shown.level_entry.levelorder.why,
        "observer": _named(shown.observer),
        "entry": shown.level_entry.entry_id,
    }


def _relieves(hold: Hold | None) -> dict[str, Any] | None:
    """Return who is on a break, and until when, while the holder relieves them."""
    if hold is None or hold.purpose != "break" or hold.given_by is None:
        return None
    return {**_person(hold.given_by), "until": _moment(hold.until)}


def _offer(hold: Hold | None) -> dict[str, Any] | None:
    """Return the offer that stands, with the state as whoever made it saw it."""
    if hold is None or hold.offer is None:
        return None
    said = getattr(hold.offer, "offer", None)  # none: given back to anyone, without a state
    return {
        "id": hold.offer.entry_id,
        "by": _person(hold.offer.author),
        "at": _moment(hold.offer.counted_at),
        "purpose": said.purpose if said else "shift",
        "to": _named(said.to) if said else None,
        "role": said.role if said else "",
        "until": _moment(said.until) if said else None,
        "sharps_out": said.sharps_out if said else "",
        "note": said.note if said else "",
    }


def _look(check: SafetyCheck | None, at: datetime | None) -> dict[str, Any] | None:
    """Return a look at somebody, with the time that counts for it."""
    if check is None:
        return None
    fact = {
        field: getattr(check, field)
        for field in ("outcome", "place", "position", "activity", "eyes", "breathing", "why")
    }
    return {
        "entry": check.entry.entry_id,
        "at": _moment(at),
        "fact": fact,
        "author": check.entry.author.short_name,
    }


def _sleep(standing: Standing) -> list[tuple[str, str]]:
    """Return the nights in which sleep is protected, by what is known now."""
    found = protected(getattr(standing.stay, "sleep", None), standing.unit.zone)
    return [(clock.rfc3339(start), clock.rfc3339(end)) for start, end in found]


def _named(person: Person | None) -> dict[str, Any] | None:
    return _person(person) if person else None


def _person(person: Person) -> dict[str, Any]:
    return {"id": person.pk, "name": person.short_name}


def _moment(moment: datetime | None) -> str | None:
    return clock.rfc3339(moment) if moment else None


def _pack(unit: Unit, now: datetime) -> tuple[dict[str, Any], str]:
    """Return the unit's words, tiles, instruments and doors as phones read them; their version.

    Of doors only the tags: whoever has not been there must not learn a code that is printed there.
    """
    tiles = tuple(tuple(hour) for hour in usual_tiles(unit))
    more = {
        "tiles": tiles,
        "doors": tag_rooms(unit),
        "instruments": packed.for_phones(),
        "ways": ways_for_phones(),
        "measures": [msgspec.to_builtins(each) for each in measures().values()],
        **words_for_phones(unit, now),
    }
    words = _words(unit.pack_name) | more
    version = sha256(msgspec.json.encode([_words(unit.pack_name), more])).hexdigest()[:12]
    return words | {"version": version}, version


@cache
def _words(pack_name: str) -> dict[str, Any]:
    chosen: dict[str, Any] = msgspec.to_builtins(pack(pack_name))
    del chosen["tiles"]
    return chosen | {"counts": ["seen"]}
