"""For any course of things: what passes was told before, and rows are rebuilt to the same."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milieu.alerts.kinds import LIMIT_NEAR, LIMIT_PASSED
from milieu.alerts.models import Deadline
from milieu.crisis.alarms import Alarms
from milieu.crisis.kept import clocks
from milieu.crisis.listed import list_laws
from milieu.crisis.models import Application, UnderWay
from milieu.crisis.projection import APPLICATION
from milieu.crisis.reading import of_stays
from tests.cast import NIGHT, Cast
from tests.crisis.acts import CRITERIA, MIN, Acts, train

pytestmark = pytest.mark.django_db
TICK = 3 * MIN
LOOKED_FOR = 150  # minutes
LAWS = ("cms-hospital", "facility-policy", "texas-415", "oregon-309-033", "prtf")
ACTS = ("look", "met", "order", "face", "on", "off", "observer", "end")
course = st.lists(
    st.tuples(
        st.integers(1, LOOKED_FOR),  # when, in minutes after the start
        st.sampled_from(ACTS),
        st.integers(0, 40),  # how late the server hears of it, in minutes
    ),
    max_size=8,
)


def act(acts: Acts, what: str, at: datetime, heard: datetime) -> None:
    """Let it happen, as a phone tells it; what a page alone writes is written when it happens."""
    late = {"received_at": heard + timedelta(seconds=1)}
    done = {
        "look": lambda: acts.look(at, **late),
        "met": lambda: acts.look(at, met=CRITERIA, **late),
        "order": lambda: acts.order(at, minutes=60),
        "face": lambda: acts.see("face-to-face", at),
        "on": lambda: acts.change("on", at, "locked-room"),
        "off": lambda: acts.change("off", at, "four-limb"),
        "observer": lambda: acts.change("observer", at),
        "end": lambda: acts.end(at, **late),
    }
    done[what]()


def rows() -> list[list[object]]:
    return [
        list(model.objects.as_system("test").order_by("pk").values_list())
        for model in (Application, UnderWay)
    ]


def visible(cast: Cast, now: datetime) -> Iterable[tuple[str, datetime, bool]]:
    """Yield what is owed by a time, by what the record says now, and whether that has passed."""
    for each in clocks(of_stays([cast.rosa.pk]).values(), now).values():
        for limit in each.open:
            if limit.due is not None:
                yield limit.what, limit.due, now >= limit.due


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=course, laws=st.sets(st.sampled_from(LAWS), min_size=1), heard=st.integers(0, 30))
def test_nothing_passes_untold_and_nothing_that_could_be_told_before_was_not(
    db, course, laws, heard
):
    with transaction.atomic():
        cast = Cast()
        train(cast.dana)
        list_laws(cast.facility, sorted(laws), by=cast.mona, at=NIGHT - MIN)
        _follow(cast, course, heard)
        before = rows()
        APPLICATION.clear()
        APPLICATION.project([cast.rosa.pk])
        assert rows() == before
        transaction.set_rollback(True)


def _follow(cast: Cast, course, heard: int) -> None:
    acts, alarms = Acts(cast, phone=True), Alarms()
    things = sorted((minute + late, minute, what) for minute, what, late in course)
    known: dict[tuple[str, datetime], datetime] = {}
    began = False
    for step in range(LOOKED_FOR // 3 + 20):
        now = NIGHT + step * TICK
        if not began and now >= NIGHT + heard * MIN:
            acts.start(NIGHT, received_at=now)
            began = True
        while things and began and NIGHT + things[0][0] * MIN <= now:
            heard_at, minute, what = things.pop(0)
            act(acts, what, NIGHT + minute * MIN, max(NIGHT + heard_at * MIN, now))
        alarms.raise_limits(now)
        told = {
            (each.alert.kind, each.what, each.due_at): each.alert.raised_at
            for each in Deadline.objects.select_related("alert")
        }
        for what, due, passed in visible(cast, now):
            known.setdefault((what, due), now)
            if passed:
                assert (LIMIT_PASSED, what, due) in told, (what, due, now)
                if known[what, due] < due and _warned(cast, what) >= TICK:
                    assert told[LIMIT_NEAR, what, due] < due, (what, due, now)


def _warned(cast: Cast, what: str) -> timedelta:
    return cast.north.pack.restraint.warn(what) * MIN


def test_a_birthday_makes_the_next_order_longer_and_changes_nothing_of_the_one_that_runs(cast):
    """Somebody turns 18 at midnight, by the unit's clock."""
    patient = cast.rosa.patient
    patient.birth_date = datetime(2008, 3, 3, tzinfo=UTC).date()
    patient.save()
    train(cast.dana)
    acts = Acts(cast)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    acts.start(midnight - 60 * MIN)
    assert acts.order(midnight - 59 * MIN, minutes=240) == "order-too-long"
    assert acts.order(midnight - 58 * MIN, minutes=120) == "stored"
    assert acts.order(midnight + 30 * MIN, minutes=240, renews=True) == "stored"
