"""Vital signs at a desk: written, read, put right."""

import pytest
from django.urls import reverse

from milieu.record.models import Entry
from milieu.vitals.models import VitalSigns
from tests.pages import send, text, to_mend

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

TAKEN = {
    "outcome": "taken",
    "temperature": "98.6",
    "temperature_unit": "f",
    "pulse": "72",
    "breaths": "16",
    "oxygen": "97",
    "air": "air",
    "systolic": "124",
    "diastolic": "78",
    "position": "sitting",
    "awareness": "alert",
    "weight": "70.5",
    "weight_unit": "kg",
}


def test_a_set_is_recorded_and_read(nora, cast):
    assert send(nora, "vitals-take", cast.rosa.pk, **TAKEN).status_code == 302
    row = VitalSigns.objects.as_system("a test").get()
    assert (row.temperature_tenths, row.weight_tenths, row.confirmed) == (986, 705, "")
    for page in ("stay", "vitals"):
        shown = text(nora.get(reverse(page, args=[cast.rosa.pk])))
        assert "98.6 °F" in shown
        assert "124/78 sitting" in shown


def test_a_slip_of_the_finger_is_asked_about_and_can_be_confirmed(nora, cast):
    answer = send(nora, "vitals-take", cast.rosa.pk, **TAKEN | {"pulse": "7"})
    assert answer.status_code == 422
    assert any("looks mistyped" in each for each in to_mend(answer))
    confirmed = TAKEN | {"pulse": "7", "confirmed": ["pulse"]}
    assert send(nora, "vitals-take", cast.rosa.pk, **confirmed).status_code == 302


def test_measures_are_left_out_where_nothing_was_taken(nora, cast):
    given = TAKEN | {"outcome": "declined", "why": "Wants to sleep"}
    assert send(nora, "vitals-take", cast.rosa.pk, **given).status_code == 302
    row = VitalSigns.objects.as_system("a test").get()
    assert (row.outcome, row.why, row.pulse, row.temperature_unit) == (
        "declined",
        "Wants to sleep",
        None,
        "",
    )
    assert "To be tried again by" in text(nora.get(reverse("vitals", args=[cast.rosa.pk])))


def test_it_can_be_put_right_and_struck_out(nora, cast):
    send(nora, "vitals-take", cast.rosa.pk, **TAKEN)
    entry = Entry.objects.as_system("test").get(kind="vitals.set")
    page = text(nora.get(reverse("vitals-amend", args=[entry.entry_id])))
    assert "98.6" in page
    mended = TAKEN | {"pulse": "75", "reason": "Counted again"}
    assert send(nora, "vitals-amend", entry.entry_id, **mended).status_code == 302
    assert VitalSigns.objects.as_system("a test").order_by("-pk").first().pulse == 75


def test_the_unit_of_a_number_has_to_be_said(nora, cast):
    answer = send(nora, "vitals-take", cast.rosa.pk, **TAKEN | {"temperature_unit": ""})
    assert any("in which unit" in each for each in to_mend(answer))


def test_who_made_the_score_is_said(nora, cast):
    assert "Royal College of Physicians" in text(nora.get(reverse("vitals", args=[cast.rosa.pk])))
