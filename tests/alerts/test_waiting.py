"""What waits for an answer is found without looking through what was answered."""

import pytest

from milieu.alerts.models import Alert, Waiting
from milieu.alerts.services import acknowledge, unanswered
from milieu.rounds.shape import SafetyCheck
from tests.cast import NIGHT, Cast

pytestmark = pytest.mark.django_db
TOLD = SafetyCheck(outcome="seen", place="hall", nurse_should_know="Walks since two")


def test_an_alert_waits_until_it_is_answered_and_never_longer():
    cast = Cast()
    cast.store(cast.check(cast.rosa, fact=TOLD), cast.check(cast.john, fact=TOLD))
    first, second = unanswered(cast.nora)
    assert Waiting.objects.count() == 2

    acknowledge(first.pk, by=cast.nora, words="Sat with her", at=NIGHT)

    assert [alert.pk for alert in unanswered(cast.nora)] == [second.pk]
    waiting = set(Waiting.objects.values_list("alert_id", flat=True))
    unsaid = Alert.objects.as_system("test").filter(acknowledgement=None)
    assert waiting == set(unsaid.values_list("pk", flat=True))
