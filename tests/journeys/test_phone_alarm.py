"""The phone rings its own overdue checks, with no network, until somebody goes."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.phone_evidence import begin, check, eventually
from tests.journeys.phone_in_hand import Phone
from tests.running import Server

QUARTER_MS = 15 * 60_000
GRACE_MS = 2 * 60_000
AGAIN_MS = 20_000
ANSWER_MS = 15 * 60_000
OUT_OF_SIGHT = """
Object.defineProperty(document, "hidden", { get: () => window.away ?? false })
"""
NOTICES = """async () => {
  const worker = await navigator.serviceWorker.ready
  return (await worker.getNotifications()).map(({ title, body }) => `${title}: ${body}`)
}"""

ANSWERS = """
from milieu.alerts.models import Acknowledgement
for each in Acknowledgement.objects.all():
    print(each.by.short_name, each.words)
"""


@pytest.fixture
def overdue(phone: Phone) -> Phone:
    """A phone without network, with two on its list who were not seen in time."""
    phone.context.add_init_script(OUT_OF_SIGHT)
    begin(phone, 2)
    phone.leave_network()
    check(phone, times=2)
    pass_time(phone, QUARTER_MS + GRACE_MS)
    return phone


def pass_time(phone: Phone, ms: int) -> None:
    """Let time pass, a second or more of it as it does in a pocket: in one step."""
    phone.page.clock.fast_forward(ms)
    phone.page.clock.run_for(6_000)


def rang(page: Page) -> int:
    page.wait_for_timeout(300)
    return int(page.evaluate("document.documentElement.dataset.rang ?? 0"))


def test_it_rings_and_says_whom_until_somebody_goes_by_name(overdue: Phone) -> None:
    page = overdue.page
    overdue.unlock("Dana R.")
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("Not seen in time")
    assert rang(page) >= 1
    before = rang(page)
    pass_time(overdue, AGAIN_MS)
    assert rang(page) > before

    page.get_by_role("button", name="Dana R.: I am going").click()
    expect(page.get_by_text("Dana R. is going, since")).to_be_visible()
    quiet = rang(page)
    pass_time(overdue, AGAIN_MS)
    assert rang(page) == quiet

    check(overdue, times=2)
    expect(page.get_by_text("Dana R. is going, since")).to_have_count(0)


def test_a_locked_phone_rings_and_names_nobody_in_care(overdue: Phone) -> None:
    page = overdue.page
    expect(page.get_by_text("Who is it?")).to_be_visible()
    alarm = page.get_by_role("alert").filter(has_text="not seen in")
    expect(alarm).to_contain_text("list of Dana R.")
    assert rang(page) >= 1


@pytest.mark.shows_notices
def test_with_another_app_in_front_a_notice_is_shown_and_goes_when_they_are_seen(
    overdue: Phone,
) -> None:
    page = overdue.page
    overdue.context.grant_permissions(["notifications"])
    page.evaluate("window.away = true")
    pass_time(overdue, AGAIN_MS)
    page.wait_for_timeout(500)
    told = "Milieu: Somebody on your list was not seen in time."
    assert page.evaluate(NOTICES) == [told]

    page.evaluate("window.away = false")
    overdue.unlock("Dana R.")
    check(overdue, times=2)
    page.wait_for_timeout(500)
    assert page.evaluate(NOTICES) == []


def awake(page: Page, wanted: Locator) -> bool:
    """Touch the phone, so that it does not lock; say whether this is in the page."""
    page.keyboard.press("Shift")
    return wanted.count() > 0


def worry(phone: Phone) -> None:
    """Write, on this phone, of something that the nurse should know."""
    phone.page.locator(".person-row").first.click()
    phone.page.get_by_role("button", name="Nurse should know").click()
    phone.page.get_by_label("The nurse should know").fill("Says her hand hurts")
    phone.page.locator(".tile").nth(1).click()


def test_a_nurse_is_called_on_her_phone_and_answers_there_only_with_a_network(
    phone: Phone, server: Server
) -> None:
    phone.enrol_and_sign_in("nora")
    phone.take(1)
    worry(phone)
    page = phone.page
    alert = page.locator(".notice").filter(has_text="Says her hand hurts")
    eventually(lambda: awake(page, alert), wanted=True, seconds=60)
    assert rang(page) >= 1

    phone.leave_network()
    page.get_by_text("alerts wait for you").click()
    alert.get_by_role("button", name="Answer").click()
    page.get_by_label("What was done").fill("Looked at her hand; ice.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("alert")).to_contain_text("no network")
    expect(page.get_by_label("What was done")).to_have_value("Looked at her hand; ice.")

    phone.find_network()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Answered. It calls nobody any longer.")).to_be_visible()
    expect(alert).to_have_count(0)
    told = server.printed(ANSWERS)
    assert re.search(r"Nora.*Looked at her hand; ice\.", told)
