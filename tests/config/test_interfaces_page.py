"""docs/interfaces.md says what the doors do."""

import re
from pathlib import Path

import pytest

from milieu.census.models import Facility
from milieu.hl7.events import ACTIONS, INSTEAD, PASSED_OVER
from tests.cast import unit_named
from tests.hl7.feed import outcomes, send

PAGE = (Path(__file__).parents[2] / "docs" / "interfaces.md").read_text()
EVENTS = PAGE.split("### Events")[1].split("### Answers")[0]


def named(row: str) -> set[str]:
    """Return the events in the first cell of a row."""
    return set(re.findall(r"A\d\d", row.split("|")[1]))


def rows(containing: str) -> set[str]:
    found = [row for row in EVENTS.splitlines() if row.startswith("|") and containing in row]
    return set().union(*(named(row) for row in found))


def test_every_event_is_in_the_table():
    assert rows("|") == {*ACTIONS, *PASSED_OVER, *INSTEAD}


def test_the_table_passes_over_what_the_door_passes_over():
    assert rows("| passed over:") == set(PASSED_OVER)
    assert rows("what to send") == set(INSTEAD)


@pytest.mark.django_db
def test_the_samples_can_be_sent_as_they_are():
    north = unit_named(Facility.objects.create(name="Elm", code="ELM"), "North", rooms=12)
    samples = re.findall(r"```hl7\n(.*?)```", PAGE, re.DOTALL)

    answers = send(*samples)

    assert north.code == "NORTH"
    assert outcomes(answers) == ["taken"] * 5
    assert [note for answer in answers for note in answer.notes] == []
