"""Handing over in two sides: at a change of shift on two phones, and for a break on one offline."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.phone_evidence import eventually
from tests.journeys.phone_in_hand import PASSWORD, PIN, Phone
from tests.journeys.test_phone_shift import look, truth
from tests.running import Server


@pytest.fixture
def phones(phone: Phone, other_phone: Phone) -> list[Phone]:
    return [phone, other_phone]


def holders(server: Server) -> dict[str, int]:
    """Return how many people each of the two has, by the projection."""
    with closing(sqlite3.connect(f"file:{server.home}/milieu.sqlite3?mode=ro", uri=True)) as record:
        return dict(
            record.execute(
                "SELECT username, count(*) FROM rounds_hold JOIN people_person"
                " ON people_person.id = holder_id WHERE username IN ('dana', 'sam')"
                " GROUP BY username ORDER BY username"
            ).fetchall()
        )


def ask(page: Page, whom: str, *, purpose: str = "Change of shift") -> None:
    page.get_by_role("button", name="My list").click()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_role("button", name=purpose).click()
    page.get_by_role("button", name=whom, exact=True).click()


def send(page: Page, count: int) -> None:
    page.get_by_role("button", name=f"Ask for {count} people").click()
    expect(page.get_by_text("with you until accepted")).to_be_visible()


def test_two_phones_hand_over_at_the_change_of_shift(phones, server):
    dana, sam = phones
    dana.enrol_and_sign_in("dana")
    dana.take(3)
    sam.enrol_and_sign_in("sam")

    ask(dana.page, "Sam O.")
    dana.page.get_by_role("button", name="Ask for 3 people").click()
    expect(dana.page.get_by_role("alert")).to_contain_text("about sharps")
    dana.page.get_by_role("button", name="Some are out").click()
    dana.page.get_by_label("Which, and who has them").fill("One razor, room 3")
    look(dana.page, "hand over")
    send(dana.page, 3)
    expect(dana.page.locator(".person-row")).to_have_count(3)
    look(dana.page, "list while asked")
    assert holders(server) == {"dana": 3}

    switch_to(sam, "Sam O.")
    sam.page.get_by_text("Dana R. hands over to you: 3 people").wait_for()
    look(sam.page, "list of who is asked")
    sam.page.get_by_role("button", name="Look").click()
    expect(sam.page.get_by_text("Sharps are out: One razor, room 3")).to_be_visible()
    look(sam.page, "answer")
    sam.page.get_by_role("button", name="Accept 3 people").click()
    expect(sam.page.locator(".person-row")).to_have_count(3)
    eventually(lambda: holders(server), {"sam": 3})
    switch_to(dana, "Dana R.")
    expect(dana.page.get_by_text("Nobody is on your list yet.")).to_be_visible()


def test_a_break_with_relief_on_one_phone_without_network(phone, server):
    page = phone.page
    both_sign_in(phone)
    phone.take(2)
    before = phone.in_record()
    phone.leave_network()

    ask(page, "Sam O.", purpose="My break")
    page.get_by_role("button", name="30 min").click()
    answer_sharps_and_send(page)
    accept_as(phone, "Sam O.")
    expect(page.get_by_text("for Dana R., on a break until")).to_be_visible()

    switch_to(phone, "Dana R.")
    expect(page.get_by_text("You are on a break until")).to_be_visible()
    expect(page.locator(".person-row")).to_have_count(0)
    look(page, "on a break")

    switch_to(phone, "Sam O.")
    page.get_by_role("button", name="Give back").click()
    answer_sharps_and_send(page)
    accept_as(phone, "Dana R.")

    phone.find_network()
    truth(page, f"0 on this phone, {before + 8} in the record")
    assert holders(server) == {"dana": 2}


def both_sign_in(phone: Phone) -> None:
    """Let Sam and then Dana sign in on one phone, with network."""
    phone.enrol_and_sign_in("sam")
    phone.page.get_by_role("button", name="switch").click()
    phone.page.get_by_role("button", name="Someone else").click()
    sign_in(phone, "dana")


def answer_sharps_and_send(page: Page) -> None:
    page.get_by_role("button", name="None", exact=True).click()
    send(page, 2)


def accept_as(phone: Phone, name: str) -> None:
    switch_to(phone, name)
    phone.page.get_by_role("button", name="Look").click()
    phone.page.get_by_role("button", name="Accept 2 people").click()
    expect(phone.page.locator(".person-row")).to_have_count(2)


def sign_in(phone: Phone, username: str) -> None:

    phone.page.get_by_label("User name").fill(username)
    phone.page.get_by_label("Password").fill(PASSWORD)
    phone.page.get_by_role("button", name="Sign in").click()
    phone.type_pin(PIN)
    phone.page.get_by_role("button", name="My list").wait_for()


def switch_to(phone: Phone, name: str) -> None:
    """Let this person open the phone, which locks itself when it is left alone."""
    switch = phone.page.get_by_role("button", name="switch")
    if switch.is_visible():
        switch.click()
    phone.unlock(name)
