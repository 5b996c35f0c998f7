"""No version of the app can keep a phone from the next one, not even one that does not start."""

import pytest
from playwright.sync_api import Error as PageGone
from playwright.sync_api import expect

from tests.journeys.between import Between, Instead
from tests.journeys.phone_evidence import (
    UPDATE,
    begin,
    check,
    eventually,
    find_network_again,
    nothing_twice,
    truth,
)
from tests.journeys.phone_in_hand import Phone
from tests.running import Server

NEXT = "fedcba987654"
BREAK = """async () => {
  const [name] = await caches.keys()
  const broken = new Response("throw new Error('It does not start.')", {
    headers: {"Content-Type": "text/javascript"},
  })
  await (await caches.open(name)).put("/static/phone/app.js", broken)
}"""
KEPT_WHOLE = """async () => {
  const { waiting } = await navigator.serviceWorker.getRegistration("/phone/")
  return waiting ? caches.keys() : []
}"""
WITHOUT_WORKER = """async () => {
  const asked = ["/phone/", "/static/phone/app.js", "/static/phone/screens/list.js"]
  return Promise.all(asked.map(async (path) => (await caches.match(path)).headers.get("Vary")))
}"""


@pytest.mark.on_disk
def test_a_phone_whose_kept_app_does_not_start_takes_the_next_version_and_loses_nothing(
    phone: Phone, server: Server, between: Between
) -> None:
    phone.url = f"{between.url}/phone/"
    before = begin(phone, 1)
    assert phone.page.evaluate(WITHOUT_WORKER) == [None] * 3
    phone.leave_network()
    check(phone)
    phone.page.evaluate(BREAK)
    phone.page.goto(phone.url)
    eventually(lambda: phone.faults, ["It does not start."])
    phone.faults.clear()

    between.version = NEXT
    phone.find_network()
    phone.page.goto(phone.url)  # the browser itself looks for a new worker: no script of ours runs
    eventually(
        lambda: f"milieu-phone-{NEXT}" in phone.page.evaluate(KEPT_WHOLE), wanted=True, seconds=40
    )
    phone.kill()
    phone.faults.clear()

    phone.open()
    phone.page.goto(phone.url)
    expect(phone.page.get_by_text("1 on this phone")).to_be_visible()
    phone.unlock("Dana R.")
    truth(phone, 0, before + 1)
    nothing_twice(phone, server, before + 1)


def waits(phone: Phone) -> bool | None:
    """Return whether the next version is whole and waits; None while the page begins anew."""
    try:
        return f"milieu-phone-{NEXT}" in phone.page.evaluate(KEPT_WHOLE)
    except PageGone:
        return None


def test_a_new_version_waits_until_a_locked_phone_has_sent_what_was_written(
    phone: Phone, server: Server, between: Between
) -> None:
    phone.url = f"{between.url}/phone/"
    before = begin(phone, 1)
    between.instead = Instead("the line breaks", reaches_server=False)
    check(phone)
    between.version = NEXT
    phone.page.evaluate(UPDATE)
    eventually(lambda: waits(phone), wanted=True)

    phone.page.get_by_role("button", name="switch").click()
    expect(phone.page.get_by_text("Who is it?")).to_be_visible()
    phone.page.clock.fast_forward(60_000)
    phone.page.wait_for_timeout(500)
    assert waits(phone)
    truth(phone, 1, before)

    between.instead = None
    find_network_again(phone)
    truth(phone, 0, before + 1)  # nobody had to unlock it
    eventually(lambda: waits(phone), wanted=False)
    nothing_twice(phone, server, before + 1)
