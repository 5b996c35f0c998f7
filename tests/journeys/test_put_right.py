"""What was written of who is held is put right on the phone, and what was only begun stays."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.phone_in_hand import Phone
from tests.journeys.test_calm import rows
from tests.journeys.test_plan import until
from tests.journeys.test_restraint import fits, say_the_rest, tap
from tests.running import Server

WHY = "I tapped the wrong one"


def finish(phone: Phone) -> Page:
    """Begin with one tap; the phone dies; the clock has run meanwhile, and the rest is said."""
    page = phone.page
    page.locator(".person-row").first.click()
    tap(page, "Held or shut in: begin the clock")
    tap(page, "Four limbs strapped", "How")
    expect(page.locator(".held-clock")).to_contain_text("Kept on this phone")
    phone.kill()
    phone.open(offline=True)
    page = phone.page
    page.goto(phone.url)
    phone.unlock("Dana")
    row = page.locator(".person-held")
    expect(row).to_contain_text("Not in the record yet")
    row.click()
    expect(page.get_by_role("button", name=re.compile("^How"))).to_contain_text("Four limbs")
    say_the_rest(page)
    return page


def earlier(page: Page, words: str) -> None:
    """Open what was written of this person, and begin to put the entry with these words right."""
    if not page.locator(".entries .entry").first.is_visible():
        tap(page, "Earlier")
    entry = page.locator(".entries > li", has_text=words).first
    until(page, entry, "Put right")
    entry.get_by_role("button", name="Put right").click()


def because(page: Page) -> None:
    expect(page.get_by_text("Say why first")).to_be_visible()
    page.locator("label", has_text="Why").get_by_role("textbox").fill(WHY)


def strike_a_device(page: Page) -> None:
    tap(page, "Change")
    tap(page, "Four limbs strapped")
    expect(page.get_by_text("Nothing holds them; not released")).to_be_visible()
    tap(page, "Earlier")
    earlier(page, "Take off: Four limbs strapped")
    fits(page)
    tap(page, "It was not so: strike it out")
    because(page)
    tap(page, "It was not so: strike it out")
    expect(page.locator(".held-clock")).to_contain_text("Four limbs strapped")


def put_a_check_right(page: Page) -> None:
    tap(page, "Earlier")
    earlier(page, "Held: checked")
    fits(page)
    tap(page, "warm, good color", "Circulation")
    tap(page, re.compile("^Record"))
    because(page)
    tap(page, re.compile("^Record"))
    expect(page.get_by_text("Check in restraint: 1")).to_be_visible()


def release_and_put_it_right(page: Page) -> None:
    tap(page, "Release")
    tap(page, "calm", "How they are")
    tap(page, "Nobody was hurt", "Was anybody hurt")
    tap(page, re.compile("^Record"))
    expect(page.locator(".person-held")).to_have_count(0)
    page.locator(".person-row").first.click()
    tap(page, "Earlier")
    earlier(page, "Held: released")
    page.get_by_label("In your own words").fill("calm, sits up")
    tap(page, re.compile("^Record"))
    because(page)
    tap(page, re.compile("^Record"))


@pytest.mark.on_disk
def test_begun_with_one_tap_and_put_right_without_network(phone: Phone, server: Server) -> None:
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    phone.leave_network()
    page = finish(phone)
    tap(page, "Check them")
    tap(page, "easy", "Breathing")
    tap(page, re.compile("^Record"))
    strike_a_device(page)
    put_a_check_right(page)
    release_and_put_it_right(page)
    phone.find_network()
    until(page, page.locator(".truth-say"), "0 on this phone")

    written = rows(
        server,
        "SELECT kind, amends_id IS NOT NULL, struck, reason FROM record_entry"
        " WHERE kind LIKE 'restraint.%' ORDER BY seq DESC LIMIT 7",
    )[::-1]
    assert written == [
        ("restraint.start", 0, 0, ""),
        ("restraint.check", 0, 0, ""),
        ("restraint.change", 0, 0, ""),
        ("restraint.change", 1, 1, WHY),
        ("restraint.check", 1, 0, WHY),
        ("restraint.end", 0, 0, ""),
        ("restraint.end", 1, 0, WHY),
    ]
    newest = "SELECT state FROM crisis_restraintend ORDER BY entry_id DESC LIMIT 1"
    [(state,)] = rows(server, newest)
    assert state == "calm, sits up"
