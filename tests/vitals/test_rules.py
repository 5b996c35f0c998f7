"""The parts of a set go together; NEWS2 is the published table, for adults, with all it needs."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.kernel.errors import Refusal
from milieu.vitals.measures import celsius, kilograms, mistyped, taken
from milieu.vitals.news2 import Ordered, age, news2, scale_at, table
from milieu.vitals.rules import again_by, agree
from milieu.vitals.shape import VitalSigns

BORN, TODAY = date(1980, 5, 1), date(2026, 11, 26)
WELL = VitalSigns(
    outcome="taken",
    temperature_tenths=370,
    temperature_unit="c",
    pulse=72,
    breaths=16,
    systolic=124,
    diastolic=78,
    position="sitting",
    oxygen=97,
    air="air",
    awareness="alert",
)


def change(said=WELL, **changes):
    return msgspec.structs.replace(said, **changes)


def points(scale=1, **changes):
    return score(change(**changes), scale=scale).total


def score(said=WELL, *, born=BORN, scale=1):
    return news2(said, born=born, on=TODAY, scale=scale)


def test_who_is_well_has_no_points():
    found = score()
    assert (found.total, found.band.code) == (0, "low")
    assert len(found.points) == 7


# Every edge of chart 1 of the Royal College of Physicians' report of 2017.
EDGES = {
    "breaths": [(8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3)],
    "oxygen": [(91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0)],
    "systolic": [(90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3)],
    "pulse": [
        *((40, 3), (41, 1), (50, 1), (51, 0), (90, 0)),
        *((91, 1), (110, 1), (111, 2), (130, 2), (131, 3)),
    ],
    "temperature_tenths": [
        *((350, 3), (351, 1), (360, 1), (361, 0)),
        *((380, 0), (381, 1), (390, 1), (391, 2)),
    ],
    "air": [("air", 0), ("oxygen", 2)],
    "awareness": [("alert", 0), ("confused", 3), ("voice", 3), ("pain", 3), ("unresponsive", 3)],
}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [(name, value, points) for name, edges in EDGES.items() for value, points in edges],
)
def test_each_edge_of_the_published_table(name, value, expected):
    assert points(**{name: value}) == expected


# SpO2 scale 2 of the same chart, with what was breathed. Oxygen itself counts two points more.
SCALE_2 = {
    "air": [
        *((0, 3), (83, 3), (84, 2), (85, 2), (86, 1), (87, 1)),
        *((88, 0), (92, 0), (93, 0), (94, 0), (95, 0), (96, 0), (97, 0), (100, 0)),
    ],
    "oxygen": [
        *((0, 3), (83, 3), (84, 2), (85, 2), (86, 1), (87, 1), (88, 0), (92, 0)),
        *((93, 1), (94, 1), (95, 2), (96, 2), (97, 3), (100, 3)),
    ],
}


@pytest.mark.parametrize(
    ("air", "oxygen", "expected"),
    [(air, value, points) for air, edges in SCALE_2.items() for value, points in edges],
)
def test_each_edge_of_scale_2(air, oxygen, expected):
    found = score(change(oxygen=oxygen, air=air), scale=2)
    assert (found.points["oxygen"], found.scale) == (expected, 2)
    assert found.total == expected + (2 if air == "oxygen" else 0)


def test_scale_2_changes_the_points_of_oxygen_alone():
    for name, edges in EDGES.items():
        for value, expected in edges:
            if name not in ("oxygen", "air"):
                assert points(scale=2, **{name: value}) == expected
    assert (points(oxygen=90), points(scale=2, oxygen=90)) == (3, 0)


def test_three_points_for_too_much_oxygen_ask_for_a_review():
    found = score(change(oxygen=98, air="oxygen"), scale=2)
    assert (found.total, found.band.code) == (5, "medium")
    assert score(change(oxygen=83), scale=2).band.code == "low-medium"


@given(st.integers(0, 100), st.sampled_from(["air", "oxygen"]), st.sampled_from([1, 2]))
def test_every_saturation_has_its_points_on_both_scales(oxygen, air, scale):
    assert 0 <= score(change(oxygen=oxygen, air=air), scale=scale).points["oxygen"] <= 3


def test_the_scale_is_the_one_ordered_at_the_time_and_1_before_any():
    at = [datetime(2026, 11, day, tzinfo=UTC) for day in range(1, 6)]
    orders = [Ordered(at[1], 2), Ordered(at[3], 1)]
    assert [scale_at(orders, moment) for moment in at] == [1, 2, 2, 1, 1]
    assert scale_at([], at[0]) == 1


@pytest.mark.parametrize(
    ("changes", "total", "band"),
    [
        ({"breaths": 21, "oxygen": 92}, 4, "low"),
        ({"pulse": 131}, 3, "low-medium"),
        ({"breaths": 21, "oxygen": 92, "pulse": 91}, 5, "medium"),
        ({"awareness": "confused", "oxygen": 92, "pulse": 91}, 6, "medium"),
        ({"awareness": "voice", "oxygen": 91, "pulse": 91}, 7, "high"),
    ],
)
def test_what_a_score_asks_for(changes, total, band):
    found = score(change(**changes))
    assert (found.total, found.band.code) == (total, band)


@pytest.mark.parametrize("name", EDGES)
def test_without_one_of_its_measures_there_is_no_score(name):
    missing = "" if isinstance(getattr(WELL, name), str) else None
    assert score(change(**{name: missing})) is None


def test_it_is_made_for_adults_whose_age_is_known():
    assert score(born=None) is None
    assert score(born=date(2010, 11, 27)) is None
    assert score(born=date(2010, 11, 26)) is not None
    assert "Royal College of Physicians" in table().source


def test_every_number_has_its_points():
    for name, (low, high) in {"breaths": (0, 400), "oxygen": (0, 100), "pulse": (0, 400)}.items():
        for value in range(low, high + 1):
            assert 0 <= points(**{name: value}) <= 3


def test_degrees_fahrenheit_are_the_same_warmth():
    assert celsius(986, "f") == 37.0
    assert celsius(1004, "f") == 38.0
    assert points(temperature_tenths=1004, temperature_unit="f") == 0
    assert points(temperature_tenths=1006, temperature_unit="f") == 1


@given(st.integers(300, 430))
def test_warmth_typed_in_either_unit_is_within_a_tenth(tenths):
    fahrenheit = round(tenths * 1.8 + 320)
    assert abs(celsius(fahrenheit, "f") - tenths / 10) <= 0.1


def test_pounds_are_kilograms():
    assert kilograms(1543, "lb") == 70.0
    assert kilograms(700, "kg") == 70.0
    assert kilograms(None, "kg") is None


def test_what_looks_mistyped_is_so_once_confirmed():
    said = change(pulse=7, weight_tenths=7, weight_unit="kg")
    assert [each.code for each in mistyped(said)] == ["pulse", "weight"]
    assert mistyped(change(said, confirmed=("pulse", "weight"))) == []
    assert mistyped(WELL) == []
    assert taken(said)["weight"] == 0.7


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (VitalSigns(outcome="taken"), "nothing-said"),
        (VitalSigns(outcome="taken", pulse=70, why="busy"), "why-not-needed"),
        (VitalSigns(outcome="declined"), "why-missing"),
        (VitalSigns(outcome="declined", why="tired", pulse=70), "not-taken-says-more"),
        (VitalSigns(outcome="asleep", pulse=70), "not-taken-says-more"),
        (VitalSigns(outcome="taken", temperature_tenths=370), "unit-missing"),
        (VitalSigns(outcome="taken", systolic=120), "pressure-halved"),
        (VitalSigns(outcome="taken", systolic=70, diastolic=120), "pressure-reversed"),
    ],
)
def test_what_does_not_go_together_is_refused(said, code):
    with pytest.raises(Refusal) as refused:
        agree(said)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "said",
    [
        WELL,
        VitalSigns(outcome="asleep"),
        VitalSigns(outcome="declined", why="not now"),
        VitalSigns(outcome="taken", pain=0),
    ],
)
def test_what_goes_together_passes(said):
    agree(said)


def test_age_is_in_whole_years():
    assert age(date(2008, 2, 29), date(2024, 2, 28)) == 15
    assert age(date(2008, 2, 29), date(2024, 2, 29)) == 16


def test_it_is_tried_again_after_hours_that_passed_not_after_hours_of_the_clock():
    at = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # the clocks of New York go back at 06:00
    assert again_by(at, hours=24) == datetime(2026, 11, 2, 5, 30, tzinfo=UTC)
