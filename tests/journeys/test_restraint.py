"""Somebody is held while there is no network: begun, checked and released on one phone."""

import re
from datetime import datetime

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.phone_in_hand import Phone, entries_of
from tests.journeys.test_calm import rows
from tests.running import Server

NARROW = {"width": 320, "height": 740}


def tap(held: Page, name: str | re.Pattern[str], group: str = "") -> None:
    place = held.get_by_role("group", name=group) if group else held
    place.get_by_role("button", name=name).first.click()


def fits(held: Page) -> None:
    """Nothing is wider than the screen, and no barrier is found by axe."""
    body = held.locator(".body")
    assert body.evaluate("body => body.scrollWidth <= body.clientWidth")
    found = Axe().run(held).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def begin(held: Page) -> str:
    """Begin the clock with one tap, and say the rest by taps alone. Return who it is."""
    held.locator(".person-row").first.click()
    name = held.locator("h1").inner_text().split()[0]
    tap(held, "Held or shut in: begin the clock")
    expect(held.locator(".held-clock")).to_contain_text("Held 0 min")
    fits(held)
    tap(held, re.compile("^Record: began"))
    expect(held.get_by_role("alert")).to_contain_text("Still missing: How")
    tap(held, "Four limbs strapped", "How")
    say_the_rest(held)
    return name


def say_the_rest(held: Page) -> None:
    """Say what is asked for once the clock runs; then it is recorded."""
    says(held, "What was the danger", "Hits or kicks staff")
    says(held, "Who did it", "Dana R.")
    says(held, "Released when", "Talks in a quiet voice", "Arms and legs are at rest")
    expect(held.get_by_text("Still missing")).to_have_count(0)
    fits(held)
    tap(held, re.compile("^Record: began"))
    expect(held.get_by_text("Check in restraint: 1")).to_be_visible()


def says(held: Page, part: str, *answers: str) -> None:
    """Unfold what is asked, and tap answers."""
    tap(held, re.compile(f"^{part}"))
    for answer in answers:
        tap(held, answer, part)


def check(held: Page) -> None:
    tap(held, "Check them")
    fits(held)
    tap(held, "easy", "Breathing")
    tap(held, "warm, good color", "Circulation")
    tap(held, re.compile("^Talks in a quiet voice"), "Released when")
    tap(held, re.compile("^Record"))
    expect(held.get_by_role("button", name="so at the last check")).to_have_count(1)


def observe(held: Page) -> None:
    """It is said that nobody observes, until somebody is named."""
    expect(held.get_by_text("Nobody observes.")).to_be_visible()
    tap(held, "Change")
    fits(held)
    tap(held, "Sam O.")
    expect(held.get_by_text("Observes: Sam O.")).to_be_visible()


def release(held: Page) -> None:
    """Every criterion met says so, and rings; then it is over."""
    tap(held, re.compile("^Talks in a quiet voice"), "Released when")
    tap(held, "Arms and legs are at rest", "Released when")
    expect(held.get_by_role("alert").get_by_text("Criteria met: release now")).to_be_visible()
    expect(held.locator("html")).to_have_attribute("data-rang", re.compile("^[1-9]"))
    fits(held)
    tap(held, "Release")
    tap(held, "calm", "How they are")
    tap(held, "Nobody was hurt", "Was anybody hurt")
    fits(held)
    tap(held, re.compile("^Record"))
    expect(held.locator(".person-held")).to_have_count(0)


def test_begun_and_checked_without_network_seen_on_another_phone_and_released(
    phone: Phone, other_phone: Phone, server: Server
) -> None:
    phone.page.set_viewport_size(NARROW)
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    before = phone.in_record()
    phone.leave_network()
    name = begin(phone.page)
    observe(phone.page)
    check(phone.page)
    expect(phone.page.get_by_text("Check in restraint: 1")).to_be_visible()
    tap(phone.page, "Back")
    expect(phone.page.locator(".person-held")).to_contain_text("Check in restraint")
    fits(phone.page)

    phone.find_network()
    expect(phone.page.locator(".truth-say")).to_contain_text("0 on this phone", timeout=60_000)
    other_phone.enrol_and_sign_in("sam")
    row = other_phone.page.locator(".person-held", has_text=name)
    expect(row).to_contain_text(re.compile(r"Held \d+ min"))
    row.click()
    expect(other_phone.page.get_by_text("Observes: Sam O.")).to_be_visible()
    expect(other_phone.page.get_by_text(re.compile("42 CFR 482.13")).first).to_be_visible()

    phone.leave_network()
    phone.page.locator(".person-held").click()
    release(phone.page)
    phone.find_network()
    expect(phone.page.locator(".truth-say")).to_contain_text("0 on this phone", timeout=60_000)
    kinds = [kind for kind, _ in entries_of(phone, server)][before:]
    assert kinds == [
        *("restraint.start", "restraint.change", "restraint.check"),
        *("restraint.check", "restraint.end"),
    ]
    asked = "SELECT began, ended, last_check FROM crisis_application ORDER BY began DESC LIMIT 1"
    [began, ended, checked] = [datetime.fromisoformat(each) for each in rows(server, asked)[0]]
    assert began < checked < ended
