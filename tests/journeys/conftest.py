"""A real browser and a phone for the journeys. Each test has its own, so nothing is left over."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from milieu.bench.browser import FLAGS
from tests.journeys.between import Between, proxy_of
from tests.journeys.phone_in_hand import (
    CHROMIUM,
    SHOWS_NOTICES,
    NewHouse,
    NewPhone,
    Phone,
    house,
)
from tests.running import Server

HERE = Path(__file__).parent

# Long enough for a slow machine: a journey says what happens, and a bench how fast.
expect.set_options(timeout=20_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what stood on every screen when a journey failed: on another machine nobody can look."""
    report = yield
    if call.when == "call" and report.failed:
        for name, given in getattr(item, "funcargs", {}).items():
            page = given.page if isinstance(given, Phone) else given
            if isinstance(page, Page):
                report.sections.append((f"on the screen of {name}", on_screen(page)))
    return report


def on_screen(page: Page) -> str:
    """Return the address and the words of a page, or why they cannot be had."""
    try:
        return f"{page.url}\n{page.locator('body').inner_text(timeout=5_000)}"
    except PlaywrightError as gone:
        return str(gone)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that none of them is begun when the others are done."""
    if all(item.path.parent == HERE for item in items):
        items.sort(key=lambda item: item.path.stat().st_size, reverse=True)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """Yield what starts browsers, once for the whole run."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Yield one Chromium for the whole run."""
    chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Yield a fresh profile: no cookies, nothing stored, no service worker."""
    fresh = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US")
    fresh.set_default_timeout(20_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Yield a page that fails the test when a script fails or the policy blocks something."""
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on(
        "console",
        lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield page
    assert faults == []


@pytest.fixture(scope="session")
def new_house(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> NewHouse:
    """Return what serves the invented unit in a house of its own."""
    own = tmp_path_factory.getbasetemp()
    run = own if worker_id == "master" else own.parent
    return lambda **more: house(tmp_path_factory.mktemp("home"), run, **more)


@pytest.fixture(scope="module")
def server(new_house: NewHouse) -> Iterator[Server]:
    """Yield a server of the invented unit, one for the tests of a file."""
    with new_house() as serving:
        yield serving


@pytest.fixture
def between(server: Server) -> Iterator[Between]:
    """Yield what may stand between a phone and the server."""
    with proxy_of(server) as proxy:
        yield proxy


@pytest.fixture
def new_phone(
    driver: Playwright,
    browser: Browser,
    server: Server,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[NewPhone]:
    """Return what gives a phone; it fails the test when a script fails or the policy blocks."""
    given: list[Phone] = []
    notices = request.node.get_closest_marker("shows_notices")
    shared = None if notices or request.node.get_closest_marker("on_disk") else browser

    def give(camera: Path | None = None) -> Phone:
        folder = tmp_path / f"{len(given)} of {tmp_path.name}" if given else tmp_path
        held = Phone(
            driver,
            server,
            folder / "profile",
            browser=None if camera else shared,
            executable=SHOWS_NOTICES if notices else CHROMIUM,
            camera=camera,
        )
        given.append(held)
        return held

    yield give
    for held in given:
        held.context.close()
    assert [fault for held in given for fault in held.faults] == []


@pytest.fixture
def phone(new_phone: NewPhone) -> Phone:
    """Return a phone in a hand."""
    return new_phone()


@pytest.fixture
def other_phone(phone: Phone, new_phone: NewPhone) -> Phone:
    """Return a second phone of the unit, in a colleague's hand."""
    return new_phone()
