"""The phone's app in a real browser whose processor is slowed down: opening, tapping, size."""

import json
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from playwright.sync_api import Page, Playwright, sync_playwright

from milieu.bench.browser import CHROMIUM, FLAGS, missing_lighthouse
from milieu.bench.goals import goals_of
from milieu.bench.lighthouse import Lighthouse, lighthouse
from milieu.bench.load import Unexpected
from milieu.bench.result import Result
from milieu.bench.serving import START_WITHIN_S, Home, free_port, new_home
from milieu.demo.names import ENROL_CODE, PASSWORD, PIN
from milieu.keeping.parts import LOOPBACK

SLOWER: Final = 4  # times
SMALL: Final[Any] = {"width": 360, "height": 740}
ENCODINGS: Final = "gzip, deflate, br, zstd"  # what Chromium says that it reads
PATIENCE_MS: Final = 30_000
TECHNICIAN: Final = "dana"
NURSE: Final = "nora"
PEOPLE: Final = 8

# Runs in the page before its own scripts. What is waited for is named the moment that it is in the
# page, so that the browser says by its own clock when its frame was shown (Element Timing); a tap's
# time is the browser's own for the event, before any script knew of it.
WATCH: Final = """
window.painted = {}
const wanted = {who: ".who-tile", list: ".person-name", saved: ".undo span"}
const look = () => {
  for (const [name, selector] of Object.entries(wanted)) {
    if (name in window.painted) continue
    const found = document.querySelector(selector)
    if (!found) continue
    window.painted[name] = 0
    found.setAttribute("elementtiming", name)
  }
}
new MutationObserver(look).observe(document, {subtree: true, childList: true})
new PerformanceObserver((list) => {
  for (const {identifier, renderTime} of list.getEntries()) window.painted[identifier] = renderTime
}).observe({type: "element", buffered: true})
addEventListener("click", ({timeStamp, target}) => {
  if (!target.closest("button")) return
  window.tapped = timeStamp
  delete window.painted.list
  delete window.painted.saved
}, {capture: true})
"""
KEPT: Final = """
() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("milieu-phone")
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const asked = opening.result.transaction("entries").objectStore("entries").count()
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result) }
  }
})
"""


class Size(NamedTuple):
    """How much is measured."""

    opens: int
    taps: int
    pages: str  # how Lighthouse looks at pages: "navigation" loads them anew, "snapshot" does not


FULL = Size(opens=7, taps=24, pages="navigation")
QUICK = Size(opens=2, taps=4, pages="snapshot")


def measure(*, size: Size, seed: int) -> Result:
    """Run the bench on an invented unit of its own."""
    missing, how = {}, missing_lighthouse()
    with ExitStack() as stack:
        looking = None if how else stack.enter_context(lighthouse())
        folder = stack.enter_context(new_home())
        home = Home(folder=folder, demo=True)
        home.run("demo", "--no-serve", "--days", "1", "--seed", str(seed))
        https, http = free_port(), free_port()
        ports = ("--https-port", str(https), "--http-port", str(http))
        served = stack.enter_context(home.served("--tls", "localhost", *ports))
        playwright = stack.enter_context(sync_playwright())
        hand = Hand(playwright, f"http://{LOOPBACK}:{served.port}", folder / "profile")
        figures = {"app_kb": app_kb(https)} | hand.figures(size)
        if looking:
            figures["lighthouse_min"] = hand.audited(looking, size.pages)
        else:
            missing["lighthouse_min"] = how
    note = (
        f"Chromium with its processor slowed down {SLOWER} times; {size.opens} cold starts without "
        f"network (the median counts), {size.taps} checks (the longest counts). "
        f"Lighthouse looked at pages by {size.pages}, at the app by snapshot."
    )
    return Result(
        bench="phone",
        goals=goals_of("phone"),
        seed=seed,
        figures=figures,
        missing=missing,
        notes=(note, *hand.notes),
    )


def app_kb(port: int) -> float:
    """Return the size of all that a phone keeps of the app, as it travels over HTTPS, in kB.

    Not of the reader of codes, which a phone whose browser has one never fetches.
    """
    worker = _fetched(port, "/phone/sw.js", encoding="identity")
    files, pack = _listed(worker, "FILES"), _listed(worker, "PACK")
    travels = ("/phone/sw.js", pack[0], *(address for address, _hash in files))
    return sum(len(_fetched(port, each)) for each in travels) / 1000


def _listed(worker: bytes, name: str) -> Any:
    listed = re.search(rf"^const {name} = (.*);$".encode(), worker, re.MULTILINE)
    assert listed, "The service worker names the files that it keeps."
    return json.loads(listed[1])


def _fetched(port: int, address: str, *, encoding: str = ENCODINGS) -> bytes:
    """Return a file as it travels. The certificate is the bench's own, made a moment ago."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    patience = time.monotonic() + START_WITHIN_S
    while True:
        link = HTTPSConnection("localhost", port, context=context, timeout=30)
        try:
            link.request("GET", address, headers={"Accept-Encoding": encoding})
            answer = link.getresponse()
            body = answer.read()
        except OSError:  # the part that speaks HTTPS starts a little after the pages
            if time.monotonic() > patience:
                raise
            time.sleep(0.1)
            continue
        finally:
            link.close()
        if answer.status != 200:
            raise Unexpected(f"{address}: {answer.status}")
        return body


class Hand:
    """A phone in a hand: a browser with a profile on disk."""

    def __init__(self, playwright: Playwright, address: str, profile: Path) -> None:
        self.playwright, self.address, self.profile = playwright, address, profile
        self.notes: list[str] = []

    def figures(self, size: Size) -> dict[str, float]:
        """Enrol, take people, then measure cold starts without network, and taps."""
        with self._open(slower=1) as page:
            self._enrol(page)
        opened: list[float] = []
        taps: list[float] = []
        while len(opened) < size.opens:
            with self._open(offline=True) as page:
                opened.append(self._cold_start(page))
                if len(opened) == size.opens:
                    taps = [self._tap(page) for _ in range(size.taps)]
        return {
            "cold_offline_list_ms": median(opened),
            "cold_offline_list_worst_ms": max(opened),
            "tap_to_saved_ms": max(taps),
            "tap_to_saved_median_ms": median(taps),
        }

    @contextmanager
    def _open(
        self, *, offline: bool = False, slower: int = SLOWER, debug: int = 0
    ) -> Iterator[Page]:
        """Start the browser from what is on the disk; yield its page."""
        flags = [*FLAGS, *([f"--remote-debugging-port={debug}"] if debug else [])]
        context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=flags,
            viewport=SMALL,
            has_touch=True,
            is_mobile=True,
            locale="en-US",
            offline=offline,
        )
        try:
            context.set_default_timeout(PATIENCE_MS)
            page = context.pages[0]
            page.add_init_script(WATCH)
            devtools = context.new_cdp_session(page)
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
            yield page
        finally:
            context.close()

    def _enrol(self, page: Page) -> None:
        page.goto(f"{self.address}/phone/#enrol={ENROL_CODE}")
        page.get_by_label("Name of this phone").fill("Measured")
        page.get_by_role("button", name="Enrol this phone").click()
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("User name").fill(TECHNICIAN)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        self._type_pin(page)
        page.get_by_role("button", name="My list").click()
        for place in range(PEOPLE):
            page.get_by_role("checkbox").nth(place).check()
        page.get_by_role("button", name=re.compile(r"^Keep \d+ ")).click()
        page.get_by_role("button", name=re.compile("^Not here")).click()  # the demo's are held
        page.locator(".person-row").nth(PEOPLE - 1).wait_for()
        page.get_by_text("0 on this phone").wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def _type_pin(self, page: Page) -> None:
        page.get_by_role("button", name="Erase").wait_for()
        for digit in PIN:
            page.get_by_role("button", name=digit, exact=True).click()
        page.get_by_role("button", name="Open").click()

    def _cold_start(self, page: Page) -> float:
        """Open the app; return the ms until it asked who it is, and from the PIN to the list."""
        page.goto(f"{self.address}/phone/")
        asked = _painted(page, "who")
        page.locator(".who-tile").first.click()
        self._type_pin(page)
        return asked + _painted(page, "list") - float(page.evaluate("window.tapped"))

    def _tap(self, page: Page) -> float:
        """Record a check; return the ms from the tap until the screen said that it is saved."""
        before = page.evaluate(KEPT)
        page.locator(".person-row").first.click()
        page.locator(".tile").nth(1).wait_for()
        if page.locator(".undo").count():  # what an earlier check said would be taken for this one
            raise Unexpected("The check's own screen still says what was saved before.")
        page.locator(".tile").nth(1).click()
        took = _painted(page, "saved") - float(page.evaluate("window.tapped"))
        if page.evaluate(KEPT) != before + 1:
            raise Unexpected("The screen said saved, and nothing was on the disk.")
        return took

    def audited(self, looking: Lighthouse, pages: str) -> float:
        """Return the lowest of Lighthouse's scores for sign-in, board, list and check."""
        port = free_port()
        with self._open(slower=1, debug=port) as page:
            lowest = []

            def audit(name: str, mode: str) -> None:
                lowest.append(self._noted(name, looking.look(port, page.url, mode)))

            page.goto(f"{self.address}/accounts/login/")
            audit("sign-in", pages)
            page.get_by_label("User name").fill(NURSE)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "login" not in url)
            board = page.locator("a[href^='/board/']").first.get_attribute("href")
            page.goto(f"{self.address}{board}")
            audit("board", pages)
            page.goto(f"{self.address}/phone/")
            page.locator(".who-tile").first.click()
            self._type_pin(page)
            page.locator(".person-row").first.wait_for()
            audit("list", "snapshot")
            page.locator(".person-row").first.click()
            page.locator(".tile").first.wait_for()
            audit("check", "snapshot")
        return min(lowest)

    def _noted(self, name: str, found: dict[str, Any]) -> float:
        said = ", ".join(f"{category} {score}" for category, score in found["scores"].items())
        self.notes.append("; ".join([f"Lighthouse on {name}: {said}", *found["failed"]]))
        return float(min(found["scores"].values()))


def _painted(page: Page, name: str) -> float:
    """Return when this was painted first, in ms of the page's own clock."""
    page.wait_for_function("name => window.painted[name] > 0", arg=name)
    return float(page.evaluate("name => window.painted[name]", name))
