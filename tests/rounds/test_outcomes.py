"""What becomes of a check when the unit moves on while it is on its way."""

from datetime import timedelta

import pytest

from milieu.admissions.rules import What
from milieu.admissions.services import (
    back,
    cancel,
    discharge,
    escort,
    last_movement,
    leave,
    transfer,
)
from milieu.alerts.models import Alert
from milieu.kernel.ids import uuid7
from milieu.people.models import Grant
from milieu.record.evidence import Label
from milieu.record.models import Entry
from milieu.rounds.models import Clock
from milieu.rounds.services import order_level
from milieu.rounds.shape import SafetyCheck as Said
from tests.cast import ARRIVED, NIGHT, Cast, employ, outcomes, unit_named

pytestmark = pytest.mark.django_db

MINUTE, HOUR, Q15 = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=15)
TEN_LATER = NIGHT + 10 * MINUTE


@pytest.fixture
def cast(db):
    cast = Cast()
    cast.order(cast.rosa)
    return cast


def clock(cast, stay=None):
    return Clock.objects.as_system("test").get(stay=stay or cast.rosa)


def test_two_technicians_who_look_in_at_once_both_say_so_and_the_later_look_counts(cast):
    other = employ("omar", "Omar Haddad", "technician", cast.north)
    first = cast.check(cast.rosa, NIGHT)
    second = cast.check(cast.rosa, NIGHT + timedelta(seconds=20), author_id=other.pk)

    assert outcomes(cast.store(second, first)) == ["stored", "stored"]
    assert clock(cast).last_at == NIGHT + timedelta(seconds=20)


def test_a_check_made_before_a_transfer_counts_though_it_arrives_after(cast):
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=TEN_LATER, by=cast.nora)
    before = cast.check(cast.rosa, NIGHT)

    assert outcomes(cast.store(before, received_at=NIGHT + HOUR)) == ["stored"]
    assert clock(cast).due_at == NIGHT + Q15


def test_a_phone_that_does_not_know_of_a_transfer_yet_is_believed_for_a_quarter_of_an_hour(cast):
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=NIGHT, by=cast.nora)
    soon, later = (cast.check(cast.rosa, NIGHT + after) for after in (14 * MINUTE, 16 * MINUTE))

    assert outcomes(cast.store(soon, later)) == ["stored", "unknown-stay"]


def test_a_phone_of_a_former_unit_that_leaves_its_clock_out_is_believed_no_longer(cast):
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=NIGHT, by=cast.nora)
    nothing = {"clock_offset_ms": None, "clock_age_s": None}
    before, after = (cast.check(cast.rosa, NIGHT + at, **nothing) for at in (-HOUR, HOUR))

    assert outcomes(cast.store(before, after)) == ["stored", "unknown-stay"]


def test_each_unit_is_believed_until_somebody_left_it_however_often_they_moved_on(cast):
    east = unit_named(cast.facility, "East")
    ines = employ("ines", "Ines Roth", "nurse", cast.south)
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=TEN_LATER, by=cast.nora)
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=east, at=NIGHT + HOUR, by=ines)
    on_north, too_late = cast.check(cast.rosa, NIGHT), cast.check(cast.rosa, NIGHT + HOUR)
    on_south = cast.check(cast.rosa, NIGHT + HOUR - MINUTE, author_id=cast.theo.pk)

    answers = cast.store(on_north, too_late, on_south, received_at=NIGHT + 3 * HOUR)
    assert outcomes(answers) == ["stored", "unknown-stay", "stored"]
    assert clock(cast).last_at == NIGHT + HOUR - MINUTE


def test_the_due_time_goes_along_to_the_other_unit(cast):
    cast.store(cast.check(cast.rosa, NIGHT))
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=NIGHT + MINUTE, by=cast.nora)

    assert clock(cast).due_at == NIGHT + Q15


def test_a_check_before_the_discharge_is_stored_and_one_after_it_refused(cast):
    discharge(entry_id=uuid7(), stay=cast.rosa, at=TEN_LATER, by=cast.nora)
    before, after = cast.check(cast.rosa, NIGHT), cast.check(cast.rosa, NIGHT + HOUR)

    assert outcomes(cast.store(before, after)) == ["stored", "after-discharge"]
    assert clock(cast).due_at is None


def test_a_check_before_the_admission_is_refused_in_words_and_with_its_field(cast):
    (answer,) = cast.store(cast.check(cast.rosa, ARRIVED - HOUR))

    assert (answer.code, answer.field) == ("before-admission", "happened_at")
    assert answer.message == (
        "This time is before Rosa arrived (14:10). If it is right, ask a nurse to put the arrival"
        " right, then send again. If not, choose a later time."
    )


def test_a_stay_of_another_unit_is_as_unknown_as_one_that_is_not_there(cast):
    hers = cast.arrive("Ines", "Prado", unit=cast.south)
    drafts = [cast.check(hers), cast.check(cast.rosa, stay_id=uuid7())]

    answers = cast.store(*drafts)
    assert outcomes(answers) == ["unknown-stay", "unknown-stay"]
    assert answers[0].message == answers[1].message


def test_nobody_is_checked_in_a_stay_whose_admission_was_struck_out(cast):
    admission = last_movement(cast.rosa, What.ADMIT)
    cancel(entry_id=uuid7(), movement=admission, at=NIGHT, by=cast.nora, reason="Wrong person")

    assert outcomes(cast.store(cast.check(cast.rosa))) == ["unknown-stay"]


@pytest.mark.parametrize("outcome", ["refused", "not-seen"])
def test_only_a_check_that_saw_the_person_stops_the_clock(cast, outcome):
    cast.store(cast.check(cast.rosa, NIGHT))
    fact = Said(outcome=outcome, place="own-room", why="door-held")

    assert outcomes(cast.store(cast.check(cast.rosa, TEN_LATER, fact=fact))) == ["stored"]
    assert clock(cast).due_at == NIGHT + Q15
    assert clock(cast).last.outcome == "seen"


@pytest.mark.parametrize(
    ("level", "due"),
    [
        ("q30", NIGHT + 30 * MINUTE),  # looser, ordered while the phone was offline
        ("one-to-one", NIGHT + Q15),
    ],
)
def test_a_level_that_changes_while_a_phone_is_offline_is_what_its_checks_meet(cast, level, due):
    order_level(
        entry_id=uuid7(),
        stay=cast.rosa,
        level=level,
        why="Reviewed",
        at=NIGHT - MINUTE,
        written_at=NIGHT - MINUTE,
        by=cast.petra,
        observer=cast.dana,
    )
    cast.store(cast.check(cast.rosa, NIGHT), received_at=NIGHT + 3 * HOUR)

    assert clock(cast).due_at == due


def test_a_stricter_level_that_was_ordered_after_the_last_check_asks_for_one_sooner(cast):
    order = {"stay": cast.rosa, "why": "Reviewed", "by": cast.nora}
    for level, at in (("hourly", NIGHT - HOUR), ("q15", TEN_LATER)):
        order_level(entry_id=uuid7(), level=level, at=at, written_at=at, **order)
    cast.store(cast.check(cast.rosa, NIGHT))

    assert clock(cast).due_at == TEN_LATER + Q15


@pytest.mark.parametrize(
    ("over_at", "next_gap"),
    [(None, HOUR), (NIGHT - MINUTE, Q15)],  # in force since it was written; over by then
)
def test_a_looser_level_that_is_written_long_after_it_began_takes_no_gap_away(
    cast, over_at, next_gap
):
    order = {"stay": cast.rosa, "why": "Reviewed", "by": cast.nora}
    cast.store(cast.check(cast.rosa, NIGHT - HOUR))
    order_level(
        entry_id=uuid7(), level="hourly", at=NIGHT - 2 * HOUR, written_at=TEN_LATER, **order
    )
    if over_at:
        order_level(entry_id=uuid7(), level="q15", at=over_at, written_at=over_at, **order)
    assert clock(cast).due_at == NIGHT - HOUR + Q15, "What was missed stays missed."

    cast.store(cast.check(cast.rosa, TEN_LATER))
    assert clock(cast).due_at == TEN_LATER + next_gap


@pytest.mark.parametrize("anchor_at", [None, NIGHT - HOUR])
def test_a_clock_that_is_hours_ahead_does_not_take_a_check_from_the_unit_that_made_it(
    cast, anchor_at
):
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=NIGHT + MINUTE, by=cast.nora)
    ahead = NIGHT + 6 * HOUR
    draft = cast.check(cast.rosa, ahead, clock_offset_ms=None, anchor_at=anchor_at)

    assert outcomes(cast.store(draft, received_at=NIGHT + HOUR)) == ["stored"]


def end_role(cast, at):
    Grant.objects.filter(person=cast.dana).update(ends_at=at)


def test_what_was_written_in_a_shift_is_stored_after_the_shift_has_ended(cast):
    end_role(cast, NIGHT + HOUR)
    draft = cast.check(cast.rosa, NIGHT)

    assert outcomes(cast.store(draft, received_at=NIGHT + 12 * HOUR)) == ["stored"]
    assert clock(cast).last_at == NIGHT


def test_a_role_that_ended_days_ago_stands_behind_nothing_any_more(cast):
    end_role(cast, NIGHT + HOUR)
    draft = cast.check(cast.rosa, NIGHT)

    assert outcomes(cast.store(draft, received_at=NIGHT + 80 * HOUR)) == ["unknown-stay"]


ENDED = NIGHT + HOUR


@pytest.mark.parametrize(
    "clock_says",
    [
        {},  # compared, and it tells the time of writing
        {"clock_offset_ms": None, "anchor_at": ENDED + MINUTE},  # never compared: the anchor tells
        {"clock_offset_ms": int(-4 * HOUR / MINUTE * 60_000)},  # four hours slow, and known to be
    ],
)
def test_a_role_that_ended_stands_behind_nothing_that_was_written_afterwards(cast, clock_says):
    end_role(cast, ENDED)
    slow = timedelta(milliseconds=clock_says.get("clock_offset_ms") or 0)
    draft = cast.check(cast.rosa, ENDED + 10 * MINUTE + slow, **clock_says)

    assert outcomes(cast.store(draft, received_at=ENDED + 20 * MINUTE)) == ["unknown-stay"]


def test_a_wrong_clock_does_not_take_from_a_shift_what_was_written_in_it(cast):
    end_role(cast, ENDED)
    draft = cast.check(cast.rosa, NIGHT + 9 * HOUR, clock_offset_ms=None, anchor_at=NIGHT)

    assert outcomes(cast.store(draft, received_at=ENDED + 10 * MINUTE)) == ["stored"]


@pytest.mark.parametrize("hours", [-9, -3, 3, 9])
def test_a_clock_that_is_wrong_by_hours_and_was_compared_counts_at_its_true_time(cast, hours):
    off = hours * HOUR
    draft = cast.check(cast.rosa, NIGHT + off, clock_offset_ms=int(off.total_seconds() * 1000))
    (answer,) = cast.store(draft, received_at=NIGHT + MINUTE)

    assert answer.outcome == "stored"
    assert Label.CLOCK_OFF in answer.labels
    assert clock(cast).last_at == NIGHT


def test_a_concern_says_when_it_was_written_however_wrong_the_phones_clock_is(cast):
    concern = Said(outcome="seen", place="hall", nurse_should_know="Hand hurts")
    slow = {"clock_offset_ms": -2 * 3_600_000, "fact": concern}
    cast.store(cast.check(cast.rosa, NIGHT - 2 * HOUR, **slow), received_at=NIGHT + MINUTE)
    assert Alert.objects.visible_to(cast.nora).get().happened_at == NIGHT


@pytest.mark.parametrize("hours", [-30, -9, 9, 30])
def test_a_clock_that_is_wrong_by_hours_and_was_never_compared_blocks_nothing(cast, hours):
    draft = cast.check(
        cast.rosa, NIGHT + hours * HOUR, clock_offset_ms=None, anchor_at=NIGHT - HOUR
    )
    (answer,) = cast.store(draft, received_at=NIGHT + MINUTE)

    assert answer.outcome == "stored"
    assert Label.CLOCK_UNKNOWN in answer.labels
    assert (Label.AHEAD if hours > 0 else Label.BEFORE_ANCHOR) in answer.labels
    assert NIGHT - HOUR <= clock(cast).last_at <= NIGHT + MINUTE


def test_a_check_that_was_held_back_for_hours_by_a_clock_set_ahead_hides_no_gap(cast):
    ahead = NIGHT + 5 * HOUR
    said = cast.check(cast.rosa, ahead, clock_offset_ms=0, anchor_at=NIGHT - MINUTE)
    (answer,) = cast.store(said, received_at=NIGHT + 4 * HOUR)

    assert "ahead" in answer.labels
    assert clock(cast).due_at == NIGHT - MINUTE + Q15


def test_a_late_entry_is_stored_and_said_and_moves_no_due_time(cast):
    cast.store(cast.check(cast.rosa, NIGHT))
    late = cast.check(cast.rosa, TEN_LATER, written_at=TEN_LATER + HOUR)
    (answer,) = cast.store(late)

    assert answer.labels == ("late-entry",)
    assert clock(cast).due_at == NIGHT + Q15


def test_leave_stops_the_clock_and_a_return_starts_it_again(cast):
    cast.store(cast.check(cast.rosa, NIGHT))
    leave(entry_id=uuid7(), stay=cast.rosa, at=TEN_LATER, by=cast.nora)
    assert clock(cast).due_at is None
    back(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + HOUR, by=cast.nora)
    assert clock(cast).due_at == NIGHT + HOUR + Q15


def test_an_escort_stops_the_clock_of_the_unit(cast):
    escort(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora, escort=cast.dana)
    assert clock(cast).due_at is None


def test_a_check_that_arrives_twice_and_out_of_order_is_one_check(cast):
    first, second = cast.check(cast.rosa, NIGHT), cast.check(cast.rosa, TEN_LATER)
    cast.store(second)
    cast.store(first, second, received_at=NIGHT + HOUR)

    assert clock(cast).last_at == TEN_LATER
    assert Entry.objects.as_system("test").filter(kind="round.check").count() == 2


def test_a_server_clock_that_goes_back_makes_nobody_less_due_and_forgets_nothing(cast):
    cast.store(cast.check(cast.rosa, NIGHT))
    after = cast.check(cast.rosa, TEN_LATER)

    assert outcomes(cast.store(after, received_at=NIGHT - HOUR)) == ["stored"]
    assert clock(cast).due_at == NIGHT + Q15
    again = cast.check(cast.rosa, TEN_LATER + MINUTE)
    cast.store(again)  # the clock was mended
    assert clock(cast).due_at == TEN_LATER + MINUTE + Q15
