"""Walks of a unit, prepared before anything is measured: as phones send them, as bare rows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from milieu.bench.house import House, Phone, Ward
from milieu.demo.rhythm import Temper, seen
from milieu.keeping.parts import LOOPBACK
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.rounds.rules import Ordered, deadline
from milieu.rounds.services import CHECK
from milieu.rounds.shape import SafetyCheck

STEP: Final = timedelta(milliseconds=1)  # between two looks: quicker than people
Q15: Final = timedelta(minutes=15)
TEMPER = Temper(wakeful=0.1)


class Look(NamedTuple):
    """One check of one person, as both sides of a measurement store it."""

    entry_id: UUID
    phone: Phone
    device_seq: int
    stay: UUID
    at: datetime
    fact: SafetyCheck


class Bare(NamedTuple):
    """One look as rows, but for the number of its entry: header, fact, what the clock becomes."""

    stay: UUID
    entry: tuple[Any, ...]
    fact: tuple[Any, ...]
    clock: tuple[Any, ...]


def walks(house: House, ward: Ward, phone: Phone, *, seed: int) -> Iterator[list[Look]]:
    """Yield walks of this unit by this phone, everyone seen once in each, for ever."""
    chance = Random(f"{seed} {phone.device}")  # noqa: S311 (invented observations)
    at = house.made_at
    numbers = count(1)
    while True:
        looks = []
        for stay in ward.stays:
            at += STEP
            fact = replace(seen(TEMPER, at, chance), nurse_should_know="")
            looks.append(Look(uuid7(), phone, next(numbers), stay, at, fact))
        yield looks


def request(looks: list[Look], port: int) -> bytes:
    """Return a whole ``POST /phone/push`` of these looks, ready to be sent."""
    phone = looks[0].phone
    body = msgspec.json.encode(
        {
            "wire": 1,
            "device": phone.device,
            "sent_at": clock.rfc3339(looks[-1].at),
            "head_seen": None,
            "entries": [_on_the_wire(look) for look in looks],
        }
    )
    head = (
        f"POST /phone/push HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\n"
        f"Authorization: Bearer {phone.device_token}\r\nMilieu-Session: {phone.session_token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _on_the_wire(look: Look) -> dict[str, Any]:
    at = clock.rfc3339(look.at)
    return {
        "id": look.entry_id,
        "device_seq": look.device_seq,
        "kind": CHECK,
        "stay": look.stay,
        "author": look.phone.author,
        "happened_at": at,
        "written_at": at,
        "clock": {"anchor": look.phone.anchor, "offset_ms": 0, "age_s": 60},
        "amends": None,
        "reason": "",
        "fact": look.fact,
    }


ENTRY = (
    "entry_id, kind, stay_id, author_id, device_id, device_seq, happened_at, written_at, "
    "stored_at, clock_offset_ms, clock_age_s, anchor_at, counted_at, amends_id, struck, reason, "
    "content_sha256"
)
FACT = (
    "outcome, place, position, activity, eyes, breathing, why, note, nurse_should_know, "
    "presence, presence_said, grade, doubt, tag_uid"
)
CLOCK = "level, level_entry_id, level_from, observer_id, last_at, tried_id, tried_at, due_at"


def bare(look: Look, made_at: datetime) -> Bare:
    """Return the rows that the ledger and the projection write of this look."""
    levels = [Ordered(at=made_at, gap=Q15)]
    said, phone = look.fact, look.phone
    content = sha256(look.entry_id.bytes).digest()
    at = look.at.astimezone(UTC)
    entry = (
        *(look.entry_id, CHECK, look.stay, phone.author, phone.device, look.device_seq),
        *(at, at, at, 0, 60, made_at, at, None, False, "", content),
    )
    fact = (
        *(said.outcome, said.place, said.position, said.activity, said.eyes, said.breathing),
        *(said.why, said.note, said.nurse_should_know),
        *("", "", "", "", ""),  # nothing that shows presence
    )
    shown = ("q15", None, made_at, None, at, None, None, deadline(at, levels))
    return Bare(look.stay, entry, fact, shown)
