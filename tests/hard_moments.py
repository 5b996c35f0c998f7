"""Who may call the pages of hard moments: rows of ``test_routes.TABLE``."""

from collections.abc import Callable
from functools import partial
from typing import cast
from uuid import UUID

from milieu.help.services import Speaker, say
from milieu.help.shape import Word
from milieu.incident.shape import Mark, Notified, Report
from milieu.incident.violence import write
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.rules import GRANTED, Action, Role
from milieu.wellbeing.models import Peer
from tests.cast import NIGHT, outcomes
from tests.routes import NO, House, Row, Says, Where

SEE = GRANTED[Action.SEE]
HELP = GRANTED[Action.HELP]
AMEND = GRANTED[Action.AMEND_ANY] | {Role.TECHNICIAN}  # the lead, and whoever wrote it
AFTERCARE = GRANTED[Action.AFTERCARE]
REPORT = GRANTED[Action.REPORT_VIOLENCE]
Found = dict[str, object]


def place(house: House, where: Where) -> dict[str, object]:
    return {"unit_id": house.unit(where).pk}


def of_person(house: House, where: Where) -> dict[str, object]:
    return {"stay_id": house.stay(where).pk}


def call(house: House, where: Where) -> dict[str, object]:
    made = uuid7()
    speaker = Speaker(unit=house.unit(where), device=house.phone(where))
    say(Word(id=made, call=made, says="called"), speaker, clock.now())
    return {"call_id": made}


def incident(house: House, where: Where) -> dict[str, object]:
    made = uuid7()
    stay, author = house.stay(where), house.technician(where)
    phone = house.phone(where)
    mark = house.cast.check(
        stay,
        kind="incident.mark",
        author_id=author.pk,
        device_id=phone.pk,
        fact=Mark(incident=made, what="raised-voice"),
    )
    assert outcomes(house.cast.store(mark)) == ["stored"]
    return {"stay_id": stay.pk, "incident_id": made, "entry_id": mark.entry_id}


def of_incident(house: House, where: Where, kind: str, fact: Callable[[UUID], object]) -> Found:
    about = incident(house, where)
    said = house.cast.check(
        house.stay(where),
        kind=kind,
        author_id=house.technician(where).pk,
        device_id=house.phone(where).pk,
        fact=fact(cast("UUID", about["incident_id"])),
    )
    assert outcomes(house.cast.store(said)) == ["stored"]
    return {"entry_id": said.entry_id}


def report(house: House, where: Where) -> Found:
    told = {"kinds": ("verbal",), "narrative": "Loud words."}
    return of_incident(house, where, "incident.report", lambda made: Report(incident=made, **told))


def notified(house: House, where: Where) -> Found:
    made = partial(Notified, whom="nurse", way="person")
    return of_incident(house, where, "incident.notified", lambda of: made(incident=of))


def violence(house: House, where: Where) -> Found:
    unit = house.unit(where)
    said = {"sort": "type-2", "by_whom": "in-care", "place": "", "circumstances": "", "at": NIGHT}
    more = {
        "injury": False,
        "weapon": False,
        "urgent": False,
        "account": "A push.",
        "taken": "Apart.",
    }
    line = write(uuid7(), unit, said | more, NIGHT, by=house.technician(where))
    return {"unit_id": unit.pk, "line_id": line.pk}


def check_in(house: House, where: Where) -> dict[str, object]:
    """Return a question that nobody in the cast of either unit is asked: each finds none."""
    return {"check_in_id": uuid7(), "asked_id": uuid7()}


def peer(house: House, where: Where) -> dict[str, object]:
    unit = house.unit(where)
    author = house.technician(where)
    made = Peer.objects.create(unit=unit, person=author, since=NIGHT, by=author)
    return {"unit_id": unit.pk, "peer_id": made.pk}


OF_MOMENTS = (place, call, of_person, incident, report, notified, violence, peer)
MOMENTS: dict[str, Row | str] = {
    "help": Row(get=Says(200, SEE), of=place),
    "help-call": Row(get=NO, post=Says(422, HELP), of=place),
    "help-answer": Row(get=NO, post=Says(302, HELP), of=call, sends="says=coming"),
    "incidents": Row(get=Says(200, SEE), of=of_person),
    "incident-mark": Row(get=Says(200, HELP), post=Says(422, HELP), of=of_person),
    "incident": Row(get=Says(200, SEE), of=incident),
    "incident-report": Row(get=Says(200, HELP), post=Says(422, HELP), of=incident),
    "incident-told": Row(get=Says(200, HELP), post=Says(422, HELP), of=incident),
    "incident-mark-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=incident),
    "incident-report-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=report),
    "incident-told-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=notified),
    "own-check-ins": Row(get=Says(200, HELP)),
    "check-in": Row(get=NO, post=Says(404), of=check_in),
    "check-in-with-them": Row(get=NO, post=Says(404), of=check_in),
    "company-seen": Row(get=NO, post=Says(302), of=check_in),
    "company-ask": Row(get=NO, post=Says(302, HELP), of=place),
    "aftercare": Row(get=Says(200, AFTERCARE), post=Says(422, AFTERCARE), of=place),
    "peer-end": Row(get=NO, post=Says(302, AFTERCARE), of=peer),
    "violence-log": Row(get=Says(200, SEE), post=Says(422, HELP), of=place),
    "violence-log-table": Row(get=Says(200, REPORT), of=violence),
    "violence-log-reported": Row(get=NO, post=Says(302, REPORT), of=violence),
}
