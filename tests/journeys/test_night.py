"""The phone at night: dim and amber on every screen, no sound, and looks from the doorway."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.phone_in_hand import NewHouse, Phone, entries_of
from tests.running import Server

EVENING = """
from datetime import timedelta
from milieu.alerts.services import acknowledge, unanswered
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.record.ledger import append_here
from milieu.rounds.models import Clock
from milieu.rounds.services import CHECK
from milieu.rounds.shape import SafetyCheck
from milieu.sleep.services import protect
from milieu.sleep.shape import ProtectSleep
now, nora = clock.now(), Person.objects.get(username="nora")
asleep = SafetyCheck(
    outcome="seen", place="own-room", position="lying", eyes="closed", breathing="seen"
)
here = Clock.objects.as_system("a test").filter(
    stay__standing__unit__code="NORTH", stay__standing__state="in"
)
for shown in here.select_related("stay__standing__unit", "stay__patient"):
    seen = {"at": now, "written_at": now}
    append_here(CHECK, asleep, entry_id=uuid7(), stay_id=shown.stay_id, by=nora.pk, **seen)
    unit = shown.stay.standing.unit
    allowed = unit.pack.protected_sleep
    if shown.level in allowed.levels:
        begins, ends = (now + timedelta(hours=hours) for hours in (-1, 3))
        hours = [f"{at.astimezone(unit.zone):%H:%M}" for at in (begins, ends)]
        criteria = tuple(each.code for each in allowed.criteria)
        said = ProtectSleep(*hours, 1, criteria, "Sleeps badly")
        protect(entry_id=uuid7(), stay=shown.stay, said=said, by=nora, **seen)
for alert in unanswered(nora):
    acknowledge(alert.pk, by=nora, words="Everybody was seen", at=now)
"""

# Every colour that is painted, of every element and what is put before and after it, as sRGB.
COLOURS = """() => {
  const names = ["color", "background-color", "border-top-color", "border-right-color",
    "border-bottom-color", "border-left-color", "outline-color", "caret-color", "fill", "stroke",
    "text-decoration-color", "column-rule-color"]
  const pen = Object.assign(document.createElement("canvas"), {width: 1, height: 1})
    .getContext("2d", {willReadFrequently: true})
  const found = {}
  const note = (name, said) => {
    if (found[`${name} ${said}`] || !said || /^(none|auto|rgba\\(0, 0, 0, 0\\))$/.test(said)) return
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = said
    pen.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data
    if (a > 0) found[`${name} ${said}`] = [r, g, b]
  }
  for (const one of document.querySelectorAll("body, body *"))
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(one, part)
      if (part && style.content === "none") continue
      for (const name of names) note(name, style.getPropertyValue(name))
    }
  return found
}"""

# Whatever could make a phone heard or felt: noted instead of done.
LISTEN = """
window.heard = []
for (const [owner, name] of [[window, "AudioContext"], [window, "webkitAudioContext"],
  [window, "Audio"], [window, "Notification"]])
  if (name in owner) owner[name] = class { constructor() { window.heard.push(name) } }
HTMLMediaElement.prototype.play = () => { window.heard.push("play"); return Promise.resolve() }
Navigator.prototype.vibrate = () => window.heard.push("vibrate")
window.speechSynthesis && (SpeechSynthesis.prototype.speak = () => window.heard.push("speak"))
"""
BRIGHTEST = 230  # of 255, in any channel: nothing on the screen is white
ROUNDED = 0.002  # of the light: a channel has 256 steps
MANY = 5


@pytest.fixture(scope="module")
def server(new_house: NewHouse) -> Iterator[Server]:
    """Yield a house where everybody was seen a moment ago, so that nobody falls due meanwhile.

    No alert waits that would tell whoever comes on shift.

    Everybody's sleep is protected who may have it so, and nobody lives there who would end that.
    """
    with new_house(lives=False, fresh=True) as serving:
        serving.printed(EVENING)
        yield serving


@pytest.fixture
def phone(phone: Phone, server: Server) -> Phone:
    phone.context.add_cookies([{"name": "theme", "value": "night", "url": server.url}])
    phone.context.add_init_script(LISTEN)
    return phone


def light(channel: int) -> float:
    """Return how much light a channel of sRGB gives, from 0 to 1."""
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def too_blue(phone: Phone) -> dict[str, list[int]]:
    """Return what is painted with more blue light than half of its red, or than its green.

    The rule of ``shell/tokens.css``, asked of what the browser really paints. Grey has as much
    blue as red, so at night not even grey is allowed; black is.
    """
    painted: dict[str, list[int]] = phone.page.evaluate(COLOURS)
    assert len(painted) > MANY, "Nothing is painted."
    found = {}
    for name, rgb in painted.items():
        red, green, blue = map(light, rgb)
        if blue > min(red / 2, green) + ROUNDED or max(rgb) > BRIGHTEST:
            found[name] = rgb
    return found


def test_no_screen_of_the_phone_paints_blue_light_at_night_and_none_makes_a_sound(phone):
    page = phone.page
    phone.enrol_and_sign_in("dana")
    phone.take(4)
    shown = {"list": too_blue(phone)}
    page.locator(".person-row").first.click()
    page.locator(".tile").first.wait_for()
    shown["check"] = too_blue(phone)
    for words in ("From parts", "Could not", "Other time", "Earlier"):
        page.get_by_role("button", name=words, exact=True).click()
        page.get_by_role("button", name="Back").wait_for()
        shown[words] = too_blue(phone)
        page.get_by_role("button", name="Back").click()
    page.locator(".tile").first.click()
    page.get_by_role("button", name="Undo").wait_for()
    shown["saved"] = too_blue(phone)
    page.locator(".truth-say").click()
    page.get_by_text("Not sent yet").first.wait_for()
    shown["waiting"] = too_blue(phone)
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="switch").click()
    page.get_by_text("Who is it?").wait_for()
    shown["locked"] = too_blue(phone)
    assert {name: found for name, found in shown.items() if found} == {}
    assert page.evaluate("window.heard") == []


def test_a_look_from_the_doorway_is_one_tap_and_both_entries_are_taken_back_together(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    before = phone.in_record()
    page = phone.page
    page.locator(".person-row").first.click()
    expect(page.get_by_text("Sleep is protected until")).to_be_visible()
    page.get_by_role("button", name="breathing seen, not woken").click()
    expect(page.locator(".truth-say")).to_contain_text("2 on this phone")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".truth-say")).to_contain_text(f"0 on this phone, {before} in")

    page.locator(".person-row").first.click()
    page.get_by_role("button", name=re.compile("the look woke them")).click()
    expect(page.locator(".truth-say")).to_contain_text(
        f"0 on this phone, {before + 2} in", timeout=40_000
    )
    assert [kind for kind, _ in entries_of(phone, server)][before:] == ["round.check", "sleep.look"]
