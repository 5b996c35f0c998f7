"""The hours of a month, counted from the record as HBIPS-2 and HBIPS-3 ask."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from milieu.admissions.services import discharge, leave
from milieu.crisis.hbips import Measure
from milieu.crisis.hours import Month, counted
from milieu.kernel.ids import uuid7
from tests.cast import ARRIVED, NIGHT
from tests.crisis.acts import MIN, Acts
from tests.pages import text

pytestmark = pytest.mark.django_db
MARCH = Month(date(2026, 3, 1), date(2026, 4, 1))
DAY = timedelta(days=1)
APRIL = NIGHT + 40 * DAY


def rows(cast, measure=Measure.RESTRAINT):
    (found,) = (
        each for each in counted(cast.north, MARCH, APRIL)["measures"] if each["measure"] is measure
    )
    return {row.code: row.total for row in found["rows"]}


def test_minutes_days_and_leave_are_counted_by_age(cast):
    acts = Acts(cast)
    acts.start(NIGHT)
    acts.end(NIGHT + 124 * MIN + timedelta(seconds=5))
    leave(
        entry_id=uuid7(),
        stay=cast.john,
        at=ARRIVED + 2 * DAY,
        back_by=ARRIVED + 90 * DAY,
        by=cast.nora,
    )
    every = rows(cast)
    assert every["a"] == every["d"]
    assert (every["a"].minutes, every["a"].patients) == (125, 1)
    assert (every["a"].inpatient_days, every["a"].leave_days) == (62, 29)
    assert every["a"].rate == pytest.approx(125 / 60 / (33 * 24 / 1000))
    assert rows(cast, Measure.SECLUSION)["a"].minutes == 0


def test_seclusion_that_follows_a_hold_stops_its_clock(cast):
    acts = Acts(cast)
    acts.start(NIGHT, devices=("hold-standing",))
    acts.change("on", NIGHT + 5 * MIN, "locked-room")
    acts.change("off", NIGHT + 5 * MIN, "hold-standing")
    acts.end(NIGHT + 35 * MIN)
    assert rows(cast)["a"].minutes == 5
    assert rows(cast, Measure.SECLUSION)["a"].minutes == 30


def test_another_unit_has_none_of_it(cast):
    acts = Acts(cast)
    acts.start(NIGHT)
    acts.end(NIGHT + 60 * MIN)
    found = counted(cast.south, MARCH, APRIL)
    assert all(row.total.minutes == 0 for each in found["measures"] for row in each["rows"])


def test_the_page_says_what_is_impossible_and_gives_a_file(nora, cast):
    Acts(cast).start(NIGHT)
    url = reverse("restraint-hours", args=[cast.north.pk])
    page = text(nora.get(url, {"month": "2026-03"}))
    assert "HBIPS-2: restraint" in page
    assert "March 2026" in page
    given = nora.get(url, {"month": "2026-03", "csv": ""})
    assert given["Content-Type"].startswith("text/csv")
    assert given.content.decode().startswith("measure,band,ages,minutes,people")


def test_who_came_and_went_on_one_date_is_a_day_of_the_month_and_the_file_has_hours(nora, cast):
    before = rows(cast)["a"].inpatient_days
    guest = cast.arrive("Ada", "Ruiz", at=NIGHT)
    discharge(entry_id=uuid7(), stay=guest, at=NIGHT + 60 * MIN, by=cast.nora)
    assert rows(cast)["a"].inpatient_days == before + 1

    url = reverse("restraint-hours", args=[cast.north.pk])
    lines = nora.get(url, {"month": "2026-03", "csv": ""}).content.decode().splitlines()
    found = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
    assert all(
        int(row["hours_in_the_unit"]) == 24 * (int(row["inpatient_days"]) - int(row["leave_days"]))
        for row in found
    )


@pytest.mark.parametrize("month", ["0001-01", "0999-12", "9999-11", "9999-12", "2026-13", "soon"])
def test_a_month_that_no_record_has_is_answered_with_the_last_whole_one(nora, cast, month):
    url = reverse("restraint-hours", args=[cast.north.pk])
    page = nora.get(url, {"month": month})
    assert page.context["month"] == nora.get(url).context["month"]
