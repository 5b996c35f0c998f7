"""The board in a real browser, on a real server: live, out of date, and live again."""

import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from tests.journeys.phone_in_hand import PASSWORD, NewHouse
from tests.running import Server

WHO_AND_WHERE = """
from milieu.people.models import Grant
grant = Grant.objects.filter(role="nurse", unit__code="NORTH").first()
print(f"{grant.person.username}/{grant.unit_id}")
"""
STORE = """
import time
from collections.abc import Iterator
from milieu.census.models import Standing
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Grant
from milieu.record.kinds import SERVER_CLOCK, Draft
from milieu.record.ledger import append
from milieu.rounds.shape import SafetyCheck
now = clock.now()
stay = Standing.objects.as_system("test").filter(unit__code="NORTH", state="in").first().stay_id
said = SafetyCheck(outcome="seen", place="courtyard", nurse_should_know="Dropped her <b>cup</b>")
author = Grant.objects.filter(role="technician", unit__code="NORTH").first().person_id
append([Draft(entry_id=uuid7(), kind="round.check", stay_id=stay, author_id=author,
    happened_at=now, written_at=now, fact=said, **SERVER_CLOCK)])
print(time.time() * 1000)
"""
NOTE_WHEN_IT_CHANGES = """() => {
    const board = document.getElementById("board");
    new MutationObserver(() => {
        if (!window.seenAt && board.textContent.includes("Courtyard")) window.seenAt = Date.now();
    }).observe(board, { childList: true, subtree: true });
}"""
FEED_WITHIN_MS = 5000  # fed, not asked for: a bench says how fast
STALE_WITHIN_S = 15


@pytest.fixture(scope="module")
def server(new_house: NewHouse) -> Iterator[Server]:
    """Yield a house whose life stands still: only we change the board."""
    with new_house(lives=False) as serving:
        yield serving


def said(server: Server, code: str) -> str:
    """Return the last word of what a piece of code printed on the server's data."""
    return server.printed(code).split()[-1]


@pytest.fixture(scope="module")
def who_and_where(server: Server) -> list[str]:
    """Return a nurse's user name, and the id of the unit."""
    return said(server, WHO_AND_WHERE).split("/")


@pytest.fixture
def board(server: Server, who_and_where: list[str], page: Page) -> Page:
    """Return the board, opened by a nurse and live."""
    nurse, unit = who_and_where
    page.goto(f"{server.url}/accounts/login/")
    page.fill("[name=login]", nurse)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.goto(f"{server.url}/board/{unit}/")
    page.wait_for_selector("#board[data-is=live]")
    return page


def test_a_stored_check_is_on_the_open_board_within_a_second(server, board):
    board.evaluate(NOTE_WHEN_IT_CHANGES)
    stored_at = float(said(server, STORE))
    board.wait_for_function("() => window.seenAt")  # words alone are read anew by a forbidden eval
    assert board.evaluate("window.seenAt") - stored_at < FEED_WITHIN_MS
    assert "Dropped her <b>cup</b>" in board.text_content("#board-foot")


def test_a_change_takes_neither_the_focus_nor_the_place_on_the_page(server, board):
    board.set_viewport_size({"width": 360, "height": 740})
    link = board.locator("a[id^=stay-]").nth(8)
    link.focus()
    held, place = link.get_attribute("id"), board.evaluate("scrollY")
    assert place > 0
    before = board.inner_html("#board-foot")
    said(server, STORE)
    board.wait_for_function(
        "before => document.getElementById('board-foot').innerHTML !== before", arg=before
    )
    assert board.evaluate("document.activeElement.id") == held
    assert abs(board.evaluate("scrollY") - place) < 740


SMALL_TARGETS = """() => [...document.querySelectorAll("a[href], button, input, summary")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim() || each.name, each.getBoundingClientRect()])
  .filter(([_, { width, height }]) => (width || height) && Math.min(width, height) < 24)
  .map(([words, { width, height }]) => `${words}: ${width} x ${height}`)
"""
TARGET_SIZE = {"runOnly": ["target-size"]}
STEP = 24  # px, of scrolling: less than the least target


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800), (1920, 1080)])
def test_everything_to_press_can_be_hit(board, width, height):
    board.set_viewport_size({"width": width, "height": height})
    assert board.evaluate(SMALL_TARGETS) == []
    board.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert Axe().run(board, options=TARGET_SIZE).violations_count == 0


COVERED = """() => [...document.querySelectorAll("a[id^=stay-]")].filter((link) => {
    link.focus();
    const card = link.closest("li").getBoundingClientRect();
    const edge = (id) => document.getElementById(id).getBoundingClientRect();
    return card.top < edge("board-head").bottom - 1 || card.bottom > edge("board-foot").top + 1;
}).length"""


def test_whoever_goes_through_the_cards_with_the_keys_sees_each_of_them(board):
    board.set_viewport_size({"width": 1280, "height": 800})
    assert board.locator("a[id^=stay-]").count() > 20
    assert board.evaluate(COVERED) == 0
    board.evaluate("""() => {
        const one = document.querySelector(".wall-alerts > li")
        for (let n = 0; n < 20; n++) one.after(one.cloneNode(true))
    }""")
    assert board.evaluate(COVERED) == 0


def style_of(found: Locator, what: str) -> str:
    """Return a computed style of an element."""
    style: str = found.evaluate("(it, what) => getComputedStyle(it)[what]", what)
    return style


def style(board: Page, selector: str, what: str) -> str:
    """Return a computed style of the first element that is found."""
    return style_of(board.locator(selector).first, what)


def test_in_colours_of_the_device_s_own_the_chosen_one_differs_from_the_others(board):
    board.emulate_media(forced_colors="active")
    for chosen, others, what in (
        (".board-choices [aria-current]", "a:not([aria-current])", "backgroundColor"),
        (".navigation [aria-current]", "a:not([aria-current])", "borderBlockEndColor"),
        (".page-foot [aria-pressed=true]", "[aria-pressed=false]", "backgroundColor"),
    ):
        other = f"{chosen.split()[0]} {others}"
        assert style(board, chosen, what) != style(board, other, what)
    # The plate behind a line of text would cut the line above it in half.
    assert style(board, ".card-who", "forcedColorAdjust") == "none"
    assert style(board, ".card-due", "forcedColorAdjust") == "none"


# All at once: between two questions the board may have put another card in a card's place.
SIZES = """(selector) => [...new Set(
    [...document.querySelectorAll(selector)].map((each) => getComputedStyle(each).fontSize)
)]"""


def test_on_a_wall_a_strict_level_and_a_concern_are_as_large_as_any_level(server, board):
    said(server, STORE)
    board.set_viewport_size({"width": 1920, "height": 1080})
    board.goto(f"{board.url}?wall")
    board.wait_for_selector("#board[data-is=live]")
    levels, concerns = (
        board.evaluate(SIZES, selector) for selector in (".card-who .tag", ".card-worried")
    )
    assert len(levels) == 1
    assert concerns == levels
    cards = "() => [...document.querySelectorAll('.card')]"
    assert board.evaluate(f"{cards}.filter((it) => it.scrollWidth > it.clientWidth).length") == 0


def test_on_a_phone_nothing_to_press_lies_over_another_wherever_it_is_scrolled(board):
    board.set_viewport_size({"width": 360, "height": 740})
    for y in range(0, 400, STEP):
        board.evaluate("y => scrollTo(0, y)", y)
        found = Axe().run(board, options=TARGET_SIZE)
        assert found.violations_count == 0, found.generate_report()


def test_a_board_that_loses_its_server_says_so_and_comes_back_by_itself(server, board):
    server.stop()
    lost = time.monotonic()
    board.wait_for_selector("#board[data-stale]", timeout=STALE_WITHIN_S * 1000)
    assert time.monotonic() - lost <= STALE_WITHIN_S
    assert "OUT OF DATE. This is how it was at" in board.inner_text("#board-head")
    assert "Out of date" in board.inner_text("#board-foot"), "What it claims is old as well."

    server.start()
    board.wait_for_selector("#board[data-is=live]:not([data-stale])")
    assert "Out of date" not in board.inner_text("#board-foot")


def test_the_code_of_a_wall_is_not_shown_for_now_when_the_wall_is_out_of_date(board):
    board.goto(f"{board.url}?wall")
    board.wait_for_selector("#board[data-is=live]")
    assert board.locator(".wall-code").is_visible()
    # Asked in the same breath: the next word of the server makes the wall live again.
    shown = board.evaluate(
        "() => { document.getElementById('board').toggleAttribute('data-stale', true);"
        " return getComputedStyle(document.querySelector('.wall-code')).visibility }"
    )
    assert shown == "hidden"


def test_a_server_ends_in_good_time_though_boards_are_open(server, board):
    begun = time.monotonic()
    server.stop()
    took = time.monotonic() - begun
    server.start()
    assert took < 7  # a worker that does not end by itself is killed after 8 seconds


def test_nothing_stays_in_sight_when_the_sign_in_has_ended(server, board):
    board.context.clear_cookies()
    server.stop()
    server.start()
    board.wait_for_url("**/accounts/login/**", timeout=30_000)


def test_the_board_works_without_script_by_asking_again(server, board):
    page = board.request.get(board.url).text()
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page


@pytest.mark.parametrize(
    ("width", "height", "theme"),
    [(360, 740, "night"), (1280, 800, "day"), (1920, 1080, "contrast")],
)
def test_everyone_can_read_the_board_and_a_person_s_page(server, board, width, height, theme):
    board.set_viewport_size({"width": width, "height": height})
    board.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
    unit = board.url
    board.goto(unit)
    stay = board.locator("a[id^=stay-]").first.get_attribute("href")
    for address in (unit, f"{unit}?wall", f"{server.url}{stay}"):
        board.goto(address)
        assert [found["id"] for found in Axe().run(board).response["violations"]] == []
        assert board.evaluate("document.documentElement.scrollWidth <= innerWidth")
    board.locator(".stay-facts dd").last.evaluate(  # while a colleague has who is one to one
        "it => it.innerHTML = '<span class=tag>not Rosalind Morgan, whom the order names</span>'"
    )
    assert board.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_wall_of_24_people_needs_no_scrolling(board):
    board.set_viewport_size({"width": 1920, "height": 1080})
    board.goto(f"{board.url}?wall")
    board.wait_for_selector("#board[data-is=live]")
    assert board.locator(".card, .away > li").count() >= 20
    assert board.evaluate("document.documentElement.scrollHeight <= innerHeight")
    for whose in board.locator(".card-holder").all():  # at night, while somebody has a break
        whose.evaluate("it => it.textContent = 'Jonas Fitzgerald for Rosalind Morgan until 03:00'")
    assert board.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_at_a_desk_the_cards_are_in_sight_however_many_alerts_wait(board):
    board.set_viewport_size({"width": 1280, "height": 900})
    board.goto(board.url)
    board.wait_for_selector(".wall-alerts > li")
    # At once: a board that lives is drawn anew when somebody is seen or answers.
    alerts, in_sight = board.evaluate("""() => {
        const one = document.querySelector(".wall-alerts > li")
        for (let n = 0; n < 40; n++) one.after(one.cloneNode(true))
        const card = document.querySelector(".card")
        const { left, top, width } = card.getBoundingClientRect()
        const found = document.elementFromPoint(left + width / 2, top + 20)
        return [document.querySelectorAll(".wall-alerts > li").length, card.contains(found)]
    }""")
    assert alerts > 40
    assert in_sight
    assert [found["id"] for found in Axe().run(board).response["violations"]] == []
