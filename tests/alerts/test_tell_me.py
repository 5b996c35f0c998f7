"""A person asks to be told in a browser, tries it, and ends it."""

from django.urls import reverse

from milieu.alerts.models import Delivery, PushSubscription, Way
from tests.alerts.browser import Browser
from tests.pages import text

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


def ask(client, endpoint=ENDPOINT, **changes):
    return client.post(reverse("tell-me-add"), Browser(endpoint).said() | changes, follow=True)


def test_who_asks_in_a_browser_is_told_there_and_may_try_it(nora, cast):
    assert "You are told in this browser" in text(ask(nora))
    browser = PushSubscription.objects.get()
    assert (browser.person, browser.language, browser.ended_at) == (cast.nora, "en", None)

    assert "on its way" in text(nora.post(reverse("tell-me-try"), follow=True))
    assert Delivery.objects.get().way == Way.PUSH


def test_a_browser_tells_the_one_who_asked_last(nora, client, cast):
    ask(nora)
    client.force_login(cast.lena)
    ask(client)
    assert PushSubscription.objects.get().person == cast.lena


def test_one_ends_ones_own_and_nobody_elses(nora, client, cast):
    ask(nora)
    browser = PushSubscription.objects.get()
    url = reverse("tell-me-end", args=[browser.pk])
    client.force_login(cast.lena)
    client.post(url)
    browser.refresh_from_db()
    assert browser.ended_at is None
    client.force_login(cast.nora)
    client.post(url)
    browser.refresh_from_db()
    assert browser.ended_at is not None
    assert "You are told in" not in text(client.get(reverse("tell-me")))


def test_no_browser_can_name_a_machine_of_the_hospital(nora):
    answer = ask(nora, "https://10.0.0.7/admin")
    assert answer.status_code == 422
    assert "does not speak to this browser" in text(answer)
    assert not PushSubscription.objects.exists()


def test_what_is_no_key_is_not_kept(nora):
    assert "did not say where" in text(ask(nora, p256dh="x"))
    assert not PushSubscription.objects.exists()


def test_the_page_holds_the_key_that_our_messages_are_signed_with(nora):
    assert 'data-key="B' in text(nora.get(reverse("tell-me")))
