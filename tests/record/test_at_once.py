"""Who writes about the same people in the same moment."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from milieu.keeping.projected import differing, rebuild
from milieu.rounds.models import Clock
from tests.cast import LYING, NIGHT, Cast, outcomes

TIMES = 40


def both_at_once(*acts):
    """Do these things from threads of their own, begun in the same moment; return what came."""
    gate, came = threading.Barrier(len(acts)), []

    def do(act):
        gate.wait()
        try:
            came.append(act())
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not come)
            came.append(error)
        finally:
            connection.close()

    doing = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in doing:
        thread.start()
    for thread in doing:
        thread.join(60)
    return came


@pytest.mark.skipif(connection.vendor == "sqlite", reason="One writes at a time there.")
@pytest.mark.django_db(transaction=True)
def test_two_batches_that_put_right_and_go_on_never_wait_for_each_other():
    cast = Cast()

    def batch(one, other):
        """A check and its amendment, decided one after the other, and somebody else beside."""
        check = cast.check(one)
        right = cast.check(one, amends=check.entry_id, reason="Other room", fact=LYING)
        return lambda: cast.store(check, right, cast.check(other))

    for _ in range(TIMES):
        came = both_at_once(batch(cast.rosa, cast.john), batch(cast.john, cast.rosa))
        assert [outcomes(answers) for answers in came] == 2 * [["stored"] * 3]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="One writes at a time there.")
@pytest.mark.django_db(transaction=True)
def test_a_check_that_comes_while_all_is_worked_out_again_rests_on_what_came_of_that():
    cast = Cast()
    cast.order(cast.rosa)
    cast.store(cast.check(cast.rosa))
    wrong = {"level": "hourly", "due_at": NIGHT + timedelta(hours=1)}
    Clock.objects.as_system("a test").filter(stay=cast.rosa).update(**wrong)
    half_done = threading.Event()

    def work_out():
        rebuild(progress=lambda *_: (half_done.set(), time.sleep(0.5)))

    def check():
        half_done.wait(10)
        return cast.store(cast.check(cast.rosa, NIGHT + timedelta(minutes=5)))

    came = both_at_once(work_out, check)

    assert [outcomes(answers) for answers in came if answers] == [["stored"]]
    assert differing() == []
