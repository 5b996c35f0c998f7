"""A Bundle's bytes into people with their encounters. Parsed by orjson and ``fhir.resources``."""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.location import Location
from fhir.resources.R4B.patient import Patient
from pydantic import ValidationError

from milieu.fhir import lines
from milieu.fhir.lines import Lines
from milieu.kernel.errors import Refusal

ENTRIES_MAX = 100_000
DEPTH_MAX = 50  # elements inside elements, in one resource
PEOPLE_MAX = 1_000  # in one Bundle
FAULTS_MAX = 20  # told at once
READ = frozenset({"Patient", "Encounter", "Location"})  # nothing else is looked at
NOT_READ = frozenset({"contained", "text"})  # of those
TYPES = frozenset({"transaction", "batch", "collection", "searchset", "document", "message"})
# How the parser says that it found text for an object, or the other way round.
OTHER_KIND = ("Invalid JSON", "Value is expected from the instance")
WHY_NOT = {
    "history": "It holds old versions. Send the present state.",
    "transaction-response": "It is an answer. Send what was asked.",
    "batch-response": "It is an answer. Send what was asked.",
}


T = TypeVar("T")


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A resource, and where it stands."""

    index: int  # of its entry, from 0
    line: int  # in the file, from 1
    url: str  # what others call it: fullUrl, or Type/id
    resource: T

    def at(self, element: str) -> str:
        """Return where an element stands, as FHIR's issues say it."""
        return f"Bundle.entry[{self.index}].resource.{element}"


@dataclass(frozen=True)
class Coming:
    """One person of a Bundle, with their encounters and the places that are named there."""

    number: int  # from 1
    patient: Placed[Patient]
    encounters: tuple[Placed[Encounter], ...] = ()
    locations: Mapping[str, Location] = field(default_factory=dict)  # by every name it goes by
    lines: Lines = field(default_factory=Lines)
    made_at: datetime | None = None  # Bundle.timestamp: when all of this was put together


@dataclass(frozen=True)
class Unreadable:
    """A fault of the Bundle, and the line that it stands in."""

    line: int
    refusal: Refusal


def people(data: bytes) -> list[Coming | Unreadable]:
    """Return the people of a Bundle, in order, or its faults."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        document = _document(data)
        reduced, places = _reduced(document)
    except _Fault as fault:
        return [Unreadable(fault.line, fault.refusal)]
    where = lines.read(data, len(document.get("entry", [])))
    try:
        parsed = Bundle.model_validate(reduced)
    except ValidationError as fault:
        return _faults(fault, places, where)
    except RecursionError:
        text = "An element is nested too deeply. Send the Bundle without it."
        return [Unreadable(1, Refusal("too-long", text, field="Bundle.entry"))]
    placed = [
        Placed(index, where.line(f"Bundle.entry[{index}]"), _url(entry, index), entry.resource)
        for index, entry in zip(places, parsed.entry or [], strict=True)
    ]
    return _people(placed, where, parsed.timestamp)


class _Fault(Exception):
    def __init__(self, line: int, code: str, message: str, where: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.refusal = Refusal(code, message, field=where)


def _document(data: bytes) -> dict[str, Any]:
    try:
        document: Any = orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        _require_utf8(data)
        text = f"Not JSON in UTF-8: {fault.msg}, line {fault.lineno}, column {fault.colno}."
        raise _Fault(fault.lineno, "not-json", f"{text} Send the whole file again.") from None
    kind = document.get("resourceType") if isinstance(document, dict) else None
    if kind != "Bundle":
        text = f"This is {_shown(kind)}, not a Bundle. Send a Bundle with the Patient in it."
        raise _Fault(1, "not-a-bundle", text, "Bundle.resourceType")
    if str(document.get("type")) not in TYPES:
        why = WHY_NOT.get(str(document.get("type")), f"Send one of: {', '.join(sorted(TYPES))}.")
        text = f"A Bundle of type {_shown(document.get('type'))} is not taken in. {why}"
        raise _Fault(1, "not-supported", text, "Bundle.type")
    _require_last_page(document)
    checked: dict[str, Any] = document
    return checked


def _require_utf8(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        text = f"Line {line} holds a byte that is not UTF-8. Send the Bundle in UTF-8."
        raise _Fault(line, "not-json", text) from None


def _require_last_page(document: dict[str, Any]) -> None:
    """Pass unless more follows: whose Encounter is on another page would be taken in without it."""
    links = document.get("link")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next":
            text = "Bundle.link names a next page: this is not all. Send all of it in one Bundle."
            raise _Fault(1, "not-supported", text, "Bundle.link")


def _shown(value: object) -> str:
    return repr(value[:40]) if isinstance(value, str) else "something without a name"


def _reduced(document: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """Return the Bundle with only what is read, and the index of each entry that is left."""
    entries = document.get("entry", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        text = "Bundle.entry is not a list of entries. Send it as R4 describes it."
        raise _Fault(1, "element", text, "Bundle.entry")
    if len(entries) > ENTRIES_MAX:
        text = f"More than {ENTRIES_MAX:,} entries in one Bundle. Send fewer people in each."
        raise _Fault(1, "too-many", text, "Bundle.entry")
    places, kept = [], []
    for index, entry in enumerate(entries):
        resource = entry.get("resource")
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        deleted = (
            isinstance(entry.get("request"), dict) and entry["request"].get("method") == "DELETE"
        )
        if str(kind) in READ and not deleted:
            places.append(index)
            _require_shallow(resource, index)
            said = {key: value for key, value in resource.items() if key not in NOT_READ}
            kept.append(
                {"resource": said} | ({"fullUrl": entry["fullUrl"]} if "fullUrl" in entry else {})
            )
    said = {key: document[key] for key in ("type", "timestamp") if key in document}
    return {"resourceType": "Bundle", "entry": kept} | said, places


def _require_shallow(resource: dict[str, Any], index: int) -> None:
    """Pass unless elements hold elements deeper than any real resource does."""
    level: list[Any] = [resource]
    for _depth in range(DEPTH_MAX):
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [value for values in inner for value in values if isinstance(value, dict | list)]
        if not level:
            return
    where = f"Bundle.entry[{index}].resource"
    text = f"{where} is nested deeper than {DEPTH_MAX} levels. Send it without that element."
    raise _Fault(1, "too-long", text, where)


def _faults(
    fault: ValidationError, places: Sequence[int], where: Lines
) -> list[Coming | Unreadable]:
    """Return what the parser found, with places counted as the sender counts them."""
    found: list[Coming | Unreadable] = []
    for each in fault.errors(include_input=False, include_url=False)[:FAULTS_MAX]:
        path = "Bundle"
        steps = each["loc"][:-1] if each["loc"][-1:] == ("root",) else each["loc"]
        for before, step in zip((None, *steps), steps, strict=False):
            if before == "entry" and isinstance(step, int):
                path += f"[{places[step]}]"
            else:
                path += f"[{step}]" if isinstance(step, int) else f".{step}"
        said = each["msg"].removeprefix("Value error, ").rstrip(".")
        if said.startswith(OTHER_KIND):
            said = "it is not of the kind that R4 has there"
        if "spec regex" in said or "should match pattern" in said:
            said = "it is not written as R4 writes it"
        text = f"{path}: {said}. Correct the element and send the file again."
        found.append(Unreadable(where.line(path), Refusal("element", text, field=path)))
    return found


def _url(entry: Any, index: int) -> str:
    """Return what others call a resource; its place where nobody can call it anything."""
    own = entry.resource.id
    named = f"{entry.resource.get_resource_type()}/{own}" if own else f"Bundle.entry[{index}]"
    return str(entry.fullUrl or named)


def _people(
    placed: Sequence[Placed[Any]], where: Lines, made_at: datetime | None
) -> list[Coming | Unreadable]:
    patients = [each for each in placed if isinstance(each.resource, Patient)]
    if not patients:
        text = "There is no Patient in this Bundle. Send the person together with the encounter."
        return [Unreadable(1, Refusal("field-missing", text, field="Bundle.entry"))]
    if len(patients) > PEOPLE_MAX:
        text = f"More than {PEOPLE_MAX:,} people in one Bundle. Send fewer in each."
        return [Unreadable(1, Refusal("too-many", text, field="Bundle.entry"))]
    if twice := _twice(patients, where):
        return twice
    named = _named(patients)
    locations = {
        name: each.resource
        for each in placed
        if isinstance(each.resource, Location)
        for name in names_of(each)
    }
    theirs: dict[str, list[Placed[Encounter]]] = {each.url: [] for each in patients}
    faults: list[Coming | Unreadable] = []
    for each in placed:
        if isinstance(each.resource, Encounter):
            subject = _subject(each, named, patients)
            if subject:
                theirs[subject].append(each)
            else:
                faults.append(_nobody(each, where))
    return faults or [
        Coming(number, each, tuple(theirs[each.url]), locations, where, made_at)
        for number, each in enumerate(patients, start=1)
    ]


def _twice(patients: Sequence[Placed[Patient]], lines: Lines) -> list[Coming | Unreadable]:
    """Return who goes by another's url: nobody could tell whose an Encounter is."""
    first: dict[str, int] = {}
    found: list[Coming | Unreadable] = []
    for each in patients:
        if each.index != first.setdefault(each.url, each.index):
            where = f"Bundle.entry[{each.index}]"
            text = f"{where} has the url or id of entry {first[each.url]}. Send each person once."
            found.append(Unreadable(lines.line(where), Refusal("twice", text, field=where)))
    return found


def _named(patients: Sequence[Placed[Patient]]) -> dict[str, str]:
    """Return whom each name means; a short one that two servers use means nobody."""
    named: dict[str, str] = {}
    for each in patients:
        for name in names_of(each):
            named[name] = each.url if named.get(name, each.url) == each.url else ""
    return named


def names_of(placed: Placed[Any]) -> set[str]:
    """Return every way in which a reference may name this resource."""
    kind, own = placed.resource.get_resource_type(), placed.resource.id
    tail = "/".join(placed.url.split("/")[-2:])
    return {name for name in (placed.url, tail, f"{kind}/{own}" if own else "") if name}


def _subject(
    encounter: Placed[Encounter], named: Mapping[str, str], patients: Sequence[Placed[Patient]]
) -> str | None:
    """Return the url of whose encounter it is: by reference, by number, or the only person."""
    subject = encounter.resource.subject
    said = (subject.reference or "").split("/_history/")[0] if subject else ""
    if said:
        return named.get(said) or named.get("/".join(said.split("/")[-2:]))
    number = subject.identifier if subject else None
    if number and number.value:
        theirs = [
            each.url
            for each in patients
            for own in each.resource.identifier or []
            if (own.system, own.value) == (number.system, number.value)
        ]
        return theirs[0] if len(set(theirs)) == 1 else None
    return patients[0].url if len(patients) == 1 else None


def _nobody(encounter: Placed[Encounter], lines: Lines) -> Unreadable:
    where = encounter.at("subject")
    text = f"{where} names nobody in this Bundle. Send the Patient with the Encounter."
    return Unreadable(lines.line(where), Refusal("reference", text, field=where))
