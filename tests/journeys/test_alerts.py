"""The page of alerts in a real browser: it rings for what is new, and shows it by itself."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.phone_in_hand import PASSWORD
from tests.journeys.test_board import STORE, said, server, who_and_where  # noqa: F401 (fixtures)
from tests.running import Server

RINGS_WITHIN_MS = 10_000  # it asks every five seconds


@pytest.fixture
def alerts(server: Server, who_and_where: list[str], page: Page) -> Page:  # noqa: F811
    """Return the page of alerts, opened by a nurse."""
    page.goto(f"{server.url}/accounts/login/")
    page.fill("[name=login]", who_and_where[0])
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.goto(f"{server.url}/concerns/")
    return page


def test_it_rings_once_it_is_switched_on_and_again_for_what_is_new(server, alerts):  # noqa: F811
    assert alerts.get_attribute("#sound", "data-rang") is None
    alerts.click("#sound")
    alerts.wait_for_selector("#sound[data-is=on][data-rang]")
    before = int(alerts.get_attribute("#sound", "data-rang") or 0)

    said(server, STORE)
    alerts.wait_for_function(
        "before => Number(document.getElementById('sound').dataset.rang) > before",
        arg=before,
        timeout=RINGS_WITHIN_MS,
    )
    alerts.wait_for_selector("text=Dropped her <b>cup</b>", timeout=RINGS_WITHIN_MS)


@pytest.mark.parametrize("path", ["/concerns/", "/concerns/tell-me/"])
def test_its_pages_can_be_used_by_everyone(server, alerts, path):  # noqa: F811
    alerts.goto(f"{server.url}{path}")
    found = Axe().run(alerts).response["violations"]
    assert [each["id"] for each in found] == []
