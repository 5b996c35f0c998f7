"""A hard moment without network: the person's own plan, choices, ways; and what each did."""

import re
import sqlite3
from contextlib import closing
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.phone_in_hand import entries_of
from tests.journeys.test_observing import sign_in

LOW = {"width": 360, "height": 640}
LONGEST = """
from milieu.calm.services import PLAN
from milieu.calm.shape import LINE_MAX, LINES_MAX, OwnPlan
from milieu.census.models import Stay
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.record.kinds import SERVER_CLOCK, Draft
from milieu.record.ledger import append_one
line = "Somebody who sits down beside me and waits until the shaking in my hands has gone"
parts = [tuple(f"{p}{n} {line}"[:LINE_MAX] for n in range(LINES_MAX)) for p in range(7)]
dana, now = Person.objects.get(username="dana"), clock.now()
stays = Stay.objects.as_system("a test").filter(standing__state="in", standing__unit__code="NORTH")
stay = sorted(stays, key=lambda each: str(each.standing.bed))[0]
plan = OwnPlan("part", *parts, differs=line)
append_one(Draft(entry_id=uuid7(), kind=PLAN, stay_id=stay.pk, author_id=dana.pk,
                 happened_at=now, written_at=now, **SERVER_CLOCK, fact=plan))
"""


def open_calm(held):
    held.locator(".person-row").first.click()
    held.get_by_role("button", name="What helps").click()


def scrolls(held):
    body = held.locator(".body")
    return body.evaluate("body => body.scrollHeight > body.clientHeight")


def every_page(held):
    """Yield the text of each page, turning with the big button; none of them has to be scrolled."""
    onward = held.get_by_role("button", name="Next", exact=True)
    while True:
        assert not scrolls(held)
        yield held.locator(".body").inner_text()
        if not onward.is_visible():
            return
        onward.click()


def no_barriers(held):
    found = Axe().run(held).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def find(held, thing):
    """Turn to the page with this thing. On which one it is depends on what helped before."""
    back, onward = (
        held.get_by_role("button", name=name, exact=True) for name in ("Previous", "Next")
    )
    held.locator(".calm-thing, .calm-note").first.wait_for()
    while back.is_visible():
        back.click()
    found = held.locator(".calm-thing", has_text=thing)
    while not found.is_visible():
        onward.click()
    return found


def tried(held, thing, did):
    find(held, thing).click()
    held.get_by_role("button", name=did, exact=True).click()
    expect(held.locator(".calm-thing", has_text=thing)).to_contain_text(re.compile(rf"{did} \d\d:"))


def rows(server, sql):
    with closing(sqlite3.connect(f"file:{server.home}/milieu.sqlite3?mode=ro", uri=True)) as record:
        return record.execute(sql).fetchall()


def read_it_all(held):
    expect(held.get_by_text("They agreed with all of it")).to_be_visible()
    expect(held.get_by_text("Ask before you touch me")).to_be_visible()
    no_barriers(held)
    told = "\n".join(every_page(held))
    for words in (
        "Cold water on my hands",
        "Being told to calm down",
        "My sister Ana",
        "With me, or with somebody else?",
    ):
        assert words in told
    assert told.index("Here, or in the quiet room?") < told.index("Give them room")
    assert "Afterwards, talk about it" in told
    held.get_by_role("button", name="Back").click()


def try_two_things(held):
    held.get_by_role("button", name="What helps").click()
    tried(held, "Cold water on my hands", "Worse")
    find(held, "Cold water on my hands").click()
    no_barriers(held)
    held.get_by_role("button", name="Undo").click()
    held.get_by_role("button", name="No change", exact=True).click()
    tried(held, "Ten minutes with my music", "Calmer")


@pytest.mark.on_disk
def test_without_network_their_plan_is_one_tap_away_and_what_was_tried_is_kept(phone, server):
    phone.page.set_viewport_size(LOW)
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    before = phone.in_record()
    phone.leave_network()
    open_calm(phone.page)
    read_it_all(phone.page)
    try_two_things(phone.page)

    phone.kill()
    phone.open(offline=True)
    held = phone.page
    held.set_viewport_size(LOW)
    held.goto(phone.url)
    phone.unlock("Dana")
    open_calm(held)
    music = find(held, "Ten minutes with my music")
    expect(music).to_contain_text(re.compile(r"Calmer \d\d:"))
    held.get_by_role("button", name="Back").click()
    held.get_by_role("button", name="Back").click()

    phone.find_network()
    expect(held.locator(".truth-say")).to_contain_text(
        f"0 on this phone, {before + 2} in the record", timeout=60_000
    )
    assert [kind for kind, _ in entries_of(phone, server)][before:] == ["calm.tried"] * 2
    kept = rows(server, 'SELECT "of", words, did FROM calm_tried ORDER BY entry_id DESC LIMIT 2')
    assert kept == [
        ("plan", "Ten minutes with my music", "calmer"),
        ("plan", "Cold water on my hands", "same"),
    ]


def test_the_longest_plan_needs_no_scrolling_and_what_was_tried_is_put_right(phone, server):
    server.printed(LONGEST)
    phone.page.set_viewport_size(LOW)
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    before = phone.in_record()
    held = phone.page
    open_calm(held)
    expect(held.get_by_text("They see differently")).to_be_visible()
    pages = list(every_page(held))
    assert len(pages) > 8
    assert sum(text.count("the shaking in my hands") for text in pages) >= 7 * 8

    tried(held, "Afterwards, talk about it", "Calmer")
    held.get_by_role("button", name="Back").click()
    held.get_by_role("button", name="Back").click()
    expect(held.locator(".truth-say")).to_contain_text(
        f"0 on this phone, {before + 1} in", timeout=40_000
    )
    held.locator(".person-row").first.click()
    held.get_by_role("button", name="Earlier").click()
    expect(held.get_by_text("Afterwards, talk about it: Calmer")).to_be_visible()
    held.get_by_role("button", name="Put right").first.click()
    held.get_by_role("button", name="No change", exact=True).click()
    expect(held.get_by_text("Say why first")).to_be_visible()
    held.locator("label", has_text="Why").get_by_role("textbox").fill("Only for a minute")
    held.get_by_role("button", name="No change", exact=True).click()
    expect(held.locator(".truth-say")).to_contain_text(
        f"0 on this phone, {before + 2} in", timeout=40_000
    )
    kept = rows(server, "SELECT words, did FROM calm_tried ORDER BY entry_id DESC LIMIT 1")
    assert kept == [("Afterwards, talk about it", "same")]


def test_a_plan_prints_on_one_sheet(server, page):
    plans = (
        "SELECT stay_id FROM record_entry WHERE kind = 'calm.plan' GROUP BY 1 HAVING COUNT(*) = 1"
    )
    sign_in(page, server)
    page.goto(f"{server.url}/stay/{UUID(rows(server, plans)[0][0])}/plan/")
    for paper in ("Letter", "A4"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1
