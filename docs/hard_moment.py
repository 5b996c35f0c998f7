"""Pictures of a hard moment: help, the plan, taps, the clocks of a restraint, and afterwards."""

import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize

from milieu.demo.names import PASSWORD

PAPER: Final[ViewportSize] = {"width": 820, "height": 1060}  # about as a sheet of Letter is
HELD_FOR_MS: Final = 9 * 60_000
BETWEEN_MS: Final = 20_000  # two taps; and the message about the first is gone by then
WITH_PLAN: Final = "01A"  # the bed of somebody who made a plan and agreed with all of it
# A finger that rests on the glass: a phone that is being pictured does not lock itself.
TOUCHED: Final = "setInterval(() => dispatchEvent(new Event('input')), 5000)"


def in_hand(page: Page, images: Path) -> None:
    """Picture one technician's phone: the plan, what happens by taps, the restraint's clocks."""
    _tap(page, "What helps")
    page.locator(".calm-thing").first.wait_for()
    page.screenshot(path=images / "phone-what-helps.png")
    _tap(page, "Back")
    _tap(page, "What is happening?")
    for what in ("Raised voice", "Choice offered", "Hands on"):
        _tap(page, what)
        page.locator(".entries li", has_text=what).wait_for()
        page.clock.fast_forward(BETWEEN_MS)
    page.locator(".body").evaluate("body => body.scrollTo(0, body.scrollHeight)")
    page.screenshot(path=images / "phone-happening.png")
    _start(page, images)


def _start(page: Page, images: Path) -> None:
    _tap(page, "Held or shut in: begin the clock")
    _choose(page, "How", "Four limbs strapped")
    _say(page, "Who observes", "June P.")
    _say(page, "What was the danger", "Hits or kicks staff")
    page.locator(".body").evaluate("body => body.scrollTo(0, 0)")
    page.screenshot(path=images / "phone-held-start.png")
    _say(page, "Who did it", "Sam O.", "Mia T.")
    _say(page, "Released when", "Talks in a quiet voice", "Arms and legs are at rest")
    _tap(page, re.compile("^Record: began"))
    page.get_by_text("Observes: June P.").wait_for()


def while_held(page: Page, images: Path) -> None:
    """Picture the clocks after some minutes without network, once somebody looks again."""
    page.locator(".person-held").click()
    _choose(page, "Released when", "Talks in a quiet voice")
    page.locator(".body").evaluate("body => body.scrollTo(0, 0)")
    page.screenshot(path=images / "phone-held.png")


def called(page: Page, wall: Page, images: Path) -> None:
    """Picture a call for help from beside somebody, on the phone that called and on the wall."""
    page.locator(".person-row", has_text=WITH_PLAN).click()
    help_button = page.get_by_role("button", name="Help", exact=True)
    for _ in range(3):
        help_button.click()
    wall.get_by_text("Nobody has said yet that they come.").wait_for()
    wall.screenshot(path=images / "wall-help.png")
    page.get_by_text("Nobody has said yet that they come.").wait_for()
    page.screenshot(path=images / "phone-help.png")
    _tap(page, "It is over")
    _tap(page, "By mistake")


def afterwards(browser: Browser, address: str, images: Path) -> None:
    """Picture what came of the hard moment some days ago: report, record on paper, check-in."""
    nurse = signed_in(browser, address, "nora")
    nurse.locator("summary", has_text="Anything else").click()
    nurse.get_by_role("link", name="Restraint and seclusion").click()
    nurse.locator("tbody a").first.click()
    paper = nurse.get_by_role("link", name="The record to print").get_attribute("href")
    nurse.get_by_role("link", name=re.compile(r"^\w+ \w\.$")).first.click()
    nurse.locator("summary", has_text="Anything else").click()
    nurse.get_by_role("link", name="Incidents").click()
    nurse.locator("tbody a").first.click()
    nurse.set_viewport_size({"width": 1000, "height": 800})
    nurse.screenshot(path=images / "incident.png", full_page=True)
    nurse.set_viewport_size(PAPER)
    nurse.goto(f"{address}{paper}?page")
    nurse.screenshot(path=images / "restraint-record.png")
    nurse.context.close()
    asked = signed_in(browser, address, "dana")
    asked.get_by_role("link", name="For you").click()
    asked.get_by_text("Does it come back to you?").first.wait_for()
    asked.set_viewport_size({"width": 390, "height": 844})
    asked.screenshot(path=images / "check-in.png")
    asked.context.close()


def signed_in(browser: Browser, address: str, username: str) -> Page:
    """Return a page at a desk."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme="light", locale="en-US"
    )
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/board/**")
    return page


def _tap(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).first.click()


def _say(page: Page, part: str, *answers: str) -> None:
    _tap(page, re.compile(f"^{part}"))
    _choose(page, part, *answers)


def _choose(page: Page, group: str, *answers: str) -> None:
    for answer in answers:
        page.get_by_role("group", name=group).get_by_role("button", name=answer).first.click()
