"""Two invented days, and the hard moment in them: every page has something to show."""

from collections import Counter

import pytest

from milieu.alerts.services import unanswered
from milieu.crisis.models import Application
from milieu.help.models import Call, Open
from milieu.incident.models import Incident, ViolenceLog
from milieu.people.models import Person
from milieu.rounds.contradicted import against
from milieu.rounds.models import SafetyCheck
from milieu.wellbeing.models import Answer
from milieu.wellbeing.services import peers_of, waiting
from tests.demo.invented import NOON, entries, moment_of, shared

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


@pytest.fixture(scope="module")
def two_days(django_db_setup, django_db_blocker):
    with shared(django_db_blocker, days=2) as made:
        yield made


def test_days_are_as_days_are_some_late_some_put_right_and_something_for_the_nurse(two_days):
    checks = entries().filter(kind="round.check")
    assert checks.filter(counted_at=None).exists()
    assert checks.filter(amends__isnull=False).exists()
    assert len(unanswered(Person.objects.get(username="nora"))) == 2


def test_most_checks_show_presence_and_two_taps_contradict_each_other(two_days):
    checks = SafetyCheck.objects.as_system("a test").all()
    grades = Counter(checks.values_list("grade", flat=True))
    assert grades.keys() == {"tap", "wall", ""}
    assert grades["tap"] > 1000
    assert Counter(checks.values_list("doubt", flat=True)).keys() == {""}
    assert len(against(checks)) == 2


def test_help_was_called_somebody_was_held_and_all_of_it_is_over(two_days):
    moment_of(two_days)

    call = Call.objects.as_system("test").get()
    assert not Open.objects.exists()
    assert set(call.said.values_list("says", flat=True)) == {"called", "coming", "there", "over"}
    held = Application.objects.as_system("test").get()
    assert held.began < held.last_check < held.ended
    incident = Incident.objects.as_system("test").get()
    assert (incident.call, incident.stay_id) == (call.pk, held.stay_id)
    assert incident.report
    assert incident.told == "guardian manager nurse prescriber"
    assert ViolenceLog.objects.get().reported
    assert len(unanswered(Person.objects.get(username="nora"))) == 2  # as without it


def test_whoever_was_in_it_is_asked_how_they_are(two_days):
    made, _ = moment_of(two_days)

    dana, sam = made.people["technician"][:2]
    assert Answer.objects.of(dana).count() == 1
    assert {each.step for each in waiting(sam, NOON)} == {"day"}
    assert len(peers_of(made.north, dana, NOON)) == 2
