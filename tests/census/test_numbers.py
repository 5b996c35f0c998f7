"""Which numbers somebody is known by: the same, whichever door they came by."""

from typing import Any

import pytest

from milieu.census.models import Facility, Identifier, Patient, Unit
from milieu.census.numbers import NOT_KEPT
from tests.cast import unit_named
from tests.fhir import bundles
from tests.hl7 import feed

pytestmark = pytest.mark.django_db

OID = "2.16.840.1.113883.19.5"
UUID = "0b7a8f0e-5d5a-4c1c-9d5a-2f6f8f1f0001"


@pytest.fixture(autouse=True)
def north() -> Unit:
    return unit_named(Facility.objects.create(name="Elm", code="ELM"), "North")


def people() -> int:
    return Patient.objects.as_system("counted by a test").count()


def number(system: str, value: str, *kinds: str) -> dict[str, Any]:
    coded = {"type": {"coding": [{"code": kind} for kind in kinds]}} if kinds else {}
    return {"system": system, "value": value} | coded


@pytest.mark.parametrize(
    ("authority", "system"),
    [
        (f"ELMHOSP&{OID}&ISO", f"urn:oid:{OID}"),
        ("ELMHOSP&http://elm.example/mrn&URI", "http://elm.example/mrn"),
        (f"ELMHOSP&{UUID.upper()}&UUID", f"urn:uuid:{UUID}"),
        ("ELMHOSP", "ELMHOSP"),
    ],
)
def test_somebody_is_the_same_person_from_hl7_and_from_fhir(authority, system):
    feed.send(feed.adt("A28", number=f"778899^^^{authority}^MR"))

    bundles.send(bundles.bundle(bundles.patient(identifier=[number(system, "778899", "MR")])))

    assert people() == 1


@pytest.mark.parametrize("kind", sorted(NOT_KEPT))
def test_a_number_that_is_no_record_of_care_is_kept_from_neither_door(kind):
    feed.send(feed.adt("A28", number=f"778899^^^ELMHOSP^MR~123456789^^^ELMHOSP^{kind}"))
    told = [number("ELMHOSP", "778899", "MR"), number("ELMHOSP", "123456789", kind)]
    bundles.send(bundles.bundle(bundles.patient(identifier=told)))

    assert [each.value for each in Identifier.objects.all()] == ["778899"]


def test_a_social_security_number_is_known_by_who_gives_it_out_too():
    issuer = "SSA&2.16.840.1.113883.4.1&ISO"
    feed.send(feed.adt("A28", number=f"778899^^^ELMHOSP^MR~123456789^^^{issuer}"))
    own_word = number("http://elm.example", "123456789", "CIVIL", "SS")
    told = [number("ELMHOSP", "778899", "MR"), own_word]
    bundles.send(bundles.bundle(bundles.patient(identifier=told)))

    assert [each.value for each in Identifier.objects.all()] == ["778899"]


def test_someone_with_only_such_numbers_is_refused_in_words_that_say_so():
    (from_hl7,) = feed.send(feed.adt("A01", number="123-45-6789^^^USA^SS"))
    ssn = number("http://hl7.org/fhir/sid/us-ssn", "123-45-6789")
    (from_fhir,) = bundles.send(bundles.bundle(bundles.patient(id="x", identifier=[ssn])))

    assert (from_hl7.condition, from_hl7.location) == (101, "PID^1^3")
    assert (from_fhir.issue, from_fhir.location) == (
        "required",
        "Bundle.entry[0].resource.identifier",
    )
    for answer in (from_hl7, from_fhir):
        assert "holds only numbers that are not kept here, such as those of social" in answer.text
        assert "6789" not in str(answer)
    assert people() == 0


def test_someone_who_is_perhaps_known_by_another_issuers_word_is_told_at_both_doors():
    by_url = bundles.bundle(bundles.patient())  # http://elm.example
    (first,) = feed.send(feed.adt("A01"))
    (second,) = bundles.send(by_url)
    (third,) = feed.send(feed.adt("A28", number="5^^^OAKHOSP^MR", name="SILVA^ANA"))
    (again,) = bundles.send(by_url)

    told = ["by other numbers" in " ".join(each.notes) for each in (first, second, third, again)]
    assert told == [False, True, True, False]


def test_a_number_without_an_issuer_is_told_and_one_of_spaces_is_none():
    (told,) = bundles.send(
        bundles.bundle(bundles.patient(identifier=[{"value": "5"}, number("urn:x", " ")]))
    )

    assert "holds a number without a system" in " ".join(told.notes)
    assert [each.value for each in Identifier.objects.all()] == ["5"]
