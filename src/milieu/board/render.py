"""The board as markup: what the page shows first, and what the live feed sends afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from milieu.alerts.kinds import CONCERN, LIMIT_PASSED, OVERDUE
from milieu.board import rows
from milieu.board.cards import (
    MINUTE,
    Card,
    Order,
    Timing,
    in_order,
    minute_after,
    next_change,
    timing,
)
from milieu.board.foot import Foot, feet
from milieu.board.held import HeldFace, faces_of_held, what_waits
from milieu.board.strip import strip
from milieu.board.words import ROLES, sentence
from milieu.census.models import Unit
from milieu.census.packs import pack
from milieu.census.sentences import parts
from milieu.kernel.clock import wall_time
from milieu.people.rules import Role
from milieu.presence.codes import wall_code
from milieu.presence.sheets import square
from milieu.record.spans import length
from milieu.record.stamp import Stamp
from milieu.sleep.projection import protected
from milieu.sleep.rules import night_at

KEPT_MAX = 256  # boards of a process: each unit's, in every order, language and way of naming
OLD = timedelta(hours=12)  # an hour of the clock alone would be read as today's
WALL_CELLS_FEW = 18  # cards that leave a wall of 1920 by 1080 room for larger words: three rows
WALL_CELLS = 24  # cards that a wall of 1920 by 1080 shows in full size; an overdue one takes two
WALL_CELLS_MANY = 35  # and one size down; more are smaller still
WALL_ALERTS = 8  # that a wall names at its foot, and how many more there are: cards need the room


class Wanted(msgspec.Struct, frozen=True):
    """What one open board shows. Boards that want the same are sent the same bytes."""

    unit_id: UUID
    language: str
    by_name: bool = False  # else initials
    order: Order = "due"
    wall: bool = False  # read from three metres by whoever passes: no words of concerns
    phone: bool = False  # no board: the calls for help alone, as phones read them

    def encoded(self) -> bytes:
        """Return this as JSON."""
        return msgspec.json.encode(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """A rendered board, what it rests on, and until when it stays true if nothing happens."""

    markup: str
    clock: str  # of the unit, when this was rendered
    at: datetime
    until: datetime
    unit: Unit
    answers: rows.Answers
    alerts: frozenset[UUID]

    def says(self, unit: Unit, answers: rows.Answers, now: datetime) -> bool:
        """Return whether rendering again, from these answers and now, would say the same."""
        return unit is self.unit and answers == self.answers and self.at <= now < self.until


_kept: dict[Wanted, Board] = {}  # the newest of each


class Place(NamedTuple):
    """What the words of a card depend on besides the card: the unit's clock and its pack."""

    time_zone: str
    pack_name: str


class About(NamedTuple):
    """What is so of a card beside its row."""

    worried: bool  # something about this person waits for the nurse's answer
    old: bool  # last seen so long ago that the day has to be said
    foot: Foot
    sleep_until: str  # protected now, until this hour
    held: HeldFace | None  # restrained or secluded: for how long, and what comes next


def board(unit: Unit, wanted: Wanted, now: datetime, stamp: Stamp | None = None) -> Board:
    """Read the unit and render it. The wanted language must be the active one.

    The record is asked each time. While it answers the same and no minute of the board has
    passed, whoever wants the same board is given the same rendering.
    """
    answers = rows.answers(unit.pk, stamp)
    kept = _kept.get(wanted)
    if kept and kept.says(unit, answers, now):
        return kept
    if len(_kept) >= KEPT_MAX:
        _kept.clear()
    newest = _kept[wanted] = _rendered(unit, wanted, answers, now)
    return newest


def _rendered(unit: Unit, wanted: Wanted, answers: rows.Answers, now: datetime) -> Board:
    cards, alerts = rows.cards(answers), rows.waiting(answers)
    worried = {alert.stay_id for alert in alerts if alert.kind == CONCERN}
    times = {card.stay_id: timing(card, now) for card in cards}
    place = Place(unit.time_zone, unit.pack_name)
    about = _about(cards, worried, unit, now)
    faces = [
        (card.away, _face(card, times[card.stay_id], about[card.stay_id], wanted, place))
        for card in in_order(cards, wanted.order, now)
    ]
    over = sum(time.state == "over" for time in times.values())
    away = sum(card.away for card in cards)
    cells = len(cards) - away + over
    waiting = _alerts(alerts, cards, wanted, unit, now)
    named = waiting[:WALL_ALERTS] if wanted.wall else waiting
    context = {
        "unit": unit,
        "wanted": wanted,
        "minute": now.replace(second=0, microsecond=0),
        "clock": wall_time(now, unit.zone),
        "day": date_format(now.astimezone(unit.zone), _("l, F j")),
        "people": len(cards),
        "on_leave": sum(card.state == "leave" for card in cards),
        "with_escort": sum(card.state == "escort" for card in cards),
        "over": over,
        "few": cells <= WALL_CELLS_FEW,
        "many": cells > WALL_CELLS,
        "crowd": cells > WALL_CELLS_MANY,
        "here": _joined(face for is_away, face in faces if not is_away),
        "away": _joined(face for is_away, face in faces if is_away),
        "calls": rows.calls(answers),
        "zone": unit.zone,
        "alerts": named,
        "more": len(waiting) - len(named),
        "waiting": len(waiting),
        "strip": strip(cards, unit, now),
        "code": _code(unit, now) if wanted.wall and unit.pack.limits.wall_code_s else None,
    }
    return Board(
        markup=get_template("board/now.html").render(context),
        clock=wall_time(now, unit.zone),
        at=now,
        until=_until(cards, alerts, now),
        unit=unit,
        answers=answers,
        alerts=frozenset(alert.alert_id for alert in alerts),
    )


def _code(unit: Unit, now: datetime) -> dict[str, Any]:
    """Return what the wall shows in this minute for those who walk past it with a phone."""
    code = wall_code(unit.facility_id, unit.pk, now)
    return {"words": code, "square": square(code)}


def _joined(faces: Iterable[str]) -> SafeString:
    """Put rendered cards one after the other; whatever is not a rendered card is escaped."""
    return format_html_join("", "{}", ((face,) for face in faces))


def _until(cards: list[Card], alerts: list[rows.Waiting], now: datetime) -> datetime:
    """Return when the board will say something else: the clock's next minute at the latest."""
    marks = [now.replace(second=0, microsecond=0) + MINUTE]
    marks += [mark for card in cards if (mark := next_change(card, now))]
    marks += [card.last_at + OLD for card in cards if card.last_at]
    marks += [minute_after(alert.answer_by, now) for alert in alerts]
    return min(mark for mark in marks if mark > now)


def _about(cards: list[Card], worried: set[UUID], unit: Unit, now: datetime) -> dict[UUID, About]:
    found, held = feet(cards, unit, now), faces_of_held(cards, now)
    return {
        card.stay_id: About(
            worried=card.stay_id in worried,
            old=card.last_at is not None and now - card.last_at >= OLD,
            foot=found[card.stay_id],
            sleep_until=_sleep_until(card, now, unit),
            held=held.get(card.stay_id),
        )
        for card in cards
    }


def _sleep_until(card: Card, now: datetime, unit: Unit) -> str:
    """Return until when sleep is protected now; the board is made anew each minute."""
    if card.sleep is None or not card.sleep.since <= now < card.sleep.until:
        return ""
    tonight = night_at(protected(card.sleep, unit.zone), now)
    return wall_time(tonight[1], unit.zone) if tonight else ""


@lru_cache(maxsize=4096)
def _face(card: Card, time: Timing, about: About, wanted: Wanted, place: Place) -> str:
    """Render one card. It is the same until something on it changes: its row, or its minutes."""
    zone = ZoneInfo(place.time_zone)
    level = pack(place.pack_name).level(card.level) if card.level else None
    context = {
        "card": card,
        "who": card.name if wanted.by_name else card.initials,
        "time": time,
        "level": level.short if level else "",
        "level_words": level.said(wanted.language) if level else "",
        "by": _said_time(card.due_at, zone, day=about.old),
        "word": _word(time),
        "last": sentence(card.seen, place.pack_name, wanted.language) if card.seen else "",
        "last_at": _said_time(card.last_at, zone, day=about.old),
        "tried": _tried(card, about, wanted, place),
        "since": _said_time(card.since, zone, day=True),
        "back_by": _said_time(card.back_by, zone, day=True),
        "worried": about.worried,
        "foot": about.foot,
        "sleep_until": about.sleep_until,
        "held": about.held,
        "wanted": wanted,
    }
    return get_template("board/away.html" if card.away else "board/card.html").render(context)


def _tried(card: Card, about: About, wanted: Wanted, place: Place) -> str:
    """Return when somebody looked since, and why they did not see this person."""
    if card.tried is None:
        return ""
    time = _said_time(card.tried_at, ZoneInfo(place.time_zone), day=about.old)
    return _("Tried %(time)s: %(why)s") % {
        "time": time,
        "why": parts(card.tried, place.pack_name, wanted.language),
    }


def _said_time(moment: datetime | None, zone: ZoneInfo, *, day: bool) -> str:
    """Return a time of the unit's clock, with its weekday where the hour alone would mislead."""
    if moment is None:
        return ""
    hour = wall_time(moment, zone)
    return f"{date_format(moment.astimezone(zone), 'D')} {hour}" if day else hour


def _word(time: Timing) -> str:
    span = length(timedelta(minutes=time.minutes))
    match time.state:
        case "over":
            return _("%(time)s over") % {"time": span} if time.minutes else _("due now")
        case "soon":
            return _("in %(time)s") % {"time": span}
        case "away" if time.minutes:
            return _("%(time)s late") % {"time": span}
    return ""


def _alerts(
    alerts: list[rows.Waiting], cards: list[Card], wanted: Wanted, unit: Unit, now: datetime
) -> list[dict[str, Any]]:
    about = {card.stay_id: card for card in cards}
    found: list[dict[str, Any]] = []
    told = OVERDUE if wanted.wall else None  # by the card of whoever it is about: last
    for alert in sorted(alerts, key=lambda each: (each.kind == told, each.kind != LIMIT_PASSED)):
        late = now - alert.answer_by
        card = about.get(alert.stay_id)
        found.append(
            {
                "id": alert.alert_id,
                "stay_id": alert.stay_id,
                "who": (card.name if wanted.by_name else card.initials) if card else "",
                "room": card.room if card else "",
                "words": "" if wanted.wall else alert.words,
                "what": what_waits(alert, unit.pack),
                "passed": alert.kind == LIMIT_PASSED,
                "raised_by": alert.raised_by,
                "owner": ROLES.get(Role(alert.owner_role), alert.owner_role),
                "by": wall_time(alert.answer_by, unit.zone),
                "late": length(late) if late >= timedelta() else "",
            }
        )
    return found
