"""Invented days, told through the ledger like real ones: each entry has its times and device."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from msgspec.structs import replace

from milieu.admissions.services import NAME as MOVEMENT
from milieu.admissions.shape import Movement
from milieu.census.models import Bed, Stay
from milieu.census.services import Details, register
from milieu.demo import nights
from milieu.demo.body import Body, eaten_and_measured
from milieu.demo.calming import calmed
from milieu.demo.house import House
from milieu.demo.names import FAMILY, GIVEN, PREFERRED
from milieu.demo.observing import AFTER_ARRIVAL, Watched, ends_of_shifts, observed
from milieu.demo.rhythm import Temper, seen
from milieu.demo.rota import TEAM, Duty, Last, Rota, steps
from milieu.instruments.questionnaire import Text
from milieu.instruments.services import texts
from milieu.people.models import Person
from milieu.record.kinds import Draft
from milieu.rounds.services import CHECK, LEVEL
from milieu.rounds.shape import LevelOrder
from milieu.sleep.services import LOOK, PROTECT

LENGTH_OF_STAY_DAYS = 7
TOO_CLOSE = timedelta(seconds=9)  # nobody sees two people in two rooms at once


@dataclass
class Course:
    """One invented stay: when, in which bed, at which levels, with which leaves."""

    stay: Stay
    bed: Bed
    temper: Temper
    admitted_at: datetime
    discharged_at: datetime | None
    levels: list[tuple[datetime, str, str]]
    leaves: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    asleep_from: datetime | None = None  # sleep is protected since then

    def level_at(self, moment: datetime) -> str:
        """Return the code of the level in force."""
        return [code for at, code, _ in self.levels if at <= moment][-1]

    def back_from_leave(self, moment: datetime) -> datetime | None:
        """When a leave that this moment falls into ends; far ahead when it has not ended."""
        for out, back in self.leaves:
            if out <= moment < (back or datetime.max.replace(tzinfo=out.tzinfo)):
                return back or datetime.max.replace(tzinfo=out.tzinfo)
        return None


@dataclass
class Days:
    """Tells the days between two moments, from one seed."""

    house: House
    chance: Random
    starts: datetime
    ends: datetime
    admitted: int = 0
    device_seqs: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    texts: dict[str, Text] = field(default_factory=texts)

    def entry_id(self) -> UUID:
        """Return an id from the seed, so that the same seed tells the same days."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def courses(self) -> list[Course]:
        """Fill the beds: people come, stay about a week and go, and the unit is full at the end."""
        found = []
        for number, bed in enumerate(self.house.beds):
            admitted = self.starts + timedelta(minutes=self.chance.uniform(5, 90))
            while admitted < self.ends - timedelta(hours=3):
                days = max(2.0, self.chance.expovariate(1 / LENGTH_OF_STAY_DAYS))
                leaves_at = admitted + timedelta(days=days)
                stays_on = leaves_at > self.ends - timedelta(days=1)
                course = self._course(bed, admitted, None if stays_on else leaves_at, number)
                found.append(course)
                admitted = leaves_at + timedelta(hours=self.chance.uniform(4, 12))
                if stays_on:
                    break
        return found

    def _course(
        self, bed: Bed, admitted: datetime, discharged: datetime | None, number: int
    ) -> Course:
        given = GIVEN[self.admitted % len(GIVEN)]
        family = FAMILY[(self.admitted * 5 + self.admitted // len(GIVEN)) % len(FAMILY)]
        self.admitted += 1
        patient = register(
            self.house.north.facility,
            Details(
                identifiers=(("urn:milieu:demo", f"WC{40_000 + self.admitted * 37}"),),
                given_name=given,
                family_name=family,
                preferred_name=PREFERRED.get(given, ""),
                birth_date=date(1950 + self.chance.randrange(55), 1, 1)
                + timedelta(days=self.chance.randrange(365)),
                sex="female" if given[-1] == "a" else "male",
            ),
        )
        withdrawn = self.ends - timedelta(days=3) if number == 4 and not discharged else None
        return Course(
            stay=Stay.objects.create(patient=patient),
            bed=bed,
            temper=Temper(wakeful=self.chance.betavariate(1.2, 9), withdrawn_from=withdrawn),
            admitted_at=admitted,
            discharged_at=discharged,
            levels=self._levels(admitted, discharged, number),
            leaves=self._leaves(admitted, discharged, number),
            asleep_from=None if discharged else nights.ordered_at(number, admitted, self.ends),
        )

    def _levels(
        self, admitted: datetime, discharged: datetime | None, number: int
    ) -> list[tuple[datetime, str, str]]:
        until = discharged or self.ends
        levels = [(admitted, "q15", "Admission")]
        later = admitted + timedelta(hours=self.chance.uniform(26, 70))
        if later < until and number % 3:
            levels.append((later, "q30", "Settled, no concerns since admission"))
        if later + timedelta(days=2) < until and number % 3 == 2:
            levels.append((later + timedelta(days=2), "hourly", "Preparing for discharge"))
        if not discharged and number in (7, 16):
            level = "one-to-one" if number == 7 else "line-of-sight"
            why = "Said: I cannot keep myself safe" if number == 7 else "Unsteady when walking"
            levels.append((self.ends - timedelta(hours=5), level, why))
        return levels

    def _leaves(
        self, admitted: datetime, discharged: datetime | None, number: int
    ) -> list[tuple[datetime, datetime | None]]:
        if not discharged and number in (10, 19):
            return [(self.ends - timedelta(hours=2 + number / 10), None)]
        out = admitted + timedelta(days=3, hours=4)
        back = out + timedelta(hours=self.chance.uniform(2, 6))
        return [(out, back)] if number % 4 == 1 and back < (discharged or self.ends) else []

    def duty(self, course: Course, moment: datetime) -> Duty:
        """Return who has this person at this moment, and what for."""
        rota = Rota(self.house.people["technician"], self.house.north.zone)
        third = self.house.beds.index(course.bed) * TEAM // len(self.house.beds)
        watched = [at for at, code, _ in course.levels if code in ("one-to-one", "line-of-sight")]
        return rota.duty(moment, third, watched[0] if watched else None)

    def drafts(self, course: Course) -> Iterator[Draft]:
        """Tell one stay, from arrival to the end of the days or of the stay."""
        nurse = self.chance.choice(self.house.people["nurse"])
        come = Movement(what="admit", unit=self.house.north.pk, bed=course.bed.pk)
        yield self._said(MOVEMENT, course, nurse, course.admitted_at, come)
        for at, code, why in course.levels:
            observer = self.duty(course, at).who.pk if code == "one-to-one" else None
            prescriber = self.house.people["prescriber"][0] if at != course.admitted_at else nurse
            said = LevelOrder(level=code, why=why, observer=observer)
            yield self._said(LEVEL, course, prescriber, at + timedelta(seconds=40), said)
        if course.asleep_from:
            prescriber = self.house.people["prescriber"][0]
            said_so = nights.order(self.house.north)
            yield self._said(PROTECT, course, prescriber, course.asleep_from, said_so)
        for out, back in course.leaves:
            due_back = out + timedelta(hours=6)
            yield self._said(MOVEMENT, course, nurse, out, Movement(what="leave", back_by=due_back))
            if back:
                yield self._said(MOVEMENT, course, nurse, back, Movement(what="return"))
        yield from self._rounds(course)
        yield from self._observed(course)
        yield from self._body(course)
        yield from self._calmed(course)
        if course.discharged_at:
            gone = Movement(what="discharge", note="Home, with appointments")
            yield self._said(MOVEMENT, course, nurse, course.discharged_at, gone)

    def _rounds(self, course: Course) -> Iterator[Draft]:
        pack = self.house.north.pack
        end = min(filter(None, (course.discharged_at, self.ends)))
        moment = course.admitted_at + timedelta(minutes=2)
        holder: Person | None = None
        asleep_from, woken = course.asleep_from, Random(course.bed.pk.int)
        protected = nights.protected(self.house.north, asleep_from) if asleep_from else []
        seen_at: datetime | None = None
        purpose = ""
        while moment < end:
            if back := course.back_from_leave(moment):
                moment = back + timedelta(minutes=3) if back < end else end
                continue
            duty = self.duty(course, moment)
            author = duty.who
            last = Last(seen_at, course.level_at(moment))
            if author != holder:
                given_back = duty.purpose == "shift" and purpose == "break"
                asked = duty._replace(purpose="return") if given_back else duty
                for step in steps(holder, asked, moment, last, iter(self.entry_id, None)):
                    told = self._walked(step.kind, course, step.author, step.at, step.fact)
                    yield replace(told, entry_id=step.entry_id)
            holder, purpose, seen_at = author, duty.purpose, moment
            local = moment.astimezone(self.house.north.zone)
            said = seen(course.temper, local, self.chance)
            yield self._walked(CHECK, course, author, moment, said)
            if look := nights.look(protected, moment, said.eyes, woken):
                yield self._walked(LOOK, course, author, moment, look)
            gap = timedelta(seconds=pack.level(course.level_at(moment)).gap_s)
            moment += gap * self._step()

    def _observed(self, course: Course) -> Iterator[Draft]:
        """Tell how they were in each shift, and what they answered, a little before it ends."""
        unit = self.house.north
        end = min(filter(None, (course.discharged_at, self.ends)))
        number = self.house.beds.index(course.bed)
        watched = Watched(course.temper, f"{number} {course.admitted_at.isoformat()}")
        since = course.admitted_at + AFTER_ARRIVAL
        for ended, shift in ends_of_shifts(unit.pack.shifts, since, end, unit.zone):
            at = ended.astimezone(UTC) - timedelta(minutes=watched.chance.uniform(8, 40))
            if course.back_from_leave(at):
                continue
            for kind, fact in observed(watched, shift, at, number=number, texts=self.texts):
                author = self.duty(course, at).who
                yield self._walked(kind, course, author, at, fact, chance=watched.chance)

    def _body(self, course: Course) -> Iterator[Draft]:
        """Tell what they ate and drank, and what was measured."""
        end = min(filter(None, (course.discharged_at, self.ends)))
        number = self.house.beds.index(course.bed)
        body = Body(course.temper, f"{number} {course.admitted_at.isoformat()}")
        since = course.admitted_at + AFTER_ARRIVAL
        for moment, kind, fact in eaten_and_measured(body, since, end, self.house.north.zone):
            at = moment.astimezone(UTC)
            if not course.back_from_leave(at):
                author = self.duty(course, at).who
                yield self._walked(kind, course, author, at, fact, chance=body.chance)

    def _calmed(self, course: Course) -> Iterator[Draft]:
        """Tell the plan that they made, and what was tried in hard moments."""
        end = min(filter(None, (course.discharged_at, self.ends)))
        number = self.house.beds.index(course.bed)
        seed = f"{number} {course.admitted_at.isoformat()}"
        for at, kind, fact, chance in calmed(number, seed, course.admitted_at, end):
            if not course.back_from_leave(at):
                author = self.duty(course, at).who
                yield self._walked(kind, course, author, at, fact, chance=chance)

    def _step(self) -> float:
        """Return how much of the allowed gap passes until the next look: rarely more than all."""
        if self.chance.random() < 0.006:
            return self.chance.uniform(1.03, 1.5)
        return self.chance.uniform(0.5, 0.97)

    def _said(self, kind: str, course: Course, author: Person, at: datetime, fact: object) -> Draft:
        return Draft(
            entry_id=self.entry_id(),
            kind=kind,
            stay_id=course.stay.pk,
            author_id=author.pk,
            happened_at=at,
            written_at=at,
            fact=fact,
        )

    def _walked(
        self,
        kind: str,
        course: Course,
        author: Person,
        at: datetime,
        fact: object,
        *,
        chance: Random | None = None,
    ) -> Draft:
        """As written on the author's phone of the shift."""
        phones = self.house.phones
        phone = phones[self.house.people["technician"].index(author) % len(phones)]
        chance = chance or self.chance
        return Draft(
            entry_id=UUID(int=chance.getrandbits(128), version=4),
            kind=kind,
            stay_id=course.stay.pk,
            author_id=author.pk,
            happened_at=at,
            written_at=at + timedelta(seconds=chance.uniform(0, 4)),
            fact=fact,
            device_id=phone.pk,
            clock_offset_ms=phones.index(phone) * 140 - 200,
            clock_age_s=chance.randrange(1, 30),
        )
