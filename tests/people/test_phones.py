"""Enrolling and retiring a unit's phones."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Device, EnrolCode
from milieu.people.services import enrol, enrol_for, phone_of, retire, start_session
from tests.cast import Cast
from tests.people.test_pages import as_

CODE = re.compile(r"(?<=>)[2-9A-Z]{4}-[2-9A-Z]{4}(?=<)")  # not digits inside an id


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


def make_code(cast: Cast, **headers: str):
    url = reverse("phones-enrol", args=[cast.north.pk])
    return as_(cast.lena).post(url, headers=headers)


def test_a_lead_gets_a_code_that_enrols_one_phone_for_the_unit(cast):
    answer = make_code(cast)
    code = CODE.search(answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]

    device, token = enrol(code, "Phone 3", at=clock.now())
    assert (device.unit, device.enrolled_by) == (cast.north, cast.lena)
    assert phone_of(token) == device
    with pytest.raises(Refusal) as again:
        enrol(code, "Phone 4", at=clock.now())
    assert again.value.code == "code-unknown"


def test_the_code_is_kept_as_a_hash_and_made_anew_each_time(cast):
    first, second = (CODE.search(make_code(cast).content.decode())[0] for _ in range(2))
    assert first != second
    kept = str(list(EnrolCode.objects.values()))
    assert first not in kept
    assert first.replace("-", "") not in kept


def test_the_code_can_be_scanned_and_typed(cast):
    page = make_code(cast).content.decode()
    assert 'src="data:image/svg+xml' in page
    assert f"open http://testserver{reverse('phone')}" in page
    assert page.split("<ol>")[1].count("<li>") == 4


def test_over_plain_http_the_page_says_that_phones_will_not_keep_the_app(cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    warning = "Phones need a secure address"
    assert warning in make_code(cast, host="milieu.elm.example:8000").content.decode()
    assert warning not in make_code(cast, host="localhost:8000").content.decode()
    assert warning not in make_code(cast, host="127.0.0.1").content.decode()


def test_a_retired_phone_stops_and_leaves_the_list(cast):
    code = CODE.search(make_code(cast).content.decode())[0]
    device, token = enrol(code, "Phone 3", at=clock.now())
    assert "Phone 3" in as_(cast.lena).get(reverse("phones")).content.decode()

    as_(cast.lena).post(reverse("phones-retire", args=[device.pk]))
    assert phone_of(token) is None
    assert Device.objects.get(pk=device.pk).retired_at is not None
    assert '<th scope="row">Phone 3' not in as_(cast.lena).get(reverse("phones")).content.decode()


def test_two_phones_of_a_unit_are_never_called_alike(cast):
    def called(name, unit=cast.north):
        return enrol_for(unit, name, by=cast.lena, at=clock.now())[0].name

    assert [called("Phone 3"), called("phone 3 "), called("Phone 3")] == [
        "Phone 3",
        "phone 3 (2)",
        "Phone 3 (3)",
    ]
    assert called("Phone 3", cast.south) == "Phone 3"
    assert [len(called("x" * 90)) for _ in range(11)] == [60] + [58] * 8 + [59] * 2

    retire(Device.objects.get(name="Phone 3", unit=cast.north), by=cast.lena, at=clock.now())
    assert called("Phone 3") == "Phone 3"


def test_the_page_says_when_somebody_signed_in_last_on_each_phone(cast, time_machine):
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    used, _token = enrol_for(cast.north, "Phone 3", by=cast.lena, at=clock.now())
    enrol_for(cast.north, "Phone 4", by=cast.lena, at=clock.now())
    for hours in (0, 2):
        start_session(cast.dana, used, how="pin", at=clock.now() + timedelta(hours=hours))

    page = as_(cast.lena).get(reverse("phones")).content.decode()
    said = {
        name: page.split(f'"row">{name}<')[1].split("</td>")[0] for name in ("Phone 3", "Phone 4")
    }
    assert "2 Mar, 12:00" in said["Phone 3"]
    assert "not yet" in said["Phone 4"]
    assert page.index("Phone 3<") < page.index("Phone 4<")


def test_a_phone_is_retired_after_a_question(cast):
    device, _token = enrol_for(cast.north, "Phone 3", by=cast.lena, at=clock.now())
    page = as_(cast.lena).get(reverse("phones")).content.decode()
    question = page.split(reverse("phones-retire", args=[device.pk]))[0].rsplit("<tr>", 1)[1]
    assert "<details" in question
    assert "can no longer be sent" not in page


@pytest.mark.parametrize("who", ["dana", "nora", "petra", "thea", "priya", "ivan"])
def test_others_are_told_who_can(cast, who):
    answer = as_(getattr(cast, who)).get(reverse("phones"))
    assert answer.status_code == 403
    assert "A lead technician or the unit manager can do this" in answer.content.decode()
