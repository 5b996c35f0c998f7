"""Who has a feed: what was answered to one reader is not another's."""

import asyncio
from uuid import uuid4

from milieu.board.door import Door
from milieu.board.render import Wanted

WANTED = Wanted(unit_id=uuid4(), language="", phone=True)
TOKEN = (b"authorization", b"Bearer of-phone-1")


class Asked(Door):
    """A door that knows one phone, and counts how often the pages are asked."""

    def __init__(self):
        super().__init__()
        self.asked = 0

    def _ask(self, scope):
        self.asked += 1
        return WANTED if TOKEN in scope["headers"] else 401


def admitted(door, *headers):
    scope = {"path": "/live/phone/", "query_string": b"once", "headers": list(headers)}
    return asyncio.run(door.admit(scope, remembered=True))


def test_what_a_phone_was_answered_is_not_given_to_who_shows_no_token_or_another():
    door = Asked()
    assert admitted(door, TOKEN) == WANTED
    assert admitted(door) == 401
    assert admitted(door, (b"authorization", b"Bearer of-nobody")) == 401
    assert admitted(door, (b"cookie", TOKEN[1])) == 401


def test_the_same_reader_is_not_asked_of_the_pages_again_for_a_moment():
    door = Asked()
    for _ in range(3):
        assert admitted(door, TOKEN) == WANTED
    assert door.asked == 1
