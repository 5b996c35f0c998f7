"""What stands in a message: the fields that a unit has use for, as text. Parsed by ``hl7``."""

import re
from dataclasses import dataclass, field

import hl7
import hl7.util

from milieu.hl7.framing import Framed
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable

READ = frozenset({"MSH", "EVN", "PID", "PD1", "MRG", "PV1", "PV2"})  # nothing else is looked at
REPETITIONS_MAX = 100  # of one field
VALUE_MAX = 1_000  # characters of one value
GROUPS_MAX = 100  # people in one message
GLUED = frozenset({"EVN", "PID", "PD1", "MRG", "PV1", "PV2", "NK1", "OBX", "AL1", "DG1", "IN1"})

# The library writes fields that it cannot unescape, and so names, to its log.
hl7.util.logger.disabled = True


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number that someone is known by (CX)."""

    value: str
    authority: str = ""  # who gave it, as (namespace or universal id)
    kind: str = ""  # table 0203, such as MR


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name (XPN)."""

    family: str = ""
    given: str = ""
    kind: str = ""  # table 0200, such as L


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where someone is (PL)."""

    point_of_care: str = ""
    room: str = ""
    bed: str = ""
    facility: str = ""  # the name of an HD, else its universal id


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What PV1 and PV2 say of this time in care."""

    at: str = ""  # where the segment stands: "PV1^1"; empty when there is none
    patient_class: str = ""
    place: Place = field(default_factory=Place)
    prior: Place = field(default_factory=Place)
    admitted_at: str = ""
    discharged_at: str = ""
    back_by: str = ""


@dataclass(frozen=True, kw_only=True)
class About:
    """One person of a message: PID, with the MRG and PV1 that follow it."""

    at: str  # "PID^1"
    numbers: tuple[Number, ...] = ()
    names: tuple[Name, ...] = ()
    birth_date: str = ""
    sex: str = ""
    has_died: bool = False
    merged: tuple[Number, ...] = ()
    merged_at: str = ""  # "MRG^1"
    visit: Visit = field(default_factory=Visit)


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message, as text. Empty where the sender said nothing, or said "" (delete)."""

    sender: str  # MSH-3 and MSH-4
    facility: str  # the name that stands for who sends: MSH-4, else MSH-3
    sent_at: str
    kind: str  # ADT
    event: str  # A01
    recorded_event: str  # EVN-1
    control_id: str
    processing: str
    recorded_at: str
    occurred_at: str
    about: tuple[About, ...]


def read(framed: Framed) -> Message:
    """Read the fields of one message.

    Raises:
        Refusal: its ``field`` says where, as ``segment^sequence^field^component``.
    """
    segments = _parse(framed)
    header = segments[0][1]
    event = next((segment for at, segment in segments if at == "EVN^1"), None)
    code = header.text(9, component=2).upper() or (event.text(1).upper() if event else "")
    return Message(
        sender="|".join(header.text(n, component=c) for n in (3, 4) for c in (1, 2)),
        facility=header.text(4) or header.text(3),
        sent_at=header.text(7),
        kind=header.text(9).upper(),
        event=code,
        recorded_event=event.text(1).upper() if event else "",
        control_id=header.text(10),
        processing=header.text(11).upper(),
        recorded_at=event.text(2) if event else "",
        occurred_at=event.text(6) if event else "",
        about=_people(segments),
    )


@dataclass(frozen=True)
class _Segment:
    at: str
    raw: hl7.Segment

    def text(self, number: int, *, repeat: int = 1, component: int = 1, sub: int = 1) -> str:
        """Return one value, unescaped, ends trimmed. Absent, or HL7's ``""``, is empty."""
        try:
            value = str(self.raw.extract_field(1, number, repeat, component, sub))
        except LookupError:
            return ""
        except ValueError:
            raise self._refusal(
                number, "data-type", "holds an escape sequence that cannot be read"
            ) from None
        value = storable(value, field=f"{self.at}^{number}")
        if len(value) > VALUE_MAX:
            raise self._refusal(number, "too-long", f"is longer than {VALUE_MAX:,} characters")
        return "" if value == '""' else value

    def repeats(self, number: int) -> range:
        """Return the repetitions of a field, counted from 1."""
        count = len(self.raw(number)) if number < len(self.raw) else 0
        if count > REPETITIONS_MAX:
            raise self._refusal(number, "too-long", f"repeats more than {REPETITIONS_MAX} times")
        return range(1, count + 1)

    def _refusal(self, number: int, code: str, what: str) -> Refusal:
        place = f"{self.at}^{number}"
        return Refusal(
            code, f"{place} {what}. Correct the field and send the file again.", field=place
        )


def _parse(framed: Framed) -> list[tuple[str, _Segment]]:
    """Return the segments that are read, each with where it stands, such as ``PID^2``."""
    kept = [text for text in framed.segments if text[:3] in READ]
    parsed = hl7.parse("\r".join(kept))
    seen: dict[str, int] = {}
    found = []
    for text, raw in zip(kept, parsed, strict=True):
        name = text[:3]
        seen[name] = seen.get(name, 0) + 1
        place = f"{name}^{seen[name]}"
        _require_no_flood(text, place, parsed.esc)
        _require_not_glued(text, place, framed.segments[0][3])
        found.append((place, _Segment(place, raw)))
    return found


def _require_no_flood(text: str, place: str, escape: str) -> None:
    r"""Pass unless an escape such as \.sp99999999\ would become a hundred million line ends."""
    sign = re.escape(escape)
    if re.search(rf"{sign}\.[^{sign}]{{2}}[^{sign}]{{4,}}{sign}", text):
        said = f"{place} holds an escape sequence that repeats too often. Send it without."
        raise Refusal("too-long", said, field=place)


def _require_not_glued(text: str, place: str, separator: str) -> None:
    """Pass unless another segment's name stands where a field should: two segments on one line."""
    for number, value in enumerate(text.split(separator)[1:], start=1):
        if value in GLUED:
            where = f"{place}^{number}"
            raise Refusal(
                "segment-sequence",
                f"{where} holds {value}, the name of a segment. Put a CR before each segment.",
                field=where,
            )


def _people(segments: list[tuple[str, _Segment]]) -> tuple[About, ...]:
    """Group what follows each PID: an A40 or A17 speaks of several people."""
    people: list[dict[str, _Segment]] = []
    for at, segment in segments:
        name = at[:3]
        if name == "PID":
            people.append({})
        if name in ("PID", "MRG", "PV1", "PV2"):
            if not people:
                text = f"{at} stands before any PID. Send PID first."
                raise Refusal("segment-sequence", text, field=at)
            if name in people[-1]:
                text = f"{at} is a second {name} about one person. Send one message for each event."
                raise Refusal("segment-sequence", text, field=at)
            people[-1][name] = segment
    if len(people) > GROUPS_MAX:
        text = f"A message may speak of {GROUPS_MAX} people. Send one message for each."
        raise Refusal("too-long", text, field="PID^1")
    return tuple(_about(group) for group in people)


def _about(group: dict[str, _Segment]) -> About:
    pid, mrg = group["PID"], group.get("MRG")
    return About(
        at=pid.at,
        numbers=_numbers(pid, 3) or _numbers(pid, 2),
        names=_names(pid),
        birth_date=pid.text(7),
        sex=pid.text(8),
        has_died=pid.text(30).upper() == "Y",
        merged=_numbers(mrg, 1) if mrg else (),
        merged_at=mrg.at if mrg else "",
        visit=_visit(group.get("PV1"), group.get("PV2")),
    )


def _numbers(segment: _Segment, number: int) -> tuple[Number, ...]:
    found = []
    for repeat in segment.repeats(number):
        if value := segment.text(number, repeat=repeat):
            name, universal, how = (
                segment.text(number, repeat=repeat, component=4, sub=sub) for sub in (1, 2, 3)
            )
            kind = segment.text(number, repeat=repeat, component=5).upper()
            authority = _uri(universal, how.upper()) or name or universal
            found.append(Number(value=value, authority=authority, kind=kind))
    return tuple(found)


def _uri(universal: str, how: str) -> str:
    """Return a universal id (table 0301) as FHIR writes it in Identifier.system."""
    if how == "ISO" and universal:
        return f"urn:oid:{universal}"
    if how in ("UUID", "GUID") and universal:
        return f"urn:uuid:{universal.lower()}"
    return universal if how == "URI" else ""


def _names(pid: _Segment) -> tuple[Name, ...]:
    return tuple(
        Name(
            family=pid.text(5, repeat=repeat, component=1),
            given=pid.text(5, repeat=repeat, component=2),
            kind=pid.text(5, repeat=repeat, component=7).upper(),
        )
        for repeat in pid.repeats(5)
    )


def _visit(pv1: _Segment | None, pv2: _Segment | None) -> Visit:
    if pv1 is None:
        return Visit()
    return Visit(
        at=pv1.at,
        patient_class=pv1.text(2).upper(),
        place=_place(pv1, 3),
        prior=_place(pv1, 6),
        admitted_at=pv1.text(44),
        discharged_at=pv1.text(45),
        back_by=pv2.text(47) if pv2 else "",
    )


def _place(pv1: _Segment, number: int) -> Place:
    return Place(
        point_of_care=pv1.text(number, component=1),
        room=pv1.text(number, component=2),
        bed=pv1.text(number, component=3),
        facility=pv1.text(number, component=4) or pv1.text(number, component=4, sub=2),
    )
