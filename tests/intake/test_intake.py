"""Meals and drinks: what may be said of them, who reads it, and what a day adds up to."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from milieu.intake.models import Drink as DrinkRow
from milieu.intake.models import Meal as MealRow
from milieu.intake.rules import by_day
from milieu.intake.said import days_of, of_drink, of_meal
from milieu.intake.series import series
from milieu.intake.services import DRINK, MEAL
from milieu.intake.shape import Drink, Meal
from milieu.record.models import Entry
from tests.cast import NIGHT, outcomes
from tests.pages import send, text, to_mend

HOUR = timedelta(hours=1)
HALF = Meal(meal="dinner", outcome="eaten", share=50)
GLASS = Drink(ml=200, vessel="glass")
NEW_YORK = ZoneInfo("America/New_York")


def meal(cast, fact=HALF, *, at=NIGHT, of=None, **more):
    return cast.check(of or cast.rosa, at, kind=MEAL, fact=fact, **more)


def drink(cast, fact=GLASS, *, at=NIGHT, of=None, **more):
    return cast.check(of or cast.rosa, at, kind=DRINK, fact=fact, **more)


def test_a_whole_table_is_one_batch(cast):
    assert outcomes(cast.store(meal(cast), meal(cast, of=cast.john), drink(cast))) == ["stored"] * 3
    words = cast.rosa.standing.unit.pack.intake
    assert of_meal(MealRow.objects.as_system("a test").first(), words, "en") == "Dinner: ate 50 %"
    assert (
        of_drink(DrinkRow.objects.as_system("a test").get(), words, "en") == "Drank 200 ml, a glass"
    )


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (Meal(meal="dinner", outcome="eaten"), "share-missing"),
        (Meal(meal="dinner", outcome="eaten", share=0, why="asleep"), "why-not-needed"),
        (Meal(meal="dinner", outcome="declined"), "why-missing"),
        (Meal(meal="dinner", outcome="declined", why="asleep", share=0), "share-not-needed"),
        (Meal(meal="supper", outcome="not-there"), "unknown-code"),
        (Meal(meal="dinner", outcome="declined", why="nonsense"), "unknown-code"),
    ],
)
def test_what_does_not_go_together_is_refused(cast, fact, code):
    (answer,) = cast.store(meal(cast, fact))
    assert (answer.outcome, answer.code) == ("refused", code)


def test_nothing_eaten_and_declined_are_two_things(cast):
    declined = Meal(meal="lunch", outcome="declined", why="worried")
    away = Meal(meal="breakfast", outcome="not-there")
    nothing = Meal(meal="dinner", outcome="eaten", share=0)
    cast.store(
        meal(cast, away),
        meal(cast, declined, at=NIGHT + HOUR),
        meal(cast, nothing, at=NIGHT + 2 * HOUR),
    )
    found = series([cast.rosa.pk], NIGHT - HOUR)["meals"][cast.rosa.pk]
    assert [value for _, value, _ in found] == [None, 0.0]


def test_a_day_of_drinks_is_one_point_and_follows_what_is_put_right(cast):
    wrong = drink(cast)
    cast.store(wrong, drink(cast, at=NIGHT + HOUR))
    fewer = drink(cast, Drink(ml=50), amends=wrong.entry_id, reason="It was a sip")
    cast.store(fewer)
    ((_, ml, _),) = series([cast.rosa.pk], NIGHT - HOUR)["fluids"][cast.rosa.pk]
    assert ml == 250
    assert [day.ml for day in days_of(cast.rosa, NIGHT - HOUR, "en")] == [250]


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 8), 23), ((2026, 11, 1), 25)])
def test_a_day_on_which_the_clocks_change_is_a_day(day, hours):
    start = datetime(*day, tzinfo=NEW_YORK).astimezone(UTC)
    drinks = [(start + n * HOUR, 100) for n in range(hours + 1)]
    assert [ml for _, ml in by_day(drinks, NEW_YORK)] == [100 * hours, 100]


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 3000)), max_size=40))
def test_no_drink_is_lost_or_counted_twice(found):
    start = datetime(2026, 10, 30, tzinfo=UTC)
    drinks = sorted((start + timedelta(minutes=minutes), ml) for minutes, ml in found)
    assert sum(ml for _, ml in by_day(drinks, NEW_YORK)) == sum(ml for _, ml in drinks)


def test_a_meal_is_recorded_at_a_desk_and_read(nora, cast):
    given = {"meal": "lunch", "outcome": "eaten", "share": "25"}
    assert send(nora, "intake-meal", cast.rosa.pk, **given).status_code == 302
    for page in ("stay", "intake"):
        assert "Lunch: ate 25 %" in text(nora.get(reverse(page, args=[cast.rosa.pk])))


def test_a_vessel_tells_how_much(nora, cast):
    assert send(nora, "intake-drink", cast.rosa.pk, vessel="bottle").status_code == 302
    assert DrinkRow.objects.as_system("a test").get().ml == 500
    answer = send(nora, "intake-drink", cast.rosa.pk)
    assert any("out of what" in each for each in to_mend(answer))
    assert "500 ml written down" in text(nora.get(reverse("intake", args=[cast.rosa.pk])))


def test_they_are_put_right_at_a_desk(nora, cast):
    send(nora, "intake-meal", cast.rosa.pk, meal="lunch", outcome="eaten", share="100")
    entry = Entry.objects.as_system("test").get(kind="intake.meal")
    mended = {"meal": "lunch", "outcome": "declined", "why": "unwell", "reason": "Another tray"}
    assert send(nora, "intake-meal-amend", entry.entry_id, **mended).status_code == 302
    assert "Lunch: declined, felt unwell" in text(nora.get(reverse("intake", args=[cast.rosa.pk])))
