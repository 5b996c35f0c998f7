"""What a card says at a time, and in which order cards stand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from milieu.board.cards import Card, Hold, Timing, in_order, natural, next_change, timing
from milieu.kernel.ids import uuid7

NOW = datetime(2026, 3, 2, 2, 53, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def card(room: str = "01", due: float | None = 10, **changes) -> Card:
    """Return a card that is due so many minutes from now."""
    plain = Card(
        stay_id=uuid7(),
        room=room,
        initials="R.M.",
        name="Rosa M.",
        state="in",
        since=NOW - minutes(600),
        back_by=None,
        escort="",
        level="q15",
        asked="",
        due_at=None if due is None else NOW + minutes(due),
        last_at=NOW - minutes(5),
        seen=None,
        tried_at=None,
        tried=None,
        hold=Hold(holder_id=uuid7(), holder="Dana R.", since=NOW),
    )
    return replace(plain, **changes)


def rooms(cards: list[Card], order: str = "due") -> list[str]:
    return [each.room for each in in_order(cards, order, NOW)]


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (10, Timing("later")),
        (3, Timing("soon", 2)),
        (2.5, Timing("soon", 2)),
        (0.5, Timing("soon", 0)),
        (0, Timing("over", 0)),
        (-0.9, Timing("over", 0)),
        (-4.5, Timing("over", 4)),
        (None, Timing("unset")),
    ],
)
def test_a_card_counts_whole_minutes_to_its_time_and_past_it(due, says):
    assert timing(card(due=due), NOW) == says


def test_the_clock_of_someone_on_leave_stands_still():
    assert timing(card(due=-30, state="leave"), NOW) == Timing("away")


def test_who_should_be_back_and_is_not_is_told_by_how_much():
    gone = card(state="leave", back_by=NOW - minutes(20.5))
    assert timing(gone, NOW) == Timing("away", 21)


def test_who_is_overdue_stands_first_the_longest_before_all():
    cards = [card("01", 5), card("02", -2), card("03", -9), card("04", 1)]
    assert rooms(cards) == ["03", "02", "04", "01"]


def test_who_has_no_level_stands_after_the_overdue_and_before_the_rest():
    assert rooms([card("01", 5), card("02", None), card("03", -9)]) == ["03", "02", "01"]


def test_by_room_the_overdue_still_stand_first_and_who_is_away_last():
    cards = [card("12", 5), card("9", 8), card("10", state="leave"), card("11", -1)]
    assert rooms(cards, "room") == ["11", "9", "12", "10"]


def test_rooms_stand_as_people_count_them():
    assert sorted(["10", "9", "10A", "1"], key=natural) == ["1", "9", "10", "10A"]


@pytest.mark.parametrize("due", [10, 3, 2.5, 1, 0.2, 0, -0.5, -61])
def test_a_card_says_the_same_until_it_says_when_it_will_not(due):
    one = card(due=due)
    change = next_change(one, NOW)
    assert change is not None
    assert change > NOW
    assert timing(one, change) != timing(one, NOW)
    assert timing(one, change - timedelta(seconds=1)) == timing(one, NOW)


def test_a_card_without_a_time_never_changes_by_itself():
    assert next_change(card(due=None), NOW) is None
