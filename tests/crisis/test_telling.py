"""For any course of days: no debriefing, notice or report runs out of time untold."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milieu.alerts.kinds import LIMIT_NEAR, LIMIT_PASSED
from milieu.alerts.models import Alert, Deadline, Waiting
from milieu.crisis import kinds, shape
from milieu.crisis.alarms import Alarms
from milieu.crisis.kept import clocks
from milieu.crisis.listed import list_laws
from milieu.crisis.outside import occurred
from milieu.crisis.reading import of_stays
from milieu.kernel.ids import uuid7
from tests.cast import NIGHT, Cast
from tests.crisis.acts import Acts

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TICK, DAYS = 2 * HOUR, 5
OF_TELLING = ("debrief-person", "debrief-staff", "guardian", "wellbeing", "consult")
LAWS = ("cms-hospital", "prtf", "tjc-bhc", "oregon-309-033", "facility-policy")
course = st.lists(
    st.tuples(
        st.integers(1, 24 * DAYS - 24),  # in hours after the start
        st.sampled_from(["end", "person", "staff", "guardian", "death", "injury", "report"]),
        st.integers(0, 30),  # how late the server hears of it, in hours
        st.sampled_from(["cms", "state", "advocates", "guardian"]),
    ),
    max_size=7,
)


@pytest.mark.alike  # what a law asks is worked out in Python; test_alarms.py writes it on both
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=course, laws=st.sets(st.sampled_from(LAWS), min_size=1))
def test_what_has_to_be_told_or_talked_over_is_told_of_before_and_when_it_was_not(db, course, laws):
    with transaction.atomic():
        cast = Cast()
        list_laws(cast.facility, sorted(laws), by=cast.mona, at=NIGHT - HOUR)
        _follow(cast, sorted(course, key=lambda each: each[0] + each[2]))
        transaction.set_rollback(True)


def _act(acts: Acts, what: str, at: datetime, heard: datetime, whom: str) -> None:
    """Let somebody write it down, when the server hears of it; what does not go is refused."""
    late = {"received_at": heard + timedelta(seconds=1)}
    match what:
        case "end":
            acts.end(at, **late)
        case "person" | "staff":
            acts.debrief(what, at)
        case "guardian":
            acts.see("guardian-told", at, acts.cast.nora, capacity="registered-nurse", whom="Ana")
        case "death" | "injury":
            what = {"death": "death", "injury": "serious-injury"}[what]
            fact = shape.Occurrence(what=what, relation="during", known_at=at, words="Found so")
            acts.say(kinds.OCCURRENCE, fact, at, acts.cast.nora, **late, entry_id=uuid7())
        case _:
            for each in occurred()[:1]:
                fact = shape.Report(occurrence=each.id, whom=whom)
                acts.say(kinds.REPORT, fact, at, acts.cast.mona, **late)


def _follow(cast: Cast, things: list) -> None:
    acts, alarms = Acts(cast, phone=True), Alarms()
    acts.start()
    known: dict[tuple[object, str, datetime], datetime] = {}
    for step in range(24 * DAYS // 2):
        now = NIGHT + step * TICK
        while things and NIGHT + (things[0][0] + things[0][2]) * HOUR <= now:
            hour, what, _late, whom = things.pop(0)
            _act(acts, what, NIGHT + hour * HOUR, now, whom)
        alarms.raise_limits(now)
        rows = Deadline.objects.select_related("alert")
        told = {(each.alert.kind, each.of, each.what, each.due_at): each.alert for each in rows}
        for of, what, due in _owed(cast, now):
            first = known.setdefault((of, what, due), now)
            warned = timedelta(minutes=cast.north.pack.restraint.warn(what))
            if now >= due:
                assert (LIMIT_PASSED, of, what, due) in told, (what, due, now)
                if first < due and warned >= TICK:
                    assert told[LIMIT_NEAR, of, what, due].raised_at < due, (what, due, now)
        assert Waiting.objects.count() == Alert.objects.as_system("test").count()


def _owed(cast: Cast, now: datetime) -> Iterator[tuple[object, str, datetime]]:
    """Yield what has to be told by a time and was not, by what the record says now."""
    for each in clocks(of_stays([cast.rosa.pk]).values(), now).values():
        for limit in each.open:
            if limit.what in OF_TELLING and limit.due is not None:
                yield each.whole.id, limit.what, limit.due
    for one in occurred():
        for duty in one.owed:
            yield one.id, f"report-{duty.to}", duty.due
