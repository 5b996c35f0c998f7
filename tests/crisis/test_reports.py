"""What must be reported after a death or a serious occurrence, and business days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.crisis.business import calendar
from milieu.crisis.reports import Occurrence, reports

NEW_YORK = ZoneInfo("America/New_York")
CMS, PRTF, OREGON = "cms-hospital", "prtf", "oregon-309-033"


def local(*parts):
    return datetime(*parts, tzinfo=NEW_YORK).astimezone(UTC)


WEDNESDAY = local(2026, 3, 4, 9)


def occurred(what="death", relation="during", known=WEDNESDAY, **more):
    more.setdefault("happened_at", known)
    return Occurrence(what, relation, known, "America/New_York", **more)


def told(occurrence, *laws):
    """Return to whom by when, by the facility's clock."""
    return [
        (duty.to, duty.due.astimezone(NEW_YORK).strftime("%a %d %b %H:%M"))
        for duty in reports(occurrence, laws)
    ]


@pytest.mark.parametrize("relation", ["during", "within-24h", "within-week"])
def test_a_death_is_reported_to_cms_by_the_close_of_the_next_business_day(relation):
    assert told(occurred(relation=relation), CMS) == [("cms", "Thu 05 Mar 17:00")]


def test_a_death_that_becomes_known_on_a_friday_is_reported_on_the_monday():
    assert told(occurred(known=local(2026, 3, 6, 23, 50)), CMS) == [("cms", "Mon 09 Mar 17:00")]


def test_a_holiday_is_no_business_day():
    before_thanksgiving = local(2026, 11, 25, 8)
    assert told(occurred(known=before_thanksgiving), CMS) == [("cms", "Fri 27 Nov 17:00")]


def test_the_day_is_that_of_the_facilitys_clock():
    """03:00 UTC on Thursday is Wednesday evening in New York."""
    assert told(occurred(known=datetime(2026, 3, 5, 3, tzinfo=UTC)), CMS) == [
        ("cms", "Thu 05 Mar 17:00")
    ]


@pytest.mark.parametrize("relation", ["during", "within-24h"])
def test_after_soft_wrist_restraints_alone_the_log_is_written_within_seven_days(relation):
    died = occurred(relation=relation, soft_wrist_only=True, died_on=date(2026, 3, 3))
    assert told(died, CMS) == [("log", "Wed 11 Mar 00:00")]  # to the end of the tenth


def test_a_death_that_they_may_have_contributed_to_is_reported_also_then():
    died = occurred(relation="within-week", soft_wrist_only=True)
    assert told(died, CMS) == [("cms", "Thu 05 Mar 17:00")]


def test_a_death_not_connected_with_it_and_an_injury_are_not_reported_to_cms():
    assert told(occurred(relation="none"), CMS) == []
    assert told(occurred("serious-injury"), CMS) == []


@pytest.mark.parametrize("what", ["serious-injury", "suicide-attempt"])
def test_a_residential_programme_tells_state_and_advocates_and_the_parents_sooner(what):
    happened = local(2026, 3, 4, 2)
    of_minor = occurred(what, "none", happened_at=happened, born=date(2012, 1, 1))
    assert told(of_minor, PRTF) == [
        ("guardian", "Thu 05 Mar 02:00"),
        ("advocates", "Thu 05 Mar 17:00"),
        ("state", "Thu 05 Mar 17:00"),
    ]
    of_age = occurred(what, "none", happened_at=happened, born=date(2006, 1, 1))
    assert [to for to, _ in told(of_age, PRTF)] == ["advocates", "state"]


def test_a_residential_programme_reports_each_death_to_cms():
    died = occurred(relation="none", born=date(2006, 1, 1))
    assert [to for to, _ in told(died, PRTF)] == ["advocates", "cms", "state"]


def test_oregon_hears_within_a_day_of_the_death_of_which_only_the_date_may_be_known():
    died = occurred(happened_at=local(2026, 3, 4, 8, 30))
    assert told(died, OREGON) == [("state", "Thu 05 Mar 08:30")]
    assert told(occurred(died_on=date(2026, 3, 3)), OREGON) == [("state", "Wed 04 Mar 00:00")]


def test_each_duty_says_by_which_rule_and_how():
    (duty,) = reports(occurred(), [CMS])
    assert duty.rule.law == CMS
    assert duty.rule.paragraph == "42 CFR 482.13(g)(1)(i)-(ii)"
    assert "CMS-10455" in duty.how
    assert duty.since == WEDNESDAY


# The weekdays on which federal offices are shut, written by hand.
SHUT = {
    2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
}


@pytest.mark.parametrize("year", SHUT)
def test_federal_holidays_fall_on_the_days_on_which_offices_are_shut(year):
    days = [
        date.fromordinal(n)
        for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]
    shut = [
        f"{day:%m-%d}"
        for day in days
        if day.year == year and day.isoweekday() < 6 and not calendar().is_open(day)
    ]
    assert shut == SHUT[year].split()


def test_juneteenth_is_kept_since_its_law():
    assert calendar().is_open(date(2020, 6, 19))
    assert not calendar().is_open(date(2023, 6, 19))


@given(
    moment=st.integers(0, 25 * 365 * 24).map(lambda hours: WEDNESDAY + timedelta(hours=hours)),
    zone=st.sampled_from(["America/New_York", "Pacific/Honolulu", "America/Anchorage"]),
)
def test_business_closes_on_the_first_open_day_after_by_the_units_clock(moment, zone):
    clock = ZoneInfo(zone)
    close = calendar().next_close(moment, clock)
    first, day = moment.astimezone(clock).date(), close.astimezone(clock)
    assert f"{day:%H:%M}" == calendar().close
    between = range(first.toordinal() + 1, day.date().toordinal())
    assert [n for n in between if calendar().is_open(date.fromordinal(n))] == []
    assert calendar().is_open(day.date())
    assert len(between) <= 4
