"""HL7's times into moments."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from milieu.hl7 import times
from milieu.kernel.errors import Refusal

BERLIN = ZoneInfo("Europe/Berlin")
HERE = "PV1^1^44"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20260301", "2026-02-28T23:00:00+00:00"),
        ("2026030109", "2026-03-01T08:00:00+00:00"),
        ("202603010930", "2026-03-01T08:30:00+00:00"),
        ("20260301093015", "2026-03-01T08:30:15+00:00"),
        ("20260301093015.25", "2026-03-01T08:30:15.250000+00:00"),
        ("202603010930-0500", "2026-03-01T14:30:00+00:00"),
        ("20260301093015.1234+0530", "2026-03-01T04:00:15.123400+00:00"),
        ("202607010930", "2026-07-01T07:30:00+00:00"),
    ],
)
def test_a_time_of_any_precision_is_read_in_its_own_zone_or_the_units(text, moment):
    found = times.first([(HERE, text)], BERLIN)

    assert found
    assert found.at == datetime.fromisoformat(moment)


@pytest.mark.parametrize("text", ["2026", "202603", "00000000", ""])
def test_less_than_a_day_is_no_time(text):
    assert times.first([(HERE, text)], BERLIN) is None


@pytest.mark.parametrize(
    "text",
    [
        "female",
        "20261301",
        "20260230",
        "2026-03-01",
        "201610015080000",
        "202603012561",
        "2026030109+9900",
        "1",
        "²⁰²⁶",
    ],
)
def test_what_is_no_time_is_refused_where_it_stands(text):
    with pytest.raises(Refusal) as refusal:
        times.first([(HERE, text)], BERLIN)

    assert (refusal.value.code, refusal.value.field) == ("data-type", HERE)


def test_a_time_that_names_the_day_is_made_exact_by_another_of_that_day():
    found = times.first([(HERE, "20260301"), ("EVN^1^2", "202603010930")], UTC)

    assert found
    assert found.location == "EVN^1^2"


def test_a_time_that_names_the_day_is_not_moved_to_another_day():
    found = times.first([(HERE, "20260301"), ("EVN^1^2", "202603040930")], UTC)

    assert found
    assert (found.location, found.at.day) == (HERE, 1)


def test_a_time_at_the_edge_of_the_calendar_is_refused_not_crashed_on():
    with pytest.raises(Refusal):
        times.first([(HERE, "99991231235959-1200")], UTC)


def test_the_zone_of_the_header_holds_for_the_message():
    zone = times.zone_of("20260301093000-0500", BERLIN)

    found = times.first([(HERE, "202603010930")], zone)

    assert found
    assert found.at.hour == 14


def test_a_header_without_a_zone_leaves_the_units_own():
    assert times.zone_of("20260301093000", BERLIN) is BERLIN
    assert times.zone_of("nonsense-0500", BERLIN) is BERLIN


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("19880412", date(1988, 4, 12)),
        ("198804121126+0215", date(1988, 4, 12)),
        ("1988", None),
        ("198804", None),
        ("", None),
        ("00000000", None),
    ],
)
def test_a_date_of_birth_is_kept_only_when_it_is_exact(text, born):
    assert times.birth_date("PID^1^7", text) == born
