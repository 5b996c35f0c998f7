"""What is done inside a server of a random history, besides answering phones."""

import shutil
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.db import connection

from milieu.admissions.services import back, leave
from milieu.census.models import Standing, State, Stay
from milieu.keeping import sqlite
from milieu.keeping.restore import restore
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.people.rules import Role
from milieu.rounds.services import order_level
from milieu.seals.sealing import seal

LEVELS = ("q15", "q30", "hourly", "line-of-sight")


def order_or_leave(stay_id: str, chance: float) -> None:
    """Let a nurse order a level; or send somebody on leave, or have them back."""
    nurse = Person.objects.filter(grants__role=Role.NURSE)[0]
    stay = Stay.objects.as_system("a measurement moves people").get(pk=UUID(stay_id))
    at = clock.now()
    given = {"entry_id": uuid7(), "stay": stay, "at": at, "by": nurse}
    with suppress(Refusal):  # by the clock, somebody else was a moment quicker
        if chance < 0.6:
            level = LEVELS[int(chance * 100) % len(LEVELS)]
            order_level(level=level, why="Reviewed", written_at=at, **given)
        elif Standing.objects.as_system("an invented unit").get(stay=stay).state == State.LEAVE:
            back(**given)
        else:
            leave(**given)


def seal_now() -> int:
    """Seal what waits, as the sealer does every 15 seconds."""
    return seal(clock.now())


def back_up(target: Path) -> None:
    """Copy the database and verify the copy, as ``milieu backup`` does."""
    sqlite.copy(target)


def put_back(backup: Path) -> None:
    """Restore a backup, as ``milieu restore`` does."""
    restored = restore(backup, say=lambda _words: None)
    connection.close()
    shutil.rmtree(restored.aside)  # named by the second, and seconds are long here
