"""Nobody who has to be told is forgotten: an alert comes before, and one when it was not done."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milieu.alerts.deadlines import words_of
from milieu.alerts.kinds import TELL_NEAR, TELL_PASSED
from milieu.alerts.models import Alert, Deadline, Waiting
from milieu.alerts.services import acknowledge, unanswered
from milieu.incident import violence
from milieu.incident.alarms import raise_tellings
from milieu.incident.models import Incident, ViolenceLog
from milieu.incident.said import owed_of
from milieu.kernel.ids import uuid7
from tests.cast import NIGHT, Cast
from tests.incident.test_services import mark, report, told
from tests.pages import text

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LINE = {
    "sort": "type-2",
    "by_whom": "person",
    "place": "dayroom",
    "circumstances": "",
    "account": "Somebody hit me on the arm.",
    "taken": "Two colleagues came.",
}


@pytest.fixture
def made():
    return uuid7()


def alerts():
    rows = Deadline.objects.select_related("alert").order_by("alert__raised_at", "what")
    return [(each.alert.kind, each.what) for each in rows]


def line(cast, *, at=NIGHT, grave=True, now=None):
    given = {**LINE, "at": at, "injury": grave, "weapon": False, "urgent": False}
    return violence.write(uuid7(), cast.north, given, now or at + MINUTE, by=cast.nora)


def test_the_nurse_is_to_be_told_and_hears_before_and_when_she_was_not(cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    assert raise_tellings(NIGHT + 9 * MINUTE) == 0
    assert raise_tellings(NIGHT + 10 * MINUTE) == 1
    assert raise_tellings(NIGHT + 11 * MINUTE) == 0
    assert raise_tellings(NIGHT + 15 * MINUTE) == 1
    assert alerts() == [(TELL_NEAR, "tell-nurse"), (TELL_PASSED, "tell-nurse")]
    assert [each.owner_role for each in unanswered(cast.nora)] == ["nurse", "nurse"]


def test_told_in_time_there_is_none(cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    cast.store(told(cast, made))
    assert raise_tellings(NIGHT + 3 * HOUR) == 0


def test_what_was_marked_says_who_has_to_be_told_before_the_report_is_written(cast, made):
    cast.store(mark(cast, made, "self-harm"))
    cast.store(told(cast, made))
    raise_tellings(NIGHT + 40 * MINUTE)
    assert alerts() == [(TELL_NEAR, "tell-prescriber")]


def test_a_report_that_says_more_begins_clocks_that_have_passed_and_they_are_told(cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    cast.store(told(cast, made))
    cast.store(report(cast, made, injury_person="hospital"), received_at=NIGHT + 90 * MINUTE)
    raise_tellings(NIGHT + 91 * MINUTE)
    assert alerts() == [(TELL_NEAR, "tell-manager"), (TELL_PASSED, "tell-prescriber")]


def test_only_a_person_closes_it_and_it_is_told_anew_a_day_later(cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    raise_tellings(NIGHT + 15 * MINUTE)
    cast.store(told(cast, made))
    raise_tellings(NIGHT + 16 * MINUTE)
    assert Waiting.objects.count() == 1

    other = uuid7()
    cast.store(mark(cast, other, "raised-voice", NIGHT + HOUR))
    raise_tellings(NIGHT + 75 * MINUTE)
    for each in unanswered(cast.nora):
        acknowledge(each.pk, by=cast.nora, words="I know of it", at=NIGHT + 76 * MINUTE)
    assert raise_tellings(NIGHT + 25 * HOUR) == 0
    assert raise_tellings(NIGHT + 26 * HOUR) == 1


def test_a_line_of_the_log_has_its_clock_and_its_alert_leads_to_nobody(cast):
    line(cast)
    later = line(cast, grave=False)
    assert raise_tellings(NIGHT + 19 * HOUR) == 0
    assert raise_tellings(NIGHT + 20 * HOUR) == 1
    assert raise_tellings(NIGHT + 24 * HOUR) == 1
    assert alerts() == [(TELL_NEAR, "violence-report"), (TELL_PASSED, "violence-report")]
    for each in Alert.objects.visible_to(cast.nora):
        assert (each.unit, each.stay, each.source, each.raised_by) == (cast.north, None, None, None)
    violence.reported(later.pk, cast.north, by=cast.mona, reference="", at=NIGHT + 30 * HOUR)
    assert raise_tellings(NIGHT + 71 * HOUR) == 0


def test_the_alert_says_whom_by_when_and_leads_there(nora, cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    line(cast)
    raise_tellings(NIGHT + 25 * HOUR)
    page = text(nora.get(reverse("concerns")))
    for words in (
        "After an incident: not told in time",
        "The nurse in charge by ",
        "Report a violent incident to the authority by ",
        "8 CCR 3342",
    ):
        assert words in page
    assert reverse("incident", args=[cast.rosa.pk, made]) in page
    assert reverse("violence-log", args=[cast.north.pk]) in page
    said = {words_of(each) for each in unanswered(cast.nora)}
    assert "After an incident: not told in time: The nurse in charge" in said


def test_the_board_says_what_waits(nora, cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    raise_tellings(NIGHT + 15 * MINUTE)
    assert "The nurse in charge: passed" in text(nora.get(reverse("board", args=[cast.north.pk])))


TICK = 4 * MINUTE
LOOKED_FOR = 300  # minutes
OUTCOMES = ("police", "settled", "seclusion")
acts = st.one_of(
    st.tuples(st.just("mark"), st.sampled_from(["raised-voice", "self-harm", "left-unit"])),
    st.tuples(st.just("report"), st.sampled_from(OUTCOMES)),
    st.tuples(st.just("told"), st.sampled_from(["nurse", "prescriber", "manager", "guardian"])),
    st.tuples(st.just("line"), st.sampled_from([-1439, -1400, -1200])),
    st.tuples(st.just("reported"), st.just(0)),
)
course = st.lists(
    st.tuples(st.integers(0, LOOKED_FOR), acts, st.integers(0, 60)), min_size=1, max_size=7
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=course)
def test_no_clock_of_telling_runs_out_without_an_alert_before_it_and_one_that_it_did(db, course):
    with transaction.atomic():
        cast, made = Cast(), uuid7()
        cast.store(mark(cast, made, "threat"))
        _follow(cast, made, sorted(course, key=lambda each: each[0] + each[2]))
        transaction.set_rollback(True)


def _act(cast: Cast, made, minute: int, act: tuple[str, object], heard: datetime) -> None:
    at = NIGHT + minute * MINUTE
    match act:
        case "mark", what:
            cast.store(mark(cast, made, what, at), received_at=heard)
        case "report", outcome:
            cast.store(report(cast, made, outcomes=(outcome,)), received_at=heard)
        case "told", whom:
            cast.store(told(cast, made, whom), received_at=heard)
        case "line", ago:
            line(cast, at=at + int(str(ago)) * MINUTE, now=heard)
        case _:
            for each in ViolenceLog.objects.filter(reported=None)[:1]:
                violence.reported(each.pk, cast.north, by=cast.mona, reference="", at=heard)


def _follow(cast: Cast, made, things: list) -> None:
    known: dict[tuple[str, datetime], datetime] = {}
    for step in range((LOOKED_FOR + 80) // 4):
        now = NIGHT + step * TICK
        while things and NIGHT + (things[0][0] + things[0][2]) * MINUTE <= now:
            minute, act, _late = things.pop(0)
            _act(cast, made, minute, act, now)
        raise_tellings(now)
        kept = {
            (each.alert.kind, each.what, each.due_at): each.alert.raised_at
            for each in Deadline.objects.select_related("alert")
        }
        for what, due, warned in _owed(cast):
            first = known.setdefault((what, due), now)
            if now >= due:
                assert (TELL_PASSED, what, due) in kept
                if first < due and warned >= TICK:
                    assert kept[TELL_NEAR, what, due] < due
        assert Waiting.objects.count() == Alert.objects.as_system("test").count()


def _owed(cast: Cast) -> Iterator[tuple[str, datetime, timedelta]]:
    """Yield what is owed by the record as it is now: what, by when, how long before it is said."""
    for incident in Incident.objects.visible_to(cast.nora):
        for each in owed_of(incident, cast.north):
            if not each.told:
                yield f"tell-{each.tell.code}", each.due, each.tell.warn_min * MINUTE
    for each in violence.lines(cast.north, NIGHT - 48 * HOUR):
        if each.reported is None:
            warned = cast.north.pack.incident.violence.warn_min
            yield "violence-report", each.due, warned * MINUTE
