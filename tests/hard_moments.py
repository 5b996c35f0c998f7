"""Who may call the pages of hard moments: rows of ``test_routes.TABLE``."""

from milieu.help.services import Speaker, say
from milieu.help.shape import Word
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.rules import GRANTED, Action
from tests.routes import NO, House, Row, Says, Where

SEE = GRANTED[Action.SEE]
HELP = GRANTED[Action.HELP]


def place(house: House, where: Where) -> dict[str, object]:
    return {"unit_id": house.unit(where).pk}


def call(house: House, where: Where) -> dict[str, object]:
    made = uuid7()
    speaker = Speaker(unit=house.unit(where), device=house.phone(where))
    say(Word(id=made, call=made, says="called"), speaker, clock.now())
    return {"call_id": made}


OF_MOMENTS = (place, call)
MOMENTS: dict[str, Row | str] = {
    "help": Row(get=Says(200, SEE), of=place),
    "help-call": Row(get=NO, post=Says(422, HELP), of=place),
    "help-answer": Row(get=NO, post=Says(302, HELP), of=call, sends="says=coming"),
}
