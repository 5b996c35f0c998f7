"""In which line the fault of a Bundle stands."""

import orjson
import pytest

from milieu.fhir.bundle import Coming, Unreadable, people
from tests.fhir.bundles import bundle, encounter, patient

ORGANISATION = {"resourceType": "Organization", "name": 'A "quoted" {name}, with [signs]: \\'}


def fault(data: bytes) -> tuple[str, str]:
    """Return the place of the first fault, and the line of the file that it names."""
    found = people(data)[0]
    assert isinstance(found, Unreadable), found
    return found.refusal.field, data.decode().splitlines()[found.line - 1].strip()


@pytest.mark.parametrize(
    ("changes", "element", "line"),
    [
        ({"location": [{"location": {"display": "A"}}, {"location": {"display": 7}}]},
         "location[1].location.display", '"display": 7'),
        ({"period": {"start": "2026-13-01"}}, "period.start", '"start": "2026-13-01"'),
        ({"class": "IMP"}, "class", '"class": "IMP",'),
        ({"class": []}, "class", '"class": [],'),
        ({"class": None}, "class", '"resource": {'),
        ({"location": [{"status": "active"}]}, "location[0].location", "{"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_the_line_of_the_element_itself(changes, element, line):
    data = bundle(ORGANISATION, patient(), encounter(**changes))

    assert fault(data) == (f"Bundle.entry[2].resource.{element}", line)


def test_a_fault_in_words_that_an_interface_engineer_knows():
    (found,) = people(bundle(patient(), encounter(**{"class": "IMP"})))

    assert isinstance(found, Unreadable)
    assert found.refusal.message.startswith(
        "Bundle.entry[1].resource.class: it is not of the kind that R4 has there."
    )


def test_a_person_who_is_sent_twice_is_refused_where_they_stand_again():
    """Otherwise an Encounter of theirs would be that of two people."""
    data = bundle(patient(), ORGANISATION, patient(), encounter())
    (found,) = people(data)

    assert isinstance(found, Unreadable)
    assert found.refusal.field == "Bundle.entry[2]"
    again = [n for n, text in enumerate(data.splitlines(), 1) if b'"Patient"' in text][1]
    assert found.line == again - 2  # the brace of the entry stands before its resource


def test_the_line_is_right_in_a_file_of_one_line_and_with_a_mark_before_it():
    one = orjson.dumps(orjson.loads(bundle(patient(birthDate="x"))))
    found = people(b"\xef\xbb\xbf" + one)[0]

    assert isinstance(found, Unreadable)
    assert found.line == 1


def test_a_byte_that_is_not_utf_8_is_told_with_its_line():
    data = bundle(patient(name=[{"family": "Muñoz", "given": ["José"]}]))
    (found,) = people(data.decode().encode("latin-1"))

    assert isinstance(found, Unreadable)
    assert "Muñoz" in data.decode().splitlines()[found.line - 1]
    assert "holds a byte that is not UTF-8" in found.refusal.message


@pytest.mark.parametrize("changes", [{"gender": ""}, {"birthDate": "12.4.1988"}])
def test_a_value_that_is_not_written_as_r4_writes_it_is_told_without_a_pattern(changes):
    (found,) = people(bundle(patient(**changes)))

    assert isinstance(found, Unreadable)
    assert ": it is not written as R4 writes it. Correct" in found.refusal.message


def test_one_page_of_several_is_refused():
    """Somebody whose Encounter stands on the next page would be admitted as if there were none."""
    page = [{"relation": "self", "url": "x"}, {"relation": "next", "url": "y"}]
    (found,) = people(bundle(patient(), kind="searchset", link=page))

    assert isinstance(found, Unreadable)
    assert (found.refusal.code, found.refusal.field) == ("not-supported", "Bundle.link")
    (last,) = people(bundle(patient(), kind="searchset", link=page[:1]))
    assert isinstance(last, Coming)
