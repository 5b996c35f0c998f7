"""Messages leave the house at least once, say nothing of anyone, and are tried until they come."""

import json
from datetime import timedelta

import pytest

from milieu.alerts import outbox
from milieu.alerts.browsers import subscribe, try_out
from milieu.alerts.ladder import climb
from milieu.alerts.models import Delivery, Outcome, PushSubscription, Way
from milieu.alerts.postman import Postman
from milieu.alerts.services import acknowledge, unanswered
from tests.alerts.browser import Browser
from tests.alerts.outside import Outside
from tests.alerts.work import begin, tell
from tests.cast import NIGHT

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
MIN = timedelta(minutes=1)


@pytest.fixture
def postman():
    return Postman()


def walk(postman, now, *, until=lambda left: left == 0):
    """Walk until every message that is due has come back."""
    for _ in range(200):
        if until(postman.walk(now, patience_s=0.1)):
            return
    raise AssertionError("The postman did not come back.")


def test_a_service_hears_where_someone_is_needed_and_nothing_of_anyone(
    cast, postman, outside, settings
):
    settings.ALERT_SERVICES = [outside.service("hook")]
    begin(cast, cast.nora, at=NIGHT)
    raised = tell(cast, at=NIGHT)
    climb(raised)
    walk(postman, raised)

    assert outside.said() == [("North", "Someone needs you.")]
    (delivery,) = Delivery.objects.filter(way=Way.OUTSIDE)
    assert (delivery.outcome, delivery.done_at) == (Outcome.ARRIVED, raised)
    climb(raised + 5 * MIN)
    walk(postman, raised + 5 * MIN)
    assert set(outside.said()[1:]) == {("North", "Someone needs you. Nobody has answered yet.")}
    everything = repr([(path, str(headers), body) for path, headers, body in outside.came])
    for secret in ("Rosa", "Martinez", "hand hurts", "Dana", "Nora", str(cast.rosa.pk)):
        assert secret not in everything


def test_a_browser_is_told_in_its_language_by_a_message_that_only_it_can_read(
    cast, postman, outside
):
    begin(cast, cast.nora, at=NIGHT)
    browser = Browser(f"{outside.url}/push/1")
    subscribe(cast.nora, **browser.said(), language="es", at=NIGHT)
    raised = tell(cast, at=NIGHT)
    climb(raised)
    walk(postman, raised)

    ((path, headers, body),) = outside.came
    said = browser.read(body)
    assert path == "/push/1"
    assert headers["Authorization"].startswith("vapid t=")
    assert (headers["Urgency"], headers["TTL"]) == ("high", "900")
    assert said["title"] == "North"
    assert said["url"] == "/concerns/"
    for secret in ("Rosa", "Martinez", "hand hurts", "Dana", "Nora"):
        assert secret not in json.dumps(said)
    assert Delivery.objects.get(way=Way.PUSH).outcome == Outcome.ARRIVED


def test_who_is_not_on_shift_is_not_called(cast, postman, outside):
    browser = Browser(f"{outside.url}/push/1")
    subscribe(cast.nora, **browser.said(), language="en", at=NIGHT)
    raised = tell(cast, at=NIGHT)
    climb(raised)
    walk(postman, raised)
    assert outside.came == []


def test_a_message_that_does_not_arrive_is_tried_again_until_it_does(
    cast, postman, outside, settings
):
    settings.ALERT_SERVICES = [outside.service()]
    outside.status = 500
    raised = tell(cast, at=NIGHT)
    begin(cast, cast.nora, at=NIGHT)
    climb(raised)
    now = raised
    for _ in range(6):
        walk(postman, now)
        now += MIN
    (delivery,) = Delivery.objects.filter(way=Way.OUTSIDE, rung=0)
    assert (delivery.tries, delivery.done_at) == (6, None)
    assert delivery.fault == "service did not accept it"
    assert outbox.stuck(now).count >= 1

    outside.status = 200
    walk(postman, now + MIN)
    assert Delivery.objects.get(pk=delivery.pk).outcome == Outcome.ARRIVED
    assert outbox.stuck(now + MIN).count == 0


def test_a_browser_that_takes_no_messages_any_longer_is_let_go(cast, postman, outside):
    outside.status = 410
    begin(cast, cast.nora, at=NIGHT)
    subscribe(cast.nora, **Browser(f"{outside.url}/push/1").said(), language="en", at=NIGHT)
    raised = tell(cast, at=NIGHT)
    climb(raised)
    walk(postman, raised)
    assert Delivery.objects.get(way=Way.PUSH).outcome == Outcome.GONE
    assert PushSubscription.objects.get().ended_at == raised


def test_after_an_answer_nobody_is_called_any_more(cast, postman, outside, settings):
    settings.ALERT_SERVICES = [outside.service()]
    begin(cast, cast.nora, at=NIGHT)
    raised = tell(cast, at=NIGHT)
    climb(raised)
    (alert,) = unanswered(cast.nora)
    acknowledge(alert.pk, by=cast.nora, words="Ice given", at=raised)
    walk(postman, raised + SECOND)
    assert outside.came == []
    assert Delivery.objects.get(way=Way.OUTSIDE).outcome == Outcome.ANSWERED


def test_a_service_that_hangs_does_not_hold_up_another(cast, outside, settings):
    slow, postman = Outside(), Postman()
    try:
        slow.wait_s = 1.5
        settings.ALERT_SERVICES = [slow.service(), outside.service()]
        begin(cast, cast.nora, at=NIGHT)
        for number in range(6):
            raised = tell(cast, at=NIGHT + number * SECOND)
        climb(raised)
        walk(postman, raised, until=lambda _left: len(outside.came) == 6)
        assert len(slow.came) < 6
        walk(postman, raised)
        assert len(slow.came) == 6
    finally:
        slow.close()


def test_a_sign_of_life_goes_the_same_way_and_one_at_a_time(db, postman, outside, settings):
    settings.HEARTBEAT_URL = f"{outside.url}/ping/abc"
    outside.status = 503
    assert outbox.send_sign_of_life(NIGHT)
    walk(postman, NIGHT)
    assert not outbox.send_sign_of_life(NIGHT + MIN)
    outside.status = 200
    walk(postman, NIGHT + MIN)
    assert [path for path, _, _ in outside.came] == ["/ping/abc", "/ping/abc"]
    assert outbox.send_sign_of_life(NIGHT + 2 * MIN)
    assert outbox.forget_signs_of_life(NIGHT + 2 * MIN) == 1


def test_without_an_address_there_is_no_sign_of_life(db, settings):
    settings.HEARTBEAT_URL = ""
    assert not outbox.send_sign_of_life(NIGHT)


def test_a_test_message_goes_the_same_way(cast, postman, outside):
    browser = Browser(f"{outside.url}/push/1")
    subscribe(cast.nora, **browser.said(), language="en", at=NIGHT)
    assert try_out(cast.nora, at=NIGHT) == 1
    walk(postman, NIGHT)
    assert "This is a test" in browser.read(outside.came[0][2])["body"]


def test_a_service_taken_out_of_the_settings_is_not_waited_for(cast, postman, settings):
    settings.ALERT_SERVICES = ["json://127.0.0.1:9/"]
    begin(cast, cast.nora, at=NIGHT)
    climb(tell(cast, at=NIGHT))
    settings.ALERT_SERVICES = []
    walk(postman, NIGHT + MIN)
    assert Delivery.objects.get(way=Way.OUTSIDE).outcome == Outcome.GONE
