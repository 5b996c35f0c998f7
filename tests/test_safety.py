"""The hazard log and the threat model rest on tests: every control on one that there is."""

import re
from pathlib import Path

import pytest

from tests.safety import CASE, LOG, THREATS, Section, known_tests, matrix, sections

FIELDS = [
    "Possible causes",
    "Effect",
    "Existing controls",
    "Initial risk",
    "Residual risk",
    "Left to the facility",
    "Status",
    "Owner",
]
STATUSES = ("open", "transferred", "closed")
ACCEPTED = 2  # a residual risk above it is never closed
UNDESIRABLE = 3  # above it something must be open
WHERE = re.compile(r"\((?:issue \d+|no issue yet)\)\.$")
REVEALED = "What reveals it:"


def ratings(risk: str) -> tuple[str, str, int]:
    """Read ``Major, low: 3``."""
    found = re.fullmatch(r"(\w+), ([a-z ]+): (\d)", risk)
    assert found, f"{risk!r} is not of the form 'Major, low: 3'."
    return found[1], found[2], int(found[3])


def faults(hazard: Section, tests: frozenset[str], table: dict[tuple[str, str], int]) -> list[str]:
    """Return what is wrong with one hazard of the log, in words."""
    said = hazard.table
    if list(said) != FIELDS:
        return [f"its fields are {list(said)}"]
    controls, owed = hazard.points.get("Controls", []), hazard.points.get("Open", [])
    initial, residual = ratings(said["Initial risk"]), ratings(said["Residual risk"])
    status = said["Status"]
    wrong = {
        "neither a control nor anything open": not controls and not owed,
        "other lists than Controls and Open": not {*hazard.points} <= {"Controls", "Open"},
        "a rating that is not the matrix's": any(
            table[severity, likelihood] != rating
            for severity, likelihood, rating in (initial, residual)
        ),
        "a residual risk above the initial one": residual[2] > initial[2],
        "risk that went down without a control": not controls and residual != initial,
        "a status that there is not": status not in STATUSES,
        "something open, and is not called open": bool(owed) != (status == "open"),
        "closed above what is accepted": status == "closed" and residual[2] > ACCEPTED,
        "too much risk for nothing to be open": residual[2] > UNDESIRABLE and not owed,
    }
    return [
        *(words for words, so in wrong.items() if so),
        *(f"no test for: {each.words}" for each in controls if not each.tests),
        *(f"no such test: {test}" for each in controls for test in each.tests if test not in tests),
        *(f"no issue is named: {each.words}" for each in owed if not WHERE.search(each.words)),
    ]


HAZARDS = sections(LOG.read_text())
PEOPLE = [each for each in sections(THREATS.read_text()) if each.points]
MATRIX = matrix(CASE.read_text())


def test_the_matrix_is_whole():
    assert len(MATRIX) == 25
    assert MATRIX["Major", "very low"] == 2
    assert MATRIX["Minor", "very high"] == MATRIX["Catastrophic", "very low"] == 3


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda each: each.title[:3])
def test_every_control_of_a_hazard_is_shown_by_a_test_that_there_is(hazard):
    assert faults(hazard, known_tests(), MATRIX) == []


def test_hazards_are_numbered_without_a_hole():
    numbers = [each.title.split()[0] for each in HAZARDS]
    assert len(numbers) >= 24
    assert numbers == [f"H{place:02}" for place in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda each: each.title)
def test_what_somebody_cannot_do_is_shown_and_what_they_can_do_is_told(person):
    assert set(person.points) == {"Cannot", "Can"}
    assert [each.words for each in person.points["Cannot"] if not each.tests] == []
    assert [each.words for each in person.points["Can"] if REVEALED not in each.words] == []
    named = [test for each in person.all_points() for test in each.tests]
    assert [test for test in named if test not in known_tests()] == []


def test_everyone_who_has_to_be_thought_of_is_thought_of():
    assert {
        "A dishonest technician",
        "A dishonest administrator",
        "A thief of a phone",
        "A nosy colleague",
        "An outsider on the network",
    } <= {each.title for each in PEOPLE}


@pytest.mark.parametrize("page", [LOG, CASE, THREATS], ids=lambda path: path.name)
def test_a_hazard_that_a_page_speaks_of_is_in_the_log(page: Path):
    known = {each.title.split()[0] for each in HAZARDS}
    assert set(re.findall(r"\bH\d\d\b", page.read_text())) - known == set()


def test_the_summary_tells_every_hazard_that_is_open_above_what_is_accepted():
    (owed,) = [each for each in sections(CASE.read_text()) if each.title.startswith("What is open")]
    told = {number for each in owed.all_points() for number in re.findall(r"H\d\d", each.words)}
    worse = {
        each.title.split()[0]
        for each in HAZARDS
        if each.table["Status"] == "open" and ratings(each.table["Residual risk"])[2] > ACCEPTED
    }
    assert worse - told == set()


INVENTED = """\
## H99 Somebody is forgotten

| | |
|---|---|
| Possible causes | a list that ends too soon |
| Effect | nobody looks |
| Existing controls | the nurse counts |
| Initial risk | Major, medium: 3 |
| Residual risk | Major, very low: 2 |
| Left to the facility | counting |
| Status | closed |
| Owner | the makers |

**Controls**

- The list is as long as the unit,
  whoever holds it.
    - `tests/test_safety.py::test_the_matrix_is_whole`
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "", None),
        ("is_whole`", "is_round`", "no such test: tests/test_safety.py::test_the_matrix_is_round"),
        ("    - `tests/test_safety.py::test_the_matrix_is_whole`\n", "", "no test for: The list"),
        ("very low: 2", "very low: 1", "a rating that is not the matrix's"),
        ("| Major, very low: 2", "| Major, very high: 5", "a residual risk above the initial one"),
        ("| closed", "| done", "a status that there is not"),
        ("| closed", "| open", "something open, and is not called open"),
        ("Major, very low: 2", "Major, low: 3", "closed above what is accepted"),
        ("**Controls**", "**Hopes**", "neither a control nor anything open"),
        ("| Effect | nobody looks |\n", "", "its fields are"),
        ("**Controls**", "**Open**\n\n- A count.\n\n**Controls**", "no issue is named: A count."),
    ],
)
def test_a_log_that_says_too_much_is_found_out(old, new, says):
    (hazard,) = sections(INVENTED.replace(old, new))
    found = faults(hazard, known_tests(), MATRIX)
    assert (found == []) if says is None else any(each.startswith(says) for each in found), found


@pytest.mark.parametrize(
    "test",
    [
        "tests/test_safety.py::test_the_matrix_is_whole",
        "tests/phone/vault.test.mjs::the same PIN gives another vault each time",
    ],
)
def test_tests_of_both_languages_are_found(test):
    assert test in known_tests()
