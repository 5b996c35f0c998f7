"""What a person and their encounters mean for a unit. Plain: nothing is looked up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.humanname import HumanName
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.patient import Patient

from milieu.census.numbers import ONLY_OTHERS, is_kept, rank
from milieu.fhir.bundle import Coming, Placed
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable

SYSTEM_MAX, NUMBER_MAX, NAME_MAX, PREFERRED_MAX = 200, 200, 120, 60  # as the census stores them

# http://terminology.hl7.org/ValueSet/v3-ActEncounterCode: those in which someone stays
STAYING = frozenset({"IMP", "ACUTE", "NONAC"})
HERE_NOW = frozenset({"arrived", "triaged", "in-progress", "onleave"})
STRUCK = frozenset({"cancelled", "entered-in-error"})

STATUSES = HERE_NOW | STRUCK | {"planned", "finished", "unknown"}
GENDERS = frozenset({"female", "male", "other", "unknown"})


class Action(StrEnum):
    """What the Bundle asks of a unit about one person."""

    STAY = "stay"  # they are in care since a time that it says
    ADMIT_NOW = "admit now"  # it speaks of nothing open: taking them in is what was asked for
    EXPECT = "expect"  # they will come, or their admission was called off


@dataclass(frozen=True, kw_only=True)
class Who:
    """A person in care as the Bundle knows them."""

    numbers: tuple[tuple[str, str], ...]  # (system, value), the main one first
    family_name: str
    given_name: str
    preferred_name: str
    birth_date: date | None
    sex: str


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What is to be done about one person. ``encounter`` is what it rests on, if on any."""

    who: Who
    action: Action
    encounter: Placed[Encounter] | None
    ended: tuple[Placed[Encounter], ...]  # inpatient ones; they end a stay that began by them
    notes: tuple[str, ...]


def meaning(coming: Coming) -> Meaning:
    """Say what one person of a Bundle means.

    Raises:
        Refusal: ``field`` says where in the Bundle the reason stands.
    """
    notes: list[str] = []
    who = _who(coming.patient, notes)
    inpatient = [each for each in coming.encounters if is_stay(each)]
    for each in inpatient:
        _require_sound(each)
    inpatient.sort(key=lambda each: started(each, UTC) or datetime.min.replace(tzinfo=UTC))
    here = [each for each in inpatient if each.resource.status in HERE_NOW]
    struck = [each for each in inpatient if each.resource.status in STRUCK]
    finished = [each for each in inpatient if each.resource.status == "finished"]
    expected = [each for each in inpatient if each.resource.status == "planned"]
    expected = expected or ([] if finished else struck)
    if len(here) > 1:
        notes.append(f"{len(here)} open inpatient encounters: the one that began last was used.")
    action = Action.STAY if here else Action.EXPECT if expected else Action.ADMIT_NOW
    return Meaning(
        who=who,
        action=action,
        encounter=next(reversed(here or expected), None),
        ended=(*struck, *finished),
        notes=tuple(notes),
    )


def is_stay(placed: Placed[Encounter]) -> bool:
    """Return whether somebody stays for the time of this encounter, as they do in a bed."""
    return placed.resource.class_fhir.code in STAYING


def _require_sound(placed: Placed[Encounter]) -> None:
    """Pass if status and period are such as R4 allows. The parser looks at neither."""
    said = placed.resource
    if said.status not in STATUSES:
        where = placed.at("status")
        text = f"{where} is not a status of an R4 Encounter. Send one of: "
        raise Refusal("element", f"{text}{', '.join(sorted(STATUSES))}.", field=where)
    start, end = (said.period.start, said.period.end) if said.period else (None, None)
    if start and end and _before(end, start):
        where = placed.at("period.end")
        text = f"{where} lies before period.start. Correct the one that is wrong."
        raise Refusal("element", text, field=where)


def _before(one: object, other: object) -> bool:
    """Return whether one dateTime lies before another, as exactly as both are written."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    first, second = str(one), str(other)
    shared = min(len(first), len(second), len("2026-03-01"))
    return first[:shared] < second[:shared]


def require_alive(placed: Placed[Patient]) -> None:
    """Pass if this person may be taken in.

    Raises:
        Refusal ``not-alive``, ``not-in-use``.
    """
    patient = placed.resource
    if patient.deceasedBoolean or patient.deceasedDateTime:
        where = placed.at("deceased[x]")
        text = f"{where} says that this person has died. Nobody was taken in."
        raise Refusal("not-alive", text, field=where)
    if patient.active is False:
        where = placed.at("active")
        text = f"{where} is false: this record is not in use. Send the one that is."
        raise Refusal("not-in-use", text, field=where)


def _who(placed: Placed[Patient], notes: list[str]) -> Who:
    patient = placed.resource
    names = patient.name or []
    legal, called = _legal(names), _called(names)
    born = patient.birthDate if isinstance(patient.birthDate, date) else None
    if patient.birthDate and born is None:
        notes.append(f"{placed.at('birthDate')} is not exact to the day: it was not taken.")
    if patient.gender and patient.gender not in GENDERS:
        where = placed.at("gender")
        text = f"{where} is not an administrative gender. Send female, male, other or unknown."
        raise Refusal("element", text, field=where)
    given = " ".join(part for part in (legal.given or []) if part) if legal else ""
    return Who(
        numbers=_numbers(placed, notes),
        family_name=_text(legal.family if legal else "", placed.at("name"), NAME_MAX),
        given_name=_text(given, placed.at("name"), NAME_MAX),
        preferred_name=_text(called, placed.at("name"), PREFERRED_MAX),
        birth_date=born,
        sex=patient.gender or "",
    )


def _numbers(placed: Placed[Patient], notes: list[str]) -> tuple[tuple[str, str], ...]:
    where = placed.at("identifier")
    said = [each for each in placed.resource.identifier or [] if (each.value or "").strip()]
    kept = [each for each in said if _is_record(each)]
    kept.sort(key=lambda each: rank(_kinds(each)))
    if any(not each.system for each in kept):
        notes.append(f"{where} holds a number without a system: another sender's may be the same.")
    pairs = [
        (_text(each.system or "fhir", where, SYSTEM_MAX), _text(each.value, where, NUMBER_MAX))
        for each in kept
    ]
    if not pairs and placed.url.startswith("urn:uuid:"):
        pairs = [("urn:ietf:rfc:3986", _text(placed.url, where, NUMBER_MAX))]
    if not pairs:
        nobody = "holds no number of a medical record. Without one nobody can be told apart."
        text = f"{where} {ONLY_OTHERS if said else nobody}"
        raise Refusal("field-missing", text, field=where)
    return tuple(dict.fromkeys(pairs))


def _is_record(identifier: Identifier) -> bool:
    issuer = str(identifier.system or "")
    return identifier.use != "old" and is_kept(_kinds(identifier), issuer)


def _kinds(identifier: Identifier) -> list[str]:
    """Return every type of a number: a sender may put a word of its own before HL7's."""
    codings = identifier.type.coding or [] if identifier.type else []
    return [str(coding.code) for coding in codings if coding.code]


def _legal(names: list[HumanName]) -> HumanName | None:
    """Return the official name, else the usual one, else the first that has a part."""
    whole = [name for name in names if name.family or name.given]
    ranks = {"official": 0, "usual": 1, None: 2}
    return min(whole, key=lambda name: ranks.get(name.use, 3), default=None)


def _called(names: list[HumanName]) -> str:
    for use in ("nickname", "usual"):
        for name in names:
            if name.use == use and name.given and name.given[0]:
                return str(name.given[0])
    return ""


def _text(text: object, where: str, longest: int) -> str:
    words = " ".join(storable(str(text or ""), field=where).split())
    if len(words) > longest:
        said = f"{where} is longer than {longest} characters. Shorten it and send it again."
        raise Refusal("too-long", said, field=where)
    return words


def is_whole(said: object) -> bool:
    """Return whether a dateTime says more than the day."""
    return isinstance(said, datetime)


def started(placed: Placed[Encounter], zone: tzinfo) -> datetime | None:
    """Return when an encounter began, or None when it does not say so to the day."""
    period = placed.resource.period
    return moment(period.start, zone) if period else None


def ended(placed: Placed[Encounter], zone: tzinfo) -> datetime | None:
    """Return when an encounter ended, or None."""
    period = placed.resource.period
    return moment(period.end, zone) if period else None


def left(placed: Placed[Encounter], zone: tzinfo) -> datetime | None:
    """Return since when someone is on leave, or None when the history does not say."""
    history = placed.resource.statusHistory or []
    since = [
        each.period.start for each in history if each.status == "onleave" and each.period.start
    ]
    return moment(since[-1], zone) if since else None


def moment(said: object, zone: tzinfo) -> datetime | None:
    """Return a dateTime as a moment: of a day, its first minute; of a month or year, None."""
    if isinstance(said, datetime):
        aware = said if said.tzinfo else said.replace(tzinfo=zone)
    elif isinstance(said, date):
        aware = datetime(said.year, said.month, said.day, tzinfo=zone)
    else:
        return None
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return None
