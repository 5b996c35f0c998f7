"""Invented days hold: nobody is in two places, and nobody is seen who is not there."""

from datetime import timedelta
from random import Random
from uuid import uuid4

from milieu.admissions.services import NAME as MOVEMENT
from milieu.demo.history import TOO_CLOSE
from milieu.demo.telling import apart
from milieu.record.kinds import Draft
from milieu.rounds.services import CHECK
from tests.cast import NIGHT

WALKER, ROSA, JOHN = uuid4(), uuid4(), uuid4()
SECOND = timedelta(seconds=1)


def draft(stay, at, kind=CHECK):
    return Draft(
        entry_id=uuid4(),
        kind=kind,
        stay_id=stay,
        author_id=WALKER,
        happened_at=at,
        written_at=at + SECOND,
        fact=None,
    )


def test_who_looks_in_on_two_people_is_with_the_second_a_while_later():
    first, second = apart([draft(ROSA, NIGHT), draft(JOHN, NIGHT + SECOND)], Random(1))

    assert second.happened_at - first.happened_at >= TOO_CLOSE
    assert second.written_at - second.happened_at == SECOND


def test_whoever_went_meanwhile_is_not_seen_any_more():
    left = draft(JOHN, NIGHT + 2 * SECOND, MOVEMENT)
    seen, unseen = draft(ROSA, NIGHT), draft(JOHN, NIGHT + SECOND)

    assert list(apart([seen, unseen, left], Random(1))) == [seen, left]
