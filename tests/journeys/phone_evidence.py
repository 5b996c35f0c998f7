"""What a phone says of what was written on it, and what the record holds of that."""

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Error as PageGone
from playwright.sync_api import Page, Response, expect

from tests.journeys.phone_in_hand import Phone, entries_of
from tests.running import Server

TO_UNDO_MS = 6_000  # a little more than the time to undo
UPDATE = "async () => { await (await navigator.serviceWorker.ready).update() }"
# The versions of the app; the reader of codes is kept beside them, over new versions.
KEPT = "async () => (await caches.keys()).filter((name) => !name.includes('reader'))"
ITEMS = """async () => {
  const { items } = await import("/static/phone/state.js")
  return items.value.map(({ id, state, device_seq, entry }) => ({ id, state, device_seq, entry }))
}"""
MINE = """async () => {
  const { myPeople } = await import("/static/phone/unit.js")
  return myPeople.value.map(({ id, preferred_name }) => ({ id, name: preferred_name }))
}"""


def begin(phone: Phone, people: int, *, at: float | None = None) -> int:
    """Enrol, sign in, take people over; return how many entries that made."""
    phone.page.clock.install(time=at or time.time())
    phone.enrol_and_sign_in("dana")
    phone.take(people)
    return phone.in_record()


def truth(phone: Phone, here: int, stored: int) -> None:
    """The phone says, locked or not, how many entries only it has and how many the record has."""
    words = re.compile(rf"^{here} on this phone, {stored} in the record")
    expect(phone.page.get_by_text(words).first).to_be_visible(timeout=40_000)


def eventually(said: Callable[[], Any], wanted: Any, seconds: float = 20) -> None:
    patience = time.monotonic() + seconds
    while (found := said()) != wanted:
        assert time.monotonic() < patience, found
        time.sleep(0.1)


def check(phone: Phone, times: int = 1) -> None:
    """Record checks by taps, and let the time to undo pass."""
    for _ in range(times):
        phone.check()
        phone.page.clock.fast_forward(TO_UNDO_MS)


def find_network_again(phone: Phone) -> None:
    phone.leave_network()
    phone.find_network()


class Heard:
    """What the server answered about entries, as this page hears it from now on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.responses: list[Response] = []
        page.on("response", self.note)

    def note(self, response: Response) -> None:
        if response.url.endswith("/phone/push") and response.ok:
            self.responses.append(response)

    def answers(self, count: int) -> list[dict[str, Any]]:
        """Return so many answers, in the order in which they came."""
        patience = time.monotonic() + 10
        while len(found := self.so_far()) < count and time.monotonic() < patience:
            self.page.wait_for_timeout(100)
        assert len(found) == count, found
        return found

    def so_far(self) -> list[dict[str, Any]]:
        return [answer for response in self.responses for answer in response.json()["answers"]]


def ask(server: Server, statement: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(f"file:{server.home}/milieu.sqlite3?mode=ro", uri=True)) as record:
        return record.execute(statement, values).fetchall()


def stored_checks(phone: Phone, server: Server) -> dict[str, datetime]:
    """Return when each check that this phone sent happened by its own clock, by id."""
    rows = ask(
        server,
        "SELECT entry_id, happened_at FROM record_entry"
        " JOIN people_device ON people_device.id = record_entry.device_id"
        " WHERE people_device.name = ? AND kind = 'round.check'",
        phone.name,
    )
    return {entry_id: moment(text) for entry_id, text in rows}


def moment(text: str) -> datetime:
    """Read a time as SQLite keeps it, or as the wire writes it."""
    said = datetime.fromisoformat(text)
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def nothing_twice(phone: Phone, server: Server, count: int) -> None:
    assert [number for _, number in entries_of(phone, server)] == list(range(1, count + 1))


def last_at(server: Server, stay: str) -> datetime:
    """Return when this person was last seen, as far as due times rest on it."""
    statement = "SELECT last_at FROM rounds_clock WHERE stay_id = ?"
    [[text]] = ask(server, statement, stay.replace("-", ""))
    return moment(text)


def kept_now(page: Page) -> list[str] | None:
    """Return which versions the phone keeps; None while the page is being opened."""
    with suppress(PageGone):
        kept: list[str] = page.evaluate(KEPT)
        return kept
    return None


def takes_over(page: Page, version: str) -> None:
    """Wait until the phone keeps this version alone.

    On a busy machine Chromium may keep an old worker, that was asked something in the moment when
    it was to go, for minutes. Then it is ended here, as all are that do nothing. A version that
    nobody asked to take over waits on all the same.
    """
    alone = [f"milieu-phone-{version}"]
    with suppress(AssertionError):
        eventually(lambda: kept_now(page), alone, seconds=5)
        return
    link = page.context.new_cdp_session(page)
    link.send("ServiceWorker.enable")
    link.send("ServiceWorker.stopAllWorkers")
    link.detach()
    eventually(lambda: kept_now(page), alone)
