"""Two weeks at a glance: drawn, read with the keys, and the same in a table without script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.test_observing import sign_in

GLANCE = re.compile("Two weeks at a glance")


@pytest.fixture
def glance(server, page):
    sign_in(page, server)
    address = page.locator("a[id^=stay-]").first.get_attribute("href")
    page.goto(f"{server.url}{address}")  # a click may meet a board that is just being renewed
    page.locator("summary", has_text="Anything else").click()
    page.get_by_role("link", name=GLANCE).click()
    page.locator("#glance[data-drawn]").wait_for()
    return page


def test_the_charts_are_drawn_and_arrow_keys_say_each_time(glance):
    assert int(glance.locator("#glance").get_attribute("data-drawn")) >= 5
    assert glance.locator("#glance canvas").count() >= 5
    glance.locator("#glance").focus()
    said = glance.locator("#glance-said")
    glance.keyboard.press("ArrowLeft")
    first = said.inner_text()
    glance.keyboard.press("ArrowLeft")
    expect(said).not_to_have_text(first)
    assert re.search(r"\d\d:\d\d", first)


@pytest.mark.parametrize(("width", "theme"), [(360, "night"), (1280, "day"), (1280, "contrast")])
def test_everyone_can_read_it(server, glance, width, theme):
    glance.set_viewport_size({"width": width, "height": 800})
    glance.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
    unit = glance.get_by_role("link", name="Board", exact=True).get_attribute("href").split("/")[2]
    for address in (glance.url, f"{server.url}/unit/{unit}/glance/"):
        glance.goto(address)
        found = Axe().run(glance).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
        assert glance.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_the_table_says_the_same(server, browser, glance):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(glance.context.cookies())
    page = context.new_page()
    page.goto(glance.url)
    expect(page.get_by_role("heading", name="The same in a table")).to_be_visible()
    assert page.locator("table .spark").count() >= 5
    context.close()
