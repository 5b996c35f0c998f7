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

import hard_moment
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from milieu.demo.names import ENROL_CODE, PASSWORD, PIN

IMAGES = Path(__file__).parent / "images"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
WALL = {"width": 1920, "height": 1080}
READY_S = 300
LIST_LENGTH = 8
COLORS = 128  # of a picture: the screens have few, and a smaller file is read sooner


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
    page.screenshot(path=IMAGES / "phone-pin.png")
    unlock(page)
    choose(page, LIST_LENGTH)
    page.screenshot(path=IMAGES / "phone-take.png")
    take(page)
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


def unlock(page: Page) -> None:
    """Open the phone by the PIN."""
    for digit in PIN:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="My list").wait_for()


def choose(page: Page, count: int) -> None:
    """Choose the first people of the unit for one's list."""
    page.get_by_role("button", name="My list").click()
    boxes = page.get_by_role("checkbox")
    boxes.first.wait_for()
    for box in boxes.all()[:count]:
        box.check()


def take(page: Page) -> None:
    """Take who was chosen over from whoever is not there."""
    page.get_by_role("button", name=re.compile(r"^Keep \d+ people")).click()
    page.get_by_role("button", name=re.compile("^Not here")).click()
    page.locator(".person-row").first.wait_for()
    page.get_by_text("0 on this phone, ").wait_for()
    page.get_by_text("Saved on this phone: your list.").wait_for(state="hidden")


def hard(browser: Browser, address: str) -> None:
    """Picture a hard moment: first what came of the one some days ago, then one that begins."""
    hard_moment.afterwards(browser, address, IMAGES)
    wall = hard_moment.signed_in(browser, address, "nora")
    wall.context.add_cookies([{"name": "theme", "value": "night", "url": address}])
    wall.set_viewport_size(WALL)
    wall.goto(f"{wall.url}?wall")
    context = browser.new_context(
        viewport=PHONE, device_scale_factor=2, has_touch=True, reduced_motion="reduce"
    )
    context.add_init_script(hard_moment.TOUCHED)
    page = context.new_page()
    page.clock.install()  # so that some minutes can pass
    enter(page, address)
    unlock(page)
    choose(page, LIST_LENGTH)
    take(page)
    hard_moment.called(page, wall, IMAGES)
    hard_moment.in_hand(page, IMAGES)
    context.set_offline(True)
    page.get_by_role("button", name="Back").click()
    page.locator(".head-switch").click()
    page.clock.fast_forward(hard_moment.HELD_FOR_MS)
    page.get_by_role("button", name="Dana R.").click()
    unlock(page)
    hard_moment.while_held(page, IMAGES)
    context.close()
    wall.context.close()


SETS = {"shift": (pages, phone), "hard-moment": (hard,)}


def main(chosen: list[str]) -> None:
    """Make pictures anew, of every set or of the chosen ones; each set has a unit of its own."""
    IMAGES.mkdir(exist_ok=True)
    began = time.time()
    for name in chosen or SETS:
        with invented_unit() as address, sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            for make in SETS[name]:
                make(browser, address)
            browser.close()
    for path in IMAGES.glob("*.png"):
        if path.stat().st_mtime >= began:
            lighten(path)


def lighten(path: Path) -> None:
    """Keep a picture in as few colours as a screen of ours has."""
    Image.open(path).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


if __name__ == "__main__":
    main(sys.argv[1:])
