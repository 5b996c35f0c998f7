"""A phone as a technician holds it: a real browser with a profile on disk, and a real server."""

import os
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize
from playwright.sync_api import Error as BrowserGone

from milieu.bench.browser import FLAGS
from tests.running import Server
from tests.tables import give_unit, make_unit

# Chromium without the windows around its pages: the same pages in two thirds of the time.
CHROMIUM = "/usr/lib/chromium/chromium-headless-shell"
SHOWS_NOTICES = "/usr/bin/chromium"
PASSWORD = "walk-softly-at-night"  # noqa: S105 - printed by the demo
PIN = "482913"
SMALL: ViewportSize = {"width": 360, "height": 740}


NEW_CODE = """
from milieu.census.models import Unit
from milieu.kernel import clock
from milieu.people.services import new_enrol_code
print(new_enrol_code(Unit.objects.get(code="NORTH"), by=None, at=clock.now()))
"""
MOVE = """
from datetime import timedelta
from uuid import UUID
from milieu.admissions import services
from milieu.census.models import Stay, Unit
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
stay = Stay.objects.as_system("a test").get(pk=UUID("{stay}"))
at = clock.now() - timedelta(minutes={minutes})
more = {{"unit": Unit.objects.get(code="SOUTH")}} if "{what}" == "transfer" else {{}}
nora = Person.objects.get(username="nora")
services.{what}(entry_id=uuid7(), stay=stay, at=at, by=nora, **more)
"""


HEARD = """async () => {
  const { phone } = await import("/static/phone/state.js")
  await phone.sync?.run({})
}"""


# Making a key of a PIN is slow on purpose, a tenth of a second of a processor each time. How slow
# is tested in tests/phone/vault.test.mjs.
QUICK_KEYS = """
const slowly = SubtleCrypto.prototype.deriveKey
SubtleCrypto.prototype.deriveKey = function (how, ...more) {
  return slowly.call(this, { ...how, iterations: 1000 }, ...more)
}
"""


FREE = """
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.record.kinds import SERVER_CLOCK, Draft
from milieu.record.ledger import append
from milieu.rounds.handing import TAKE
from milieu.rounds.models import Hold
from milieu.rounds.shape import Take
lena = Person.objects.get(username="lena")
held = Hold.objects.as_system("a test").exclude(holder=None).exclude(holder=lena)
append([Draft(entry_id=uuid7(), kind=TAKE, stay_id=one.stay_id, author_id=lena.pk,
              happened_at=clock.now(), written_at=clock.now(), **SERVER_CLOCK,
              fact=Take(without=one.holder_id)) for one in held])
"""


@contextmanager
def house(home: Path, run: Path, *, lives: bool = True, fresh: bool = False) -> Iterator[Server]:
    """Serve the invented unit of this run, or one made now, from a data folder of its own."""
    if fresh:
        make_unit(home)
    else:
        give_unit(home, run)
    server = Server(home, MILIEU_DEMO="yes" if lives else "no")
    try:
        server.start()
        yield server
    finally:
        server.kill()


class Phone:
    """One enrolled phone. Its browser can be killed, and opened again on what is on its disk.

    Where nobody kills it or reads its disk, it may be a profile within a ``browser`` that runs
    already: as much apart from others, for less than starting one.
    """

    def __init__(
        self,
        playwright: Playwright,
        server: Server,
        profile: Path,
        *,
        browser: Browser | None = None,
        executable: str = CHROMIUM,
        camera: Path | None = None,
    ) -> None:
        self.playwright = playwright
        self.executable = executable
        self.browser = browser
        self.flags = [*FLAGS, *(seeing(camera) if camera else [])]
        self.name = f"Phone {profile.parent.name}"[:60]
        # Whoever had somebody has gone home: who comes on shift begins with an empty list.
        self.code = server.printed(FREE + NEW_CODE).split()[-1]
        self.url = f"{server.url}/phone/"
        self.profile = profile
        self.faults: list[str] = []
        self.holder = ""
        self.open()

    def open(self, *, offline: bool = False) -> None:
        self.context = self._in_browser() if self.browser else self._on_disk(offline=offline)
        self.context.set_default_timeout(20_000)
        self.context.add_init_script(QUICK_KEYS)
        self.page = self.context.pages[0]
        self.watch(self.page)

    def _in_browser(self) -> BrowserContext:
        assert self.browser
        context = self.browser.new_context(
            viewport=SMALL, has_touch=True, is_mobile=True, locale="en-US"
        )
        context.new_page()
        return context

    def _on_disk(self, *, offline: bool) -> BrowserContext:
        return self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=self.executable,
            args=self.flags,
            viewport=SMALL,
            has_touch=True,
            is_mobile=True,
            locale="en-US",
            offline=offline,
        )

    def watch(self, page: Page) -> None:
        """Note what a script or the policy complains of."""
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on(
            "console",
            lambda said: self.faults.append(said.text) if "Content Security" in said.text else None,
        )

    def kill(self) -> None:
        """End the browser at once, as an empty battery would."""
        assert not self.browser, "Others use it too: mark this test with on_disk."
        [browser] = [
            int(folder.name)
            for folder in Path("/proc").iterdir()
            if folder.name.isdecimal() and _is_browser_of(folder, self.profile)
        ]
        os.kill(browser, signal.SIGKILL)
        with suppress(BrowserGone):  # which was wanted
            self.context.close()
        for left in self.profile.glob("Singleton*"):
            left.unlink()

    def enrol_and_sign_in(self, username: str) -> None:
        self.enrol_and_say_who(username, PASSWORD)
        self.type_pin(PIN)
        self.page.get_by_role("button", name="My list").wait_for()

    def enrol_and_say_who(self, username: str, password: str) -> None:
        page = self.page
        page.goto(f"{self.url}#enrol={self.code}")
        page.get_by_label("Name of this phone").fill(self.name)
        page.get_by_role("button", name="Enrol this phone").click()
        page.get_by_role("button", name="Sign in").click()
        self.holder = username
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()

    def unlock(self, name: str) -> None:
        self.holder = name
        self.page.get_by_role("button", name=name).click()
        self.type_pin(PIN)
        self.page.get_by_role("button", name="My list").wait_for()

    def type_pin(self, pin: str) -> None:
        self.page.get_by_role("button", name="Erase").wait_for()
        for digit in pin:
            self.page.get_by_role("button", name=digit, exact=True).click()
        self.page.get_by_role("button", name="Open").click()

    def take(self, count: int) -> None:
        """Take the first people of the unit; who had them is not there. Return when stored."""
        self.page.get_by_role("button", name="My list").click()
        boxes = self.page.get_by_role("checkbox")
        boxes.first.wait_for()
        for box in boxes.all()[:count]:
            box.check()
        self.page.get_by_role("button", name=re.compile(f"^Keep {count} pe")).click()
        self.page.get_by_role("button", name="Not here: take over").click()
        self.page.locator(".person-row").first.wait_for()
        self.page.get_by_text(re.compile("^0 on this phone, ")).wait_for()

    def in_record(self) -> int:
        """Return how many entries the phone says that the record has."""
        said = self.page.locator(".truth-say").inner_text()
        return int(said.split(" on this phone, ")[1].split(" in the record")[0])

    def check(self) -> None:
        """Record a check in two taps: whoever is first, then the second sentence.

        A phone that locked itself while something slow was waited for is opened again.
        """
        first, who = self.page.locator(".person-row").first, self.page.get_by_text("Who is it?")
        first.or_(who).first.wait_for()
        if who.is_visible():
            self.unlock(self.holder)
        first.click()
        self.page.locator(".tile").nth(1).click()
        self.page.get_by_role("button", name="Undo").wait_for()

    def leave_network(self) -> None:
        self.page.evaluate(HEARD)  # what was asked before would be answered all the same
        self.context.set_offline(True)

    def find_network(self) -> None:
        self.context.set_offline(False)


NewHouse = Callable[..., AbstractContextManager[Server]]
NewPhone = Callable[..., Phone]


def seeing(picture: Path) -> list[str]:
    """Return what makes the camera show this picture (Y4M), and asks nobody for leave."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={picture}",
    ]


def _is_browser_of(folder: Path, profile: Path) -> bool:
    try:
        words = (folder / "cmdline").read_text().split("\0")
    except (OSError, UnicodeDecodeError):
        return False
    ours = f"--user-data-dir={profile}" in words
    return ours and not any(word.startswith("--type=") for word in words)


def move(server: Server, person: dict[str, str], what: str, *, minutes: int) -> None:
    """Let the nurse record that this person left the unit so many minutes ago."""
    words = MOVE.format(stay=person["id"], what=what, minutes=minutes)
    server.printed(words)


def entries_of(phone: Phone, server: Server) -> list[tuple[str, int]]:
    """Return the kind and number of every entry that this phone has sent, in its own order."""
    with closing(sqlite3.connect(f"file:{server.home}/milieu.sqlite3?mode=ro", uri=True)) as record:
        return record.execute(
            "SELECT kind, device_seq FROM record_entry JOIN people_device"
            " ON people_device.id = record_entry.device_id"
            " WHERE people_device.name = ? ORDER BY device_seq",
            [phone.name],
        ).fetchall()
