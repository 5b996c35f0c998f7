"""The page of evidence: for the privacy officer and the manager, a file for one person."""

import zipfile
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from milieu.admissions.services import admit, discharge
from milieu.evidence import verify
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from tests.cast import ARRIVED, Cast
from tests.evidence.conftest import END, START, unpacked
from tests.routes import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def asked(person, stay, start=START, end=END):
    client = Client()
    client.force_login(person, backend=BACKEND)
    sent = {"start_day": f"{start:%Y-%m-%d}", "start_time": f"{start:%H:%M}"}
    sent |= {"end_day": f"{end:%Y-%m-%d}", "end_time": f"{end:%H:%M}"}
    return client.post(reverse("evidence", args=[stay.pk]), sent)


def test_the_privacy_officer_takes_a_file_away_and_it_verifies(cast):
    answer = asked(cast.priya, cast.rosa)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "Rosa" not in answer["Content-Disposition"]
    packed = b"".join(answer.streaming_content)
    assert zipfile.is_zipfile(BytesIO(packed))
    files = unpacked(packed)
    assert list(verify.verify(files, [])) == []
    assert "by Priya Nair" in files["manifest.txt"].decode()


@pytest.mark.parametrize("who", ["dana", "lena", "nora", "petra", "thea"])
def test_others_are_told_who_can(cast, who):
    answer = asked(getattr(cast, who), cast.rosa)
    assert answer.status_code == 403
    assert "privacy officer" in answer.content.decode()


def test_a_time_that_cannot_be_is_refused_in_words(cast):
    answer = asked(cast.mona, cast.rosa, END, START)
    assert answer.status_code == 422
    assert "Choose an end after the beginning." in answer.content.decode()


def test_a_time_on_another_unit_is_not_given_away_by_this_one():
    cast = Cast()
    Entry.objects.as_system("test").first()
    discharge(entry_id=uuid7(), stay=cast.rosa, at=START, by=cast.nora)
    elsewhere = admit(
        entry_id=uuid7(), patient=cast.rosa.patient, unit=cast.south, at=END, by=cast.sana
    )
    assert asked(cast.mona, elsewhere, ARRIVED, END).status_code == 404
    answer = asked(cast.mona, cast.rosa, ARRIVED, END.replace(hour=END.hour + 1))
    assert answer.status_code == 422
    assert "belongs to another unit" in answer.content.decode()
