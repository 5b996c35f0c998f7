"""What is worked out from the record: the same after any history, in any order, from scratch."""

from datetime import timedelta
from importlib import import_module
from io import StringIO
from random import Random

import msgspec
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milieu.admissions.models import Movement
from milieu.admissions.services import back, cancel, discharge, escort, leave, transfer
from milieu.board.day import Day
from milieu.board.said import Speech
from milieu.board.timeline import read
from milieu.census.models import Standing
from milieu.keeping.projected import differing
from milieu.kernel.errors import Refusal
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from milieu.rounds.handing import GIVE, OFFER, REPLY, TAKE
from milieu.rounds.models import Clock, Hold, SafetyCheck
from milieu.rounds.services import LEVEL, order_level
from milieu.rounds.shape import Give, LevelOrder, Offer, Reply, Take
from milieu.rounds.shape import SafetyCheck as Said
from milieu.sleep.models import Sleep
from milieu.sleep.services import end, protect
from milieu.sleep.shape import ProtectSleep
from tests.cast import ARRIVED, LYING, NIGHT, Cast

pytestmark = pytest.mark.django_db

CRITERIA = ("asked", "settled", "body", "doorway")
FACTS = [
    LYING,
    Said(outcome="seen", place="hall", position="walking"),
    Said(outcome="refused", why="asked-to-be-left"),
    Said(outcome="not-seen", why="not-found"),
]


@pytest.fixture
def cast(db):
    return Cast()


def rows():
    """Return every row of every projection, by stay."""
    clocks = Clock.objects.as_system("test").order_by("pk")
    holds = Hold.objects.as_system("test").order_by("pk")
    nights = Sleep.objects.as_system("test").order_by("pk")
    found = (Standing.objects.as_system("test").order_by("pk"), clocks, holds, nights)
    return [list(each.values()) for each in found]


class Chance:
    """Staff who do anything at all, at any time, in any order. Much of it is refused."""

    def __init__(self, cast, seed):
        self.cast, self.random = cast, Random(seed)
        self.stays = [cast.rosa, cast.john, cast.arrive("Ines", "Prado", unit=cast.south)]
        self.checks, self.offers = [], []

    def live(self, steps, *, after_each=lambda: None):
        acts = [self.check, self.check, self.amend, self.order, self.move, self.strike]
        acts += [self.hold, self.hold, self.protect, self.unprotect, self.at_once]
        for _ in range(steps):
            try:
                self.random.choice(acts)()
            except Refusal:
                continue
            after_each()

    def moment(self):
        return ARRIVED + timedelta(minutes=self.random.randint(-30, 900))

    def written(self, at):
        return at + timedelta(minutes=self.random.choice([0, 0, 0, 1, 20]))

    def draft(self, **changes):
        at = self.moment()
        off = self.random.choice([0, 0, 40_000, -7_200_000, None])
        changes = {"written_at": self.written(at), "clock_offset_ms": off, **changes}
        return self.cast.check(self.random.choice(self.stays), at, **changes)

    def check(self):
        drafts = [self.draft(fact=self.random.choice(FACTS)) for _ in range(3)]
        self.checks += drafts
        late = max(draft.written_at for draft in drafts) + timedelta(hours=3)
        self.cast.store(*drafts, received_at=late)

    def at_once(self):
        """Store in one batch a check, what puts it right, an order, and another check."""
        check = self.draft(fact=self.random.choice(FACTS))
        more = {"stay_id": check.stay_id, "fact": self.random.choice([None, *FACTS])}
        right = self.draft(amends=check.entry_id, reason="Put right", **more)
        level = LevelOrder(level=self.random.choice(["q15", "q30", "hourly"]), why="Reviewed")
        order = self.draft(kind=LEVEL, author_id=self.cast.nora.pk, fact=level, device_id=None)
        drafts = [check, right, order, self.draft(fact=self.random.choice(FACTS))]
        late = max(draft.written_at for draft in drafts)
        self.cast.store(*drafts, received_at=late + timedelta(minutes=self.random.choice([0, 200])))

    def amend(self):
        if self.checks:
            wrong = self.random.choice(self.checks)
            fact = self.random.choice([None, *FACTS])
            right = self.draft(amends=wrong.entry_id, reason="Put right", fact=fact)
            right = self.random.choice(
                [
                    right,
                    self.cast.check(
                        self.cast.rosa,
                        wrong.happened_at,
                        stay_id=wrong.stay_id,
                        written_at=right.written_at,
                        amends=wrong.entry_id,
                        reason="Put right",
                        fact=fact,
                    ),
                ]
            )
            self.checks.append(right)  # which is put right in its turn, or struck out and restored
            self.cast.store(right, received_at=right.written_at + timedelta(hours=20))

    def hold(self):
        """Take, give, offer or reply, by somebody, whether it makes sense or not."""
        author, other = self.random.sample([self.cast.dana, self.cast.lena, self.cast.nora], 2)
        draft = self.draft(author_id=author.pk)
        facts = [
            (TAKE, Take(without=self.random.choice([None, other.pk]))),
            (GIVE, Give()),
            (OFFER, Offer(purpose="shift", sharps="none", to=other.pk)),
            (OFFER, Offer(purpose="swap", sharps="none", role="nurse")),
        ]
        if self.offers:
            says = self.random.choice(["accept", "accept", "decline", "withdraw"])
            facts += 3 * [(REPLY, Reply(offer=self.random.choice(self.offers), says=says))]
        kind, fact = self.random.choice(facts)
        if kind in (GIVE, OFFER):
            self.offers.append(draft.entry_id)
        self.cast.store(msgspec.structs.replace(draft, kind=kind, fact=fact))

    def order(self):
        at = self.moment()
        level = self.random.choice(["q15", "q30", "hourly", "one-to-one"])
        order_level(
            entry_id=uuid7(),
            stay=self.random.choice(self.stays),
            level=level,
            why="Reviewed",
            at=at,
            written_at=at + timedelta(minutes=self.random.choice([0, 0, 3, 90])),
            by=self.random.choice([self.cast.nora, self.cast.petra]),
            observer=self.cast.dana,
        )

    def protect(self):
        hours = self.random.choice([("23:00", "06:00"), ("00:30", "05:00")])
        at = self.moment()
        said = ProtectSleep(*hours, self.random.randint(1, 3), CRITERIA, "Sleeps badly")
        stay = self.random.choice(self.stays)
        protect(entry_id=uuid7(), stay=stay, said=said, at=at, written_at=at, by=self.cast.nora)

    def unprotect(self):
        at = self.moment()
        stay = self.random.choice(self.stays)
        end(entry_id=uuid7(), stay=stay, why="Awake", at=at, written_at=at, by=self.cast.nora)

    def move(self):
        given = {
            "entry_id": uuid7(),
            "stay": self.random.choice(self.stays),
            "at": self.moment(),
            "by": self.random.choice([self.cast.nora, self.cast.sana]),
        }
        units = [self.cast.north, self.cast.south]
        act, more = self.random.choice(
            [
                (transfer, {"unit": self.random.choice(units)}),
                (leave, {"back_by": None}),
                (escort, {"escort": self.cast.dana}),
                (back, {}),
                (back, {}),
                (discharge, {}),
            ]
        )
        act(**given, **more)

    def strike(self):
        moves = (
            Movement.objects.as_system("a test")
            .exclude(what="admit")
            .select_related("entry")
            .order_by("pk")
        )
        if moves:
            entry = self.random.choice(list(moves)).entry
            by = self.random.choice([self.cast.nora, self.cast.sana])
            cancel(entry_id=uuid7(), movement=entry, at=NIGHT, by=by, reason="Did not happen")


@pytest.mark.parametrize("seed", range(8))
def test_rebuilding_from_the_record_gives_the_rows_that_were_there(cast, seed):
    Chance(cast, seed).live(90)
    before = rows()
    assert SafetyCheck.objects.as_system("a test").count() > 10

    call_command("rebuild", "--check", stdout=StringIO())
    call_command("rebuild", stdout=StringIO())
    assert rows() == before


def as_the_record_says():
    assert differing() == []


@pytest.mark.parametrize("seed", range(8, 10))
def test_whatever_is_stored_every_row_is_at_once_what_the_record_says(cast, seed):
    Chance(cast, seed).live(60, after_each=as_the_record_says)


@pytest.mark.parametrize("seed", range(4))
def test_what_an_update_fills_in_is_what_the_record_says(cast, seed):
    Chance(cast, seed).live(60)
    new = ("level_from", "tried", "tried_at")
    Clock.objects.as_system("test").update(**dict.fromkeys(new))
    for update in ("0008_clock_from_which_one_order_counts", "0009_clock_names_looks_in_vain"):
        import_module(f"milieu.rounds.migrations.{update}").fill(apps, None)
    as_the_record_says()


@pytest.mark.parametrize("seed", range(8))
def test_the_clock_and_the_gaps_of_the_page_say_the_same_of_who_is_overdue(cast, seed):
    chance = Chance(cast, seed)
    chance.live(90)
    now = ARRIVED + timedelta(days=3)
    for clock in Clock.objects.as_system("test").select_related("stay__standing__unit"):
        unit = clock.stay.standing.unit
        day = Day(start=now - timedelta(days=1), end=now, zone=unit.zone)
        found = read(clock.stay, day, now, Speech(unit, "en")).gaps
        open_now = [gap.allowed_until for gap in found if gap.end is None]
        assert open_now == ([clock.due_at] if clock.due_at else [])


def test_rebuilding_needs_no_rows_to_begin_with(cast):
    Chance(cast, seed=3).live(40)
    before = rows()
    Clock.objects.as_system("test").delete()
    Hold.objects.as_system("test").delete()
    Sleep.objects.as_system("test").delete()
    Standing.objects.as_system("test").all().delete()

    call_command("rebuild", stdout=StringIO())
    assert rows() == before


def test_a_row_that_is_not_what_the_record_says_is_found_and_left_alone(cast):
    cast.order(cast.rosa)
    Clock.objects.as_system("test").filter(stay=cast.rosa).update(due_at=NIGHT)
    with pytest.raises(CommandError):
        call_command("rebuild", "--check", stdout=StringIO())
    assert Clock.objects.as_system("test").get(stay=cast.rosa).due_at == NIGHT

    call_command("rebuild", stdout=StringIO())
    call_command("rebuild", "--check", stdout=StringIO())


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example is about people of its own
@given(
    minutes=st.lists(st.integers(0, 600), min_size=1, max_size=8),
    random=st.randoms(use_true_random=False),
)
def test_the_order_in_which_phones_are_heard_does_not_matter(cast, minutes, random):
    told = []
    for name in ("Ana", "Eva"):
        stay = cast.arrive(name, str(uuid7()))
        cast.order(stay)
        drafts = [
            cast.check(stay, ARRIVED + timedelta(minutes=minute), fact=FACTS[minute % len(FACTS)])
            for minute in dict.fromkeys(minutes)
        ]
        if told:
            random.shuffle(drafts)
        for draft in drafts:
            cast.store(draft, received_at=NIGHT + timedelta(days=1))
        clock = Clock.objects.as_system("test").get(stay=stay)
        told.append((clock.last_at, clock.due_at, clock.level))
    assert told[0] == told[1]


def test_a_struck_entry_is_in_the_record_and_in_no_projection(cast):
    cast.order(cast.rosa)
    before = rows()
    wrong = cast.check(cast.rosa)
    cast.store(wrong)
    assert rows() != before
    cast.store(cast.check(cast.rosa, amends=wrong.entry_id, reason="Wrong person", fact=None))
    assert rows() == before
    assert Entry.objects.as_system("test").filter(kind="round.check").count() == 2
