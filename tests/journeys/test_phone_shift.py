"""A shift on a phone: with and without network, and with the browser killed."""

import re
import sqlite3
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.phone_in_hand import PIN, Phone, entries_of
from tests.running import Server

LOCK_AFTER_MS = 30_000


def truth(page: Page, words: str) -> None:
    expect(page.locator(".truth-say")).to_contain_text(words, timeout=40_000)


@pytest.mark.on_disk
def test_a_walk_without_network_and_with_the_browser_killed_loses_nothing(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(3)
    before = phone.in_record()

    phone.leave_network()
    for _ in range(12):
        phone.check()
    truth(phone.page, f"12 on this phone, {before} in the record")
    phone.kill()

    phone.open(offline=True)
    phone.page.goto(phone.url)
    expect(phone.page.get_by_text("12 on this phone")).to_be_visible()
    phone.unlock("Dana R.")
    truth(phone.page, f"12 on this phone, {before} in the record")
    assert "TypeError" in phone.page.evaluate("fetch('/phone/pull').catch(fault => fault.name)")

    phone.find_network()
    truth(phone.page, f"0 on this phone, {before + 12} in the record")
    stored = entries_of(phone, server)
    assert [kind for kind, _ in stored[before:]] == ["round.check"] * 12
    assert [number for _, number in stored] == list(range(1, before + 13))


@pytest.mark.on_disk
def test_a_phone_that_is_found_shows_and_holds_nothing_of_anyone(phone):
    phone.enrol_and_sign_in("dana")
    phone.take(3)
    names = phone.page.locator(".person-name").all_inner_texts()
    phone.check()
    phone.page.get_by_role("button", name="switch").click()
    expect(phone.page.get_by_text("Who is it?")).to_be_visible()
    assert not any(name in phone.page.content() for name in names)
    phone.kill()

    disk = b"".join(
        path.read_bytes() for path in phone.profile.glob("Default/IndexedDB/**/*") if path.is_file()
    )
    firsts = [rb"\b" + re.escape(name.split()[0].encode()) + rb"\b" for name in names]
    assert re.search(rb"\bDana\b", disk)  # who may open it is told; the search does find names
    assert [first for first in firsts if re.search(first, disk)] == []
    phone.open()


def test_two_tabs_of_one_phone_send_each_check_once(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    before = phone.in_record()
    first = phone.page
    phone.page = phone.context.new_page()
    phone.watch(phone.page)
    phone.page.goto(phone.url)
    phone.unlock("Dana R.")

    for _ in range(2):
        phone.page = next(page for page in phone.context.pages if page != phone.page)
        phone.page.bring_to_front()
        for _ in range(2):
            phone.check()
    for page in (first, phone.page):
        page.bring_to_front()
        truth(page, f"0 on this phone, {before + 4} in the record")
    numbers = [number for _, number in entries_of(phone, server)]
    assert numbers == list(range(1, before + 5))


def test_a_check_that_is_undone_was_never_recorded(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    before = phone.in_record()
    phone.check()
    phone.page.get_by_role("button", name="Undo").click()
    expect(phone.page.get_by_text("Nothing was recorded")).to_be_visible()
    phone.check()
    truth(phone.page, f"0 on this phone, {before + 1} in the record")
    stored = entries_of(phone, server)
    assert [kind for kind, _ in stored[before:]] == ["round.check"]
    assert [number for _, number in stored] == list(range(1, before + 2))


def test_a_phone_put_down_locks_itself(phone):
    phone.page.clock.install()
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    phone.page.clock.fast_forward(LOCK_AFTER_MS + 2_000)
    expect(phone.page.get_by_text("Who is it?")).to_be_visible()
    expect(phone.page.locator(".person-row")).to_have_count(0)


BACK_AND_ON = """async () => {
  const { go, goBack } = await import("/static/phone/state.js")
  const { openCheck } = await import("/static/phone/record.js")
  const { myPeople } = await import("/static/phone/unit.js")
  goBack()
  goBack()
  openCheck(myPeople.value[1].id)
  go("check")
}"""


def test_who_taps_the_next_person_before_the_browser_went_back_stays_with_them(phone):
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    phone.page.locator(".person-row").first.click()
    with phone.page.expect_event("framenavigated"):
        phone.page.evaluate(BACK_AND_ON)
    phone.page.locator(".tile").first.wait_for()
    phone.page.wait_for_timeout(300)
    expect(phone.page.locator(".tile").first).to_be_visible()

    phone.page.go_back()
    expect(phone.page.locator(".person-row")).to_have_count(2)
    assert phone.page.url.startswith(phone.url)


NEWS = """async () => {
  const { snapshot } = await import("/static/phone/state.js")
  const { pack } = snapshot.value
  const tiles = pack.tiles.map((hour) => [...hour].reverse())
  snapshot.value = { ...snapshot.value, pack: { ...pack, tiles } }
}"""


def test_no_tile_of_an_open_check_moves_under_the_thumb_when_news_come(phone):
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    page = phone.page
    page.locator(".person-row").click()
    page.locator(".tile").first.wait_for()
    tiles = page.locator(".tile").all_inner_texts()
    phone.leave_network()  # no other news come
    page.evaluate(NEWS)
    page.wait_for_timeout(300)
    assert page.locator(".tile").all_inner_texts() == tiles

    page.get_by_role("button", name="Back").click()
    page.locator(".person-row").click()
    expect(page.locator(".tile").first).not_to_have_text(tiles[0])


def test_every_screen_can_be_used_by_everyone(phone):
    """axe finds nothing, and nothing is wider than a screen of 320 px."""
    page = phone.page
    page.set_viewport_size({"width": 320, "height": 640})
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    look(page, "list")
    page.get_by_role("button", name="My list").click()
    look(page, "take")
    page.get_by_role("button", name="Back").click()
    page.locator(".person-row").first.click()
    look(page, "check")
    for opener in ("From parts", "Could not", "Other time", "Earlier"):
        page.get_by_role("button", name=opener).click()
        look(page, opener)
        page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    page.locator(".truth-say").click()
    look(page, "waiting")
    page.get_by_role("button", name="This phone").click()
    look(page, "phone")
    page.get_by_role("button", name="Español").click()
    look(page, "phone in Spanish")


def look(page: Page, screen: str) -> None:
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], screen
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
    small = page.evaluate(
        "[...document.querySelectorAll('button, .take')].map((one) => one.getBoundingClientRect())"
        ".filter(({ height }) => height > 0 && height < 56).length"
    )
    assert small == 0, f"{screen}: a target is lower than 56 px"


def test_who_wrote_a_check_puts_it_right_with_a_reason_and_both_stay(phone, server):
    phone.page.clock.install()
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    before = phone.in_record()
    page = phone.page
    phone.check()
    page.clock.fast_forward(6_000)
    truth(page, f"0 on this phone, {before + 1} in the record")
    page.locator(".person-row").click()
    page.get_by_role("button", name="Earlier").click()
    page.get_by_role("button", name="Put right").click()
    page.locator(".tile").first.click()
    expect(page.get_by_role("alert")).to_have_text("Say why first, in a few words.")
    look(page, "putting right")
    expect(page.get_by_label("Why is it put right? A few words.")).to_be_focused()
    page.get_by_label("Why is it put right? A few words.").fill("Wrong tile")
    page.locator(".tile").first.click()
    page.clock.fast_forward(6_000)
    truth(page, f"0 on this phone, {before + 2} in the record")

    page.locator(".person-row").click()
    page.get_by_role("button", name="Earlier").click()
    expect(page.locator(".entries li")).to_have_count(2)
    expect(page.locator(".entries")).to_contain_text("puts an earlier one right: Wrong tile")
    expect(page.get_by_text("put right by a new entry")).to_have_count(1)
    look(page, "earlier")
    wrong, right = amendments(server, phone)[-2:]
    assert (right[0], right[1]) == (wrong[2], "Wrong tile")
    assert right[3] == wrong[3]


def test_who_comes_with_a_first_password_chooses_their_own_on_the_phone(phone, server):
    first = server.printed(
        "from milieu.kernel import clock\n"
        "from milieu.people.models import Person\n"
        "from milieu.people.staff import new_password\n"
        "maud, mia = (Person.objects.get(username=name) for name in ('maud', 'mia'))\n"
        "print(new_password(mia, by=maud, at=clock.now()))"
    ).split()[-1]
    page = phone.page
    phone.enrol_and_say_who("mia", first)

    own = page.get_by_label("Your own password", exact=True)
    expect(own).to_be_visible()
    own.fill("late trains to Bergen")
    page.get_by_label("Your own password again").fill("late trains to Oslo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The two were not the same")).to_be_visible()
    page.get_by_label("Your own password again").fill("late trains to Bergen")
    page.get_by_role("button", name="Sign in").click()
    phone.type_pin(PIN)
    page.get_by_role("button", name="My list").wait_for()


def amendments(server: Server, phone: Phone) -> list[tuple[int | None, str, int, str]]:
    """Return what each entry of this phone puts right, why, its own place and when it happened."""
    with closing(sqlite3.connect(f"file:{server.home}/milieu.sqlite3?mode=ro", uri=True)) as record:
        return record.execute(
            "SELECT amends_id, reason, seq, happened_at FROM record_entry JOIN people_device"
            " ON people_device.id = record_entry.device_id"
            " WHERE people_device.name = ? ORDER BY device_seq",
            [phone.name],
        ).fetchall()
