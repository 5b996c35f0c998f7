"""Nothing that is written or put right afterwards takes away that nobody looked."""

from datetime import timedelta
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.admissions.services import back, leave, transfer
from milieu.board.day import Day
from milieu.board.said import Speech
from milieu.board.timeline import read
from milieu.kernel.errors import Refusal
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from milieu.rounds.handing import OFFER, REPLY, TAKE
from milieu.rounds.models import Clock, Hold
from milieu.rounds.projection import Order, asked
from milieu.rounds.services import order_level
from milieu.rounds.shape import Offer, Reply, Take
from milieu.rounds.shape import SafetyCheck as Said
from tests.cast import ARRIVED, LYING, NIGHT

MINUTE, HOUR, Q15 = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=15)
REFUSED = Said(outcome="refused", why="asked-to-be-left")
LATER = NIGHT + 3 * HOUR


def clock(stay):
    return Clock.objects.as_system("test").get(stay=stay)


def hold(stay):
    return Hold.objects.as_system("test").get(stay=stay)


def order(cast, level, at, written_at=None, observer=None):
    order_level(
        entry_id=uuid7(),
        stay=cast.rosa,
        level=level,
        why="Reviewed",
        at=at,
        written_at=written_at or at,
        by=cast.nora,
        observer=observer,
    )


def day_of(cast, now):
    unit = cast.north
    day = Day(start=ARRIVED, end=now, zone=unit.zone)
    return read(cast.rosa, day, now, Speech(unit, "en"))


def put_right(cast, wrong, fact, written_at, **changes):
    return cast.check(
        cast.rosa,
        wrong.happened_at,
        written_at=written_at,
        amends=wrong.entry_id,
        reason="Put right",
        fact=fact,
        **changes,
    )


@pytest.mark.django_db
def test_who_was_not_seen_is_not_seen_by_what_is_written_hours_later(cast):
    cast.order(cast.rosa)
    refused = cast.check(cast.rosa, NIGHT, fact=REFUSED)
    cast.store(cast.check(cast.rosa, NIGHT - Q15), refused)
    cast.store(put_right(cast, refused, LYING, LATER))
    assert clock(cast.rosa).due_at == NIGHT

    (told,) = Entry.objects.as_system("test").filter(amends__entry_id=refused.entry_id)
    assert told.counted_at is None


@pytest.mark.django_db
def test_a_wrong_tap_that_is_put_right_on_the_spot_counts_and_so_does_another_place(cast):
    cast.order(cast.rosa)
    refused = cast.check(cast.rosa, NIGHT, fact=REFUSED)
    seen = put_right(cast, refused, LYING, NIGHT + MINUTE)
    in_the_hall = Said(outcome="seen", place="hall")
    cast.store(refused, seen, put_right(cast, seen, in_the_hall, LATER))
    assert clock(cast.rosa).due_at == NIGHT + Q15


@pytest.mark.django_db
def test_what_was_struck_out_and_is_said_again_hours_later_counts_no_more(cast):
    cast.order(cast.rosa)
    seen = cast.check(cast.rosa, NIGHT)
    struck = put_right(cast, seen, None, NIGHT + MINUTE)
    cast.store(cast.check(cast.rosa, NIGHT - Q15), seen, struck)
    cast.store(put_right(cast, struck, LYING, LATER))
    assert clock(cast.rosa).due_at == NIGHT


@pytest.mark.django_db
def test_a_level_in_arrears_does_not_hide_that_nobody_was_with_somebody(cast):
    order(cast, "one-to-one", NIGHT, observer=cast.dana)
    order(cast, "q15", NIGHT + 10 * MINUTE, LATER)
    assert day_of(cast, LATER + HOUR).alone == [(NIGHT, LATER)]


@pytest.mark.django_db
def test_a_level_in_arrears_does_not_take_the_watch_from_who_accepted_it(cast):
    order(cast, "one-to-one", NIGHT, observer=cast.dana)
    entry = Entry.objects.as_system("test").get(stay=cast.rosa, kind="round.level")
    accepted = Reply(offer=entry.entry_id, says="accept")
    cast.store(cast.check(cast.rosa, NIGHT + HOUR, kind=REPLY, fact=accepted))
    assert hold(cast.rosa).holder == cast.dana

    order(cast, "q15", NIGHT + 10 * MINUTE, LATER)
    assert hold(cast.rosa).holder == cast.dana


@pytest.mark.django_db
def test_a_second_level_in_arrears_asks_afterwards_for_no_more_than_either(cast):
    order(cast, "q15", ARRIVED)
    order(cast, "hourly", NIGHT - 2 * HOUR, NIGHT)  # from NIGHT on, hourly is what people know
    order(cast, "hourly", NIGHT - HOUR, NIGHT + 30 * MINUTE)
    cast.store(cast.check(cast.rosa, NIGHT + 5 * MINUTE))
    assert clock(cast.rosa).due_at == NIGHT + 65 * MINUTE


levels = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from([0, 0, 10, 30]),
        st.sampled_from(["one-to-one", "q15", "q30", "hourly"]),
    ),
    min_size=1,
    max_size=5,
)


@given(levels)
def test_of_a_level_in_arrears_the_stricter_is_kept_until_it_was_written(said):
    orders = sorted(
        Order(
            stay=UUID(int=1),
            at=NIGHT + at * MINUTE,
            entry=number,
            level=level,
            observer=None,
            written_at=NIGHT + (at + lag) * MINUTE,
            counted_at=None if lag else NIGHT + at * MINUTE,
        )
        for number, (at, lag, level) in enumerate(said)
    )
    strictest = ["one-to-one", "q15", "q30", "hourly"].index
    kept = asked(orders, "inpatient")
    for now in (NIGHT + minute * MINUTE for minute in range(100)):
        began = [each for each in orders if each.at <= now]
        if not began:
            assert not [each for each in kept if each.at <= now]
            continue
        heard = [each for each in began if each.counted_at or each.written_at <= now]
        expected = min(
            strictest(began[-1].level), strictest((heard or orders)[-1 if heard else 0].level)
        )
        in_force = [each for each in kept if each.at <= now][-1]
        assert strictest(in_force.level) == expected


class Afterwards:
    """Staff of a night, and what they may write of it once it is over: true or not."""

    def __init__(self, cast, seed):
        self.cast, self.random = cast, Random(seed)
        self.written, self.offers = [], []
        self.over = ARRIVED + 10 * HOUR
        self.later = False  # the night is over

    def live(self, steps):
        acts = [self.check, self.check, self.amend, self.amend, self.order, self.watch]
        for _ in range(steps):
            try:
                self.random.choice(acts)()
            except Refusal:
                continue

    def draft(self, **changes):
        at = ARRIVED + timedelta(minutes=self.random.randint(0, 600))
        if not self.later:
            made = at + timedelta(minutes=self.random.choice([0, 0, 0, 3, 40]))
            off = timedelta(minutes=self.random.choice([0, 0, 90, -90]))
            known = {"clock_offset_ms": int(off / timedelta(milliseconds=1))}
            known["anchor_at"] = at - HOUR
        else:
            made = self.over + timedelta(minutes=self.random.randint(0, 60))
            off = timedelta(minutes=self.random.choice([0, 0, 90, -90, -300]))
            known = {"clock_offset_ms": self.random.choice([0, None, int(off / MINUTE * 60_000)])}
            known["anchor_at"] = self.over
            at = self.random.choice([at, at, made])
            if self.random.random() < 0.2:
                made = at  # it is said to have been written then
        author = self.random.choice([self.cast.dana, self.cast.dana, self.cast.lena])
        given = {"happened_at": at + off, "written_at": made + off, "author_id": author.pk, **known}
        return self.cast.check(self.cast.rosa, **given | changes)

    def store(self, draft):
        self.cast.store(draft, received_at=self.over + 2 * HOUR)

    def check(self):
        draft = self.draft(fact=self.random.choice([LYING, LYING, REFUSED]))
        self.written.append(draft)
        self.store(draft)

    def amend(self):
        if not self.written:
            return
        wrong = self.random.choice(self.written)
        fact = self.random.choice([None, LYING, LYING, REFUSED])
        draft = self.draft(fact=fact, amends=wrong.entry_id, reason="Put right")
        if self.random.random() < 0.7:
            draft = msgspec.structs.replace(draft, happened_at=wrong.happened_at)
        self.written.append(draft)
        self.store(draft)

    def order(self):
        draft = self.draft()
        at = draft.happened_at - timedelta(milliseconds=draft.clock_offset_ms or 0)
        now = self.over + timedelta(minutes=self.random.randint(0, 60))
        level = self.random.choice(["one-to-one", "q15", "q30", "hourly"])
        order(self.cast, level, at, now if self.later else at, observer=self.cast.dana)

    def watch(self):
        draft = self.draft()
        other = self.cast.lena if draft.author_id == self.cast.dana.pk else self.cast.dana
        facts = [
            (TAKE, Take(without=self.random.choice([None, other.pk]))),
            (OFFER, Offer(purpose="shift", sharps="none", to=other.pk)),
        ]
        if self.offers:
            facts += 2 * [(REPLY, Reply(offer=self.random.choice(self.offers), says="accept"))]
        kind, fact = self.random.choice(facts)
        if kind == OFFER:
            self.offers.append(draft.entry_id)
        self.store(msgspec.structs.replace(draft, kind=kind, fact=fact))

    def move(self):
        """Send her on leave and have her back, and move her to another unit and back."""
        at = ARRIVED + 4 * HOUR
        given = {"stay": self.cast.rosa, "by": self.cast.nora}
        leave(entry_id=uuid7(), at=at, **given)
        back(entry_id=uuid7(), at=at + HOUR, **given)
        transfer(entry_id=uuid7(), at=at + 2 * HOUR, unit=self.cast.south, **given)
        given["by"] = self.cast.sana
        transfer(entry_id=uuid7(), at=at + 3 * HOUR, unit=self.cast.north, **given)

    def unseen(self):
        """Return the minutes of the night in which somebody should have looked, or been there."""
        end = self.over - 6 * MINUTE  # what is written a moment later still counts
        found = day_of(self.cast, end)
        spans = [(gap.allowed_until, gap.end or end) for gap in found.gaps] + list(found.alone)
        return {
            minute
            for minute in range(600)
            for start, stop in spans
            if start < ARRIVED + minute * MINUTE < min(stop, end)
        }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_written_after_a_night_its_gaps_stay(cast, seed):
    night = Afterwards(cast, seed)
    order(cast, "q15", ARRIVED)
    night.move()
    night.live(40)
    cast.rosa.refresh_from_db()
    before = night.unseen()
    night.later = True
    night.live(25)
    assert before <= night.unseen()
    assert before
