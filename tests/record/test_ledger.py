"""Batches go in whole; each entry is answered for itself; nothing is stored twice."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from milieu.rounds.models import Clock, SafetyCheck
from milieu.rounds.shape import SafetyCheck as Said
from tests.cast import LYING, NIGHT, Cast, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    return Cast()


def test_a_check_is_stored_with_all_that_is_known_of_its_time(cast):
    draft = cast.check(cast.rosa, NIGHT, clock_offset_ms=-350, clock_age_s=5400)
    (answer,) = cast.store(draft)

    entry = Entry.objects.as_system("test").get(pk=answer.seq)
    assert (entry.happened_at, entry.written_at) == (NIGHT, NIGHT)
    assert (entry.clock_offset_ms, entry.clock_age_s) == (-350, 5400)
    assert entry.stored_at == NIGHT + timedelta(seconds=1)
    assert entry.safetycheck.place == "own-room"


def test_sending_the_same_entry_again_stores_it_once(cast):
    draft = cast.check(cast.rosa)

    assert outcomes(cast.store(draft)) == ["stored"]
    assert outcomes(cast.store(draft, draft)) == ["repeated", "repeated"]
    assert SafetyCheck.objects.as_system("a test").count() == 1


def test_the_same_entry_twice_in_one_batch_is_stored_once(cast):
    draft = cast.check(cast.rosa)

    assert outcomes(cast.store(draft, draft)) == ["stored", "repeated"]


def test_an_id_is_never_given_to_other_content(cast):
    draft = cast.check(cast.rosa)
    cast.store(draft)

    assert outcomes(cast.store(replace(draft, stay_id=cast.john.pk))) == ["entry-id-reused"]


def test_one_refusal_stops_no_other(cast):
    drafts = [
        cast.check(cast.rosa),
        cast.check(cast.rosa, stay_id=uuid7()),
        cast.check(cast.john),
    ]

    assert outcomes(cast.store(*drafts)) == ["stored", "unknown-stay", "stored"]


def test_a_batch_costs_as_many_statements_as_a_single_entry(cast):
    def statements(count):
        drafts = [cast.check(cast.rosa, NIGHT + timedelta(seconds=n)) for n in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            cast.store(*drafts)
        return len(queries)

    assert statements(1) == statements(100)


def test_an_amendment_replaces_the_entry_and_both_stay(cast):
    wrong = cast.check(cast.rosa)
    right = cast.check(
        cast.rosa,
        amends=wrong.entry_id,
        reason="It was the dayroom",
        fact=Said(outcome="seen", place="dayroom", position="sitting"),
    )
    cast.store(wrong, right)

    entries = Entry.objects.as_system("test").filter(kind="round.check")
    assert entries.count() == 2
    assert [entry.safetycheck.place for entry in entries.current()] == ["dayroom"]


def test_an_amendment_that_keeps_the_time_keeps_its_standing(cast):
    cast.order(cast.rosa)
    wrong = cast.check(cast.rosa)
    cast.store(wrong)
    later = NIGHT + timedelta(hours=1)
    cast.store(
        cast.check(
            cast.rosa,
            NIGHT,
            written_at=later,
            amends=wrong.entry_id,
            reason="Eyes were open",
            fact=Said(outcome="seen", place="own-room", eyes="open"),
        )
    )

    assert Clock.objects.as_system("test").get(stay=cast.rosa).last_at == NIGHT


def test_a_struck_entry_counts_no_more(cast):
    cast.order(cast.rosa)
    wrong = cast.check(cast.rosa)
    cast.store(wrong)
    cast.store(cast.check(cast.rosa, amends=wrong.entry_id, reason="Wrong person", fact=None))

    assert Clock.objects.as_system("test").get(stay=cast.rosa).last is None


def test_an_entry_is_put_right_once(cast):
    wrong = cast.check(cast.rosa)
    first = cast.check(cast.rosa, amends=wrong.entry_id, reason="One")
    second = cast.check(cast.rosa, amends=wrong.entry_id, reason="Two")

    assert outcomes(cast.store(wrong, first, second)) == ["stored", "stored", "already-amended"]


def test_another_person_cannot_amend_but_a_lead_can(cast):
    wrong = cast.check(cast.rosa)
    cast.store(wrong)
    by_nora = cast.check(cast.rosa, author_id=cast.nora.pk, amends=wrong.entry_id, reason="Mine")
    by_lena = cast.check(cast.rosa, author_id=cast.lena.pk, amends=wrong.entry_id, reason="Lead")

    assert outcomes(cast.store(by_nora, by_lena)) == ["not-allowed", "stored"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": ""}, "reason-missing"),
        ({"amends": uuid7()}, "amends-unknown"),
    ],
)
def test_an_amendment_says_what_and_why(cast, change, code):
    wrong = cast.check(cast.rosa)
    cast.store(wrong)
    given = {"amends": wrong.entry_id, "reason": "So", "fact": LYING} | change

    assert outcomes(cast.store(cast.check(cast.rosa, **given))) == [code]


def test_an_entry_is_never_moved_to_another_person(cast):
    wrong = cast.check(cast.rosa)
    cast.store(wrong)

    moved = cast.check(cast.john, amends=wrong.entry_id, reason="It was John")
    assert outcomes(cast.store(moved)) == ["amends-another-stay"]


@pytest.mark.parametrize("text", ["nul \x00", "half \ud800"])
def test_text_that_a_database_would_not_keep_is_refused(cast, text):
    said = Said(outcome="seen", place="hall", note=text)

    assert outcomes(cast.store(cast.check(cast.rosa, fact=said))) == ["text-unusable"]


@pytest.mark.parametrize(
    "change",
    [lambda rows: rows.update(reason="never mind"), lambda rows: rows._raw_delete("default")],
    ids=["update", "delete"],
)
def test_changing_the_record_fails_and_leaves_it_as_it_was(cast, change):
    (answer,) = cast.store(cast.check(cast.rosa))
    rows = Entry.objects.as_system("test").filter(pk=answer.seq)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(rows)

    assert rows.get().reason == ""
