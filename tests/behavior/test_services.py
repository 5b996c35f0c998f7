"""What may be said of a shift and of an episode, who may say it, and what follows from it."""

from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, transaction

from milieu.alerts.models import Alert
from milieu.behavior.models import Episode as EpisodeRow
from milieu.behavior.models import ShiftSeen as ShiftRow
from milieu.behavior.rules import COMPANY, PARTICIPATION, SELF_CARE
from milieu.behavior.series import STREAMS, series
from milieu.behavior.services import EPISODE, SHIFT, words
from milieu.behavior.shape import Episode, ShiftSeen
from milieu.census.packs import names, pack
from milieu.record.models import Entry
from tests.cast import NIGHT, outcomes

HOUR = timedelta(hours=1)
QUIET = ShiftSeen(
    shift="evening",
    outcome="seen",
    activity=2,
    speech="few",
    company="alone",
    mood="leave me be",
    affect="flat",
    self_care="prompted",
    participation="stayed-away",
    requests=0,
    declined=("meal", "group"),
    agitation=("none",),
    note="Sat by the window.",
)
GRABBED = Episode(
    antecedent="Told that the phone call was over",
    behavior="Shouted, grabbed the receiver",
    consequence="Dana spoke with him; he let go",
    place="hall",
    count=2,
    duration_min=6,
    intensity=2,
)


def said(cast, fact=QUIET, *, at=NIGHT, kind=SHIFT, **more):
    return cast.check(cast.rosa, at, kind=kind, fact=fact, **more)


def change(fact=QUIET, **changes):
    return msgspec.structs.replace(fact, **changes)


def told():
    alerts = Alert.objects.as_system("test").order_by("raised_at")
    return list(alerts.values_list("kind", "words"))


def test_a_shift_is_kept_as_it_was_said(cast):
    assert outcomes(cast.store(said(cast))) == ["stored"]
    row = ShiftRow.objects.as_system("a test").get()
    assert (row.activity, row.company, row.mood) == (2, "alone", "leave me be")
    assert (row.declined, row.agitation, row.requests) == ("group meal", "none", 0)


def test_what_was_not_noted_stays_empty_and_is_not_zero(cast):
    cast.store(said(cast, ShiftSeen(shift="day", outcome="seen", mood="fine")))
    row = ShiftRow.objects.as_system("a test").get()
    assert (row.activity, row.requests) == (None, None)
    assert (row.company, row.agitation) == ("", "")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shift": "twilight"}, "unknown-code"),
        ({"speech": "nonsense"}, "unknown-code"),
        ({"declined": ("meal", "nonsense")}, "unknown-code"),
        ({"why": "asleep"}, "why-not-needed"),
        ({"agitation": ("none", "pacing")}, "none-and-more"),
        ({"mood": "a\x00b"}, "text-unusable"),
    ],
)
def test_what_does_not_go_together_is_refused_and_nothing_is_kept(cast, changes, code):
    assert outcomes(cast.store(said(cast, change(**changes)))) == [code]
    assert not ShiftRow.objects.as_system("a test").exists()


def test_a_shift_of_which_nothing_is_said_is_no_entry(cast):
    empty = ShiftSeen(shift="day", outcome="seen")
    assert outcomes(cast.store(said(cast, empty))) == ["nothing-said"]


def test_who_was_not_seen_in_a_shift_has_a_reason_and_nothing_else(cast):
    slept = ShiftSeen(shift="night", outcome="not-seen", why="asleep")
    without = change(slept, why="")
    more = change(slept, activity=1)
    drafts = [said(cast, fact) for fact in (slept, without, more)]
    assert outcomes(cast.store(*drafts)) == ["stored", "why-missing", "not-seen-says-more"]


@pytest.mark.parametrize(
    "wire",
    [
        b'{"shift":"day","outcome":"seen","activity":0}',
        b'{"shift":"day","outcome":"seen","activity":8}',
        b'{"shift":"day","outcome":"seen","requests":100}',
        b'{"shift":"day","outcome":"seen","company":"aloof"}',
        b'{"shift":"day","outcome":"manic"}',
        b'{"shift":"","outcome":"seen"}',
        b'{"shift":"day","outcome":"seen","diagnosis":"x"}',
    ],
)
def test_the_shape_holds_its_bounds(wire):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(wire, type=ShiftSeen)


def test_the_database_holds_them_too(cast):
    (answer,) = cast.store(said(cast, kind=EPISODE, fact=GRABBED))
    for column, value in (("activity", 9), ("company", "aloof"), ("outcome", "manic")):
        row = {"entry_id": answer.seq, "shift": "day", "outcome": "seen"} | {column: value}
        with pytest.raises(IntegrityError), transaction.atomic():
            ShiftRow.objects.as_system("a test").create(**row)


def test_an_episode_is_before_seen_and_after(cast):
    assert outcomes(cast.store(said(cast, GRABBED, kind=EPISODE))) == ["stored"]
    row = EpisodeRow.objects.as_system("a test").get()
    assert (row.count, row.duration_min, row.intensity) == (2, 6, 2)
    blank = change(GRABBED, consequence="  ")
    assert outcomes(cast.store(said(cast, blank, kind=EPISODE))) == ["words-missing"]


def test_only_who_sees_to_people_here_may_say_it(cast):
    others = [said(cast, author_id=each.pk) for each in (cast.thea, cast.mona, cast.theo)]
    assert outcomes(cast.store(*others)) == ["not-allowed", "not-allowed", "unknown-stay"]


def test_what_the_nurse_should_know_waits_for_a_nurse_from_the_same_moment_on(cast):
    cast.store(said(cast, change(nurse_should_know="cut on her arm")))
    cast.store(said(cast, change(GRABBED, nurse_should_know="hit the wall"), kind=EPISODE))
    assert sorted(told()) == [("concern", "cut on her arm"), ("concern", "hit the wall")]


def test_a_refused_entry_tells_nobody(cast):
    worse = change(nurse_should_know="cut on her arm", speech="nonsense")
    assert outcomes(cast.store(said(cast, worse))) == ["unknown-code"]
    assert told() == []


def test_an_amendment_that_says_the_same_to_the_nurse_tells_her_once(cast):
    first = said(cast, change(nurse_should_know="cut on her arm"))
    cast.store(first)
    again = said(
        cast,
        change(nurse_should_know="cut on her arm", activity=3),
        amends=first.entry_id,
        reason="She was up later on",
    )
    assert outcomes(cast.store(again)) == ["stored"]
    assert told() == [("concern", "cut on her arm")]
    newest = Entry.objects.as_system("test").current().get(kind=SHIFT)
    assert newest.shiftseen.activity == 3


def test_an_amendment_is_of_its_author_or_a_lead_and_both_stay(cast):
    first = said(cast)
    cast.store(first)
    why = {"amends": first.entry_id, "reason": "Wrong person"}
    by_sam = said(cast, None, author_id=cast.nora.pk, **why)
    by_lead = said(cast, None, author_id=cast.lena.pk, **why)
    assert outcomes(cast.store(by_sam)) == ["not-allowed"]
    assert outcomes(cast.store(by_lead)) == ["stored"]
    entries = Entry.objects.as_system("test").filter(kind=SHIFT)
    assert entries.count() == 2
    assert not entries.current().exists()


def test_a_late_entry_is_kept_and_labelled(cast):
    late = said(cast, at=NIGHT, written_at=NIGHT + HOUR)
    (answer,) = cast.store(late)
    assert answer.outcome == "stored"
    assert "late-entry" in answer.labels


def test_streams_are_numbers_by_time_with_holes_where_nothing_was_noted(cast):
    away = ShiftSeen(shift="night", outcome="not-seen", why="away")
    part = ShiftSeen(shift="day", outcome="seen", company="with", participation="declined")
    drafts = [
        said(cast, fact, at=NIGHT + n * 8 * HOUR) for n, fact in enumerate((QUIET, away, part))
    ]
    cast.store(*drafts)
    found = series([cast.rosa.pk, cast.john.pk], NIGHT - HOUR)
    values = {
        stream: [value for _at, value, _id in found[stream].get(cast.rosa.pk, [])]
        for stream in STREAMS
    }
    assert values == {
        "activity": [2.0, None],
        "company": [1.0, None, 3.0],
        "self_care": [3.0, None],
        "participation": [0.0, None, None],
        "requests": [0.0, None],
        "agitation": [0.0, None],
    }
    assert [entry_id for _at, _value, entry_id in found["company"][cast.rosa.pk]] == [
        draft.entry_id for draft in drafts
    ]


def test_a_shift_that_they_slept_through_is_in_no_stream(cast):
    cast.store(said(cast, ShiftSeen(shift="night", outcome="not-seen", why="asleep")))
    assert not any(series([cast.rosa.pk], NIGHT - HOUR).values())


def test_what_was_struck_out_is_in_no_stream(cast):
    first = said(cast)
    cast.store(first)
    cast.store(said(cast, None, amends=first.entry_id, reason="Wrong person"))
    assert all(not found for found in series([cast.rosa.pk], NIGHT - HOUR).values())


@pytest.mark.parametrize("name", names())
def test_a_pack_words_every_code_that_the_shape_knows(name):
    behavior = pack(name).behavior
    assert [word.code for word in behavior.activity] == list("1234567")
    assert [word.code for word in behavior.intensity] == list("123")
    assert set(words(name, "company")) == set(COMPANY)
    assert set(words(name, "self_care")) == set(SELF_CARE)
    assert set(words(name, "participation")) == {*PARTICIPATION, "none-held"}
    assert "none" in words(name, "agitation")
    assert behavior.source
    assert behavior.as_of
