"""One time in restraint, invented; and who of the staff is trained for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from milieu.crisis import kinds, shape
from milieu.crisis.law import Sort
from milieu.crisis.training import write_down
from milieu.demo.house import House
from milieu.people.models import Person

CRITERIA = ("Talks in a quiet voice", "Says they will not hurt anybody", "Lets staff sit near")
TRAINED_FOR = timedelta(days=365)
Distress = Literal["calm", "tense", "distressed"]
LOOKS: tuple[tuple[int, Distress, int], ...] = (
    (13, "distressed", 0),  # minutes, how they seemed, how many criteria were met
    (27, "tense", 1),
    (41, "calm", 3),
)
Said = tuple[float, str, str, object]  # minutes after the start, who, kind, fact


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


def said(application: UUID, house: House, people: dict[str, Person]) -> Iterator[Said]:
    """Yield what was said of it, from the start to what was talked over afterwards."""
    holding = [person.pk for person in house.people["technician"][:2]]
    yield (
        0,
        "nurse",
        kinds.START,
        shape.Start(
            devices=("hold-standing",),
            danger="Hit another person twice, and went on when staff stepped between",
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
        shape.End(application, "Sits on the bed, asked for tea", injuries="none"),
    )
    yield (
        180,
        "nurse",
        kinds.DEBRIEF,
        shape.Debrief(
            application, "person", "held", helped="To hear when the telephone is free again"
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
        attending="yes",
        why="Goes on trying to reach the other person",
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
        situation="On the bed, four limbs, door open, one technician beside the bed",
        reaction="Shouted at first, answers questions now",
        condition="Breathes evenly, no injury seen, oriented",
        go_on="go-on",
    )
