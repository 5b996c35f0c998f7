"""A Bundle's bytes into people."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.fhir.bundle import Coming, Unreadable, people
from milieu.fhir.meaning import Action, meaning
from milieu.kernel.errors import Refusal
from tests.fhir.bundles import ANA, bundle, encounter, patient


def coming(data: bytes) -> list[Coming]:
    found = people(data)
    assert all(isinstance(each, Coming) for each in found), found
    return [each for each in found if isinstance(each, Coming)]


def fault(data: bytes) -> tuple[str, str, int]:
    found = people(data)[0]
    assert isinstance(found, Unreadable)
    return found.refusal.code, found.refusal.field, found.line


@pytest.mark.parametrize(
    "reference",
    [ANA, "Patient/ana", "https://ehr.example/fhir/Patient/ana", "Patient/ana/_history/3"],
)
def test_an_encounter_finds_its_person_by_any_kind_of_reference(reference):
    (ana,) = coming(bundle(patient(), encounter(subject={"reference": reference})))

    assert len(ana.encounters) == 1


def test_an_encounter_without_a_subject_belongs_to_the_only_person():
    (ana,) = coming(bundle(patient(), encounter(subject=None)))

    assert len(ana.encounters) == 1


def test_an_encounter_finds_its_person_by_number():
    ben = patient(id="ben", identifier=[{"system": "http://elm.example", "value": "5"}])
    number = {"identifier": {"system": "http://elm.example", "value": "5"}}

    found = coming(bundle(patient(), ben, encounter(subject=number)))
    assert [len(each.encounters) for each in found] == [0, 1]

    alone = bundle(patient(), encounter(subject=number))
    assert fault(alone)[:2] == ("reference", "Bundle.entry[1].resource.subject")


def test_a_short_reference_that_may_mean_two_people_means_nobody():
    entries = [
        {"resource": patient(id="1"), "fullUrl": f"https://{host}.example/Patient/1"}
        for host in ("elm", "oak")
    ]
    short = {"resource": encounter(subject={"reference": "Patient/1"})}
    whole = {"resource": encounter(subject={"reference": "https://oak.example/Patient/1"})}

    assert fault(bundle(entry=[*entries, short]))[0] == "reference"
    found = coming(bundle(entry=[*entries, whole]))
    assert [len(each.encounters) for each in found] == [0, 1]


def test_an_encounter_of_somebody_who_is_not_there_is_refused():
    data = bundle(patient(), encounter(subject={"reference": "Patient/ben"}))

    code, place, line = fault(data)

    assert (code, place) == ("reference", "Bundle.entry[1].resource.subject")
    assert b'"subject"' in data.splitlines()[line - 1]


@pytest.mark.parametrize("kind", ["transaction", "batch", "collection", "searchset", "document"])
def test_bundles_of_these_types_are_read(kind):
    assert len(coming(bundle(patient(), kind=kind))) == 1


@pytest.mark.parametrize("kind", ["history", "batch-response", "transaction-response", "", None])
def test_bundles_of_other_types_are_refused(kind):
    assert fault(bundle(patient(), kind=kind))[:2] == ("not-supported", "Bundle.type")


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "not-json", 1),
        (b"hello", "not-json", 1),
        (bundle(patient())[:200], "not-json", bundle(patient())[:200].count(b"\n") + 1),
        (b'{\n"resourceType": "Bundle",,\n}', "not-json", 2),
        (b"[" * 100_000, "not-json", 1),
        (b"\xff\xfe{}", "not-json", 1),
        (b"[]", "not-a-bundle", 1),
        (b"null", "not-a-bundle", 1),
        (b"{}", "not-a-bundle", 1),
        (orjson.dumps(patient()), "not-a-bundle", 1),
    ],
    ids=str,
)
def test_what_is_no_bundle_is_refused_with_its_line(data, code, line):
    found = fault(data)

    assert (found[0], found[2]) == (code, line)


def test_an_element_that_is_not_as_r4_says_is_refused_with_its_place_and_line():
    organisation = {"resourceType": "Organization"}

    data = bundle(organisation, patient(birthDate="12.4.1988"))

    line = next(n for n, text in enumerate(data.splitlines(), 1) if b"birthDate" in text)
    assert fault(data) == ("element", "Bundle.entry[1].resource.birthDate", line)


def test_an_element_that_r4_does_not_know_is_refused():
    assert fault(bundle(patient(birthdate="1988-04-12")))[1] == "Bundle.entry[0].resource.birthdate"


def test_every_fault_is_told_at_once():
    data = bundle(patient(birthDate="x", name="Ana"), encounter(status=None))

    assert len(people(data)) == 3


def test_resources_that_a_unit_has_no_use_for_are_not_looked_at():
    claim = {"resourceType": "Claim", "status": 17, "no such thing": [[]]}

    assert len(coming(bundle(claim, patient(), claim))) == 1


def test_a_bundle_without_a_person_is_refused():
    assert fault(bundle(encounter()))[0] == "field-missing"
    assert fault(bundle())[0] == "field-missing"
    assert fault(b'{"resourceType": "Bundle", "type": "batch"}')[0] == "field-missing"


@pytest.mark.parametrize("entry", [{}, "x", [1], [[]], [None]])
def test_entries_that_are_none_are_refused(entry):
    assert fault(bundle(entry=entry))[1] == "Bundle.entry"


def test_an_entry_that_deletes_is_not_read():
    gone = {"resource": patient(), "request": {"method": "DELETE", "url": "Patient/ana"}}

    assert fault(bundle(entry=[gone]))[0] == "field-missing"


def test_a_bundle_may_hold_several_people():
    ben = patient(id="ben", identifier=[{"system": "http://elm.example", "value": "5"}])

    found = coming(bundle(patient(), ben, encounter(subject={"reference": "Patient/ben"})))

    assert [(each.number, len(each.encounters)) for each in found] == [(1, 0), (2, 1)]


def test_nesting_without_end_is_refused():
    for depth in (60, 300, 500, 2_000):
        deep = b'{"url": "x", "extension": [' * depth + b"]}" * depth
        data = bundle(patient(extension=["here"])).replace(b'"here"', deep)

        assert fault(data)[0] in ("too-long", "not-json")


def understood(found: Coming) -> bool:
    """Return whether the person has a meaning, or is refused with the place of the reason."""
    try:
        return meaning(found).action in Action
    except Refusal as refusal:
        return "." in refusal.field


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*patient()]), inner)
        ),
        max_leaves=12,
    ),
    st.sampled_from([*patient(), "active", "deceasedBoolean", "contained", "link", "extension"]),
)
def test_no_json_is_met_with_anything_but_a_person_or_a_refusal(value, element):
    for found in people(bundle(patient(**{element: value}), encounter())):
        assert isinstance(found, Unreadable) or understood(found)
