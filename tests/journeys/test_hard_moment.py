"""A hard moment from the first raised voice to the check-in of staff, on one evening.

Four phones, the wall and two desks. In the middle, the network goes for the one who acts and for
the one who observes, and a browser is killed. Nothing is lost, and nothing is written twice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.evening import Evening
from tests.journeys.phone_evidence import ITEMS, ask, eventually, moment
from tests.journeys.phone_in_hand import Phone, entries_of
from tests.journeys.test_calm import open_calm, tried
from tests.journeys.test_restraint import says, tap

NOBODY_YET = "Nobody has said yet that they come."
MARKED = ("Raised voice", "Choice offered", "Staff came", "Hands on", "Released", "Calm again")


@pytest.fixture
def evening(driver: Playwright, browser: Browser, tmp_path: Path) -> Iterator[Evening]:
    """Yield the unit of an evening, an hour ago."""
    made = Evening(driver, browser, tmp_path)
    yield made
    made.close()


@dataclass
class Unit:
    """Who is there: four on the floor with phones, and a nurse with the wall and a desk."""

    evening: Evening
    dana: Phone
    sam: Phone
    june: Phone
    mia: Phone
    wall: Page
    nora: Page
    who: str = ""  # about whom it is, by their preferred name
    stay: str = ""
    application: str = ""

    @property
    def phones(self) -> tuple[Phone, ...]:
        return (self.dana, self.sam, self.june, self.mia)

    @property
    def screens(self) -> tuple[Page, ...]:
        """Everything on which a call for help has to be seen."""
        return (*(phone.page for phone in self.phones), self.wall)


def gathered(evening: Evening) -> Unit:
    dana, sam, june, mia = (evening.phone(name) for name in ("dana", "sam", "june", "mia"))
    dana.take(1)
    june.take(1)
    wall, nora = evening.desk("nora"), evening.desk("nora")
    wall.get_by_role("link", name="On the wall").click()
    expect(wall.locator(".strip-state")).to_contain_text("live")
    wall.mouse.click(2, 2)  # a browser sounds nothing that was never touched
    return Unit(evening, dana, sam, june, mia, wall, nora)


def test_a_hard_moment_from_the_first_raised_voice_to_the_check_in(evening: Evening) -> None:
    unit = gathered(evening)
    what_helps_them_is_tried(unit)
    help_is_called_and_somebody_comes(unit)
    the_network_goes_and_hands_are_laid_on(unit)
    a_quarter_of_an_hour_later_they_are_checked_and_the_browser_is_killed(unit)
    the_network_returns_and_the_record_has_it_once_with_its_own_times(unit)
    the_nurse_orders_and_examines(unit)
    a_limit_is_told_of_before_it_is_there(unit)
    they_are_released_and_help_is_no_longer_needed(unit)
    the_report_begins_with_what_was_tapped(unit)
    it_is_talked_over_and_printed(unit)
    staff_are_asked_and_nobody_else_reads_it(unit)
    everything_is_there_once_and_can_be_worked_out_again(unit)


def what_helps_them_is_tried(unit: Unit) -> None:
    """Dana opens their own plan, and says what one thing did."""
    held = unit.dana.page
    open_calm(held)
    unit.who = held.locator("h1").inner_text().split()[0]
    expect(held.get_by_text("They agreed with all of it")).to_be_visible()
    first = held.locator(".calm-thing").first  # what helped them most so far stands first
    tried(held, first.evaluate("thing => thing.firstChild.textContent.trim()"), "No change")
    tap(held, "Back")
    tap(held, "What is happening?")
    marks(held, "Raised voice")
    tap(held, "Back")


def help_is_called_and_somebody_comes(unit: Unit) -> None:
    """Held for a second it calls, everywhere; then Sam comes, by name."""
    held = unit.dana.page
    before = {phone.name: rings(phone) for phone in unit.phones}
    held.get_by_role("button", name="Help", exact=True).hover()
    held.mouse.down()
    expect(held.get_by_text(NOBODY_YET)).to_be_visible()
    held.mouse.up()
    for page in unit.screens:
        expect(page.get_by_text(NOBODY_YET)).to_be_visible()
    for phone in unit.phones:
        eventually(lambda held=phone: rings(held) > before[held.name], wanted=True)
    expect(unit.wall.locator("html")).to_have_attribute("data-siren", re.compile("^[1-9]"))

    tap(unit.sam.page, "I am coming")
    for page in unit.screens:
        expect(page.get_by_text("Coming: Sam O.")).to_be_visible()


def rings(phone: Phone) -> int:
    """Return how often this phone has been asked for a sound."""
    return int(phone.page.evaluate("document.documentElement.dataset.rang ?? 0"))


def the_network_goes_and_hands_are_laid_on(unit: Unit) -> None:
    """Without network Dana taps what happens, and begins the clock; June is to observe."""
    for phone in (unit.dana, unit.june):
        phone.leave_network()
    held = unit.dana.page
    tap(held, "What is happening?")
    marks(held, "Choice offered")
    tap(held, "Staff came")
    tap(held, "Sam O.")
    expect(held.locator(".entries")).to_contain_text("Staff came · Sam O.")
    marks(held, "Hands on")

    tap(held, "Held or shut in: begin the clock")
    expect(held.locator(".held-clock")).to_contain_text("Held 0 min")
    tap(held, "Four limbs strapped", "How")
    says(held, "Who observes", "June P.")
    says(held, "What was the danger", "Hits or kicks staff")
    says(held, "Who did it", "Dana R.", "Sam O.")
    says(held, "Released when", "Talks in a quiet voice", "Arms and legs are at rest")
    tap(held, re.compile("^Record: began"))
    expect(held.get_by_text("Observes: June P.")).to_be_visible()
    tap(held, "Back")


def marks(held: Page, what: str) -> None:
    """One tap for what happens; it stands in the list with its time at once."""
    tap(held, what)
    expect(held.locator(".entries")).to_contain_text(re.compile(rf"\d\d:\d\d\s*{what}"))


def a_quarter_of_an_hour_later_they_are_checked_and_the_browser_is_killed(unit: Unit) -> None:
    unit.evening.let_pass(minutes=13)
    held = unit.dana.page
    held.locator(".person-held").click()
    tap(held, "Check them")
    tap(held, "easy", "Breathing")
    tap(held, "warm, good color", "Circulation")
    tap(held, "distressed", "How they seem")
    tap(held, re.compile("^Record"))
    expect(held.get_by_text("Observes: June P.")).to_be_visible()
    tap(held, "Back")
    written = held.evaluate(ITEMS)

    unit.dana.kill()
    unit.evening.open_again(unit.dana, "Dana R.")
    held = unit.dana.page
    assert [each["id"] for each in held.evaluate(ITEMS)] == [each["id"] for each in written]
    expect(held.locator(".person-held")).to_contain_text(re.compile(r"Held 1\d min"))


def the_network_returns_and_the_record_has_it_once_with_its_own_times(unit: Unit) -> None:
    """The nurse sees all of it, at the times at which it was, and no time is in doubt."""
    written = {
        item["id"]: moment(item["entry"]["happened_at"]) for item in unit.dana.page.evaluate(ITEMS)
    }
    for phone in (unit.dana, unit.june):
        phone.find_network()
    expect(unit.dana.page.locator(".truth-say")).to_contain_text("0 on this phone", timeout=60_000)
    expect(unit.dana.page.get_by_text("Coming: Sam O.")).to_be_visible()
    stored = ask(unit.evening.server, "SELECT entry_id, happened_at, counted_at FROM record_entry")
    kept = {str(UUID(key)): (moment(at), counted) for key, at, counted in stored}
    for key, at in written.items():
        assert kept[key][0] == at
        assert kept[key][1], "A time that was written at once counts."
    for phone in (unit.sam, unit.june, unit.mia):
        # A phone in sight asks every thirty seconds.
        held = phone.page.locator(".person-held", has_text=unit.who)
        expect(held).to_be_visible(timeout=45_000)

    [[unit.application, unit.stay]] = [
        [str(UUID(key)) for key in row]
        for row in ask(unit.evening.server, "SELECT id, stay_id FROM crisis_application")
    ]
    nora = unit.nora
    nora.goto(f"{unit.evening.server.url}/restraint/{unit.application}/")
    expect(nora.get_by_text("June P.").first).to_be_visible()
    expect(nora.get_by_text("How they seem: distressed")).to_be_visible()
    expect(nora.get_by_text("written later")).to_have_count(0)


def the_nurse_orders_and_examines(unit: Unit) -> None:
    """An order is given by telephone, and they are seen face to face."""
    nora = unit.nora
    tap_link(nora, "Order")
    nora.get_by_label("For how many minutes at most").fill("30")
    nora.get_by_label("Who ordered it").select_option(label="Petra Holm")
    chooses(nora, "In which capacity", "Physician")
    chooses(nora, "How it was given", "By telephone")
    nora.get_by_label("Why it is needed").fill("Goes on kicking")
    records(nora, "The order is recorded.")

    tap_link(nora, "Examined or told")
    chooses(nora, "What", "Face-to-face evaluation")
    chooses(nora, "You are here as", "Registered nurse")
    chooses(nora, "How", "In person")
    nora.get_by_label("The situation right now").fill("On the bed, door open, June beside it")
    nora.get_by_label("How they reacted to being held").fill("Shouted at first, answers now")
    nora.get_by_label("Body and behavior").fill("Breathes evenly, no injury seen")
    chooses(nora, "Does it have to go on", "It has to go on")
    records(nora, "It is recorded.")


def told_of(unit: Unit, what: str) -> list[tuple[str, str, str]]:
    """Return the alerts about one limit, once there are any: kind, when raised, when due."""

    def found() -> list[tuple[str, str, str]]:
        return ask(
            unit.evening.server,
            "SELECT kind, raised_at, due_at FROM alerts_deadline"
            " JOIN alerts_alert ON alerts_alert.id = alert_id WHERE what = ? ORDER BY raised_at",
            what,
        )

    eventually(lambda: bool(found()), wanted=True, seconds=60)
    return found()


def a_limit_is_told_of_before_it_is_there(unit: Unit) -> None:
    unit.evening.let_pass(minutes=11)
    [(kind, raised_at, due_at)] = told_of(unit, "order-ends")
    assert kind == "limit-near"
    assert moment(raised_at) < moment(due_at)
    unit.nora.goto(f"{unit.evening.server.url}/concerns/")
    expect(unit.nora.get_by_text(re.compile("The order runs out")).first).to_be_visible()


def they_are_released_and_help_is_no_longer_needed(unit: Unit) -> None:
    """Every criterion met says so; released by two taps; then it is over, everywhere."""
    held = unit.dana.page
    held.locator(".person-held").click()
    tap(held, "Talks in a quiet voice", "Released when")
    tap(held, "Arms and legs are at rest", "Released when")
    expect(held.get_by_text("Criteria met: release now", exact=True)).to_be_visible()
    tap(held, "Release")
    tap(held, "calm", "How they are")
    tap(held, "Nobody was hurt", "Was anybody hurt")
    tap(held, re.compile("^Record"))
    expect(held.locator(".person-held")).to_have_count(0)

    held.locator(".person-row", has_text=unit.who).click()
    tap(held, "What is happening?")
    marks(held, "Released")
    marks(held, "Calm again")
    tap(held, "It is over")
    held.locator(".help-call").get_by_role("button", name="Calm again").click()
    for page in unit.screens:
        expect(page.get_by_text("Coming: Sam O.")).to_have_count(0)
    tap(held, "Back")
    tap(held, "Back")
    expect(held.locator(".truth-say")).to_contain_text("0 on this phone", timeout=60_000)


def the_report_begins_with_what_was_tapped(unit: Unit) -> None:
    """Nothing is written twice; who has to be told stands beside it with a clock."""
    nora = unit.nora
    nora.goto(f"{unit.evening.server.url}/stay/{unit.stay}/incidents/")
    nora.locator("tbody a").click()
    expect(
        nora.get_by_text(re.compile(r"The nurse in charge: (was to be told )?by \d\d:\d\d"))
    ).to_be_visible()
    tap_link(nora, "Write the report")
    begun = nora.get_by_label("What happened").input_value()
    places = [begun.index(words) for words in MARKED]
    assert places == sorted(places)
    chooses(nora, "What kind", "Harm to staff")
    chooses(nora, "How it ended", "Restraint")
    records(nora, "The report is recorded.")

    nora.goto(f"{unit.evening.server.url}/stay/{unit.stay}/incidents/")
    nora.locator("tbody a").click()
    for whom in ("The prescriber", "The manager on call", "The guardian or family"):
        expect(nora.get_by_text(re.compile(rf"{whom}.*by \d\d:\d\d"))).to_be_visible()
    tap_link(nora, "Somebody was told")
    chooses(nora, "Who was told", "The manager on call")
    chooses(nora, "How", "By telephone")
    records(nora, "It is recorded who was told.")


def it_is_talked_over_and_printed(unit: Unit) -> None:
    """With the person and among staff; then the record is a PDF, with all of the facts."""
    nora, page = unit.nora, f"{unit.evening.server.url}/restraint/{unit.application}/"
    for whom, helped in (("With the person", "The music sooner"), ("Among staff", "A third one")):
        nora.goto(page)
        tap_link(nora, "Talk it over")
        chooses(nora, "With whom", whom)
        chooses(nora, "Outcome", "It was held")
        nora.get_by_label("What would have helped").fill(helped)
        records(nora, "It is recorded.")

    paper = nora.request.get(f"{page}record/")
    assert paper.headers["content-type"].startswith(("application/pdf", "text/html"))
    nora.goto(f"{page}record/?page")
    for words in (
        *("Hits or kicks staff", "Talks in a quiet voice", "Dana Reyes, Sam Okafor", "June Park"),
        *("Petra Holm (physician), by telephone", "Four limbs strapped", "The music sooner"),
        *("Face-to-face evaluation", "The order runs out", "Nobody was hurt"),
    ):
        expect(nora.get_by_text(words).first).to_be_visible()


def staff_are_asked_and_nobody_else_reads_it(unit: Unit) -> None:
    """Dana is asked how she is, and answers; for the lead there is no such question."""
    unit.evening.let_pass(minutes=2)
    eventually(lambda: asked_of_dana(unit) > 0, wanted=True, seconds=120)
    dana, lena = unit.evening.desk("dana"), unit.evening.desk("lena")
    tap_link(dana, "For you")
    question = dana.locator("form[action*='/me/after/']").first
    door = f"{unit.evening.server.url}{question.get_attribute('action')}"
    question.get_by_label("For yourself").fill("My hands shook until midnight")
    question.get_by_role("button", name="Keep it").click()
    expect(dana.get_by_text("It is kept. Only you can read it here.")).to_be_visible()
    expect(dana.get_by_text("My hands shook until midnight")).to_be_visible()

    lena.goto(f"{unit.evening.server.url}/me/after/")
    expect(lena.get_by_text("My hands shook until midnight")).to_have_count(0)
    token = lena.locator("[name=csrfmiddlewaretoken]").first.input_value()
    refused = lena.request.post(door, form={"csrfmiddlewaretoken": token})
    assert refused.status == 404


def asked_of_dana(unit: Unit) -> int:
    """Return how many questions there are for her, now and later."""
    counted = (
        "SELECT count(*) FROM wellbeing_checkin JOIN people_person ON people_person.id = person_id"
    )
    [[found]] = ask(unit.evening.server, f"{counted} WHERE username = 'dana'")
    return int(found)


def everything_is_there_once_and_can_be_worked_out_again(unit: Unit) -> None:
    kinds = [kind for kind, _ in entries_of(unit.dana, unit.evening.server)]
    assert [kind for kind in kinds if kind.startswith(("calm.", "incident.", "restraint."))] == [
        *("calm.tried", *["incident.mark"] * 4),
        *("restraint.start", "restraint.check", "restraint.check", "restraint.end"),
        *["incident.mark"] * 2,
    ]
    numbers = [number for _, number in entries_of(unit.dana, unit.evening.server)]
    assert numbers == list(range(1, len(numbers) + 1))
    unit.evening.server.milieu("rebuild", "--check")


def tap_link(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def chooses(page: Page, group: str, answer: str) -> None:
    """Choose one answer of a form at a desk."""
    page.get_by_role("group", name=group, exact=True).get_by_label(answer, exact=True).check()


def records(page: Page, said: str) -> None:
    """Send the form; the page says that it is kept."""
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text(said).first).to_be_visible()
