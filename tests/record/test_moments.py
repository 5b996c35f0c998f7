"""A day and a time typed on a page, in the unit's own zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from milieu.record.moments import EARLIER, LATER, MomentField, within_minute

NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
MOMENTS = st.datetimes(
    datetime.fromisoformat("2020-01-01"),
    datetime.fromisoformat("2032-01-01"),
    timezones=st.just(UTC),
)


def field(zone=NEW_YORK, **options):
    return MomentField(zone=zone, **options)


def typed(day, time, which="", exact=""):
    return [day, time, which, exact]


@given(MOMENTS, ZONES.map(ZoneInfo))
def test_a_moment_that_is_left_as_it_was_shown_is_that_very_moment(moment, zone):
    asked = field(zone)
    day, time, which, exact = asked.widget.decompress(moment)
    assert asked.clean([f"{day}", f"{time:%H:%M}", which, exact]) == moment


@given(MOMENTS, ZONES.map(ZoneInfo))
def test_a_moment_that_is_typed_is_the_start_of_its_minute(moment, zone):
    day, time, which, _exact = field(zone).widget.decompress(moment)
    found = field(zone).clean([f"{day}", f"{time:%H:%M}", which, ""])
    assert found == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize("time", ["14:05", "14.05", "1405"])
def test_a_time_may_be_typed_with_any_keyboard(time):
    assert field().clean(typed("2026-03-02", time)) == datetime(2026, 3, 2, 19, 5, tzinfo=UTC)


@pytest.mark.parametrize("time", ["2:05 PM", "25:00", "14:75", "soon"])
def test_a_time_that_cannot_be_read_is_asked_for_in_24_hours(time):
    with pytest.raises(ValidationError, match="24 hours, as 14:05"):
        field().clean(typed("2026-03-02", time))


def test_in_the_hour_that_comes_twice_it_is_asked_which_of_the_two():
    with pytest.raises(ValidationError, match="01:30 came twice"):
        field().clean(typed("2026-11-01", "01:30"))
    earlier, later = (
        field().clean(typed("2026-11-01", "01:30", which)) for which in (EARLIER, LATER)
    )
    assert later - earlier == timedelta(hours=1)


def test_a_time_in_the_hour_that_is_left_out_is_refused_in_words():
    with pytest.raises(ValidationError, match="there was no 02:30"):
        field().clean(typed("2026-03-08", "02:30"))


@pytest.mark.parametrize(("day", "asked"), [("2026-11-01", True), ("2026-11-02", False)])
def test_the_question_stands_on_the_page_only_where_a_time_comes_twice(day, asked):
    widget = field().widget
    page = widget.render("at", [day, "01:30", "", ""], {"id": "id_at"})
    assert ("(EDT)" in page and "(EST)" in page) == asked


def test_now_in_the_hour_that_comes_twice_is_already_chosen():
    now = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # the second time
    page = field().widget.render("at", now, {"id": "id_at"})
    assert '<option value="later" selected>' in page


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_no_day(day, zone):
    asked = field(ZoneInfo(zone))
    with pytest.raises(ValidationError, match="Write the day as"):
        asked.clean(typed(day, "12:00"))
    assert "twins" not in asked.widget.get_context("at", typed(day, "12:00"), {})


def test_nothing_after_the_latest_is_taken():
    latest = datetime(2026, 3, 2, 19, 5, tzinfo=UTC)
    assert field(latest=latest).clean(typed("2026-03-02", "14:05")) == latest
    with pytest.raises(ValidationError, match="has not come yet"):
        field(latest=latest).clean(typed("2026-03-02", "14:06"))


def test_a_moment_that_may_be_left_out_is_none_and_half_a_moment_is_asked_for():
    assert field(required=False).clean(typed("", "")) is None
    for half in (typed("2026-03-02", ""), typed("", "14:05")):
        with pytest.raises(ValidationError, match="both the day and the time"):
            field(required=False).clean(half)


def test_who_types_a_minute_means_any_moment_of_it():
    arrived = datetime(2026, 3, 2, 14, 10, 25, tzinfo=UTC)
    minute = arrived.replace(second=0)
    assert within_minute(minute, arrived) == arrived
    for other in (minute - timedelta(minutes=1), minute + timedelta(minutes=1)):
        assert within_minute(other, arrived) == other
