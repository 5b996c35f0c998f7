"""What a message means for a unit. Plain: a message in, instructions out; nothing is looked up."""

from dataclasses import dataclass
from datetime import date

from milieu.census.numbers import ONLY_OTHERS, is_kept, rank
from milieu.hl7 import times
from milieu.hl7.answers import missing
from milieu.hl7.events import ACTIONS, INSTEAD, PASSED_OVER, Action
from milieu.hl7.messages import About, Message, Name, Number, Place, Visit
from milieu.hl7.times import Said
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable

SYSTEM_MAX, NUMBER_MAX, NAME_MAX, PREFERRED_MAX = 200, 200, 120, 60  # as the census stores them

SEX = {"F": "female", "M": "male", "O": "other", "A": "other", "U": "unknown", "N": "unknown"}
SEX |= {"FEMALE": "female", "MALE": "male", "OTHER": "other", "UNKNOWN": "unknown", "X": "other"}

WITHOUT_VISIT = frozenset({Action.KEEP_DETAILS, Action.MERGE, Action.RENUMBER})
WHO_NEEDED = "Without a number nobody can be told apart."


@dataclass(frozen=True, kw_only=True)
class Who:
    """A person in care as the message knows them. Empty means not said."""

    at: str  # where in the message: "PID^1"
    numbers: tuple[tuple[str, str], ...]  # (system, value), the main one first
    family_name: str = ""
    given_name: str = ""
    preferred_name: str = ""
    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One thing to do about one person."""

    action: Action
    event: str
    who: Who
    merged: tuple[tuple[str, str], ...] = ()  # numbers that turned out to be this person's too
    visit: Visit
    times: tuple[Said, ...]  # when it happened, best evidence first


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What is to be done about a message; ``passed_over`` says why when it is nothing."""

    instructions: tuple[Instruction, ...] = ()
    passed_over: str = ""
    notes: tuple[str, ...] = ()


def meaning(message: Message) -> Meaning:
    """Say what a message means.

    Raises:
        Refusal: it cannot be acted on; ``field`` says where the reason stands.
    """
    _require_supported(message)
    if why := PASSED_OVER.get(message.event):
        return Meaning(passed_over=f"ADT^{message.event}: {why}. Nothing was stored.")
    if not message.about:
        raise Refusal(
            "segment-sequence", "There is no PID segment. Say whom this is about.", field="PID^1"
        )
    action = ACTIONS[message.event]
    if len(message.about) > 1 and action not in (Action.MERGE, Action.RENUMBER):
        where = message.about[1].at
        text = f"{where} is a second person in an {message.event}. Send one message for each."
        raise Refusal("segment-sequence", text, field=where)
    notes: list[str] = []
    instructions = tuple(_instruction(action, message, about, notes) for about in message.about)
    return Meaning(instructions=instructions, notes=(*_header_notes(message), *notes))


def _require_supported(message: Message) -> None:
    if not message.kind:
        raise missing("MSH^1^9", "Name the message's type, such as ADT^A01.")
    if message.kind != "ADT":
        text = f"{message.kind[:20]} is not taken at this door, only ADT. Route it elsewhere."
        raise Refusal("message-type", text, field="MSH^1^9^1")
    if not message.event:
        raise missing("MSH^1^9^2", "Name the event, such as A01.")
    if instead := INSTEAD.get(message.event):
        text = f"ADT^{message.event} is not acted on here. {instead}"
        raise Refusal("event-unsupported", text, field="MSH^1^9^2")
    if message.event not in ACTIONS and message.event not in PASSED_OVER:
        text = (
            f"There is no ADT event {message.event[:20]!r}. docs/interfaces.md lists those known."
        )
        raise Refusal("event-unsupported", text, field="MSH^1^9^2")


def _header_notes(message: Message) -> list[str]:
    notes = []
    if message.recorded_event and message.recorded_event != message.event:
        said = message.recorded_event[:20]
        notes.append(f"EVN-1 says {said}, MSH-9 says {message.event}: MSH-9 was followed.")
    if not message.control_id:
        notes.append("MSH-10 is empty: the message is known again by its content.")
    if message.processing and message.processing != "P":
        notes.append(f"MSH-11 is {message.processing[:3]}, not P (production): taken as sent.")
    return notes


def _instruction(action: Action, message: Message, about: About, notes: list[str]) -> Instruction:
    merged: tuple[tuple[str, str], ...] = ()
    if action in (Action.MERGE, Action.RENUMBER):
        if not about.merged_at:
            text = f"{about.at} is followed by no MRG segment. Say which number is no longer used."
            raise Refusal("segment-sequence", text, field=about.at)
        where, why = f"{about.merged_at}^1", "Say which number is no longer used."
        merged = _systems(about.merged, message.facility, where, why)
    if about.has_died and action is not Action.DISCHARGE:
        said = f"{about.at}^30 says that this person has died"
        notes.append(f"{said}: taken as sent. A stay goes on until A03.")
    return Instruction(
        action=action,
        event=message.event,
        who=_who(message, about, notes),
        merged=merged,
        visit=_bounded(about.visit),
        times=_times(action, message, about.visit),
    )


def needs_visit(instruction: Instruction) -> bool:
    """Return whether the standard has a PV1 in every message of this event."""
    return instruction.action not in WITHOUT_VISIT


def _who(message: Message, about: About, notes: list[str]) -> Who:
    numbers = _systems(about.numbers, message.facility, f"{about.at}^3", WHO_NEEDED)
    legal, nick = _legal(about.names), _nickname(about.names)
    sex = SEX.get(about.sex.upper(), "")
    if about.sex and not sex:
        notes.append(f"{about.at}^8 is not a value of table 0001: sex was not taken.")
    return Who(
        at=about.at,
        numbers=numbers,
        family_name=_text(legal.family, f"{about.at}^5^1", NAME_MAX),
        given_name=_text(legal.given, f"{about.at}^5^2", NAME_MAX),
        preferred_name=_text(nick, f"{about.at}^5^2", PREFERRED_MAX),
        birth_date=_born(about, notes),
        sex=sex,
    )


def _born(about: About, notes: list[str]) -> date | None:
    location = f"{about.at}^7"
    born = times.birth_date(location, about.birth_date)
    if about.birth_date and born is None:
        notes.append(f"{location} is not exact to the day: the date of birth was not taken.")
    return born


def _systems(
    numbers: tuple[Number, ...], facility: str, location: str, why: str
) -> tuple[tuple[str, str], ...]:
    """Return the numbers to keep as (system, value), those of a medical record first.

    Raises:
        Refusal ``field-missing``: there is none. ``why`` says what one is needed for.
    """
    kept = [each for each in numbers if is_kept([each.kind], each.authority)]
    kept.sort(key=lambda number: rank([number.kind]))
    pairs = (
        (
            _text(number.authority or facility or "hl7", f"{location}^4", SYSTEM_MAX),
            _text(number.value, f"{location}^1", NUMBER_MAX),
        )
        for number in kept
    )
    found = tuple(dict.fromkeys(pair for pair in pairs if pair[1]))
    if found:
        return found
    if numbers:
        raise Refusal("field-missing", f"{location} {ONLY_OTHERS}", field=location)
    raise missing(location, why)


def _legal(names: tuple[Name, ...]) -> Name:
    """Return the legal name if whole, else the first whole one, else the first with a part."""
    whole = [name for name in names if name.family and name.given]
    part = [name for name in names if name.family or name.given]
    legal = [name for name in whole if name.kind == "L"]
    return next(iter([*legal, *whole, *part]), Name())


def _nickname(names: tuple[Name, ...]) -> str:
    return next((name.given for name in names if name.kind == "N" and name.given), "")


def _text(text: str, location: str, longest: int) -> str:
    if len(text) > longest:
        said = f"{location} is longer than {longest} characters. Shorten it and send it again."
        raise Refusal("too-long", said, field=location)
    return " ".join(storable(text, field=location).split())


def _bounded(visit: Visit) -> Visit:
    for place, number in ((visit.place, 3), (visit.prior, 6)):
        _place(place, f"{visit.at or 'PV1^1'}^{number}")
    return visit


def _place(place: Place, location: str) -> None:
    said = (place.point_of_care, place.room, place.bed, place.facility)
    for component, text in enumerate(said, start=1):
        _text(text, f"{location}^{component}", NAME_MAX)


def _times(action: Action, message: Message, visit: Visit) -> tuple[Said, ...]:
    """Return when it happened, best evidence first: the visit's, the event's, the header's."""
    of_visit = {
        Action.ADMIT: ("44", visit.admitted_at),
        Action.DISCHARGE: ("45", visit.discharged_at),
    }
    number, text = of_visit.get(action, ("", ""))
    said = (
        (f"{visit.at}^{number}", text),
        ("EVN^1^6", message.occurred_at),
        ("EVN^1^2", message.recorded_at),
        ("MSH^1^7", message.sent_at),
    )
    return tuple(pair for pair in said if pair[1])
