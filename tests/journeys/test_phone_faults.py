"""What a phone must survive: a shift without network, lost answers, a restore, wrong clocks."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.journeys.between import Between, Instead
from tests.journeys.phone_evidence import (
    ITEMS,
    KEPT,
    MINE,
    TO_UNDO_MS,
    UPDATE,
    Heard,
    ask,
    begin,
    check,
    eventually,
    find_network_again,
    kept_now,
    last_at,
    moment,
    nothing_twice,
    stored_checks,
    takes_over,
    truth,
)
from tests.journeys.phone_in_hand import NewHouse, Phone, entries_of, move
from tests.running import Server
from tests.tables import SETTINGS, before_others, make_unit

CHECKS, SHIFT_S = 300, 12 * 3600
STEP_S = SHIFT_S // CHECKS
MINUTE = timedelta(minutes=1)

RECORD = """async (turn) => {
  const { openCheck, recordCheck } = await import("/static/phone/record.js")
  const { myPeople } = await import("/static/phone/unit.js")
  openCheck(myPeople.value[turn % myPeople.value.length].id)
  await recordCheck({
    outcome: "seen", place: "own-room", position: "lying", eyes: "closed", breathing: "seen",
  })
}"""
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"

# How often a page has asked for a worker: one that goes, asked for again, would be kept.
ASKED = """
window.asked = 0
const plain = ServiceWorkerContainer.prototype.register
ServiceWorkerContainer.prototype.register = function (...given) {
  window.asked += 1
  return plain.apply(this, given)
}
"""

# Every process of a server that has this on its path believes that it is earlier.
EARLIER = """
import time
import time_machine
time_machine.travel(time.time() - {seconds}, tick=True).start()
"""


@pytest.fixture(scope="module")
def server(new_house: NewHouse) -> Iterator[Server]:
    """Yield a house where nobody leaves the unit, or is handed over, but by what a test does."""
    with new_house(lives=False) as serving:
        yield serving


@pytest.fixture
def server_of_the_evening(tmp_path: Path) -> Iterator[Server]:
    """A server whose clock says that it is twelve hours ago."""
    path = tmp_path / "earlier"
    path.mkdir()
    (path / "sitecustomize.py").write_text(EARLIER.format(seconds=SHIFT_S))
    home = tmp_path / "home"
    home.mkdir()
    make_unit(home, **before_others(path))
    serving = Server(home, MILIEU_DEMO="yes", **before_others(path))
    serving.start()
    yield serving
    serving.stop()


@dataclass
class Night:
    """A phone's own time: twelve hours ago, and as much later as has been let pass."""

    phone: Phone
    passed: int = 0  # seconds, beside those that really pass

    def time(self) -> float:
        return time.time() - SHIFT_S + self.passed

    def wait(self, seconds: int) -> None:
        self.phone.page.clock.fast_forward(seconds * 1000)
        self.passed += seconds

    def walk(self, checks: int) -> None:
        """Record checks at equal distances: two by taps, the others by what a tap calls."""
        for turn in range(2):
            self.phone.check()
            self.wait(1)
            self.phone.page.locator(".person-row").nth(turn).wait_for()
        self.wait(2 * STEP_S - 2)
        for turn in range(2, checks):
            self.phone.page.evaluate(RECORD, turn)
            self.wait(STEP_S)

    def kill_and_open(self) -> None:
        self.phone.kill()
        self.phone.open(offline=True)
        self.phone.page.clock.install(time=self.time())
        self.phone.page.goto(self.phone.url)
        self.phone.unlock("Dana R.")


def test_a_whole_shift_without_network_is_in_the_record_once_and_whole(
    driver: Playwright, server_of_the_evening: Server, tmp_path: Path
) -> None:
    server = server_of_the_evening
    phone = Phone(driver, server, tmp_path / "profile")
    night = Night(phone)
    before = begin(phone, 8, at=night.time())
    phone.leave_network()
    server.stop()
    for third in (1, 2, 3):
        night.walk(CHECKS // 3)
        night.kill_and_open()
        truth(phone, CHECKS // 3 * third, before)
    assert night.passed == SHIFT_S
    written = {
        item["id"].replace("-", ""): moment(item["entry"]["happened_at"])
        for item in phone.page.evaluate(ITEMS)
        if item["entry"]["kind"] == "round.check"
    }
    assert len(written) == len(set(written.values())) == CHECKS
    assert max(written.values()) - min(written.values()) > timedelta(hours=11)

    server.environment |= SETTINGS  # twelve hours later
    server.start()
    phone.find_network()
    truth(phone, 0, before + CHECKS)
    assert stored_checks(phone, server) == written
    nothing_twice(phone, server, before + CHECKS)
    phone.context.close()
    assert phone.faults == []


def test_a_phone_gives_a_restored_server_what_it_lost(
    phone: Phone, server: Server, tmp_path: Path
) -> None:
    before = begin(phone, 2)
    check(phone, 2)
    truth(phone, 0, before + 2)
    made = server.milieu("backup", "--to", str(tmp_path / "backups")).splitlines()[0]
    check(phone, 3)
    truth(phone, 0, before + 5)
    kept = {item["id"] for item in phone.page.evaluate(ITEMS)}

    server.stop()
    server.milieu("restore", made, "--yes")
    nothing_twice(phone, server, before + 2)
    server.start()
    heard = Heard(phone.page)
    find_network_again(phone)
    eventually(lambda: len(entries_of(phone, server)), before + 5, 40)
    truth(phone, 0, before + 5)
    nothing_twice(phone, server, before + 5)
    outcomes = [answer["outcome"] for answer in heard.answers(before + 5)]
    assert sorted(outcomes) == ["repeated"] * (before + 2) + ["stored"] * 3
    items = phone.page.evaluate(ITEMS)
    assert {item["id"] for item in items} == kept
    assert {item["state"] for item in items} == {"stored"}


@pytest.mark.parametrize("hours", [5, -3])
def test_a_phone_whose_clock_is_wrong_by_hours_is_believed_as_far_as_it_is_known(
    phone: Phone, server: Server, hours: int
) -> None:
    wrong = timedelta(hours=hours)
    before = begin(phone, 1, at=time.time() + wrong.total_seconds())
    [person] = phone.page.evaluate(MINE)
    heard = Heard(phone.page)
    check(phone)
    now = datetime.now(UTC)
    truth(phone, 0, before + 1)

    assert [(answer["outcome"], answer["labels"]) for answer in heard.answers(1)] == [
        ("stored", ["clock-off"])
    ]
    [happened_at] = stored_checks(phone, server).values()
    assert abs(happened_at - wrong - now) < MINUTE
    assert abs(last_at(server, person["id"]) - now) < MINUTE
    zone = ZoneInfo(ask(server, "SELECT time_zone FROM census_unit WHERE code = 'NORTH'")[0][0])
    row = phone.page.locator(".person-row")
    said = re.search(r"last (\d\d:\d\d)", row.inner_text())
    assert said
    right = {f"{(now + n * MINUTE).astimezone(zone):%H:%M}" for n in (-1, 0, 1)}
    assert said[1] in right
    when = re.fullmatch(r"in (\d+) min", row.locator(".person-when").inner_text())
    assert when
    assert 0 < int(when[1]) <= 60


@pytest.mark.parametrize("hours", [5, -3])
def test_a_clock_that_somebody_sets_in_mid_shift_blocks_nothing(
    phone: Phone, server: Server, hours: int
) -> None:
    before = begin(phone, 1)
    [person] = phone.page.evaluate(MINE)
    heard = Heard(phone.page)
    phone.leave_network()
    phone.page.clock.set_system_time(time.time() + hours * 3600)
    if hours > 0:  # as far as the phone knows, it lay there for hours: it locked itself
        phone.page.get_by_text("Who is it?").wait_for()
        phone.unlock("Dana R.")
    check(phone)
    now = datetime.now(UTC)
    truth(phone, 1, before)
    phone.find_network()
    truth(phone, 0, before + 1)
    [answer] = heard.answers(1)
    assert answer["outcome"] == "stored"
    # Unless an answer was on its way just then, by which the phone measured its clock anew.
    assert set(answer["labels"]) & {"ahead", "clock-unknown", "clock-off"}
    assert abs(last_at(server, person["id"]) - now) < MINUTE
    check(phone)
    truth(phone, 0, before + 2)
    assert heard.answers(2)[-1]["labels"] == ["clock-off"]  # measured again at the first contact

    phone.page.clock.set_system_time(time.time() + (hours - 3) * 3600)
    with phone.page.expect_response(re.compile("/phone/pull"), timeout=20_000):
        phone.page.clock.fast_forward(31_000)  # set back, it does not stop the list either


SPOILED = [
    Instead("the line breaks after the server has stored it"),
    Instead("a page", 200, (("Content-Type", "text/html"),), b"<h1>Guest Wi-Fi</h1>"),
    Instead("an empty body", 200, (("Content-Type", "application/json"),)),
    Instead("an answer about nothing", 200, (("Content-Type", "application/json"),), b"{}"),
    Instead("a sign-in page elsewhere", 302, (("Location", "/sign-in/"),), reaches_server=False),
    Instead("a page of a gateway", 502, (("Content-Type", "text/html"),), b"<h1>Bad gateway</h1>"),
]


def lose_an_answer(phone: Phone, between: Between, instead: Instead) -> None:
    between.instead, spoiled = instead, between.spoiled
    check(phone)
    eventually(lambda: between.spoiled > spoiled, wanted=True)
    expect(phone.page.locator(".truth-say")).to_contain_text("no network")


def test_an_answer_that_never_came_lets_the_phone_forget_nothing(
    phone: Phone, server: Server, between: Between
) -> None:
    phone.url = f"{between.url}/phone/"
    before = begin(phone, 2)
    for count, instead in enumerate(SPOILED, start=1):
        lose_an_answer(phone, between, instead)
        truth(phone, count, before)
    nothing_twice(phone, server, before + len(SPOILED))

    between.instead = None
    heard = Heard(phone.page)
    find_network_again(phone)
    truth(phone, 0, before + len(SPOILED))
    outcomes = [answer["outcome"] for answer in heard.answers(len(SPOILED))]
    assert outcomes == ["repeated"] * len(SPOILED)
    nothing_twice(phone, server, before + len(SPOILED))


def test_a_new_version_waits_until_nobody_writes_and_keeps_what_was_written(
    phone: Phone, server: Server, between: Between
) -> None:
    phone.url = f"{between.url}/phone/"
    before = begin(phone, 2)
    page = phone.page
    between.instead = SPOILED[4]
    check(phone)
    [old] = page.evaluate(KEPT)
    page.locator(".person-row").first.click()
    page.get_by_role("button", name="Note", exact=True).click()
    page.get_by_label("Note: what you saw").fill("Writing a letter")

    between.version = "fedcba987654"
    page.evaluate(UPDATE)
    eventually(lambda: set(page.evaluate(KEPT)), {old, "milieu-phone-fedcba987654"})
    page.clock.run_for(5_000)
    expect(page.get_by_label("Note: what you saw")).to_have_value("Writing a letter")
    page.locator(".tile").first.click()
    expect(page.get_by_text("A new version is ready.")).to_be_visible()
    assert old in page.evaluate(KEPT)

    page.get_by_role("button", name="switch").click()
    page.clock.fast_forward(TO_UNDO_MS)
    page.clock.fast_forward(3_600_000)  # for no longer than an hour does what waits hold it up
    takes_over(page, "fedcba987654")
    truth(phone, 2, before)
    phone.unlock("Dana R.")
    truth(phone, 2, before)
    between.instead = None
    find_network_again(phone)
    truth(phone, 0, before + 2)
    notes = [item["entry"]["fact"].get("note") for item in page.evaluate(ITEMS)]
    assert notes[-2:] == ["", "Writing a letter"]
    nothing_twice(phone, server, before + 2)


@pytest.mark.on_disk
def test_when_the_app_has_to_go_what_was_written_stays(phone: Phone, server: Server) -> None:
    before = begin(phone, 2)
    phone.leave_network()
    check(phone)
    phone.kill()
    server.stop()
    server.environment["MILIEU_PHONE_OFF"] = "yes"
    server.start()

    phone.open()
    phone.context.add_init_script(ASKED)
    phone.page.goto(phone.url)
    eventually(lambda: kept_now(phone.page), [])
    eventually(lambda: phone.page.evaluate(WORKERS), 0)
    phone.page.reload()
    truth(phone, 1, before)
    phone.unlock("Dana R.")
    truth(phone, 0, before + 1)
    nothing_twice(phone, server, before + 1)
    assert phone.page.evaluate("window.asked") == 0

    server.stop()
    del server.environment["MILIEU_PHONE_OFF"]
    server.start()
    phone.page.goto(phone.url)
    eventually(lambda: len(kept_now(phone.page) or []), 1)


def test_a_check_of_someone_who_left_in_mid_round_is_put_right_or_set_aside(
    phone: Phone, server: Server
) -> None:
    before = begin(phone, 3)
    page = phone.page
    refused = page.locator(".notice-now")
    left, moved, moved_before = page.evaluate(MINE)
    phone.leave_network()
    move(server, left, "discharge", minutes=7)
    move(server, moved, "transfer", minutes=5)
    move(server, moved_before, "transfer", minutes=20)
    for person in (left, moved, moved_before):
        page.locator(".person-row", has_text=person["name"]).click()
        page.locator(".tile").nth(1).click()
        page.clock.fast_forward(TO_UNDO_MS)
    truth(phone, 3, before)

    phone.find_network()
    truth(phone, 2, before + 1)  # seen on the way out: the former unit still has that to say
    for person in (left, moved, moved_before):
        expect(page.locator(".notice", has_text="No longer on North")).to_contain_text(
            person["name"]
        )
    page.locator(".truth-say").click()
    expect(refused).to_have_count(2)
    put_right(page, refused.filter(has_text=f"{left['name']} left at"))
    truth(phone, 1, before + 2)

    page.locator(".truth-say").click()
    expect(page.get_by_text("put right by a new entry")).to_have_count(1)
    expect(refused).to_contain_text(moved_before["name"])
    expect(refused).to_contain_text("not on this unit's list")
    refused.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Set aside. It stays on this phone")).to_be_visible()
    expect(page.get_by_text("set aside, not in the record")).to_have_count(1)
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()
    states = sorted(item["state"] for item in page.evaluate(ITEMS))
    assert states == ["aside", "mended", *["stored"] * (before + 2)]


def put_right(page: Page, refused: Locator) -> None:
    """Do what the words say where the time was wrong: choose another. The sentence stays."""
    why = page.locator(".body").get_by_text("choose another time.")
    said = refused.locator(".entry span").inner_text()
    refused.get_by_role("button", name="Put right").click()
    page.get_by_role("button", name="10 min ago").click()
    expect(why).to_be_visible()
    assert said.endswith(page.locator(".tile").first.inner_text())
    page.locator(".tile").first.click()
