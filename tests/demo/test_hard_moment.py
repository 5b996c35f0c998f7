"""The invented hard moment: every page of it has something to show, and it is long over."""

import pytest
from django.db import transaction

from milieu.alerts.services import unanswered
from milieu.crisis.models import Application
from milieu.demo import hard_moment, restraint
from milieu.help.models import Call, Open
from milieu.incident.models import Incident, ViolenceLog
from milieu.people.models import Person
from milieu.record.models import Entry
from milieu.wellbeing.models import Answer
from milieu.wellbeing.services import peers_of, waiting
from tests.demo.test_demo import NOON, invent

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def hard_moment_of(days):
    made, _ = invent(days=days)
    restraint.train(made, made.phones[0].enrolled_at)
    return made, hard_moment.tell(made, NOON)


def test_help_was_called_somebody_was_held_and_all_of_it_is_over():
    hard_moment_of(2)

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


def test_whoever_was_in_it_is_asked_how_they_are():
    made, _ = hard_moment_of(2)

    dana, sam = made.people["technician"][:2]
    assert Answer.objects.of(dana).count() == 1
    assert {each.step for each in waiting(sam, NOON)} == {"day"}
    assert len(peers_of(made.north, dana, NOON)) == 2


def test_the_same_seed_tells_the_same_moment():
    def told():
        with transaction.atomic():
            _, count = hard_moment_of(2)
            entries = Entry.objects.as_system("test").order_by("-pk")[:count]
            found = [(each.entry_id, each.kind, each.happened_at) for each in entries]
            transaction.set_rollback(True)
        return found

    assert told() == told()


def test_where_nobody_was_here_for_long_there_was_none():
    assert hard_moment_of(1)[1] == 0
