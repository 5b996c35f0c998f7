"""Who may write a plan and what was tried, what is refused, what stands, and what helped."""

from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, transaction

from milieu.admissions.services import discharge, transfer
from milieu.calm.known import OTHERS_MAX, known_of, versions_of
from milieu.calm.models import OwnPlan as Row
from milieu.calm.models import Tried as TriedRow
from milieu.calm.said import of_plan, of_tried, told
from milieu.calm.shape import OwnPlan, Tried
from milieu.census.models import Stay
from milieu.kernel.ids import uuid7
from milieu.people.rules import Role
from milieu.record.models import Entry
from tests.calm.made import HOUR, QUIET, ROSAS, WALK, planned, tried
from tests.cast import NIGHT, outcomes

change = msgspec.structs.replace


def known(stay):
    fresh = Stay.objects.as_system("test").select_related("standing__unit").get(pk=stay.pk)
    return known_of([fresh])[fresh.pk]


def order(stay):
    return [(each.thing.words, told(each.tally)) for each in known(stay).worked]


def test_a_plan_is_kept_in_their_words_and_order(cast):
    lines = ("  A walk\tin the yard ", "Cold water", "Cold water")
    assert outcomes(cast.store(planned(cast, change(ROSAS, helps=lines)))) == ["stored"]
    row = Row.objects.as_system("a test").get()
    assert row.lines("helps") == ["A walk in the yard", "Cold water"]
    assert (row.lines("touch"), row.agreement) == (["Ask before you touch me"], "agreed")
    assert of_plan(row).startswith(
        "Own plan. They agreed with all of it. What helps: A walk in the yard; Cold water. Touch"
    )


def test_technicians_leads_nurses_therapists_and_prescribers_write_and_nobody_else(cast):
    writers = {Role.TECHNICIAN, Role.LEAD, Role.NURSE, Role.PRESCRIBER, Role.THERAPIST}
    people = {
        Role.TECHNICIAN: cast.dana,
        Role.LEAD: cast.lena,
        Role.NURSE: cast.nora,
        Role.PRESCRIBER: cast.petra,
        Role.THERAPIST: cast.thea,
        Role.MANAGER: cast.mona,
        Role.PRIVACY: cast.priya,
    }
    for role, person in people.items():
        expected = "stored" if role in writers else "not-allowed"
        given = {"author_id": person.pk}
        stored = cast.store(planned(cast, **given), tried(cast, **given))
        assert outcomes(stored) == [expected, expected], role
    assert outcomes(cast.store(planned(cast, author_id=cast.theo.pk))) == ["unknown-stay"]


@pytest.mark.parametrize(
    ("fact", "code", "field"),
    [
        (OwnPlan(agreement="agreed"), "nothing-said", ""),
        (change(ROSAS, agreement="part"), "differs-missing", "differs"),
        (change(ROSAS, helps=("A walk", " \t ")), "words-missing", "helps"),
        (change(ROSAS, touch=("\x00",)), "text-unusable", "touch"),
    ],
)
def test_what_is_missing_or_cannot_be_kept_is_said_at_its_field(cast, fact, code, field):
    (answer,) = cast.store(planned(cast, fact))
    assert (answer.outcome, answer.code, answer.field) == ("refused", code, field)


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (change(QUIET, code="pool"), "unknown-code"),
        (change(QUIET, code=""), "unknown-code"),
        (change(WALK, code="quiet-room"), "unknown-code"),
        (change(QUIET, of="way"), "unknown-code"),
        (change(WALK, words=" \n "), "words-missing"),
    ],
)
def test_only_a_line_a_choice_or_a_way_can_have_been_tried(cast, fact, code):
    assert outcomes(cast.store(tried(cast, fact))) == [code]


@pytest.mark.parametrize(
    "fields",
    [{"of": "plan", "code": "x"}, {"of": "way", "code": ""}, {"of": "prayer", "code": "x"}],
)
def test_the_database_itself_refuses_what_does_not_go_together(cast, fields):
    cast.store(cast.check(cast.rosa, NIGHT))
    entry = Entry.objects.as_system("test").get(kind="round.check")
    with pytest.raises(IntegrityError), transaction.atomic():
        TriedRow.objects.as_system("a test").create(
            entry=entry, words="Walk", did="calmer", **fields
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.as_system("a test").create(entry=entry, agreement="part")


def test_the_newest_plan_stands_and_every_version_stays_with_who_and_when(cast):
    first, second = planned(cast), planned(cast, author_id=cast.thea.pk, at=NIGHT + HOUR)
    cast.store(first, second)
    assert known(cast.rosa).plan.entry_id == second.entry_id
    found = [(each.author, each.happened_at) for each in versions_of(cast.rosa)]
    assert found == [(cast.thea, NIGHT + HOUR), (cast.dana, NIGHT)]


def test_one_that_arrives_late_does_not_replace_a_newer_one(cast):
    newer, late = planned(cast, at=NIGHT + HOUR), planned(cast)
    cast.store(newer)
    cast.store(late, received_at=NIGHT + 2 * HOUR)
    assert known(cast.rosa).plan.entry_id == newer.entry_id


def test_a_version_that_was_put_right_stays_and_says_so(cast):
    first = planned(cast)
    right = planned(
        cast, change(ROSAS, trusts=("My sister Anna",)), amends=first.entry_id, reason="Her name"
    )
    cast.store(first, right)
    assert known(cast.rosa).plan.entry_id == right.entry_id
    newest, oldest = versions_of(cast.rosa)
    assert (newest.entry_id, oldest.amended_by.reason) == (right.entry_id, "Her name")


def test_where_the_newest_is_struck_out_the_one_before_stands_again(cast):
    first, second = planned(cast), planned(cast, at=NIGHT + HOUR)
    strike = planned(cast, None, at=NIGHT + HOUR, amends=second.entry_id, reason="John's plan")
    cast.store(first, second, strike)
    assert known(cast.rosa).plan.entry_id == first.entry_id
    assert [each.entry_id for each in versions_of(cast.rosa)] == [second.entry_id, first.entry_id]


def test_what_helped_this_person_comes_first_and_says_how_often(cast):
    water = change(WALK, words="Cold water")
    did = [WALK, change(WALK, did="same"), water, change(water, did="calmer"), QUIET]
    more = [change(QUIET, did="worse"), change(QUIET, did="not-wanted")]
    cast.store(planned(cast))
    cast.store(*(tried(cast, fact, at=NIGHT + n * HOUR) for n, fact in enumerate([*did, *more])))
    assert order(cast.rosa) == [
        ("Cold water", "helped 2 of 2 times"),
        ("A walk in the yard", "helped 1 of 2 times"),
        ("My dog Biscuit", "not tried yet"),
        (
            "Here, or in the quiet room?",
            "helped 1 of 2 times, made it worse 1 time, not wanted 1 time",
        ),
    ]
    assert order(cast.john) == []


def test_what_was_put_right_or_struck_out_no_longer_counts(cast):
    first, second = tried(cast), tried(cast, at=NIGHT + HOUR)
    right = tried(cast, change(WALK, did="worse"), amends=first.entry_id, reason="It was not so")
    strike = tried(cast, None, at=NIGHT + HOUR, amends=second.entry_id, reason="It was John")
    cast.store(planned(cast), first, second, right, strike)
    assert (
        dict(order(cast.rosa))["A walk in the yard"] == "helped 0 of 1 time, made it worse 1 time"
    )


def test_a_line_that_was_taken_out_of_the_plan_is_no_longer_theirs_and_what_it_did_stays(cast):
    cast.store(planned(cast), tried(cast))
    cast.store(planned(cast, change(ROSAS, helps=("Cold water",)), at=NIGHT + HOUR))
    (walk,) = [each for each in known(cast.rosa).worked if each.thing.words == WALK.words]
    assert (walk.own, told(walk.tally)) == (False, "helped 1 of 1 time")


def test_however_much_was_tried_no_line_of_the_plan_is_left_out(cast):
    cast.store(planned(cast, change(ROSAS, helps=("Cold water",), talk=())))
    cast.store(tried(cast, change(WALK, words="Cold water", did="worse")))
    others = [change(WALK, words=f"Thing {n}") for n in range(OTHERS_MAX + 5)]
    cast.store(*(tried(cast, fact) for fact in others))
    worked = known(cast.rosa).worked
    assert worked[0].thing.words == "Cold water"
    assert len(worked) == OTHERS_MAX + 1


def test_who_comes_back_to_the_unit_finds_their_plan_and_what_helped(cast):
    cast.store(planned(cast), tried(cast))
    discharge(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + HOUR, by=cast.nora)
    again = cast.arrive("Rosa", "Martinez", at=NIGHT + timedelta(days=30))
    assert again != cast.rosa
    assert known(again).plan.stay == cast.rosa
    assert dict(order(again))["A walk in the yard"] == "helped 1 of 1 time"


def test_what_another_unit_wrote_in_an_earlier_stay_stays_with_that_unit(cast):
    cast.store(planned(cast), tried(cast))
    discharge(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + HOUR, by=cast.nora)
    there = cast.arrive("Rosa", "Martinez", at=NIGHT + timedelta(days=30), unit=cast.south)
    assert known(there).plan is None
    assert order(there) == []


def test_a_plan_goes_along_when_somebody_is_moved_to_another_unit(cast):
    cast.store(planned(cast), tried(cast))
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=NIGHT + HOUR, by=cast.nora)
    assert known(cast.rosa).plan is not None
    assert order(cast.rosa)[0] == ("A walk in the yard", "helped 1 of 1 time")


def test_any_number_of_people_is_read_in_the_same_few_statements(cast, django_assert_num_queries):
    others = [cast.arrive("Ana", f"Sol{n}", at=NIGHT) for n in range(2)]
    drafts = [
        each
        for stay in (cast.rosa, *others)
        for each in (
            planned(cast, stay=stay, at=NIGHT + HOUR),
            tried(cast, stay=stay, at=NIGHT + HOUR),
        )
    ]
    assert set(outcomes(cast.store(*drafts))) == {"stored"}
    stays = list(Stay.objects.as_system("test").select_related("standing__unit", "patient"))
    for some in (stays[:1], stays):
        with django_assert_num_queries(3):
            known_of(some)


def test_what_was_tried_is_told_in_one_sentence(cast):
    cast.store(tried(cast, Tried(of="plan", words="Cold water.", did="not-wanted")))
    assert (
        of_tried(TriedRow.objects.as_system("a test").get()) == "Tried: Cold water. Did not want it"
    )
