"""One person on their way in: who and where the Bundle says, and what is newer here already."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import orjson
from fhir.resources.R4B.encounter import Encounter

from milieu.census import receipts
from milieu.census import services as census
from milieu.census.destinations import Desk
from milieu.census.models import Facility, Unit
from milieu.fhir import meaning
from milieu.fhir.bundle import Coming, Placed
from milieu.fhir.meaning import Meaning
from milieu.kernel.errors import Refusal
from milieu.record.models import Entry

NAMESPACE = UUID("a1b0e5a8-7c0b-5a0e-8d55-6f2f0b9f7d21")  # ours; ids below rest on it for ever
NOT_THERE_YET = frozenset({"planned", "reserved"})  # of Encounter.location.status


@dataclass
class Task:
    """One person on their way in, with what was found out."""

    coming: Coming
    said: Meaning
    desk: Desk
    notes: list[str] = field(default_factory=list)
    timed_by: str = ""  # where the time that was used stands
    again: bool = False  # all of this was taken in before
    older: bool = False  # the person is known as they were later
    left_out: bool = False  # an encounter is known as it was later

    def entry_id(self, what: str, encounter: Placed[Encounter] | None = None) -> UUID:
        """Return the id that a movement has for ever, from whom and what it rests on."""
        return self._entry_id(what, encounter, self.said.who.numbers[0])

    def _entry_id(
        self, what: str, encounter: Placed[Encounter] | None, number: tuple[str, str]
    ) -> UUID:
        basis = key_of(encounter) if encounter else content_of(self.coming)
        return uuid5(NAMESPACE, "\n".join((what, *number, basis)))

    def admitted(self, encounter: Placed[Encounter] | None = None) -> Entry | None:
        """Return the admission that this door made of it before, by any of the person's numbers.

        The main one may have been another then: what sends a Bundle may list them anew.
        """
        ids = [self._entry_id("admit", encounter, number) for number in self.said.who.numbers]
        entry: Entry | None = (
            Entry.objects.as_system("the door asks whether it has brought this before")
            .filter(entry_id__in=ids)
            .first()
        )
        return entry

    def compare(self, facility: Facility) -> None:
        """Find out what of this was taken in before, as it is or newer, and keep receipts of it.

        An encounter that is known as it was later is left out of what the Bundle says.
        """
        told = (str(facility.pk), str(self.coming.made_at or ""), content_of(self.coming))
        self.again = not receipts.is_new(
            uuid5(NAMESPACE, "\n".join(("Bundle", *told))),
            "Bundle",
            received_at=self.desk.received_at,
        )
        numbers = self.said.who.numbers
        self.older = self._is_overtaken(
            self.coming.patient, [(str(facility.pk), *number) for number in numbers]
        )
        kept = tuple(
            each
            for each in self.coming.encounters
            if not meaning.is_stay(each)
            or not self._is_overtaken(each, [(*number, key_of(each)) for number in numbers])
        )
        if len(kept) < len(self.coming.encounters):
            self.said = meaning.meaning(replace(self.coming, encounters=kept))
            self.left_out = True

    def _is_overtaken(self, placed: Placed[Any], names: Iterable[tuple[str, ...]]) -> bool:
        """Return whether a resource is known as it was later, by any of its names."""
        kind = placed.resource.get_resource_type()
        meta = placed.resource.meta
        said, where = self.coming.made_at, "Bundle.timestamp"
        if meta and meta.lastUpdated:
            said, where = meta.lastUpdated, placed.at("meta.lastUpdated")
        found = [
            receipts.is_overtaken(
                uuid5(NAMESPACE, "\n".join(("newest", kind, *name))),
                kind,
                as_of=meaning.moment(said, UTC),
                received_at=self.desk.received_at,
            )
            for name in names
        ]
        if any(found):
            self.notes.append(f"{where} is earlier than in what was taken in: no {kind} was kept.")
        return any(found)

    def at(self, said: datetime | None, where: str, written: object, what: str) -> datetime:
        """Return a time that an encounter says, else the time of taking in; notes what is odd."""
        self.timed_by = where
        if said is None:
            why = "does not name a day" if written else "is empty"
            self.notes.append(f"{where} {why}: the {what} now.")
            return self.desk.received_at
        if not meaning.is_whole(written):
            self.notes.append(f"{where} is not exact to the minute: the day's first was taken.")
        return said

    def unit(self) -> Unit:
        """Return where this person goes: the unit that the encounter names, else the one chosen.

        Raises:
            Refusal: none was chosen, and the encounter names none of ours.
        """
        if named := self.named_unit():
            return named
        where = place_of(self)
        fallback = self.desk.destinations.fallback
        if fallback is None:
            text = "The Bundle names none of our units as the place. Name one with --unit."
            raise Refusal("unit-unknown", text, field=where)
        self.notes.append(f"The Bundle names none of our units: {fallback} was used.")
        return fallback

    def named_unit(self) -> Unit | None:
        """Return the unit that the encounter's last location names, or None.

        Where it says which locations are active, only those; never one that is only planned.
        """
        encounter = self.said.encounter
        said = encounter.resource.location or [] if encounter else []
        active = [place for place in said if place.status == "active"]
        past_or_now = [place for place in said if place.status not in NOT_THERE_YET]
        for place in reversed(active or past_or_now):
            for code in _codes(place.location, self.coming):
                if unit := self.desk.destinations.named(code):
                    return unit
        return None

    def facility(self) -> Facility:
        """Return the facility whose numbers these are."""
        unit = self.named_unit()
        facility = unit.facility if unit else self.desk.destinations.facility()
        if facility is None:
            text = "There are several facilities, and the Bundle names no unit. Use --unit."
            raise Refusal("unit-unknown", text, field=place_of(self))
        return facility

    def details(self) -> census.Details:
        """Return what the Bundle says of the person."""
        who = self.said.who
        return census.Details(
            identifiers=who.numbers,
            family_name=who.family_name,
            given_name=who.given_name,
            preferred_name=who.preferred_name,
            birth_date=who.birth_date,
            sex=who.sex,
        )


def key_of(encounter: Placed[Encounter]) -> str:
    """Return what names an encounter for ever: its own number, else how others call it."""
    for each in encounter.resource.identifier or []:
        if each.value:
            return f"{each.system or ''}|{each.value}"
    if encounter.url.startswith("Bundle.entry"):  # nobody calls it anything: when it began tells
        period = encounter.resource.period
        return f"Encounter from {period.start if period else 'nobody knows when'}"
    return encounter.url


def content_of(coming: Coming) -> str:
    """Return a hash of what the Bundle says of a person, however it is written down."""
    told: list[Placed[Any]] = [coming.patient, *coming.encounters]
    said = [each.resource.model_dump(mode="json") for each in told]
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _codes(place: Any, coming: Coming) -> list[str]:
    """Return every word by which a location may name one of our units."""
    said = str(getattr(place, "reference", None) or "")
    location = coming.locations.get(said) or coming.locations.get("/".join(said.split("/")[-2:]))
    codes = [
        getattr(each, "value", None) for each in (location.identifier or [] if location else [])
    ]
    codes += [getattr(location, "name", None), getattr(place, "display", None)]
    return [str(code) for code in codes if code]


def place_of(task: Task) -> str:
    encounter = task.said.encounter
    return encounter.at("location") if encounter else "Bundle.entry"
