"""The demo's unit, invented up to one noon; once for each test, or once for all of a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import QuerySet
from pytest_django import DjangoDbBlocker

from milieu.demo import hard_moment, house, restraint
from milieu.demo.history import Days
from milieu.demo.house import House
from milieu.demo.telling import tell
from milieu.record.models import Entry

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def invent(*, days: int = 1, seed: int = 7) -> House:
    """Invent a unit and this many days of it."""
    starts = NOON - timedelta(days=days)
    made = house.build(starts - timedelta(days=1))
    tell(Days(house=made, chance=Random(seed), starts=starts, ends=NOON), lambda done, of: None)
    return made


def entries() -> QuerySet[Entry]:
    """Return everything in the record."""
    return Entry.objects.as_system("test")


@contextmanager
def shared(blocker: DjangoDbBlocker, *, days: int) -> Iterator[House]:
    """Invent a unit for all tests of a file: whatever one of them changes is undone after it."""
    with blocker.unblock(), transaction.atomic():
        yield invent(days=days)
        transaction.set_rollback(True)


def moment_of(made: House) -> tuple[House, int]:
    """Tell the hard moment of this unit; return how many entries that were, too."""
    restraint.train(made, made.phones[0].enrolled_at)
    return made, hard_moment.tell(made, NOON)
