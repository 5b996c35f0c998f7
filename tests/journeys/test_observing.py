"""How a shift was, an episode and a questionnaire: written on a phone without network."""

import re
import sqlite3
from contextlib import closing

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.phone_in_hand import PASSWORD, entries_of

RECORD = re.compile("^Record ")


def choose(page, group, answer):
    page.get_by_role("group", name=group).get_by_role("button", name=answer, exact=True).click()


def open_observing(page):
    page.locator(".person-row").first.click()
    page.get_by_role("button", name="Shift, episode, questionnaire").click()


def rows(server, sql):
    with closing(sqlite3.connect(f"file:{server.home}/milieu.sqlite3?mode=ro", uri=True)) as record:
        return record.execute(sql).fetchall()


def no_barriers(page):
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def open_part(page, name):
    """Open a part of a form that is folded."""
    page.get_by_role("button", name=re.compile(f"^{name}")).first.click()


QUIET = [
    *(("Which shift", "Evening"), ("Activity", "Up and about, at an even pace")),
    *(("Speech", "Talked at an even pace"), ("Company", "With others")),
    *(("How they looked", "Even"), ("Washing and dressing", "Did it alone")),
    *(("Groups", "Stayed in every group"), (re.compile("^Restlessness"), "None seen")),
]


def write_quiet_shift(held):
    """Write a quiet shift as a thumb would: nothing is typed, opened or scrolled."""
    open_observing(held)
    held.get_by_role("button", name="How was this shift?").click()
    for part, answer in QUIET:
        button = held.get_by_role("group", name=part).get_by_role("button", name=answer, exact=True)
        expect(button).to_be_in_viewport(ratio=1)
        button.click()
    held.get_by_role("button", name=RECORD).click()


def write_shift(held):
    open_observing(held)
    held.get_by_role("button", name="How was this shift?").click()
    held.get_by_role("button", name=RECORD).click()
    expect(held.get_by_text("Choose the shift.")).to_be_visible()
    choose(held, "Which shift", "Evening")
    choose(held, "Activity", "Up for meals or the bathroom only")
    open_part(held, "Company")
    choose(held, "Company", "Alone by choice")
    held.get_by_label("Mood, in their own words").fill("no use in anything")
    open_part(held, "Restlessness")
    choose(held, re.compile("^Restlessness"), "Paced")
    choose(held, re.compile("^Restlessness"), "None seen")
    no_barriers(held)
    held.get_by_role("button", name=RECORD).click()
    expect(held.get_by_text(re.compile("^1 on this phone"))).to_be_visible()


def answer_phq_9(held):
    open_observing(held)
    held.get_by_role("button", name=re.compile("^PHQ-9")).click()
    choose(held, "Was it answered?", "Answered")
    questions = held.get_by_role("group", name=re.compile(r"^[1-8]\. ")).all()
    for question in questions:
        question.get_by_role("button", name="Several days").click()
    expect(held.get_by_text("1 question is not answered: no score then")).to_be_visible()
    expect(held.get_by_text("A nurse must know of this")).to_be_hidden()
    choose(held, re.compile("better off dead"), "More than half the days")
    held.get_by_role("button", name="Back").click()
    held.get_by_role("button", name=re.compile("^PHQ-9")).click()
    expect(held.get_by_text("Score 10 of 27")).to_be_visible()
    expect(held.get_by_text("A nurse must know of this")).to_be_visible()
    no_barriers(held)
    held.get_by_role("button", name=RECORD).click()
    expect(held.get_by_text(re.compile("^2 on this phone"))).to_be_visible()


def sign_in(page, server):
    page.goto(f"{server.url}/accounts/login/")
    page.get_by_label("User name").fill("nora")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_without_network_a_shift_and_a_phq_9_are_kept_and_a_nurse_hears_of_question_9(
    phone, server, page
):
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    before = phone.in_record()
    phone.leave_network()
    held = phone.page

    write_shift(held)
    answer_phq_9(held)

    phone.find_network()
    expect(held.locator(".truth-say")).to_contain_text(
        f"0 on this phone, {before + 2} in the record", timeout=60_000
    )
    sent = [kind for kind, _ in entries_of(phone, server)][before:]
    assert sent == ["behavior.shift", "instrument.scored"]
    said = "SELECT activity, company, mood, agitation FROM behavior_shiftseen ORDER BY entry_id"
    assert rows(server, said)[-1] == (2, "alone", "no use in anything", "none")
    scored = "SELECT score, unanswered FROM instruments_scored ORDER BY entry_id"
    assert rows(server, scored)[-1] == (10, 0)

    sign_in(page, server)
    page.goto(f"{server.url}/concerns/")
    expect(page.get_by_text(re.compile("PHQ-9 question 9")).first).to_be_visible()


def test_a_quiet_shift_is_one_tap_for_each_part_and_nothing_to_scroll(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    phone.leave_network()
    write_quiet_shift(phone.page)
    expect(phone.page.get_by_text(re.compile("^1 on this phone"))).to_be_visible()
    phone.find_network()
    expect(phone.page.locator(".truth-say")).to_contain_text("0 on this phone", timeout=60_000)
    said = "SELECT activity, speech, company, affect, self_care, participation, agitation"
    rows_of = rows(server, f"{said} FROM behavior_shiftseen ORDER BY entry_id")
    assert rows_of[-1] == (4, "usual", "with", "even", "alone", "joined", "none")


def test_an_episode_written_on_the_phone_is_put_right_there_by_its_author(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    before = phone.in_record()
    held = phone.page
    open_observing(held)
    held.get_by_role("button", name=re.compile("^An episode")).click()
    held.get_by_label("Before: who, what, where").fill("Told that lunch was over")
    held.get_by_label("What could be seen and heard").fill("Swept the tray off the table")
    held.get_by_role("button", name=RECORD).click()
    expect(held.get_by_text("Write all three")).to_be_visible()
    held.get_by_label(re.compile("^After")).fill("Walked with Dana, then sat")
    held.get_by_label("How long in all, minutes").fill("4")
    held.get_by_role("button", name=RECORD).click()
    expect(held.locator(".truth-say")).to_contain_text(
        f"0 on this phone, {before + 1} in", timeout=40_000
    )

    held.locator(".person-row").first.click()
    held.get_by_role("button", name="Earlier").click()
    held.get_by_role("button", name="Put right").first.click()
    expect(held.get_by_label("Before: who, what, where")).to_have_value("Told that lunch was over")
    held.get_by_label("How often").fill("2")
    held.get_by_role("button", name=RECORD).click()
    expect(held.get_by_text("Say why first")).to_be_visible()
    held.locator("label", has_text="Why").get_by_role("textbox").fill("It was twice")
    held.get_by_role("button", name=RECORD).click()
    expect(held.locator(".truth-say")).to_contain_text(
        f"0 on this phone, {before + 2} in", timeout=40_000
    )
    counts = "SELECT count, duration_min FROM behavior_episode ORDER BY entry_id"
    assert rows(server, counts)[-2:] == [(None, 4), (2, 4)]
