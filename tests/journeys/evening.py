"""An evening of the invented unit: several phones, the wall, desks, and time that can be let pass.

The server believes that it is some time ago, and every browser with it. To let a quarter of an
hour pass is then to move all of their clocks at once: nobody's time is ahead of anybody else's.
"""

import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.journeys.phone_in_hand import PASSWORD, Phone
from tests.running import Server
from tests.tables import before_others, make_unit

AGO_S = 3600.0
# Every process of a server that has this on its path believes that it is earlier.
EARLIER = """
import time
from pathlib import Path
import time_machine
ago = float((Path(__file__).parent / "ago").read_text())
time_machine.travel(time.time() - ago, tick=True).start()
"""
# A finger that rests on the glass: a slow machine is no reason for a phone to lock itself.
TOUCHED = "setInterval(() => dispatchEvent(new Event('input')), 5000)"


class Evening:
    """One server, and everyone who uses it; their clocks agree."""

    def __init__(self, driver: Playwright, browser: Browser, folder: Path) -> None:
        self.driver, self.browser, self.folder = driver, browser, folder
        self.ago = AGO_S
        self.phones: list[Phone] = []
        self.desks: list[BrowserContext] = []
        self.server = self._server()

    def _server(self) -> Server:
        earlier, home = self.folder / "earlier", self.folder / "home"
        for made in (earlier, home):
            made.mkdir()
        (earlier / "sitecustomize.py").write_text(EARLIER)
        (earlier / "ago").write_text(str(self.ago))
        make_unit(home, **before_others(earlier))
        server = Server(home, MILIEU_DEMO="yes", **before_others(earlier))
        server.start()
        return server

    def now(self) -> float:
        """Return the time of this evening, in seconds since 1970."""
        return time.time() - self.ago

    def phone(self, username: str) -> Phone:
        """Return a new phone of the unit, in the hand of this person."""
        phone = Phone(self.driver, self.server, self.folder / f"of {username}" / "profile")
        self.phones.append(phone)
        self._hold(phone)
        phone.enrol_and_sign_in(username)
        return phone

    def open_again(self, phone: Phone, name: str) -> None:
        """Open a phone whose browser was killed, where there is no network."""
        phone.open(offline=True)
        self._hold(phone)
        phone.page.goto(phone.url)
        phone.unlock(name)

    def _hold(self, phone: Phone) -> None:
        phone.page.clock.install(time=self.now())
        phone.context.add_init_script(TOUCHED)

    def desk(self, username: str) -> Page:
        """Return a browser at a desk where this person has signed in."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
        context.set_default_timeout(20_000)
        context.clock.install(time=self.now())
        self.desks.append(context)
        page = context.new_page()
        page.goto(f"{self.server.url}/accounts/login/")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Sign out").or_(
            page.get_by_role("button", name="Sign out")
        ).wait_for()
        return page

    def let_pass(self, minutes: int) -> None:
        """Let time pass for everybody at once. Phones were put away: they are unlocked again."""
        names = [self._put_away(phone) for phone in self.phones]
        self.server.stop()
        self.ago -= 60 * minutes
        assert self.ago > 0, "No evening lasts into what has not come yet."
        (self.folder / "earlier" / "ago").write_text(str(self.ago))
        for context in (*(phone.context for phone in self.phones), *self.desks):
            context.clock.fast_forward(60_000 * minutes)
        self.server.start()
        for phone, name in zip(self.phones, names, strict=True):
            phone.unlock(name)

    def _put_away(self, phone: Phone) -> str:
        """Lock a phone; return whose it is."""
        switch = phone.page.locator(".head-switch")
        name = switch.locator("span").inner_text()
        switch.click()
        phone.page.get_by_text("Who is it?").wait_for()
        return name

    def close(self) -> None:
        """End all of it; fails where a phone's script failed or its policy blocked something."""
        for context in self.desks:
            context.close()
        for phone in self.phones:
            with suppress(Exception):
                phone.context.close()
        self.server.stop()
        assert [fault for phone in self.phones for fault in phone.faults] == []
