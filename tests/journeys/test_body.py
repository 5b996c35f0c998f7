"""A meal of a whole table and a set of vital signs: written on a phone without network."""

import re

from playwright.sync_api import expect

from tests.journeys.phone_in_hand import entries_of
from tests.journeys.test_observing import RECORD, no_barriers, open_observing, rows


def at_table(held, number, answer):
    person = held.locator(".at-table").nth(number)
    person.get_by_role("button", name=answer, exact=True).click()
    return person


def eat(held):
    held.get_by_role("button", name="Meals, a table at once").click()
    at_table(held, 0, "75")
    at_table(held, 1, "not there")
    declined = at_table(held, 2, "declined")
    expect(held.get_by_role("button", name="Record 2 meals")).to_be_visible()
    declined.get_by_role("button", name="Not hungry").click()
    no_barriers(held)
    held.get_by_role("button", name="Record 3 meals").click()
    expect(held.get_by_text(re.compile("^3 on this phone"))).to_be_visible()


def measure(held):
    open_observing(held)
    held.get_by_role("button", name="Vital signs", exact=True).click()
    for label, number in (("Pulse", "7"), ("upper", "124"), ("lower", "78")):
        held.get_by_label(label).fill(number)
    held.get_by_label("Temperature").fill("98.6")
    held.get_by_role("button", name="°F").click()
    held.get_by_role("button", name=RECORD).click()
    expect(held.get_by_text("A number looks mistyped")).to_be_visible()
    no_barriers(held)
    held.get_by_label("Pulse").fill("72")
    held.get_by_role("button", name=RECORD).click()


def test_without_network_a_table_s_meal_and_vital_signs_are_kept_and_arrive(phone, server):
    phone.enrol_and_sign_in("dana")
    phone.take(3)
    before = phone.in_record()
    phone.leave_network()
    held = phone.page

    eat(held)
    measure(held)

    phone.find_network()
    expect(held.locator(".truth-say")).to_contain_text(
        f"0 on this phone, {before + 4} in the record", timeout=60_000
    )
    sent = [kind for kind, _ in entries_of(phone, server)][before:]
    assert sent == ["intake.meal"] * 3 + ["vitals.set"]
    meals = "SELECT outcome, share, why FROM intake_meal ORDER BY entry_id"
    assert sorted(rows(server, meals)[-3:], key=str) == [
        ("declined", None, "not-hungry"),
        ("eaten", 75, ""),
        ("not-there", None, ""),
    ]
    measured = "SELECT temperature_tenths, temperature_unit, pulse FROM vitals_vitalsigns"
    assert rows(server, f"{measured} ORDER BY entry_id")[-1] == (986, "f", 72)
