"""Whatever happens, in any order: no rung is skipped, nobody told twice, nothing closes alone."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milieu.alerts import outbox
from milieu.alerts.ladder import climb
from milieu.alerts.models import Acknowledgement, Alert, Delivery, Outcome, Step, Waiting, Way
from milieu.alerts.services import acknowledge
from tests.alerts.work import begin, leave, tell
from tests.cast import NIGHT, Cast

WORKERS = ("nora", "lena", "mona", "petra")
SECOND = timedelta(seconds=1)
THINGS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 400)),  # seconds
    st.tuples(st.just("raise"), st.sampled_from(["rosa", "john"])),
    st.tuples(st.just("answer"), st.integers(0, 3)),
    st.tuples(st.just("look"), st.booleans()),  # and is it killed before it is done
    st.tuples(st.just("carry"), st.booleans()),  # and does it arrive
    st.tuples(st.just("come"), st.sampled_from(WORKERS)),
    st.tuples(st.just("go"), st.sampled_from(WORKERS)),
)


@dataclass
class History:
    """A unit at night, with what happens to it, and what must be so all the time."""

    cast: Cast
    now: object = NIGHT
    answered: set = field(default_factory=set)
    carried: list = field(default_factory=list)  # (delivery) each time the outside said yes

    def happen(self, what, how):
        getattr(self, what if what != "raise" else "raise_one")(how)
        self.now += SECOND
        self.holds()

    def wait(self, seconds):
        self.now += seconds * SECOND

    def raise_one(self, name):
        self.now = tell(self.cast, at=self.now, stay=getattr(self.cast, name)) + SECOND

    def answer(self, place):
        waiting = list(Waiting.objects.order_by("pk").values_list("pk", flat=True))
        if place < len(waiting):
            acknowledge(waiting[place], by=self.cast.nora, words="Done", at=self.now)
            self.answered.add(waiting[place])

    def look(self, killed):
        with transaction.atomic():
            climb(self.now)
            transaction.set_rollback(killed)

    def carry(self, arrives):
        for delivery in outbox.due(self.now):
            if not hasattr(delivery.alert, "waiting"):
                outbox.close(delivery, Outcome.ANSWERED, at=self.now)
            elif arrives:
                self.carried.append(delivery.pk)
                outbox.close(delivery, Outcome.ARRIVED, at=self.now)
            else:
                outbox.try_again(delivery, "away", at=self.now)

    def come(self, name):
        leave(getattr(self.cast, name), at=self.now)
        begin(self.cast, getattr(self.cast, name), at=self.now)

    def go(self, name):
        leave(getattr(self.cast, name), at=self.now)

    def holds(self):
        alerts = Alert.objects.as_system("test").prefetch_related("steps")
        closed = set(Acknowledgement.objects.values_list("pk", flat=True))
        assert closed == self.answered  # nothing closes by itself
        assert {each.pk for each in alerts} - closed == set(
            Waiting.objects.values_list("pk", flat=True)
        )
        for alert in alerts:
            rungs = [step.rung for step in alert.steps.all()]
            assert rungs == list(range(len(rungs)))  # none skipped, none twice
        told = [
            each
            for each in Delivery.objects.values_list("alert", "way", "person", "address", "rung")
            if each[1] != Way.OUTSIDE
        ]
        assert len({each[:3] for each in told}) == len(told)  # nobody twice by one way
        assert len(set(self.carried)) == len(self.carried)  # without a crash, each once

    def come_to_rest(self):
        """Let everybody come to work and time go by: each alert has then reached everyone."""
        for name in WORKERS:
            self.come(name)
        self.now += timedelta(hours=1)
        self.look(killed=False)
        self.carry(arrives=True)
        for alert_id in Waiting.objects.values_list("pk", flat=True):
            assert Step.objects.filter(alert=alert_id).count() == 4
            reached = Delivery.objects.filter(alert=alert_id, way=Way.PAGE)
            assert reached.count() == 4
        assert outbox.stuck(self.now).count == 0
        assert not Delivery.objects.filter(way=Way.OUTSIDE, done_at=None).exists()


@pytest.fixture
def services(settings):
    settings.ALERT_SERVICES = ["json://one.example/"]


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(THINGS, max_size=25))
def test_whatever_happens_no_step_is_skipped_and_nothing_closes_by_itself(db, services, things):
    with transaction.atomic():
        history = History(Cast())
        for what, how in things:
            history.happen(what, how)
        history.come_to_rest()
        transaction.set_rollback(True)
