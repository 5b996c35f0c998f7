"""``milieu admit``: files from elsewhere, each whole or not at all."""

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from milieu.census.models import Facility, Patient, Receipt, Stay, Unit
from milieu.config import admitting
from milieu.record.models import Entry
from tests.cast import unit_named
from tests.fhir.bundles import bundle, encounter, patient
from tests.hl7.feed import adt

SHARED = Path(__file__).parents[3] / "shared" / "data"
ADT_FILES = sorted((SHARED / "hl7v2" / "fhir-converter").glob("*.hl7"))
MANY = SHARED / "hl7v2" / "hl7v2-fhir-converter" / "adt_messages.txt"
SYNTHEA = sorted((SHARED / "synthea-r4").glob("*.json"))
shared = pytest.mark.skipif(
    not (ADT_FILES and SYNTHEA and MANY.exists()),
    reason="real input lies in ../shared/data, which a clone does not have",
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def north() -> Unit:
    """The only unit that there is, unless a test makes another."""
    return unit_named(
        Facility.objects.create(name="Elm", code="ELM"), "North", zone="America/New_York"
    )


def admit(*files: Path, **options: Any) -> tuple[int, dict[str, Any]]:
    """Return the exit code and the machine's report."""
    out = StringIO()
    code = 0
    try:
        call_command("admit", *map(str, files), json=True, stdout=out, **options)
    except SystemExit as refused:
        code = int(refused.code or 0)
    return code, json.loads(out.getvalue() or "{}")


def spoken(*files: Path, **options: Any) -> str:
    """Return what a person reads."""
    out = StringIO()
    with suppress(SystemExit):
        call_command("admit", *map(str, files), stdout=out, stderr=out, **options)
    return out.getvalue()


def stored() -> list[int]:
    return [
        Patient.objects.as_system("counted by a test").count(),
        Stay.objects.as_system("counted by a test").count(),
        Entry.objects.as_system("counted by a test").count(),
        Receipt.objects.count(),
    ]


def file(tmp_path: Path, name: str, data: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_both_kinds_are_told_apart_by_what_they_hold(tmp_path):
    one = file(tmp_path, "one.txt", adt("A01"))
    two = file(tmp_path, "two.txt", bundle(patient(), encounter()))

    code, report = admit(one, two)

    assert code == 0
    assert [each["door"] for each in report["files"]] == ["hl7", "fhir"]
    assert stored()[1] == 2


def test_a_file_with_one_fault_is_refused_whole_and_every_fault_is_told(tmp_path):
    texts = [adt("A01"), adt("A01", number="5", born="x"), adt("A03", number="6")]
    path = file(tmp_path, "feed.hl7", "".join(texts))

    code, report = admit(path)

    assert code == 1
    found = [
        (each["outcome"], each["line"], each["location"]) for each in report["files"][0]["answers"]
    ]
    assert found == [("not kept", 1, ""), ("refused", 7, "PID^1^7"), ("refused", 11, "PID^1^3")]
    assert stored() == [0, 0, 0, 0]


def test_a_refused_file_does_not_stop_the_others(tmp_path):
    bad, good = file(tmp_path, "bad.hl7", adt("A99")), file(tmp_path, "good.hl7", adt("A01"))

    code, report = admit(bad, good)

    assert code == 1
    assert [each["accepted"] for each in report["files"]] == [False, True]
    assert stored() == [1, 1, 1, 1]


def test_the_same_file_twice_changes_nothing(tmp_path):
    path = file(tmp_path, "feed.hl7", adt("A01") + adt("A08", name="Lima^Ana"))
    admit(path)
    before = stored()

    code, report = admit(path)

    assert (code, report["totals"]["repeated"]) == (0, 2)
    assert stored() == before


def test_messages_are_taken_in_the_order_of_the_file(tmp_path):
    path = file(tmp_path, "feed.hl7", adt("A01") + adt("A03", discharged="20260304110000+0000"))

    assert admit(path)[0] == 0
    assert stored()[2] == 2


def test_a_check_says_what_would_happen_and_keeps_nothing(tmp_path):
    path = file(tmp_path, "feed.hl7", adt("A01"))

    code, report = admit(path, check=True)

    assert (code, report["checked"], report["totals"]["taken"]) == (0, True, 1)
    assert stored() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.hl7", b"", "empty"),
        ("a.hl7", b" \r\n", "empty"),
        ("a.txt", b"Dear colleague", "unknown-kind"),
        ("a.hl7", b"PK\x03\x04MSH|^~", "unknown-kind"),
        ("a.json", b"\x1f\x8b\x08{", "unknown-kind"),
        ("a.xml", b"<Bundle xmlns='http://hl7.org/fhir'/>", "unknown-kind"),
    ],
)
def test_what_is_neither_kind_is_refused(tmp_path, name, data, code):
    assert admit(file(tmp_path, name, data))[1]["files"][0]["code"] == code


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert admit(tmp_path / "none.hl7")[1]["files"][0]["code"] == "unreadable"
    assert admit(tmp_path)[1]["files"][0]["code"] == "unreadable"


def test_a_file_without_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(admitting, "FILE_BYTES_MAX", 100)

    assert admit(file(tmp_path, "a.hl7", adt("A01")))[1]["files"][0]["code"] == "too-large"


def test_an_unknown_unit_is_refused_with_those_that_there_are(tmp_path):
    assert "Choose one of: NORTH." in spoken(tmp_path / "a.hl7", unit="ICU")
    assert admit(tmp_path / "a.hl7", unit="ICU")[0] == 2


def test_a_house_without_units_cannot_take_anyone_in(tmp_path, north):
    for room in north.rooms.all():
        room.beds.all().delete()
        room.delete()
    north.delete()

    assert "There is no unit yet." in spoken(tmp_path / "a.hl7")


def test_the_report_reads_as_an_interface_engineer_expects(tmp_path):
    said = spoken(file(tmp_path, "feed.hl7", adt("A01") + adt("A03", number="6")))

    assert "feed.hl7: REFUSED, nothing was kept. Faults: 1 of 2." in said
    assert "line 7 AE A03 204 MSH-10 1001 PID^1^3: refused. Nobody here has the number" in said
    assert "Silva" not in said


@shared
@pytest.mark.parametrize("path", ADT_FILES, ids=lambda path: path.stem)
def test_each_real_adt_file_alone_is_accepted_or_refused_with_its_place(path):
    _code, report = admit(path)

    (answer,) = report["files"][0]["answers"]
    if answer["outcome"] == "refused":
        assert (answer["condition"], answer["location"]) == (204, "PID^1^3")
        assert stored() == [0, 0, 0, 0]


@shared
def test_real_adt_files_in_a_row_twice_change_nothing_the_second_time():
    admit(*ADT_FILES)
    before = stored()

    _code, report = admit(*ADT_FILES)

    assert report["totals"]["taken"] == 0
    assert stored() == before


@shared
def test_a_real_file_of_many_messages_with_faults_is_refused_whole_and_line_by_line():
    code, report = admit(MANY)

    answers = report["files"][0]["answers"]
    assert (code, len(answers)) == (1, 74)
    assert stored() == [0, 0, 0, 0]
    assert all(
        each["location"] and each["line"] for each in answers if each["outcome"] == "refused"
    )


@shared
def test_the_messages_of_that_file_that_have_no_fault_go_in(tmp_path):
    answers = admit(MANY)[1]["files"][0]["answers"]
    faulty = {each["number"] for each in answers if each["outcome"] == "refused"}
    messages = MANY.read_text().split("\n\n")

    sound = [text for number, text in enumerate(messages, 1) if number not in faulty]
    code, report = admit(file(tmp_path, "sound.hl7", "\n\n".join(sound)))

    assert (code, report["totals"]["taken"]) == (0, 74 - len(faulty))


@shared
def test_real_people_of_synthea_are_admitted_once():
    code, report = admit(*SYNTHEA)
    assert (code, report["totals"]["taken"]) == (0, len(SYNTHEA))
    before = stored()

    code, report = admit(*SYNTHEA)
    assert (code, report["totals"]["repeated"]) == (0, len(SYNTHEA))
    assert stored() == before
