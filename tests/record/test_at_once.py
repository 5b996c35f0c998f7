"""Two phones that write about the same people in the same moment."""

import threading

import pytest
from django.db import connection

from tests.cast import LYING, Cast, outcomes

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
