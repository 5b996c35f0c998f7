"""One hard moment, invented: help was called, somebody was held, and everyone was looked after."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from milieu.calm.services import TRIED
from milieu.calm.shape import Tried
from milieu.census.models import Standing, State
from milieu.crisis import kinds
from milieu.demo import restraint
from milieu.demo.calming import PLANNED_EVERY
from milieu.demo.house import House
from milieu.help.services import Speaker, say
from milieu.help.shape import Word
from milieu.incident import violence
from milieu.incident.services import MARK, NOTIFIED, REPORT
from milieu.incident.shape import Mark, Notified, Report
from milieu.people.models import Person
from milieu.record.kinds import SERVER_CLOCK, Draft
from milieu.record.ledger import append
from milieu.wellbeing import services as wellbeing
from milieu.wellbeing.models import CheckIn, Peer

EVENING = time(19, 40)  # by the unit's clock, some days ago
DAYS_AGO = timedelta(days=3, hours=2)  # at least
LATELY = timedelta(hours=26)  # where days are few, at any hour
SETTLED = timedelta(hours=8)  # whoever it is about had been here for so long, and has a plan
MIN = timedelta(minutes=1)
SEED = 11
Step = tuple[float, Callable[[datetime], object]]  # minutes after hands were laid on; what was done


def tell(house: House, ends: datetime) -> int:
    """Store what was said of it, some days ago; return how many entries."""
    found = _whom(house, ends)
    if found is None:
        return 0
    moment = _Moment(house, *found)
    entries, others = list(moment.entries()), [*moment.call(), *moment.aftercare()]
    for minutes, act in sorted([*entries, *others], key=lambda step: step[0]):
        act(moment.began + minutes * MIN)
    return len(entries)


def _whom(house: House, ends: datetime) -> tuple[Standing, datetime] | None:
    """Return about whom it is, and when: somebody who had a plan then and is still here."""
    for began in (_evening(house, ends - DAYS_AGO), ends - LATELY):
        standings = Standing.objects.as_system("the demo's own people").filter(
            unit=house.north,
            state=State.IN,
            bed__in=house.beds[::PLANNED_EVERY],
            admitted_at__lt=began - SETTLED,
            since__lt=began,
        )
        if standing := standings.order_by("bed__room__name", "bed__name").first():
            return standing, began
    return None


def _evening(house: House, latest: datetime) -> datetime:
    """Return the last evening before a moment."""
    zone = house.north.zone
    day = latest.astimezone(zone).date()
    found = datetime.combine(day, EVENING, zone)
    return found if found <= latest else datetime.combine(day - timedelta(days=1), EVENING, zone)


class _Moment:
    """What everyone did, by minutes after hands were laid on. Its ids come from a seed."""

    def __init__(self, house: House, standing: Standing, began: datetime) -> None:
        self.house, self.standing, self.began = house, standing, began
        self.chance = Random(SEED)
        self.people: dict[str, Person] = {role: each[0] for role, each in house.people.items()}
        self.people["colleague"] = house.people["technician"][1]
        self.called, self.incident, self.application = self.id(), self.id(), self.id()

    def id(self) -> UUID:
        """Return a new id from the seed."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def entries(self) -> Iterator[Step]:
        """Yield all that the record holds of it."""
        said = [
            *self._marks(),
            *restraint.said(self.application, self.house, self.people),
            *self._afterwards(),
        ]
        for minutes, who, kind, fact in said:
            entry_id = self.application if kind == kinds.START else self.id()
            yield minutes, self._entry(entry_id, self.people[who], kind, fact)

    def _entry(
        self, entry_id: UUID, who: Person, kind: str, fact: object
    ) -> Callable[[datetime], object]:
        def store(at: datetime) -> None:
            draft = Draft(
                entry_id=entry_id,
                kind=kind,
                stay_id=self.standing.stay_id,
                author_id=who.pk,
                happened_at=at,
                written_at=at + MIN / 2,
                **SERVER_CLOCK,
                fact=fact,
            )
            (answer,) = append([draft], received_at=at + MIN)
            assert answer.outcome == "stored", f"Invented days must hold: {answer}"

        return store

    def _marks(self) -> Iterator[restraint.Said]:
        """Yield what was tapped as it happened, and what was tried."""

        def mark(minutes: float, what: str, words: str = "", **more: UUID) -> restraint.Said:
            fact = Mark(self.incident, what, "hall", call=self.called, words=words, **more)
            return minutes, "technician", MARK, fact

        yield mark(-9, "raised-voice", "The telephone was taken")
        yield mark(-7, "choice", "Here, or in the quiet room?")
        tried = Tried("choice", "Here, or in the quiet room?", "not-wanted", "quiet-room")
        yield -6.5, "technician", TRIED, tried
        yield mark(-5, "threat")
        yield mark(-2, "staff-came", who=self.people["colleague"].pk)
        yield mark(-1, "hit", "Another person, twice")
        yield mark(0, "hands-on")
        yield mark(44.5, "released")
        yield mark(50, "calm")

    def _afterwards(self) -> Iterator[restraint.Said]:
        """Yield the report, and who was told."""

        def told(minutes: float, by: str, whom: str, way: str, reached: str) -> restraint.Said:
            return minutes, by, NOTIFIED, Notified(self.incident, whom, way, reached)

        yield told(3, "colleague", "nurse", "person", self.people["nurse"].name)
        yield told(5, "nurse", "prescriber", "phone", self.people["prescriber"].name)
        yield 70, "technician", REPORT, _report(self.incident)
        yield told(75, "nurse", "manager", "phone", self.people["manager"].name)
        yield told(150, "nurse", "guardian", "phone", "Their sister")

    def call(self) -> Iterator[Step]:
        """Yield the call for help, who came, and that it was over."""
        yield -4, self._says("technician", self.called, "called", **self._where())
        yield -3.6, self._says("colleague", self.id(), "coming")
        yield -2, self._says("colleague", self.id(), "there")
        yield 52, self._says("technician", self.id(), "over", outcome="calm")

    def _where(self) -> dict[str, object]:
        assert self.standing.bed, "Whoever has a plan has a bed."
        tapped = {"room_by": "tag", "room_age_s": 40}
        return {"stay": self.standing.stay_id, "room": self.standing.bed.room.name, **tapped}

    def _says(
        self, who: str, word_id: UUID, says: str, **more: object
    ) -> Callable[[datetime], object]:
        word = Word(word_id, self.called, says, **more)  # type: ignore[arg-type]
        speaker = Speaker(
            unit=self.house.north, device=self.house.phones[0], person=self.people[who]
        )
        return lambda at: say(word, speaker, at)

    def aftercare(self) -> Iterator[Step]:
        """Yield how staff were asked, what one answered, who may be asked, the log's line."""
        yield 60, wellbeing.offer
        yield 62, self._answers
        yield 90, self._logged
        yield 1200, self._reported

    def _answers(self, at: datetime) -> None:
        check_in = CheckIn.objects.get(
            person=self.people["technician"], cause="incident", step=wellbeing.NOW
        )
        given = {"hurt": "no", "off_floor": "yes", "relief": "has"}
        wellbeing.answer(check_in, given, at)
        for person in self.house.people["technician"][3:5]:
            manager = self.people["manager"]
            Peer.objects.create(
                id=self.id(), person=person, unit=self.house.north, since=at, by=manager
            )

    def _logged(self, at: datetime) -> None:
        line, by = _line(self.began), self.people["technician"]
        self.line = violence.write(self.id(), self.house.north, line, at, by=by)

    def _reported(self, at: datetime) -> None:
        violence.reported(
            self.line.pk,
            self.house.north,
            by=self.people["manager"],
            reference="WV-1184 (invented)",
            at=at,
        )


def _report(incident: UUID) -> Report:
    return Report(
        incident=incident,
        kinds=("verbal", "to-person"),
        narrative="Somebody else took the telephone. They called out, did not want the quiet room,"
        " said that they would hit whoever came near, and hit the other person twice on the arm."
        " Two technicians stepped between and held both arms.",
        place="hall",
        outcomes=("restraint",),
        injury_person="none",
        injury_others="first-aid",
        verbal=3,
        things=0,
        self_harm=0,
        others=3,
        helped="Tea, and one person who stayed and said little",
    )


def _line(at: datetime) -> dict[str, object]:
    """Return a line of the log without names."""
    return {
        "at": at,
        "sort": "type-2",
        "by_whom": "in-care",
        "place": "hall",
        "circumstances": "short",
        "account": "I stepped between two people and was pushed against the wall. I was not hurt.",
        "taken": "A colleague came within two minutes. Everyone else went to the dayroom.",
        "injury": False,
        "weapon": False,
        "urgent": False,
    }
