"""No legal limit passes without an alert before it, and nothing ends or is closed by itself."""

from datetime import timedelta

import pytest

from milieu.alerts.deadlines import words_of
from milieu.alerts.kinds import LIMIT_NEAR, LIMIT_PASSED
from milieu.alerts.ladder import climb
from milieu.alerts.models import Deadline, Waiting
from milieu.alerts.services import acknowledge, unanswered
from milieu.alerts.services import told as told_of
from milieu.crisis.alarms import Alarms
from milieu.crisis.models import Application
from tests.alerts.work import begin
from tests.cast import NIGHT
from tests.crisis.acts import MIN, Acts, train

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def acts(cast):
    train(cast.dana)
    return Acts(cast)


def told():
    rows = Deadline.objects.order_by("alert__raised_at", "what")
    return [(each.alert.kind, each.what) for each in rows.select_related("alert")]


@pytest.fixture
def held(acts):
    """Rosa is in restraint by an order: of all limits only the check is near."""
    acts.start()
    acts.order(NIGHT + SECOND, attending="yes")
    return acts


def test_nothing_is_told_where_nobody_is_held(cast):
    assert Alarms().raise_limits(NIGHT) == 0


def test_a_check_is_told_before_it_is_due_once_and_when_it_has_passed(cast, held):
    alarms = Alarms()
    assert alarms.raise_limits(NIGHT + 12 * MIN - SECOND) == 0
    assert alarms.raise_limits(NIGHT + 12 * MIN) == 1
    assert alarms.raise_limits(NIGHT + 13 * MIN) == 0
    assert told() == [(LIMIT_NEAR, "check")]
    assert Alarms().raise_limits(NIGHT + 15 * MIN) == 1  # also by a ticker that was begun anew
    assert told()[1:] == [(LIMIT_PASSED, "check")]


def test_a_check_in_time_is_told_of_no_more(cast, held):
    held.look(NIGHT + 11 * MIN)
    assert Alarms().raise_limits(NIGHT + 20 * MIN) == 0


def test_an_alert_is_closed_by_a_person_alone_and_told_anew_while_it_goes_on(cast, held):
    alarms = Alarms()
    alarms.raise_limits(NIGHT + 15 * MIN)
    held.look(NIGHT + 16 * MIN)
    alarms.raise_limits(NIGHT + 17 * MIN)
    assert Waiting.objects.count() == 1

    (alert,) = unanswered(cast.nora)
    acknowledge(alert.pk, by=cast.nora, words="Looked at her", at=NIGHT + 18 * MIN)
    assert alarms.raise_limits(NIGHT + 19 * MIN) == 0


def test_a_limit_that_stays_passed_after_an_answer_is_told_anew(cast, held):
    alarms = Alarms()
    alarms.raise_limits(NIGHT + 15 * MIN)
    (alert,) = unanswered(cast.nora)
    acknowledge(alert.pk, by=cast.nora, words="On my way", at=NIGHT + 16 * MIN)
    assert alarms.raise_limits(NIGHT + 30 * MIN) == 0
    assert alarms.raise_limits(NIGHT + 31 * MIN) == 1


def test_an_order_that_is_missing_is_told_after_a_while(cast, acts):
    acts.start()
    alarms = Alarms()
    alarms.raise_limits(NIGHT + 15 * MIN)
    assert (LIMIT_NEAR, "order") in told()  # as soon as possible: no moment at which it is broken
    acts.order(NIGHT + 16 * MIN)
    alarms.raise_limits(NIGHT + 40 * MIN)
    assert told().count((LIMIT_NEAR, "order")) == 1


def test_an_order_that_runs_out_ends_nothing(cast, acts):
    acts.start()
    acts.order(NIGHT + MIN, minutes=60)
    Alarms().raise_limits(NIGHT + 62 * MIN)
    assert (LIMIT_PASSED, "order-ends") in told()
    assert Application.objects.visible_to(cast.nora).get().ended is None


def test_every_criterion_met_is_told_after_the_units_own_time(cast, held):
    held.look(NIGHT + 10 * MIN, met=("Talks in a quiet voice",))
    assert Alarms().raise_limits(NIGHT + 20 * MIN) == 0
    held.look(NIGHT + 20 * MIN, met=("Talks in a quiet voice", "Says they will not hit anybody"))
    Alarms().raise_limits(NIGHT + 25 * MIN)
    assert (LIMIT_PASSED, "release") in told()


def test_a_start_that_arrives_late_from_a_phone_is_told_at_once(cast):
    acts = Acts(cast, phone=True)
    acts.start(NIGHT, received_at=NIGHT + 40 * MIN)
    Alarms().raise_limits(NIGHT + 40 * MIN)
    assert (LIMIT_PASSED, "check") in told()


def test_who_may_answer_is_a_nurse_a_prescriber_or_the_manager(cast, held):
    Alarms().raise_limits(NIGHT + 15 * MIN)
    (alert,) = unanswered(cast.nora)
    with pytest.raises(Exception, match="nurse"):
        acknowledge(alert.pk, by=cast.dana, words="Seen", at=NIGHT + 16 * MIN)


def test_whoever_is_told_on_a_phone_reads_which_limit_it_is(cast, held):
    begin(cast, cast.nora, at=NIGHT)
    Alarms().raise_limits(NIGHT + 15 * MIN)
    climb(NIGHT + 15 * MIN)
    (alert,) = told_of(cast.nora, cast.north)
    assert words_of(alert) == "Restraint or seclusion: a limit has passed: Check in restraint"


def test_the_alert_says_which_limit_by_when_and_by_which_law(cast, acts, client):
    acts.start()
    Alarms().raise_limits(NIGHT + 15 * MIN)
    client.force_login(cast.nora)
    page = client.get("/concerns/").content.decode()
    assert "Check in restraint by" in page
    assert "482.13(e)" in page
