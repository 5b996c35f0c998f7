"""Presence on a phone: a tag at the door, a code, a colleague; never asked for, also offline."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.phone_evidence import eventually
from tests.journeys.phone_in_hand import PASSWORD, PIN, NewPhone, Phone
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


@pytest.fixture
def phone(phone: Phone) -> Phone:
    """Return a phone that reads tags."""
    phone.context.add_init_script(NFC)
    return phone


def tags(server: Server, first: int) -> dict[str, object]:
    """Return what the tags at the doors say from this counter on, and the wall board's code."""
    words = server.printed(TAPS.format(first=first))
    return json.loads(words.splitlines()[-1])


def newest(phone: Phone, server: Server, count: int) -> list[tuple[str, str]]:
    """Return how presence was shown with a phone's newest checks, and what speaks against it."""
    with closing(sqlite3.connect(f"file:{server.home}/milieu.sqlite3?mode=ro", uri=True)) as record:
        return record.execute(
            "SELECT grade, doubt FROM rounds_safetycheck"
            " JOIN record_entry ON record_entry.seq = rounds_safetycheck.entry_id"
            " JOIN people_device ON people_device.id = record_entry.device_id"
            " WHERE people_device.name = ? ORDER BY device_seq DESC LIMIT ?",
            [phone.name, count],
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
    assert newest(phone, server, 1) == [("tap", "")]


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
    assert [grade for grade, _ in newest(phone, server, 2)] == ["tap", ""]


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
    assert newest(phone, server, 2) == [("wall", ""), ("wall", "")]


CAMERA = """
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream()
globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"] }
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
    assert newest(phone, server, 2) == [("code", ""), ("", "")]


def camera_before(code: str, folder: Path) -> Path:
    """Return what a camera before the printed code sees, for half a second, in shades of grey."""
    width, height, scale = 640, 480, 10
    rows = list(segno.make(code, micro=False, error="q").matrix_iter(scale=scale, border=4))
    left, top = (width - len(rows[0])) // 2, (height - len(rows)) // 2
    grey = [bytearray(b"\xb4" * width) for _ in range(height)]
    for number, row in enumerate(rows):
        grey[top + number][left : left + len(row)] = bytes(30 if dark else 220 for dark in row)
    frame = b"FRAME\n" + b"".join(grey) + b"\x80" * (width * height // 2)
    seen = folder / "seen.y4m"
    seen.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip C420jpeg\n".encode() + frame * 5)
    return seen


@pytest.fixture
def camera(new_phone: NewPhone, server: Server, tmp_path: Path) -> Phone:
    """Return a phone before the door of a room; its browser has no reader of codes."""
    printed = server.milieu("tags", "codes", "--unit", "NORTH", "--room", "01").split()[-1]
    before_door = camera_before(printed, tmp_path)
    held = new_phone(before_door)
    held.context.add_init_script("delete globalThis.BarcodeDetector")
    return held


READER_IS_KEPT = """
async () => (await caches.keys()).some((name) => name.startsWith("milieu-phone-reader-"))
  && Boolean(await caches.match("/static/vendor/zxing-wasm/zxing_reader.wasm"))
"""


def scan(phone: Phone) -> None:
    phone.page.locator(".person-row").first.click()
    phone.page.get_by_role("button", name="Show presence").click()
    phone.page.get_by_role("button", name="Scan the code").click()


def test_a_browser_that_reads_no_codes_has_a_reader_that_needs_no_network(camera, server):
    camera.enrol_and_sign_in("dana")
    camera.take(1)
    eventually(lambda: camera.page.evaluate(READER_IS_KEPT), wanted=True, seconds=40)
    camera.leave_network()
    scan(camera)
    expect(camera.page.get_by_text("Code, ")).to_be_visible()
    record(camera)
    camera.find_network()
    sent(camera)
    assert newest(camera, server, 1) == [("code", "")]


FORGET_READER = """
async () => {
  const names = await caches.keys()
  const kept = names.filter((name) => name.startsWith("milieu-phone-reader-"))
  await Promise.all(kept.map((name) => caches.delete(name)))
}
"""


def test_a_phone_that_cannot_read_codes_yet_says_so_and_reads_them_once_it_had_a_network(camera):
    camera.enrol_and_sign_in("dana")
    camera.take(1)
    camera.leave_network()
    camera.page.evaluate(FORGET_READER)
    scan(camera)
    expect(camera.page.get_by_text("This phone cannot read codes yet.")).to_be_visible()
    expect(camera.page.get_by_label("Type the code")).to_be_visible()
    camera.page.wait_for_timeout(300)
    assert Axe().run(camera.page).response["violations"] == []
    camera.find_network()
    camera.page.get_by_role("button", name="Scan the code").click()
    expect(camera.page.get_by_text("Code, ")).to_be_visible()


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
    assert newest(phone, server, 1) == [("second", "")]
    assert page.get_by_role("button", name="Dana").count() == 1, "Dana stays signed in."


def test_nothing_of_it_is_asked_of_a_phone_without_nfc_or_camera(new_phone, server):
    phone = new_phone()
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    expect(phone.page.get_by_role("button", name="Read tags")).to_have_count(0)
    phone.check()
    sent(phone)
    assert newest(phone, server, 1) == [("", "")]
