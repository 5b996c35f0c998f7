"""The feed of open boards: what it does when the database is away for a moment."""

import asyncio
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from milieu.board import boards
from milieu.board.boards import Boards, Shown
from milieu.board.render import Wanted
from milieu.kernel import clock


class Unwell:
    """A feed that cannot look at first, and afterwards has nothing to tell of before."""

    failures = 0

    def units_touched(self):
        if Unwell.failures:
            Unwell.failures -= 1
            raise OSError("the database is away")
        return set()


@pytest.fixture
def rendered(monkeypatch):
    """Number the renderings; each stays as it is for an hour, if nothing happens."""
    numbers = count(1)
    an_hour = timedelta(hours=1)
    monkeypatch.setattr(boards, "POLL_S", 0.01)
    monkeypatch.setattr(boards, "Feed", Unwell)
    monkeypatch.setattr(boards.help_calls, "standing", frozenset)
    monkeypatch.setattr(
        boards, "_render", lambda _wanted: Shown(f"board {next(numbers)}", clock.now() + an_hour)
    )


async def until(true):
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.01)


def test_after_a_look_that_failed_every_board_is_drawn_anew(rendered):
    async def watch():
        open_boards = Boards()
        async with open_boards.joined(Wanted(unit_id=uuid4(), language="en")) as (group, _wake):
            await until(lambda: b"board 1" in group.event)
            Unwell.failures = 1
            await until(lambda: b"board 2" in group.event)
            open_boards.stop()

    asyncio.run(watch())
