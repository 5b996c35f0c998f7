"""Who was watching at 03:12? A name, how they came to it, or nobody, with the length of the gap."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from milieu.admissions.services import back, discharge, leave
from milieu.kernel.ids import uuid7
from milieu.rounds.handing import OFFER, REPLY, TAKE
from milieu.rounds.services import order_level
from milieu.rounds.shape import Offer, Reply, Take
from tests.alerts.work import begin
from tests.alerts.work import leave as sign_out
from tests.cast import ARRIVED, NIGHT, Cast
from tests.pages import moment, text

pytestmark = pytest.mark.django_db
MIN = timedelta(minutes=1)


@pytest.fixture
def cast(db):
    """Rosa is on Q15. Dana has her, and hands her over to Lena ten minutes after NIGHT."""
    cast = Cast()
    cast.order(cast.rosa)
    return cast


@pytest.fixture
def nora(client, cast):
    client.force_login(cast.nora)
    return client


def say(cast, kind, person, at, fact, **more):
    draft = cast.check(cast.rosa, at, kind=kind, fact=fact, author_id=person.pk, **more)
    cast.store(draft)
    return draft.entry_id


def hand_over(cast, giver, taker, at, **more):
    asked = {"purpose": "shift", "sharps": "none", "to": taker.pk, "level": "q15", **more}
    offer = say(cast, OFFER, giver, at, Offer(**asked))
    say(cast, REPLY, taker, at + MIN, Reply(offer=offer, says="accept"))


def ask(client, cast, at, **more):
    typed = at if isinstance(at, dict) else moment(at)
    return text(client.get(reverse("watch", args=[cast.rosa.pk]), typed, **more))


def test_it_names_who_watched_since_when_and_from_whom(nora, cast):
    say(cast, TAKE, cast.dana, NIGHT, Take())
    hand_over(
        cast,
        cast.dana,
        cast.lena,
        NIGHT + 9 * MIN,
        last_at=NIGHT,
        sharps="out",
        sharps_out="One razor, 03A",
    )
    first = ask(nora, cast, NIGHT + 5 * MIN)
    assert "<strong>Dana Reyes</strong>" in first
    assert "Took over; nobody had the watch" in first
    then = ask(nora, cast, NIGHT + 19 * MIN)
    assert "03:12</span> <strong>Lena Ott</strong>" in then
    assert "Accepted from Dana Reyes: handing over" in then
    assert "Q15; last seen 02:53; sharps out: One razor, 03A" in then


def test_it_says_nobody_with_the_length_of_the_gap(nora, cast):
    say(cast, TAKE, cast.dana, NIGHT, Take())
    said = ask(nora, cast, NIGHT - 13 * MIN)
    assert "Nobody was watching for 12 h 43 min" in said
    assert "14:10 to 02:53" in said


def test_who_had_gone_home_was_not_watching(nora, cast):
    begin(cast, cast.dana, at=NIGHT - MIN)
    say(cast, TAKE, cast.dana, NIGHT, Take())
    sign_out(cast.dana, at=NIGHT + 10 * MIN)
    say(cast, TAKE, cast.lena, NIGHT + 22 * MIN, Take(without=cast.dana.pk))
    assert "Nobody was watching for 12 min, 03:03 to 03:15" in ask(nora, cast, NIGHT + 19 * MIN)
    assert "Dana Reyes was not there to hand over" in ask(nora, cast, NIGHT + 30 * MIN)


def test_the_checks_around_the_minute_are_named(nora, cast):
    cast.store(cast.check(cast.rosa, NIGHT), cast.check(cast.rosa, NIGHT + 14 * MIN))
    said = ask(nora, cast, NIGHT + 5 * MIN)
    assert "02:53, Dana Reyes: Own room, lying" in said
    assert "03:07, Dana Reyes: Own room, lying" in said


def test_nobody_has_to_watch_who_is_away_or_not_here(nora, cast):
    leave(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora)
    back(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + 60 * MIN, by=cast.nora)
    assert "Off the unit from 02:53 to 03:53" in ask(nora, cast, NIGHT + 5 * MIN)
    assert "Not here yet: admitted 14:10" in ask(nora, cast, ARRIVED - 5 * MIN)
    discharge(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + 90 * MIN, by=cast.nora)
    assert "Not here any longer: discharged 04:23" in ask(nora, cast, NIGHT + 91 * MIN)


def test_the_answer_alone_is_sent_where_a_script_asks(nora, cast):
    page = ask(nora, cast, NIGHT, headers={"HX-Request": "true"})
    assert "<html" not in page
    assert "Nobody" in page


def test_a_time_that_is_not_one_is_said_and_nothing_is_lost(nora, cast):
    said = ask(nora, cast, {"at_day": "2026-03-02", "at_time": "3 in the morning"})
    assert "Write the time in 24 hours, as 14:05." in said
    assert "3 in the morning" in said


def test_another_unit_does_not_learn_who_watches_here(client, cast):
    client.force_login(cast.sana)
    assert client.get(reverse("watch", args=[cast.rosa.pk])).status_code == 404


@pytest.fixture
def new_york(cast):
    type(cast.north).objects.filter(pk=cast.north.pk).update(time_zone="America/New_York")
    return cast


def test_in_the_hour_that_comes_twice_it_asks_which(nora, new_york):
    fall = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)  # 01:00 EDT; 01:00 EST an hour later
    cast = new_york
    say(cast, TAKE, cast.dana, fall, Take())
    hand_over(cast, cast.dana, cast.lena, fall + 59 * MIN)
    typed = {"at_day": "2026-11-01", "at_time": "01:30"}
    assert "01:30 came twice" in ask(nora, cast, typed)
    assert "<strong>Dana Reyes</strong>" in ask(nora, cast, typed | {"at_which": "earlier"})
    assert "<strong>Lena Ott</strong>" in ask(nora, cast, typed | {"at_which": "later"})


def test_in_the_night_of_23_hours_the_missing_hour_is_said_and_gaps_have_their_true_length(
    nora, new_york
):
    cast = new_york
    spring = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)  # 01:30 EST; 03:00 EDT comes after 01:59
    begin(cast, cast.dana, at=spring)
    say(cast, TAKE, cast.dana, spring, Take())
    sign_out(cast.dana, at=spring + 20 * MIN)
    say(cast, TAKE, cast.lena, spring + 40 * MIN, Take(without=cast.dana.pk))
    missing = {"at_day": "2026-03-08", "at_time": "02:30"}
    assert "there was no 02:30" in ask(nora, cast, missing)
    said = ask(nora, cast, {"at_day": "2026-03-08", "at_time": "03:05"})
    assert "Nobody was watching for 20 min, 01:50 to 03:10" in said


def test_a_minute_of_a_continuous_level_without_anyone_is_a_line_of_the_day(nora, cast):
    order_level(
        entry_id=uuid7(),
        stay=cast.rosa,
        level="line-of-sight",
        why="Unsteady",
        at=NIGHT,
        written_at=NIGHT,
        by=cast.nora,
    )
    say(cast, TAKE, cast.dana, NIGHT + 4 * MIN, Take())
    page = text(nora.get(reverse("stay", args=[cast.rosa.pk]), {"day": f"{NIGHT:%Y-%m-%d}"}))
    assert "Nobody by name was watching for 4 min, 02:53 to 02:57" in page
