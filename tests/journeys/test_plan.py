"""A plan is written beside the person, without network, and interrupted; a colleague writes too."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.phone_in_hand import Phone
from tests.journeys.test_calm import every_page, no_barriers, open_calm, rows
from tests.running import Server

WAITS = 60  # tries of two seconds


def until(page: Page, seen: Locator, words: str | re.Pattern[str]) -> None:
    """Wait for words, with a finger on the phone: untouched for long, it locks itself."""
    for _ in range(WAITS):
        page.keyboard.press("Shift")
        try:
            expect(seen).to_contain_text(words, timeout=2_000)
        except AssertionError:
            continue
        return
    expect(seen).to_contain_text(words)


def add_line(page: Page, words: str) -> None:
    page.get_by_role("textbox").last.fill(words)
    expect(page.get_by_role("textbox").last).to_have_value("")


def agree_and_record(page: Page) -> None:
    while page.get_by_role("button", name="Next", exact=True).is_visible():
        page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name=re.compile("^Record")).click()
    expect(page.get_by_role("alert")).to_have_text("Say whether they agree.")
    page.get_by_role("button", name="They agreed with all of it").click()
    no_barriers(page)
    page.get_by_role("button", name=re.compile("^Record")).click()
    page.get_by_role("button", name="Write with them").wait_for()


def begin(page: Page) -> None:
    open_calm(page)
    page.get_by_role("button", name="Write with them").click()
    expect(page.get_by_role("textbox").first).to_have_value("A walk in the courtyard")
    no_barriers(page)


def written(page: Page, phone: Phone, words: str) -> None:
    """Return to the list, and wait until all of it is in the record."""
    assert words in "\n".join(every_page(page))
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    until(page, page.locator(".truth-say"), "0 on this phone")


def write_a_line(phone: Phone, words: str) -> None:
    """Write a version with one line more, from beginning to end."""
    begin(phone.page)
    add_line(phone.page, words)
    agree_and_record(phone.page)
    written(phone.page, phone, words)


def go_on(phone: Phone, words: str) -> None:
    """Open the phone again, without network, and find what was begun."""
    phone.open(offline=True)
    page = phone.page
    page.goto(phone.url)
    phone.unlock("Dana")
    open_calm(page)
    page.get_by_role("button", name="Write with them").click()
    expect(page.get_by_text("Begun before")).to_be_visible()
    expect(page.get_by_role("textbox").nth(3)).to_have_value(words)
    agree_and_record(page)


def put_together(page: Page, words: str) -> None:
    """Go through the plan again: a line of another's version is taken, and that settles it."""
    page.get_by_role("button", name="Write with them").click()
    page.get_by_role("button", name="Look at it").click()
    no_barriers(page)
    page.get_by_role("button", name=words).click()
    page.get_by_role("button", name="We have looked at it").click()
    expect(page.get_by_text("wrote another version")).to_have_count(0)
    agree_and_record(page)
    expect(page.locator(".head")).not_to_contain_text("another by")


@pytest.mark.on_disk
def test_written_beside_the_person_kept_when_interrupted_and_put_together_with_anothers(
    phone: Phone, other_phone: Phone, server: Server
) -> None:
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    phone.leave_network()
    begin(phone.page)
    add_line(phone.page, "Sit beside me")
    phone.kill()
    other_phone.enrol_and_sign_in("sam")
    other_phone.take(1)
    write_a_line(other_phone, "The blue blanket")
    go_on(phone, "Sit beside me")
    phone.find_network()
    written(phone.page, phone, "Sit beside me")

    sams = other_phone.page
    open_calm(sams)
    until(sams, sams.locator(".head"), "another by Sam O.")
    assert "Sit beside me" in "\n".join(every_page(sams))
    sams.get_by_role("button", name="Back").click()
    sams.get_by_role("button", name="What helps").click()
    put_together(sams, "The blue blanket")
    written(sams, other_phone, "The blue blanket")
    newest = "SELECT helps, after FROM calm_ownplan ORDER BY entry_id DESC LIMIT 1"
    helps, after = rows(server, newest)[0]
    assert {"Sit beside me", "The blue blanket"} <= set(helps.split("\n"))
    assert len(after.split()) == 2
