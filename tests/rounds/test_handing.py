"""What may be said about who has the watch, and what the record makes of it when it arrives."""

from datetime import timedelta
from itertools import permutations

import msgspec
import pytest
from django.urls import reverse

from milieu.admissions.rules import What
from milieu.admissions.services import cancel, discharge, last_movement, transfer
from milieu.census.models import Bed
from milieu.kernel.ids import uuid7
from milieu.rounds.handing import GIVE, OFFER, REPLY, TAKE
from milieu.rounds.models import Hold
from milieu.rounds.services import order_level
from milieu.rounds.shape import Give, Offer, Reply, Take
from milieu.rounds.watching import watched_of
from tests.cast import NIGHT, Cast, outcomes

pytestmark = pytest.mark.django_db
MIN, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def cast(db):
    cast = Cast()
    cast.order(cast.rosa)
    return cast


def draft(cast, kind, person, at, fact, **more):
    return cast.check(cast.rosa, at, kind=kind, fact=fact, author_id=person.pk, **more)


def offer(cast, giver, at, **more):
    return draft(cast, OFFER, giver, at, Offer(**{"purpose": "shift", "sharps": "none", **more}))


def reply(cast, person, at, to, says="accept"):
    return draft(cast, REPLY, person, at, Reply(offer=to.entry_id, says=says))


def take(cast, person, at=NIGHT, **more):
    return draft(cast, TAKE, person, at, Take(**more))


def move(cast, unit, **more):
    """Move Rosa ten minutes after the beginning; return when."""
    at = NIGHT + 10 * MIN
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=unit, at=at, by=cast.nora, **more)
    return at


def hold(cast):
    return Hold.objects.as_system("test").get(stay=cast.rosa)


def refused(cast, *drafts):
    return outcomes(cast.store(*drafts))


def test_a_list_is_handed_over_when_the_other_accepts(cast):
    asked = offer(cast, cast.dana, NIGHT + MIN, to=cast.lena.pk)
    cast.store(take(cast, cast.dana), asked)
    assert (hold(cast).holder, hold(cast).offer.entry_id) == (cast.dana, asked.entry_id)
    cast.store(reply(cast, cast.lena, NIGHT + 2 * MIN, asked))
    found = hold(cast)
    assert (found.holder, found.since, found.how) == (cast.lena, NIGHT + 2 * MIN, "accepted")
    assert (found.given_by, found.offer) == (cast.dana, None)


def test_two_phones_that_meet_late_say_the_same_in_either_order(cast):
    """Dana withdraws on her phone while Lena accepts on hers: the first of the two counts."""
    asked = offer(cast, cast.dana, NIGHT + MIN, to=cast.lena.pk)
    withdrawn = reply(cast, cast.dana, NIGHT + 4 * MIN, asked, says="withdraw")
    for accepted_at, holder in ((3, cast.lena), (5, cast.dana)):
        told = [
            take(cast, cast.dana),
            asked,
            withdrawn,
            reply(cast, cast.lena, NIGHT + accepted_at * MIN, asked),
        ]
        for order in permutations(told):
            stay = cast.arrive("Ana", str(uuid7()))
            fresh = {each.entry_id: uuid7() for each in told}
            for each in order:
                cast.store(again(each, stay, fresh), received_at=NIGHT + HOUR)
            found = Hold.objects.as_system("test").get(stay=stay)
            assert found.holder == holder


def again(each, stay, fresh):
    """Return the same entry about somebody else, with ids of its own."""
    fact = each.fact
    if isinstance(fact, Reply):
        fact = msgspec.structs.replace(fact, offer=fresh[fact.offer])
    return msgspec.structs.replace(each, entry_id=fresh[each.entry_id], stay_id=stay.pk, fact=fact)


def test_an_acceptance_written_long_afterwards_makes_nobody_responsible(cast):
    asked = offer(cast, cast.dana, NIGHT + MIN, to=cast.lena.pk)
    late = reply(cast, cast.lena, NIGHT + 2 * MIN, asked)
    late = cast.check(
        cast.rosa,
        NIGHT + 2 * MIN,
        kind=REPLY,
        fact=late.fact,
        author_id=cast.lena.pk,
        written_at=NIGHT + 30 * MIN,
    )
    cast.store(take(cast, cast.dana), asked, late)
    assert hold(cast).holder == cast.dana


def test_what_is_asked_of_a_nurse_is_taken_by_a_nurse(cast):
    asked = offer(cast, cast.dana, NIGHT + MIN, role="nurse")
    cast.store(take(cast, cast.dana), asked, reply(cast, cast.lena, NIGHT + 2 * MIN, asked))
    assert hold(cast).holder == cast.dana
    cast.store(reply(cast, cast.nora, NIGHT + 3 * MIN, asked))
    assert hold(cast).holder == cast.nora


def test_who_gives_somebody_back_has_them_until_another_takes_them(cast):
    cast.store(take(cast, cast.dana), draft(cast, GIVE, cast.dana, NIGHT + MIN, Give()))
    assert hold(cast).holder == cast.dana
    cast.store(take(cast, cast.lena, NIGHT + 2 * MIN))
    assert (hold(cast).holder, hold(cast).how) == (cast.lena, "accepted")


def test_a_break_names_who_is_on_it_and_until_when(cast):
    until = NIGHT + 31 * MIN
    asked = offer(cast, cast.dana, NIGHT + MIN, to=cast.lena.pk, purpose="break", until=until)
    cast.store(take(cast, cast.dana), asked, reply(cast, cast.lena, NIGHT + MIN, asked))
    found = hold(cast)
    assert (found.holder, found.given_by, found.purpose) == (cast.lena, cast.dana, "break")
    assert found.until == until


def test_who_stays_with_somebody_is_to_be_relieved_counted_from_their_own_acceptance(cast):
    order_level(
        entry_id=uuid7(),
        stay=cast.rosa,
        level="one-to-one",
        why="At risk",
        at=NIGHT,
        written_at=NIGHT,
        by=cast.nora,
        observer=cast.dana,
    )
    assert hold(cast).holder is None
    cast.store(take(cast, cast.dana, NIGHT + 2 * MIN))
    assert (hold(cast).how, hold(cast).eyes_since) == ("ordered", NIGHT + 2 * MIN)
    asked = offer(cast, cast.dana, NIGHT + HOUR, to=cast.lena.pk, purpose="swap")
    cast.store(asked, reply(cast, cast.lena, NIGHT + HOUR + MIN, asked))
    assert hold(cast).eyes_since == NIGHT + HOUR + MIN


def test_nobody_has_the_watch_of_who_has_left(cast):
    cast.store(take(cast, cast.dana))
    discharge(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + HOUR, by=cast.nora)
    assert hold(cast).holder is None


def test_nobody_has_the_watch_of_who_moved_to_another_unit_until_somebody_there_takes_them(cast):
    cast.store(take(cast, cast.dana))
    moved = move(cast, cast.south)
    assert (hold(cast).holder, hold(cast).since) == (None, None)

    cast.store(take(cast, cast.theo, NIGHT + 12 * MIN))
    assert (hold(cast).holder, hold(cast).how) == (cast.theo, "took")
    whole = watched_of(hold(cast).stay.standing).watches
    assert [(each.who, each.end) for each in whole] == [
        (cast.dana.pk, moved),
        (cast.theo.pk, None),
    ]


def test_a_move_that_is_struck_out_moved_nobodys_watch(cast):
    cast.store(take(cast, cast.dana))
    move(cast, cast.south)
    entry = last_movement(cast.rosa, What.TRANSFER)
    cancel(entry_id=uuid7(), movement=entry, at=NIGHT + HOUR, by=cast.sana, reason="Wrong person")
    assert hold(cast).holder == cast.dana


def test_another_bed_of_the_unit_leaves_the_watch_as_it_was(cast):
    cast.store(take(cast, cast.dana))
    move(cast, cast.north, bed=Bed.objects.get(room__unit=cast.north, room__name="02"))
    assert hold(cast).holder == cast.dana


def test_an_offer_that_makes_no_sense_is_refused(cast):
    def asked(**more):
        (code,) = refused(cast, offer(cast, cast.dana, NIGHT + MIN, **more))
        return code

    assert asked(to=cast.dana.pk) == "offered-to-oneself"
    assert asked(to=cast.lena.pk, role="nurse") == "asked-twice"
    assert asked(sharps="out") == "sharps-missing"
    assert asked(sharps_out="One razor") == "sharps-missing"
    assert asked(purpose="break") == "until-missing"
    assert asked(purpose="break", until=NIGHT + 5 * HOUR) == "until-missing"
    assert asked(until=NIGHT + HOUR) == "until-not-needed"
    assert asked(level="q99") == "unknown-code"
    assert asked(last_at=NIGHT - timedelta(days=500)) == "wrong-shape"
    assert asked(note="\x00") == "text-unusable"
    assert asked(to=uuid7()) == "stored"  # whom this server does not know can never accept


def test_a_break_is_asked_for_by_a_phone_whose_clock_was_never_compared(cast):
    nothing = {"clock_offset_ms": None, "clock_age_s": None}
    until = NIGHT + 30 * MIN
    for wrong in (timedelta(), -3 * HOUR, HOUR, timedelta(days=-20_000)):
        fact = Offer(purpose="break", sharps="none", until=until, last_at=NIGHT - MIN)
        asked = draft(cast, OFFER, cast.dana, NIGHT + wrong, fact, **nothing)
        assert outcomes(cast.store(asked, received_at=NIGHT)) == ["stored"]
    for_ever = Offer(purpose="break", sharps="none", until=NIGHT + 24 * HOUR)
    asked = draft(cast, OFFER, cast.dana, NIGHT, for_ever, **nothing)
    assert outcomes(cast.store(asked, received_at=NIGHT)) == ["until-missing"]


def test_who_was_responsible_is_not_changed_afterwards(cast):
    first = take(cast, cast.dana)
    cast.store(first)
    strike = draft(cast, TAKE, cast.dana, NIGHT, None, amends=first.entry_id, reason="Not me")
    assert refused(cast, strike) == ["not-put-right"]
    assert hold(cast).holder == cast.dana


def test_only_who_walks_rounds_here_has_the_watch(cast):
    assert refused(cast, take(cast, cast.thea)) == ["not-allowed"]
    assert refused(cast, take(cast, cast.theo)) == ["unknown-stay"]


def test_the_page_of_the_day_says_what_was_offered_and_answered(cast, client):
    asked = offer(
        cast,
        cast.dana,
        NIGHT + MIN,
        to=cast.lena.pk,
        level="q15",
        last_at=NIGHT,
        concern=True,
        sharps="out",
        sharps_out="One razor",
    )
    cast.store(take(cast, cast.dana), asked, reply(cast, cast.lena, NIGHT + 2 * MIN, asked))
    client.force_login(cast.nora)
    url = reverse("stay", args=[cast.rosa.pk])
    page = client.get(url, {"day": f"{NIGHT:%Y-%m-%d}"}).content.decode()
    assert (
        "Offered to hand over: Lena O.; Q15; last seen 02:53; a concern waits for the nurse; "
        "sharps out: One razor" in page
    )
    assert "Accepted the handing over" in page
