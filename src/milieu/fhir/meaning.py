"""What a person and their encounters mean for a unit. Plain: nothing is looked up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.humanname import HumanName
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.patient import Patient

from milieu.fhir.bundle import Coming, Placed
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable

SYSTEM_MAX, NUMBER_MAX, NAME_MAX, PREFERRED_MAX = 200, 200, 120, 60  # as the census stores them

# http://terminology.hl7.org/ValueSet/v3-ActEncounterCode: those in which someone stays
STAYING = frozenset({"IMP", "ACUTE", "NONAC"})
HERE_NOW = frozenset({"arrived", "triaged", "in-progress", "onleave"})
STRUCK = frozenset({"cancelled", "entered-in-error"})

# Numbers that are not a record of care (HL7 table 0203). They are never kept.
NOT_KEPT = frozenset(
    {"SS", "SSN", "DL", "PPN", "PRC", "AN", "VN", "VS", "MA", "MC", "MCD", "MCR", "BC", "CC", "BA"}
    | {"DI", "AM", "NPI", "TAX", "EI", "EN", "MB", "SN", "WC"}
)
RECORD_FIRST = {"MR": 0, "PI": 1, "PT": 1, "": 2}
NOT_KEPT_SYSTEMS = (
    "http://hl7.org/fhir/sid/us-ssn",
    "http://hl7.org/fhir/sid/us-medicare",
    "urn:oid:2.16.840.1.113883.4.1",
)


class Action(StrEnum):
    """What the Bundle asks of a unit about one person."""

    STAY = "stay"  # they are in care since a time that it says
    ADMIT_NOW = "admit now"  # it speaks of nothing open: taking them in is what was asked for
    EXPECT = "expect"  # they will come


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
    _require_alive(coming.patient)
    inpatient = [each for each in coming.encounters if each.resource.class_fhir.code in STAYING]
    inpatient.sort(key=lambda each: started(each, UTC) or datetime.min.replace(tzinfo=UTC))
    here = [each for each in inpatient if each.resource.status in HERE_NOW]
    planned = [each for each in inpatient if each.resource.status == "planned"]
    ended = [each for each in inpatient if each.resource.status in STRUCK | {"finished"}]
    if len(here) > 1:
        notes.append(f"{len(here)} open inpatient encounters: the one that began last was used.")
    action = Action.STAY if here else Action.EXPECT if planned else Action.ADMIT_NOW
    return Meaning(
        who=who,
        action=action,
        encounter=next(reversed(here or planned), None),
        ended=tuple(ended),
        notes=tuple(notes),
    )


def _require_alive(placed: Placed[Patient]) -> None:
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
    given = " ".join(part for part in (legal.given or []) if part) if legal else ""
    return Who(
        numbers=_numbers(placed),
        family_name=_text(legal.family if legal else "", placed.at("name"), NAME_MAX),
        given_name=_text(given, placed.at("name"), NAME_MAX),
        preferred_name=_text(called, placed.at("name"), PREFERRED_MAX),
        birth_date=born,
        sex=patient.gender if patient.gender in {"female", "male", "other", "unknown"} else "",
    )


def _numbers(placed: Placed[Patient]) -> tuple[tuple[str, str], ...]:
    where = placed.at("identifier")
    kept = [each for each in placed.resource.identifier or [] if each.value and _is_record(each)]
    kept.sort(key=lambda each: RECORD_FIRST.get(_kind(each), 3))
    pairs = [
        (_text(each.system or "fhir", where, SYSTEM_MAX), _text(each.value, where, NUMBER_MAX))
        for each in kept
    ]
    if not pairs and placed.url.startswith("urn:uuid:"):
        pairs = [("urn:ietf:rfc:3986", _text(placed.url, where, NUMBER_MAX))]
    if not pairs:
        text = f"{where} holds no number of a medical record. Without one nobody can be told apart."
        raise Refusal("field-missing", text, field=where)
    return tuple(dict.fromkeys(pairs))


def _is_record(identifier: Identifier) -> bool:
    system = str(identifier.system or "")
    old = identifier.use == "old"
    return not old and _kind(identifier) not in NOT_KEPT and system not in NOT_KEPT_SYSTEMS


def _kind(identifier: Identifier) -> str:
    codings = identifier.type.coding or [] if identifier.type else []
    return next((str(coding.code) for coding in codings if coding.code), "")


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
