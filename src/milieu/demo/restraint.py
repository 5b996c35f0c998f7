"""One time in restraint that is over, invented; and who of the staff is trained for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Literal
from uuid import UUID

from milieu.census.models import Standing, State
from milieu.crisis import kinds, shape
from milieu.crisis.law import Sort
from milieu.crisis.training import write_down
from milieu.demo.house import House
from milieu.people.models import Person
from milieu.record.kinds import SERVER_CLOCK, Draft
from milieu.record.ledger import append

AGO = timedelta(hours=26)
HERE_BEFORE = timedelta(hours=30)  # whoever it is about had arrived by then
MIN = timedelta(minutes=1)
CRITERIA = ("Speaks in a quiet voice", "Says that he will not hit anybody", "Lets staff sit near")
TRAINED_FOR = timedelta(days=365)
SEED = 11
Distress = Literal["calm", "tense", "distressed"]
LOOKS: tuple[tuple[int, Distress, int], ...] = (
    (13, "distressed", 0),  # minutes, how they seemed, how many criteria were met
    (27, "tense", 1),
    (41, "calm", 3),
)
Said = tuple[int, str, str, object]  # minutes after the start, whose role, kind, fact


def train(house: House, at: datetime) -> None:
    """Write down that all who walk the floor are trained, but for the newest technician."""
    for role, people in house.people.items():
        if role not in ("technician", "lead", "nurse", "prescriber"):
            continue
        for person in people[:-1] if role == "technician" else people:
            write_down(
                person,
                Sort,
                on=at.date(),
                until=(at + TRAINED_FOR).date(),
                certified_by="R. Calloway, instructor",
                by=house.people["lead"][0],
                at=at,
            )


def tell(house: House, ends: datetime) -> int:
    """Store what was said of it, a day ago; return how many entries."""
    began = ends - AGO
    standings = Standing.objects.filter(
        unit=house.north, state=State.IN, admitted_at__lt=ends - HERE_BEFORE, since__lt=began
    )
    standing = standings.order_by("bed__room__name", "bed__name").first()
    if standing is None:
        return 0
    chance = Random(SEED)
    application = UUID(int=chance.getrandbits(128), version=4)
    people = {role: each[0] for role, each in house.people.items()}
    count = 0
    for minutes, role, kind, fact in _said(application, house, people):
        at = began + minutes * MIN
        new = UUID(int=chance.getrandbits(128), version=4)
        draft = Draft(
            entry_id=application if kind == kinds.START else new,
            kind=kind,
            stay_id=standing.stay_id,
            author_id=people[role].pk,
            happened_at=at,
            written_at=at + MIN / 2,
            **SERVER_CLOCK,
            fact=fact,
        )
        (answer,) = append([draft], received_at=at + MIN)
        assert answer.outcome == "stored", f"Invented days must hold: {answer}"
        count += 1
    return count


def _said(application: UUID, house: House, people: dict[str, Person]) -> Iterator[Said]:
    holding = [person.pk for person in house.people["technician"][:2]]
    yield (
        0,
        "nurse",
        kinds.START,
        shape.Start(
            devices=("hold-standing",),
            danger="Struck another person twice, went after him when they were parted",
            criteria=CRITERIA,
            applied_by=tuple(holding),
            basis="emergency",
            tried=("talk", "choices", "quiet"),
            observer=holding[0],
        ),
    )
    yield 4, "nurse", kinds.CHANGE, shape.Change(application, "on", "four-limb")
    yield 4, "nurse", kinds.CHANGE, shape.Change(application, "off", "hold-standing")
    yield 6, "prescriber", kinds.ORDER, _order(application, people["prescriber"])
    for minutes, distress, met in LOOKS:
        yield minutes, "technician", kinds.CHECK, _check(application, distress, met)
    yield 35, "prescriber", kinds.SEEN, _face_to_face(application)
    yield (
        44,
        "nurse",
        kinds.END,
        shape.End(application, "Sits on his bed, asked for tea", injuries="none"),
    )
    yield (
        180,
        "nurse",
        kinds.DEBRIEF,
        shape.Debrief(
            application, "person", "held", helped="To be told first that the visit was put off"
        ),
    )
    yield (
        240,
        "lead",
        kinds.DEBRIEF,
        shape.Debrief(application, "staff", "held", helped="A third person at the phone hour"),
    )


def _order(application: UUID, by: Person) -> shape.Order:
    return shape.Order(
        application=application,
        sorts=("personal", "mechanical"),
        minutes=120,
        how="in-person",
        ordered_by=by.pk,
        capacity="physician",
        renews=False,
        why="Goes on trying to reach the person whom he struck",
    )


def _check(application: UUID, distress: Distress, met: int) -> shape.Check:
    return shape.Check(
        application=application,
        circulation="good",
        breathing="good",
        skin="good",
        motion="done",
        fluids="taken" if met else "declined",
        dignity="kept",
        distress=distress,
        met=CRITERIA[:met],
    )


def _face_to_face(application: UUID) -> shape.Seen:
    return shape.Seen(
        application=application,
        what="face-to-face",
        capacity="physician",
        how="in-person",
        situation="On the bed, four limbs, door open, one technician beside him",
        reaction="Shouted at first, answers questions now",
        condition="Breathes evenly, no injury seen, oriented",
        go_on="go-on",
    )
