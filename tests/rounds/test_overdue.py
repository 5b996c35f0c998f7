"""Whoever was not seen in time, and whoever nobody is with, is told of until a human answers."""

from datetime import timedelta

import pytest

from milieu.admissions.services import leave as go_on_leave
from milieu.admissions.services import transfer
from milieu.alerts.ladder import climb
from milieu.alerts.models import Alert, Delivery, Waiting
from milieu.alerts.services import acknowledge, unanswered
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.rounds.handing import GIVE, TAKE
from milieu.rounds.overdue import raise_missed
from milieu.rounds.rules import missed
from milieu.rounds.services import order_level
from milieu.rounds.shape import Give, Take
from tests.alerts.work import begin, leave, sign_in
from tests.cast import ARRIVED, NIGHT, Cast

SECOND = timedelta(seconds=1)
MIN = timedelta(minutes=1)
GRACE = 2 * MIN


@pytest.fixture
def cast(db):
    """Rosa is on Q15 and was seen at NIGHT; John is on no level."""
    cast = Cast()
    cast.order(cast.rosa)
    cast.store(cast.check(cast.rosa, NIGHT))
    return cast


def kinds():
    alerts = Alert.objects.as_system("test").order_by("raised_at")
    return list(alerts.values_list("kind", flat=True))


def take(cast, person, at, kind=TAKE):
    fact = Take() if kind == TAKE else Give()
    cast.store(cast.check(cast.rosa, at, kind=kind, fact=fact, author_id=person.pk))


def test_the_grace_is_over_when_it_is_over_and_what_was_not_due_is_not_missed():
    assert not missed(None, grace=GRACE, now=NIGHT)
    assert not missed(NIGHT, grace=GRACE, now=NIGHT + GRACE - SECOND)
    assert missed(NIGHT, grace=GRACE, now=NIGHT + GRACE)


def test_an_overdue_check_is_an_alert_after_the_packs_grace_and_once(cast):
    due = NIGHT + 15 * MIN
    assert raise_missed(due + GRACE - SECOND) == 0
    assert raise_missed(due + GRACE) == 1
    assert [raise_missed(due + GRACE + each * SECOND) for each in range(1, 4)] == [0, 0, 0]

    (alert,) = unanswered(cast.nora)
    assert (alert.kind, alert.stay, alert.happened_at) == ("overdue", cast.rosa, due)
    assert (alert.owner_role, alert.answer_by) == ("lead", due + GRACE + 15 * MIN)
    assert alert.raised_by is None


def test_a_check_that_arrives_late_closes_nothing_and_is_shown_for_what_it_is(cast):
    due = NIGHT + 15 * MIN
    raise_missed(due + GRACE)
    seen = due - MIN  # in time, on a phone without network
    cast.store(cast.check(cast.rosa, seen), received_at=due + 20 * MIN)

    (alert,) = unanswered(cast.nora)
    assert (alert.seen_at, alert.seen_stored_at) == (seen, due + 20 * MIN)
    raise_missed(due + 20 * MIN)
    climb(due + 20 * MIN)
    assert Waiting.objects.count() == 2  # and the check after that one is overdue too


def test_whoever_holds_the_list_is_told_first_and_alone(cast):
    begin(cast, cast.dana, at=NIGHT)
    begin(cast, cast.lena, at=NIGHT)
    take(cast, cast.dana, NIGHT + SECOND)
    raised = NIGHT + 17 * MIN
    raise_missed(raised)
    climb(raised)
    assert list(Delivery.objects.values_list("rung", "person__name")) == [(0, "Dana Reyes")]
    climb(raised + 5 * MIN)
    assert set(Delivery.objects.values_list("rung", "person__name")) == {
        (0, "Dana Reyes"),
        (1, "Lena Ott"),
    }


def test_what_goes_on_after_an_answer_is_told_anew_a_quarter_of_an_hour_later(cast):
    raised = NIGHT + 17 * MIN
    raise_missed(raised)
    (alert,) = unanswered(cast.lena)
    acknowledge(alert.pk, by=cast.lena, words="On my way", at=raised + MIN)

    assert raise_missed(raised + 15 * MIN) == 0
    assert raise_missed(raised + 16 * MIN) == 1
    assert kinds() == ["overdue", "overdue"]


def test_a_new_gap_is_a_new_alert_though_the_old_one_still_waits(cast):
    raise_missed(NIGHT + 17 * MIN)
    cast.store(cast.check(cast.rosa, NIGHT + 18 * MIN))
    assert raise_missed(NIGHT + 30 * MIN) == 0
    assert raise_missed(NIGHT + 35 * MIN) == 1
    assert len(unanswered(cast.nora)) == 2


def test_nobody_is_overdue_while_on_leave(cast):
    go_on_leave(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + MIN, by=cast.nora)
    assert raise_missed(NIGHT + 60 * MIN) == 0


def watch(cast, level, observer=None):
    order_level(
        entry_id=uuid7(),
        stay=cast.rosa,
        level=level,
        why="At risk",
        at=NIGHT,
        written_at=NIGHT,
        by=cast.nora,
        observer=observer,
    )


def uncovered(cast, at):
    raise_missed(at)
    found = [alert for alert in unanswered(cast.nora) if alert.kind == "uncovered"]
    return [alert.happened_at for alert in found]


def test_line_of_sight_that_nobody_holds_is_an_alert(cast):
    watch(cast, "line-of-sight")
    assert uncovered(cast, NIGHT + MIN) == []
    assert uncovered(cast, NIGHT + 2 * MIN) == [NIGHT]


def test_who_is_held_is_not_alone_though_somebody_else_is_asked_to_take_over(cast):
    watch(cast, "line-of-sight")
    take(cast, cast.dana, NIGHT + MIN)
    take(cast, cast.dana, NIGHT + 11 * MIN, kind=GIVE)
    assert uncovered(cast, NIGHT + 30 * MIN) == []


def test_who_signed_out_watches_nobody_any_longer(cast):
    begin(cast, cast.dana, at=NIGHT)
    watch(cast, "line-of-sight")
    take(cast, cast.dana, NIGHT + MIN)
    assert uncovered(cast, NIGHT + 10 * MIN) == []
    leave(cast.dana, at=NIGHT + 11 * MIN)
    assert uncovered(cast, NIGHT + 12 * MIN) == []
    assert uncovered(cast, NIGHT + 13 * MIN) == [NIGHT + 11 * MIN]


def test_who_was_moved_to_another_unit_has_nobody_there_until_somebody_says_so(cast):
    watch(cast, "line-of-sight")
    take(cast, cast.dana, NIGHT + MIN)
    moved = NIGHT + 20 * MIN
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=moved, by=cast.nora)
    raise_missed(moved + 2 * MIN)
    (alert,) = [each for each in unanswered(cast.sana) if each.kind == "uncovered"]
    assert alert.happened_at == moved


def test_who_signed_out_of_the_phone_and_works_at_a_desk_is_at_work(cast, client):
    now = clock.now()
    begin(cast, cast.dana, at=now - 20 * MIN)
    watch(cast, "line-of-sight")
    take(cast, cast.dana, now - 15 * MIN)
    leave(cast.dana, at=now - 10 * MIN)
    sign_in(client, cast.dana)
    client.get("/")
    assert uncovered(cast, now) == []
    assert uncovered(cast, now + 60 * MIN) == [now - 10 * MIN]


def test_whom_an_order_names_watches_from_when_they_accept_it(cast):
    begin(cast, cast.dana, at=NIGHT)
    watch(cast, "one-to-one", observer=cast.dana)
    assert uncovered(cast, NIGHT + 10 * MIN) == [NIGHT]
    take(cast, cast.dana, NIGHT + 11 * MIN)
    leave(cast.dana, at=NIGHT + 30 * MIN)
    assert uncovered(cast, NIGHT + 32 * MIN) == [NIGHT, NIGHT + 30 * MIN]


def test_a_look_costs_the_same_however_many_are_overdue(cast, django_assert_max_num_queries):
    for number in range(20):
        cast.order(cast.arrive(f"P{number}", "Q"), "line-of-sight")
    with django_assert_max_num_queries(14):
        assert raise_missed(ARRIVED + timedelta(hours=12)) == 40
    with django_assert_max_num_queries(9):
        assert raise_missed(ARRIVED + timedelta(hours=12, seconds=2)) == 0
