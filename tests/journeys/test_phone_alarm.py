"""The phone rings its own overdue checks, with no network, until somebody goes."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.phone_evidence import begin, check
from tests.journeys.phone_in_hand import Phone

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
    expect(page.get_by_role("alert")).to_contain_text("list of Dana R.")
    assert rang(page) >= 1


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
