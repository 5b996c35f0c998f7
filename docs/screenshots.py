"""Drive the invented unit in a real browser and keep pictures of what people see."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from milieu.demo.names import ENROL_CODE, PASSWORD, PIN

IMAGES = Path(__file__).parent / "images"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
WALL = {"width": 1920, "height": 1080}
READY_S = 90
LIST_LENGTH = 8


@contextmanager
def invented_unit() -> Iterator[str]:
    """Serve a fresh demo in a folder of its own; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "MILIEU_HOME": home, "MILIEU_PORT": str(port)}
        program = [str(Path(sys.executable).parent / "milieu"), "demo"]
        server = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _wait(address: str) -> None:
    for _ in range(READY_S):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2)  # noqa: S310
        except OSError:
            time.sleep(1)
        else:
            return
    raise TimeoutError("The demo did not come up.")


def pages(browser: Browser, address: str) -> None:
    """Picture the nurse's side: sign in, board by day, wall by night, a person, concerns."""
    context = browser.new_context(viewport=DESK, color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.screenshot(path=IMAGES / "sign-in.png")
    page.fill("input[name=login]", "nora")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/board/**")
    board = page.url
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "board.png")
    page.click(".card a >> nth=0")
    page.wait_for_url("**/stay/**")
    page.screenshot(path=IMAGES / "person.png", full_page=False)
    page.goto(f"{address}/concerns/")
    page.screenshot(path=IMAGES / "concerns.png")
    context.add_cookies([{"name": "theme", "value": "night", "url": address}])
    page.set_viewport_size(WALL)
    page.goto(f"{board}?wall")
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "wall-night.png")
    context.close()


def phone(browser: Browser, address: str) -> None:
    """Picture the technician's side: PIN, taking people, list, one check without a network."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, has_touch=True)
    page = context.new_page()
    enter(page, address)
    page.get_by_role("button", name="My list").click()
    boxes = page.get_by_role("checkbox")
    boxes.first.wait_for()
    for box in boxes.all()[:LIST_LENGTH]:
        box.check()
    page.screenshot(path=IMAGES / "phone-take.png")
    page.get_by_role("button", name=re.compile(r"^Keep \d+ people")).click()
    page.get_by_role("button", name=re.compile("^Not here")).click()
    page.locator(".person-row").first.wait_for()
    page.get_by_text("0 on this phone, ").wait_for()
    page.screenshot(path=IMAGES / "phone-list.png")
    page.locator(".person-row").first.click()
    page.locator(".tile").first.wait_for()
    page.screenshot(path=IMAGES / "phone-check.png")
    context.set_offline(True)
    page.locator(".tile").first.click()
    page.get_by_role("button", name="Undo").wait_for()
    page.screenshot(path=IMAGES / "phone-saved.png")
    context.close()


def enter(page: Page, address: str) -> None:
    """Make this browser a phone of the unit, and begin a shift on it."""
    page.goto(f"{address}/phone/#enrol={ENROL_CODE}")
    page.get_by_label("Name of this phone").fill("Phone 9")
    page.get_by_role("button", name="Enrol this phone").click()
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("User name").fill("dana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Erase").wait_for()
    page.screenshot(path=IMAGES / "phone-pin.png")
    for digit in PIN:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Open").click()


def main() -> None:
    """Make every picture anew."""
    IMAGES.mkdir(exist_ok=True)
    with invented_unit() as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        pages(browser, address)
        phone(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
