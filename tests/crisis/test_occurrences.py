"""What has to be reported outside is told until somebody writes down that it was."""

from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.alerts.kinds import LIMIT_NEAR, LIMIT_PASSED
from milieu.alerts.models import Deadline
from milieu.crisis import kinds, shape
from milieu.crisis.alarms import Alarms
from milieu.crisis.outside import occurred
from tests.cast import NIGHT
from tests.crisis.acts import MIN, Acts
from tests.pages import moment, now, send, text

pytestmark = pytest.mark.django_db
HOUR = 60 * MIN
MONDAY = NIGHT  # 2 March 2026, 02:53


def died(cast, at=MONDAY, **changes):
    acts = Acts(cast)
    given = {
        "what": "death",
        "relation": "during",
        "known_at": at,
        "words": "Found without a pulse",
        "application": None,
    }
    fact = shape.Occurrence(**given | changes)
    assert acts.say(kinds.OCCURRENCE, fact, at, cast.nora, entry_id=acts.id) == "stored"
    return acts


def told():
    return list(Deadline.objects.order_by("alert__raised_at").values_list("alert__kind", "what"))


def test_a_death_in_restraint_is_reported_by_the_close_of_the_next_business_day(cast):
    died(cast)
    (found,) = occurred()
    (duty,) = found.duties
    assert (duty.asked.to, duty.made) == ("cms", None)
    assert duty.asked.due.date() == MONDAY.date() + timedelta(days=1)
    assert duty.asked.rule.law == "cms-hospital"


def test_it_is_told_before_and_after_until_the_report_is_written_down(cast):
    acts = died(cast)
    due = occurred()[0].duties[0].asked.due
    alarms = Alarms()
    assert alarms.raise_limits(due - 5 * HOUR) == 0
    alarms.raise_limits(due - 4 * HOUR)
    alarms.raise_limits(due)
    assert told() == [(LIMIT_NEAR, "report-cms"), (LIMIT_PASSED, "report-cms")]

    fact = shape.Report(occurrence=acts.id, whom="cms", number="CMS-10455 4711")
    assert acts.say(kinds.REPORT, fact, due + MIN, cast.mona) == "stored"
    assert occurred()[0].owed == []
    assert occurred()[0].duties[0].late
    assert Alarms().raise_limits(due + 30 * HOUR) == 0


def test_two_soft_wrist_restraints_alone_go_into_the_log_within_a_week(cast):
    died(cast, soft_wrist_only=True, died_on=MONDAY.date())
    (duty,) = occurred()[0].duties
    assert duty.asked.to == "log"
    assert duty.asked.due - MONDAY > timedelta(days=7)


def test_the_clock_of_a_death_begins_on_its_date_where_that_was_an_earlier_day(cast):
    died(cast, at=MONDAY + 48 * HOUR, soft_wrist_only=True, died_on=MONDAY.date())
    (duty,) = occurred()[0].duties
    assert duty.asked.due.date() == MONDAY.date() + timedelta(days=8)


@pytest.mark.parametrize("days", [-2, 3, -700_000])
def test_a_date_of_death_outside_of_the_stay_or_to_come_is_refused(cast, days):
    acts = Acts(cast)
    given = {"what": "death", "relation": "during", "known_at": MONDAY, "words": "Found so"}
    fact = shape.Occurrence(died_on=MONDAY.date() + timedelta(days=days), **given)
    refused = "before-admission" if days < 0 else "in-the-future"
    assert acts.say(kinds.OCCURRENCE, fact, MONDAY, cast.nora) == refused


def test_a_technician_does_not_report_and_an_occurrence_has_to_be_there(cast):
    acts = Acts(cast)
    fact = shape.Report(occurrence=acts.id, whom="cms")
    assert acts.say(kinds.REPORT, fact, NIGHT, cast.dana) == "not-allowed"
    assert acts.say(kinds.REPORT, fact, NIGHT, cast.nora) == "unknown-occurrence"


def test_it_is_written_down_and_reported_at_a_desk(nora, cast):
    known = {
        "what": "death",
        "relation": "during",
        "words": "Found without a pulse",
        "soft_wrist_only": "on",
        **moment(now(), "known_at"),
    }
    assert send(nora, "occurrence", cast.rosa.pk, **known).status_code == 302
    (found,) = occurred()
    page = text(nora.get(reverse("occurrences", args=[cast.north.pk])))
    assert "The hospital&#x27;s own log" in page
    assert "Rosa Martinez" in page
    assert "not yet" in page
    report = {"whom": "log", "number": "Line 12"}
    assert send(nora, "occurrence-report", found.id, **report).status_code == 302
    assert "made in time" in text(nora.get(reverse("occurrences", args=[cast.north.pk])))


def test_the_log_has_the_day_of_death_by_the_units_clock(nora, cast):
    cast.north.time_zone = "America/New_York"
    cast.north.save()
    died(cast, soft_wrist_only=True)
    page = text(nora.get(reverse("occurrences", args=[cast.north.pk])))
    assert '<td class="figures">2026-03-01</td>' in page
