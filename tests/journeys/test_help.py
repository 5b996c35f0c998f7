"""Help is called with a thumb, heard on every phone and on the wall, and ended by somebody."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.phone_evidence import eventually
from tests.journeys.phone_in_hand import PASSWORD, Phone
from tests.running import Server

NOTHING_WAITS = """async () => {
  const { phone } = await import("/static/phone/state.js")
  return ((await phone.store.device.get("help")) ?? []).length === 0
}"""


def press(phone: Phone) -> None:
    """Press three times, as one does with a knuckle."""
    button = phone.page.get_by_role("button", name="Help", exact=True)
    button.wait_for()
    for _ in range(3):
        button.click()


def wall(browser: Browser, server: Server) -> Page:
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.goto(f"{server.url}/accounts/login/")
    page.get_by_label("User name").fill("nora")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="On the wall").click()
    expect(page.locator(".strip-state")).to_contain_text("live")
    return page


def over_by_mistake(phone: Phone) -> None:
    phone.page.get_by_role("button", name="It is over").click()
    phone.page.get_by_role("button", name="By mistake").click()
    expect(phone.page.get_by_text("Nobody has said yet")).to_have_count(0)
    eventually(lambda: phone.page.evaluate(NOTHING_WAITS), wanted=True)


def rang(phone: Phone) -> bool:
    return bool(phone.page.evaluate("document.documentElement.dataset.rang"))


def calls_of(server: Server) -> int:
    asked = "from milieu.help.models import Call\nprint(Call.objects.as_system('a test').count())"
    return int(server.printed(asked).split()[-1])


def test_help_is_heard_everywhere_answered_by_name_and_ended(
    phone: Phone, other_phone: Phone, browser: Browser, server: Server
) -> None:
    phone.enrol_and_sign_in("dana")
    other_phone.enrol_and_sign_in("sam")
    board = wall(browser, server)
    press(phone)
    for page in (phone.page, other_phone.page, board):
        expect(page.get_by_text("Nobody has said yet that they come.")).to_be_visible()
    eventually(lambda: rang(other_phone), wanted=True)

    other_phone.page.get_by_role("button", name="I am coming").click()
    for page in (phone.page, other_phone.page, board):
        expect(page.get_by_text("Coming: Sam O.")).to_be_visible()

    other_phone.page.get_by_role("button", name="It is over").click()
    other_phone.page.get_by_role("button", name="Calm again").click()
    for page in (phone.page, other_phone.page, board):
        expect(page.get_by_text("Coming: Sam O.")).to_have_count(0)
    board.close()


def test_one_press_says_how_and_a_second_held_calls(phone: Phone) -> None:
    phone.enrol_and_sign_in("dana")
    button = phone.page.get_by_role("button", name="Help", exact=True)
    button.click()
    expect(phone.page.get_by_text("Hold it for a second")).to_be_visible()
    expect(phone.page.get_by_text("Nobody has said yet")).to_have_count(0)

    button.hover()
    phone.page.mouse.down()
    expect(phone.page.get_by_text("Nobody has said yet")).to_be_visible()
    phone.page.mouse.up()
    over_by_mistake(phone)


@pytest.mark.on_disk
def test_without_network_it_sounds_here_and_reaches_the_server_with_its_own_time(
    phone: Phone, server: Server
) -> None:
    phone.enrol_and_sign_in("dana")
    before = calls_of(server)
    phone.leave_network()
    press(phone)
    expect(phone.page.get_by_text("only on this phone")).to_be_visible()
    eventually(lambda: rang(phone), wanted=True)

    phone.kill()
    phone.open()
    phone.page.goto(phone.url)
    expect(phone.page.get_by_text(re.compile("Nobody has said yet"))).to_be_visible()
    expect(phone.page.get_by_text("only on this phone")).to_have_count(0)
    assert calls_of(server) == before + 1
    phone.unlock("Dana R.")
    over_by_mistake(phone)


def test_a_locked_phone_calls_too(phone: Phone) -> None:
    phone.enrol_and_sign_in("dana")
    phone.page.get_by_role("button", name=re.compile("switch")).click()
    expect(phone.page.get_by_text("Who is it?")).to_be_visible()
    press(phone)
    expect(phone.page.get_by_text("Unlock the phone to say that you come.")).to_be_visible()
    phone.unlock("Dana R.")
    over_by_mistake(phone)
