"""The board's rows, in two statements at most however long the histories are.

Whoever calls has asked whether the reader may see people on this unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import Func, TextField, Value

from milieu.alerts.models import Acknowledgement, Alert
from milieu.board.cards import Card, Held, Hold, Seen, Sleep
from milieu.census.models import Patient, Standing, Unit
from milieu.census.services import HERE
from milieu.help.models import Said
from milieu.people.models import Person
from milieu.record.prepared import Prepared
from milieu.record.stamp import Stamp, Unmoved
from milieu.record.statements import Row

ASKED = "the reader may see people on this unit: asked before"
ROWS = msgspec.json.Decoder(list[tuple[str | int | None, ...]])
BED = ("bed__room__name", "bed__name")
NAMES = ("preferred_name", "given_name", "family_name")
CLOCK = ("level", "due_at", "last_at", "tried_at")
HOLD = (
    *("holder_id", "holder__name", "since", "purpose", "given_by__name", "until", "eyes_since"),
    *("offer_id", "offer__offer__to__name", "offer__offer__role"),
    "asked__name",
)
LAST = Seen._fields
UNIT_COLUMNS = ("id", "name", "time_zone", "pack_name")
HERE_COLUMNS = (
    "stay_id",
    "state",
    "since",
    "back_by",
    "escort__name",
    *BED,
    *(f"stay__patient__{name}" for name in NAMES),
    *(f"stay__clock__{name}" for name in CLOCK),
    *(f"stay__hold__{name}" for name in HOLD),
    *(f"stay__clock__last__{name}" for name in LAST),
    *(f"stay__clock__tried__{name}" for name in LAST),
    *(f"stay__sleep__{name}" for name in Sleep._fields),
    *(f"stay__under_way__{name}" for name in Held._fields),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An alert that nobody has answered, with its owner and its clock."""

    alert_id: UUID
    stay_id: UUID
    kind: str
    words: str
    owner_role: str
    answer_by: datetime
    raised_by: str
    limit: str  # which legal limit it is about


class CallShown(NamedTuple):
    """An open call for help: where, since when, who called or from which phone, who comes."""

    room: str
    called_at: datetime
    caller: str
    near: bool  # it is where that phone was last used
    coming: list[str]
    there: list[str]

    @property
    def who(self) -> str:
        """Whoever said by name that they come, or that they are there."""
        return ", ".join(dict.fromkeys([*self.there, *self.coming]))


WAITING_COLUMNS = (
    *("pk", "stay_id", "kind", "words", "owner_role", "answer_by", "raised_by__name"),
    "deadline__what",
)
CALL_COLUMNS = (
    *("call_id", "says", "by__name", "call__room", "call__called_at", "call__caller__name"),
    "call__device__name",
    "call__room_by",
)
Given = str | tuple[Row, ...]  # rows as the driver gave them; from SQLite, their text


class Answers(NamedTuple):
    """What a board rests on, as the database gave it. Equal answers make the same board."""

    here: Given
    waiting: Given
    calls: Given


def _here(units: Sequence[UUID]) -> models.QuerySet[Any, Any]:
    here: models.QuerySet[Any, Any]
    here = Standing.objects.as_system("of a board, whose page lets its reader in")
    return here.filter(unit__in=units, state__in=HERE)


def _waiting(units: Sequence[UUID]) -> models.QuerySet[Any, Any]:
    alerts: models.QuerySet[Any, Any] = Alert.objects.as_system(ASKED).filter(
        stay__standing__unit__in=units, waiting__isnull=False
    )
    return alerts


def _calls(units: Sequence[UUID]) -> models.QuerySet[Any, Any]:
    """Everything that was said of the open calls for help: mostly nothing."""
    return Said.objects.filter(call__open__isnull=False, call__unit__in=units).order_by()


def _texts(units: Sequence[UUID]) -> models.QuerySet[Any, Any]:
    here = _here(units).values_list(Value("here"), _text(HERE_COLUMNS))
    waiting = _waiting(units).values_list(Value("waiting"), _text(WAITING_COLUMNS))
    calls = _calls(units).values_list(Value("calls"), _text(CALL_COLUMNS))
    return here.union(waiting, calls, all=True)


def _text(columns: Sequence[str]) -> Func:
    row = Func(*columns, function="json_array", output_field=TextField())
    return Func(row, function="json_group_array", output_field=TextField())


UNIT = Prepared(lambda units: Unit.objects.filter(pk__in=units).values_list(*UNIT_COLUMNS))
HERE_NOW = Prepared(lambda units: _here(units).values_list(*HERE_COLUMNS))
WAITING = Prepared(lambda units: _waiting(units).values_list(*WAITING_COLUMNS))
CALLS = Prepared(lambda units: _calls(units).values_list(*CALL_COLUMNS))
TEXTS = Prepared(_texts)
_answers, _units = Unmoved({}), Unmoved({})


def answers(unit_id: UUID, now: Stamp | None = None) -> Answers:
    """Ask for everyone on this unit's list, for what waits for an answer, and for open calls.

    Where the stamp ``now`` says that nothing was stored since, the answer is the last one.
    SQLite is asked for all rows as one text. It lets other threads run before each row that it
    gives: with eight readers 40 rows took 0.44 ms, as one text 0.15.
    """
    ask = _as_texts if connection.vendor == "sqlite" else _as_rows
    return _answers.get(unit_id, now, lambda: ask(unit_id))


def _as_rows(unit_id: UUID) -> Answers:
    return Answers(*(tuple(each.rows([unit_id])) for each in (HERE_NOW, WAITING, CALLS)))


def _as_texts(unit_id: UUID) -> Answers:
    return Answers(**dict(TEXTS.rows([unit_id])))


def cards(answers: Answers) -> list[Card]:
    """Return a card for everyone on the unit's list, those away included."""
    return [_card(row) for row in _rows(answers.here)]


def waiting(answers: Answers) -> list[Waiting]:
    """Return the alerts of the unit that wait for an answer, the most urgent first."""
    alerts = [_alert(row) for row in _rows(answers.waiting)]
    return sorted(alerts, key=lambda alert: (alert.answer_by, alert.alert_id))


def calls(answers: Answers) -> list[CallShown]:
    """Return the unit's open calls for help, the first first."""
    found: dict[UUID, CallShown] = {}
    for row in CALLS.read(_rows(answers.calls)):
        call_id, says, by, room, called_at, caller, phone, room_by = row
        from_whom, near = _short(caller) or phone or "", room_by == "check"
        call = found.setdefault(call_id, CallShown(room, called_at, from_whom, near, [], []))
        if says in ("coming", "there") and by:
            (call.coming if says == "coming" else call.there).append(_short(by))
    return sorted(found.values(), key=lambda call: call.called_at)


def _rows(given: Given) -> Sequence[Row]:
    return ROWS.decode(given) if isinstance(given, str) else given


def units(unit_ids: Sequence[UUID], now: Stamp | None = None) -> list[Unit]:
    """Return these units by name. One that has not changed is the same object."""
    rows = _units.get(tuple(unit_ids), now, lambda: UNIT.rows(unit_ids))
    return [_unit(row) for row in rows]


def unit(unit_id: UUID, now: Stamp | None = None) -> Unit:
    """Return a unit that is there. One that has not changed is the same object."""
    (found,) = units([unit_id], now)
    return found


def answered(alerts: frozenset[UUID]) -> set[UUID]:
    """Return which of these alerts have been answered."""
    return set(Acknowledgement.objects.filter(pk__in=alerts).values_list("pk", flat=True))


@lru_cache(maxsize=256)
def _unit(row: Row) -> Unit:
    return Unit.from_db(DEFAULT_DB_ALIAS, UNIT_COLUMNS, UNIT.read([row])[0])


@lru_cache(maxsize=4096)
def _card(row: Row) -> Card:
    """Make a card from a row. A row that has not changed is the same card."""
    values = iter(HERE_NOW.read([row])[0])

    def some(names: tuple[str, ...]) -> list[Any]:
        return [next(values) for _ in names]

    stay_id, state, since, back_by, escort = some(("",) * 5)
    room, bed = some(BED)
    called = Patient(**dict(zip(NAMES, some(NAMES), strict=True)))
    level, due_at, last_at, tried_at = some(CLOCK)
    *hold, asked = some(HOLD)
    seen, tried = Seen(*some(LAST)), Seen(*some(LAST))
    sleep = Sleep(*some(Sleep._fields))
    held = Held(*some(Held._fields))
    return Card(
        stay_id=stay_id,
        room=f"{room or ''}{bed or ''}",
        initials=called.initials,
        name=called.screen_name,
        state=state,
        since=since,
        back_by=back_by,
        escort=_short(escort),
        level=level or "",
        asked=_short(asked),
        due_at=due_at,
        last_at=last_at,
        seen=seen if seen.outcome else None,
        tried_at=tried_at,
        tried=tried if tried.outcome else None,
        hold=_hold(hold),
        sleep=sleep if sleep.nights else None,
        held=held if held.newest else None,
    )


def _hold(values: list[Any]) -> Hold | None:
    holder_id, holder, since, purpose, given_by, until, eyes_since, offer_id, to, role = values
    if holder_id is None:
        return None
    return Hold(
        holder_id=holder_id,
        holder=_short(holder),
        since=since,
        relieves=_short(given_by) if purpose == "break" else "",
        until=until,
        eyes_since=eyes_since,
        offered=bool(offer_id),
        offered_to=_short(to),
        offered_role=role or "",
    )


@lru_cache(maxsize=1024)
def _alert(row: Row) -> Waiting:
    alert_id, stay_id, kind, words, role, answer_by, raised_by, limit = WAITING.read([row])[0]
    return Waiting(
        alert_id=alert_id,
        stay_id=stay_id,
        kind=kind,
        words=words,
        owner_role=role,
        answer_by=answer_by,
        raised_by=_short(raised_by),
        limit=limit or "",
    )


def _short(name: str | None) -> str:
    return Person(name=name).short_name if name else ""
