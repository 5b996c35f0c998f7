"""What is invented anew in each test: the same from the same seed, however many days."""

import pytest
from django.db import transaction

from milieu.behavior.models import ShiftSeen
from milieu.demo.observing import Watched
from milieu.demo.rhythm import Temper
from milieu.instruments.models import Scored
from tests.demo.invented import NOON, entries, invent, moment_of

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def test_each_shift_is_described_and_questions_are_answered_the_same_for_the_same_seed():
    invent(days=3)
    said = ShiftSeen.objects.as_system("a test").filter(entry__in=entries())
    assert set(said.values_list("shift", flat=True)) == {"day", "evening", "night"}
    assert said.count() > 3 * 3 * 15
    assert set(Scored.objects.as_system("a test").values_list("instrument", flat=True)) == {
        "phq-9",
        "gad-7",
    }
    assert Scored.objects.as_system("a test").filter(score__isnull=False).exists()

    twice = [[Watched(Temper(0.1), "7").shift("day", NOON) for _ in range(3)] for _ in range(2)]
    assert twice[0] == twice[1]


def test_the_same_seed_tells_the_same_moment():
    def told():
        with transaction.atomic():
            _, count = moment_of(invent(days=1))
            newest = entries().order_by("-pk")[:count]
            found = [(each.entry_id, each.kind, each.happened_at) for each in newest]
            transaction.set_rollback(True)
        return found

    assert told() == told()
