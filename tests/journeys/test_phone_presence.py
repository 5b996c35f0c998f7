"""Presence on a phone: a tag at the door, a code, a colleague; never asked for, also offline."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Playwright, expect

from tests.journeys.phone_in_hand import PASSWORD, PIN, Phone, demo_server
from tests.running import Server

# A phone with NFC: what a test taps is read by whoever scans.
NFC = """
globalThis.NDEFReader = class {
  async scan() { globalThis.reader = this }
}
globalThis.tapTag = ({ uid, text }) => {
  const data = new TextEncoder().encode(text)
  const serialNumber = uid.toLowerCase().match(/../g).join(":")
  globalThis.reader.onreading({ serialNumber, message: { records: [{ data }] } })
}
"""
TAPS = """
import json
from milieu.census.models import Standing, Unit
from milieu.kernel import clock
from milieu.presence import sun
from milieu.presence.codes import wall_code
from milieu.presence.keys import tag_keys
from milieu.presence.models import Tag
unit = Unit.objects.get(code="NORTH")
def says(tag, counter):
    return sun.message(tag_keys(unit.facility_id, tag.code), sun.Read(tag.code, counter))
def text(tag, counter):
    return "https://elm.example/phone/#picc_data=%s&cmac=%s" % says(tag, counter)
rooms = {{fixing.room.name: tag for tag in Tag.objects.filter(kind="nfc")
         for fixing in tag.fixings.select_related("room")}}
print(json.dumps({{
    "wall": wall_code(unit.facility_id, unit.pk, clock.now()),
    "taps": {{room: [{{"uid": tag.code, "text": text(tag, n)}} for n in range({first}, {first} + 9)]
             for room, tag in rooms.items()}},
}}))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    serving = demo_server(tmp_path_factory.mktemp("home"))
    yield serving
    serving.stop()


@pytest.fixture
def phone(driver: Playwright, server: Server, tmp_path: Path) -> Iterator[Phone]:
    held = Phone(driver, server, tmp_path / "profile")
    held.context.add_init_script(NFC)
    yield held
    held.context.close()
    assert held.faults == []


def tags(server: Server, first: int) -> dict[str, object]:
    """Return what the tags at the doors say from this counter on, and the wall board's code."""
    words = server.milieu("shell", "-v", "0", "-c", TAPS.format(first=first))
    return json.loads(words.splitlines()[-1])


def newest(server: Server, count: int) -> list[tuple[str, str]]:
    """Return how presence was shown with the newest checks, and what speaks against it."""
    with closing(sqlite3.connect(f"file:{server.home}/milieu.sqlite3?mode=ro", uri=True)) as record:
        return record.execute(
            "SELECT grade, doubt FROM rounds_safetycheck ORDER BY entry_id DESC LIMIT ?", [count]
        ).fetchall()[::-1]


def rooms_of(phone: Phone) -> list[str]:
    """Return the rooms of my list, without beds."""
    said = phone.page.locator(".person-room").all_inner_texts()
    return [found[0] for words in said if (found := re.search(r"\d+", words))]


def record(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Own room, lying").first.click()
    phone.page.get_by_role("button", name="Undo").wait_for()


def sent(phone: Phone) -> None:
    phone.page.get_by_text("0 on this phone").wait_for(timeout=40_000)


def test_a_tap_at_a_door_opens_its_person_and_goes_with_the_check_offline_too(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(3)
    page = phone.page
    room = rooms_of(phone)[0]
    taps = tags(server, 5000)["taps"][room]
    page.get_by_role("button", name="Read tags").click()
    phone.leave_network()
    page.evaluate("tapTag", taps[0])
    if page.get_by_text("Whom did you see?").count():
        page.locator(".who-tile").first.click()
    expect(page.get_by_text("Tag at the door,")).to_be_visible()
    page.wait_for_timeout(300)
    assert Axe().run(page).response["violations"] == []
    record(phone)
    phone.find_network()
    sent(phone)
    assert newest(server, 1) == [("tap", "")]


def test_two_checks_need_two_taps_and_a_check_without_one_is_as_quick_as_ever(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    page = phone.page
    room = rooms_of(phone)[0]
    taps = tags(server, 6000)["taps"][room]
    page.get_by_role("button", name="Read tags").click()
    page.evaluate("tapTag", taps[0])
    if page.get_by_text("Whom did you see?").count():
        page.locator(".who-tile").first.click()
    record(phone)
    phone.check()
    sent(phone)
    assert [grade for grade, _ in newest(server, 2)] == ["tap", ""]


def test_a_code_of_the_wall_board_is_typed_and_goes_with_the_walk(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    page = phone.page
    page.locator(".person-row").first.click()
    page.get_by_role("button", name="Show presence").click()
    page.get_by_label("Type the code").fill(str(tags(server, 1)["wall"]).lower())
    page.wait_for_timeout(300)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Use this code").click()
    expect(page.get_by_text("Code, ")).to_be_visible()
    record(phone)
    page.locator(".person-row").first.click()
    record(phone)
    sent(phone)
    assert newest(server, 2) == [("wall", ""), ("wall", "")]


CAMERA = """
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream()
globalThis.BarcodeDetector = class {
  async detect() { return [{ rawValue: "nothing" }, { rawValue: "CODE" }] }
}
"""


def test_a_printed_code_is_read_by_the_camera_and_is_for_one_check(phone, server):
    printed = server.milieu("tags", "codes", "--unit", "NORTH", "--room", "01")
    phone.context.add_init_script(CAMERA.replace("CODE", printed.split()[-1]))
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    page = phone.page
    page.locator(".person-row").first.click()
    page.get_by_role("button", name="Show presence").click()
    page.get_by_role("button", name="Scan the code").click()
    expect(page.get_by_text("Code, ")).to_be_visible()
    record(phone)
    phone.check()
    sent(phone)
    assert newest(server, 2) == [("code", ""), ("", "")]


def both_sign_in(phone: Phone) -> None:
    """Lena and Dana have signed in; Dana holds the phone."""
    page = phone.page
    phone.enrol_and_sign_in("lena")
    page.get_by_role("button", name="switch").click()
    page.get_by_role("button", name="Someone else").click()
    page.get_by_label("User name").fill("dana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    phone.type_pin(PIN)
    phone.take(2)


def test_a_colleague_opens_their_own_lock_without_network_and_nothing_else(phone, server):
    both_sign_in(phone)
    page = phone.page
    phone.leave_network()
    page.locator(".person-row").first.click()
    page.get_by_role("button", name="Show presence").click()
    page.get_by_role("button", name="Lena O.").click()
    phone.type_pin("482914")
    expect(page.get_by_text("That is not your PIN. 4 tries are left.")).to_be_visible()
    phone.type_pin(PIN)
    expect(page.get_by_text("Second person, ")).to_be_visible()
    record(phone)
    phone.find_network()
    sent(phone)
    assert newest(server, 1) == [("second", "")]
    assert page.get_by_role("button", name="Dana").count() == 1, "Dana stays signed in."


def test_nothing_of_it_is_asked_of_a_phone_without_nfc_or_camera(driver, server, tmp_path):
    phone = Phone(driver, server, tmp_path / "profile")
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    expect(phone.page.get_by_role("button", name="Read tags")).to_have_count(0)
    phone.check()
    sent(phone)
    assert newest(server, 1) == [("", "")]
    phone.context.close()
