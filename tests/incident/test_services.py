"""An incident by taps, its report, who was told; late, amended and rebuilt like every entry."""

from datetime import timedelta

import pytest

from milieu.incident.models import Incident
from milieu.incident.projection import clear, project
from milieu.incident.said import going_on, timeline, told_as_it_happened
from milieu.incident.services import MARK, NOTIFIED, REPORT
from milieu.incident.shape import Mark, Notified, Report
from milieu.kernel.ids import uuid7
from tests.cast import NIGHT, outcomes

pytestmark = pytest.mark.django_db
MINUTE, MILLISECOND = timedelta(minutes=1), timedelta(milliseconds=1)


@pytest.fixture
def made():
    return uuid7()


def mark(cast, made, what, at=NIGHT, **more):
    fields = {name: more.pop(name) for name in ("place", "who", "words", "call") if name in more}
    fact = Mark(incident=made, what=what, **fields)
    return cast.check(cast.rosa, at, kind=MARK, fact=fact, **more)


def report(cast, made, **more):
    fact = Report(incident=made, **{"kinds": ("verbal",), "narrative": "Loud words."} | more)
    return cast.check(cast.rosa, NIGHT + 30 * MINUTE, kind=REPORT, fact=fact)


def told(cast, made, whom="nurse"):
    fact = Notified(incident=made, whom=whom, way="person")
    return cast.check(cast.rosa, NIGHT + 5 * MINUTE, kind=NOTIFIED, fact=fact)


def stands():
    rows = Incident.objects.as_system("a test").order_by("began_at")
    return list(rows.values("incident", "stay_id", "began_at", "last_at", "kinds", "told"))


def refused(answers):
    return [(each.outcome, each.code) for each in answers]


def test_marks_make_an_incident_in_the_order_of_their_times_however_they_come(cast, made):
    cast.store(mark(cast, made, "calm", NIGHT + 9 * MINUTE))
    cast.store(
        mark(cast, made, "hands-on", NIGHT + 4 * MINUTE, who=cast.dana.pk, place="dayroom"),
        mark(cast, made, "raised-voice", NIGHT),
    )

    incident = Incident.objects.visible_to(cast.nora).get()
    assert (incident.began_at, incident.last_at) == (NIGHT, NIGHT + 9 * MINUTE)
    moments = timeline(incident, cast.north)
    assert told_as_it_happened(moments).splitlines() == [
        "02:53 Raised voice",
        "02:57 Hands on, Dana R., Dayroom",
        "03:02 Calm again",
    ]


@pytest.mark.parametrize("written_after", [0 * MINUTE, 90 * MINUTE])
def test_a_phone_whose_clock_is_wrong_moves_no_incident(cast, made, written_after):
    fast, at = timedelta(hours=5), NIGHT - 2 * MINUTE
    wrong = {"written_at": at + fast + written_after, "clock_offset_ms": fast // MILLISECOND}
    drafts = [mark(cast, made, "raised-voice", at + fast, **wrong), mark(cast, made, "calm")]
    cast.store(*drafts, received_at=NIGHT + 100 * MINUTE)

    incident = Incident.objects.visible_to(cast.nora).get()
    assert (incident.began_at, incident.last_at) == (at, NIGHT)
    assert [each.clock for each in timeline(incident, cast.north)] == ["02:51", "02:53"]


def test_another_phone_goes_on_with_the_same_incident_and_a_report_ends_that(cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    assert [each.incident for each in going_on([cast.rosa], cast.north, NIGHT + MINUTE)] == [made]
    assert going_on([cast.rosa], cast.north, NIGHT + 121 * MINUTE) == []
    cast.store(report(cast, made))
    assert going_on([cast.rosa], cast.north, NIGHT + 31 * MINUTE) == []


def test_of_several_that_go_on_the_one_that_was_marked_last_comes_first(cast, made):
    older, newer = made, uuid7()
    cast.store(mark(cast, older, "raised-voice"))
    cast.store(mark(cast, newer, "raised-voice", NIGHT + MINUTE))
    found = going_on([cast.rosa], cast.north, NIGHT + 2 * MINUTE)
    assert [each.incident for each in found] == [newer, older]


def test_a_report_and_who_was_told_stand_with_the_incident(cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    answers = cast.store(report(cast, made, kinds=("verbal", "to-staff")), told(cast, made))
    assert outcomes(answers) == ["stored", "stored"]
    (row,) = stands()
    assert (row["kinds"], row["told"]) == ("to-staff verbal", "nurse")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kinds": ()}, "nothing-said"),
        ({"narrative": "  "}, "nothing-said"),
        ({"kinds": ("riot",)}, "unknown-code"),
        ({"outcomes": ("exile",)}, "unknown-code"),
        ({"injury_person": "doom"}, "unknown-code"),
    ],
)
def test_a_report_that_says_nothing_or_in_unknown_words_is_refused(cast, made, changes, code):
    cast.store(mark(cast, made, "raised-voice"))
    assert refused(cast.store(report(cast, made, **changes))) == [("refused", code)]


def test_what_is_no_incident_of_this_person_has_no_report(cast, made):
    assert refused(cast.store(report(cast, made))) == [("refused", "unknown-incident")]
    assert refused(cast.store(told(cast, made))) == [("refused", "unknown-incident")]
    assert refused(cast.store(mark(cast, made, "dance"))) == [("refused", "unknown-code")]
    assert refused(cast.store(mark(cast, made, "calm", who=uuid7()))) == [
        ("refused", "unknown-person")
    ]


def test_two_people_in_one_incident_have_marks_of_their_own(cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    fact = Mark(incident=made, what="hit")
    cast.store(cast.check(cast.john, NIGHT + MINUTE, kind=MARK, fact=fact))
    assert {row["stay_id"] for row in stands()} == {cast.rosa.pk, cast.john.pk}
    assert {row["incident"] for row in stands()} == {made}


def test_what_is_struck_out_is_gone_from_it_and_the_last_mark_takes_it_away(cast, made):
    first, second = mark(cast, made, "raised-voice"), mark(cast, made, "hit", NIGHT + MINUTE)
    cast.store(first, second)
    strike = {"kind": MARK, "fact": None, "reason": "It was John."}
    cast.store(cast.check(cast.rosa, NIGHT, amends=first.entry_id, **strike))
    assert [row["began_at"] for row in stands()] == [NIGHT + MINUTE]
    cast.store(cast.check(cast.rosa, NIGHT + MINUTE, amends=second.entry_id, **strike))
    assert stands() == []


def test_rebuilding_gives_the_same_rows(cast, made):
    cast.store(mark(cast, made, "raised-voice"), mark(cast, made, "calm", NIGHT + MINUTE))
    cast.store(report(cast, made), told(cast, made))
    before = stands()
    clear()
    project([cast.rosa.pk, cast.john.pk])
    assert stands() == before != []


def test_another_unit_sees_none_of_it(cast, made):
    cast.store(mark(cast, made, "raised-voice"))
    assert not Incident.objects.visible_to(cast.sana).exists()
