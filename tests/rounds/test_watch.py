"""Who watches whom: for any history, one named person or a named gap, and nobody unasked."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from milieu.rounds.watch import How, Said, What, attended, unwatched, watched

NIGHT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DANA, LENA, NORA = (UUID(int=number) for number in (1, 2, 3))
ROLES = {DANA: "technician", LENA: "lead technician", NORA: "nurse"}
MINUTES = 90


def at(minute):
    return NIGHT + timedelta(minutes=minute)


def said(what, minute, by, number, **more):
    return Said(
        what=what, at=at(minute), entry_id=UUID(int=1000 + number), seq=number, by=by, **more
    )


def take(minute, by, number=1, **more):
    return said(What.TAKE, minute, by, number, **more)


def offer(minute, by, number, to=None, **more):
    return said(What.OFFER, minute, by, number, to=to, purpose="shift", **more)


def reply(what, minute, by, number, offered):
    return said(what, minute, by, number, offer=UUID(int=1000 + offered), roles=ROLES[by])


def accept(minute, by, number, offered):
    return reply(What.ACCEPT, minute, by, number, offered)


def turns(*told, moved=(), ended=None):
    return [
        (watch.who, watch.start, watch.end, watch.how)
        for watch in watched(told, moved=moved, ended=ended).watches
    ]


def test_who_takes_somebody_whom_nobody_has_has_them():
    assert turns(take(0, DANA)) == [(DANA, at(0), None, How.TOOK)]


def test_what_is_offered_stays_with_the_first_until_the_other_accepts():
    told = [take(0, DANA), offer(10, DANA, 2, LENA)]
    assert turns(*told) == [(DANA, at(0), None, How.TOOK)]
    assert turns(*told, accept(12, LENA, 3, 2)) == [
        (DANA, at(0), at(12), How.TOOK),
        (LENA, at(12), None, How.ACCEPTED),
    ]


def test_nobody_but_the_one_who_was_asked_can_accept():
    told = [take(0, DANA), offer(10, DANA, 2, LENA), accept(11, NORA, 3, 2)]
    assert turns(*told) == [(DANA, at(0), None, How.TOOK)]


def test_anyone_of_the_role_that_was_asked_can_accept():
    asked = offer(10, DANA, 2, role="nurse")
    assert turns(take(0, DANA), asked, accept(11, LENA, 3, 2))[-1][0] == DANA
    assert turns(take(0, DANA), asked, accept(11, NORA, 3, 2))[-1][0] == NORA


def test_who_is_held_by_another_is_not_taken_from_them():
    assert turns(take(0, DANA), take(5, LENA, 2)) == [(DANA, at(0), None, How.TOOK)]


def test_who_says_that_the_other_was_not_there_takes_over_and_it_is_said():
    told = watched([take(0, DANA), take(5, LENA, 2, without=DANA)])
    assert [(watch.who, watch.how) for watch in told.watches] == [
        (DANA, How.TOOK),
        (LENA, How.WITHOUT),
    ]
    assert told.watches[-1].given_by == DANA


def test_two_who_take_the_same_person_offline_meet_and_the_first_has_them():
    both = [take(3, LENA, 1), take(2, DANA, 2)]
    assert turns(*both) == turns(*both[::-1]) == [(DANA, at(2), None, How.TOOK)]


def test_an_acceptance_before_the_withdrawal_stands_and_one_after_it_does_not():
    begun = [take(0, DANA), offer(5, DANA, 2, LENA)]
    withdraw = reply(What.WITHDRAW, 8, DANA, 3, 2)
    assert turns(*begun, withdraw, accept(7, LENA, 4, 2))[-1][0] == LENA
    assert turns(*begun, withdraw, accept(9, LENA, 4, 2))[-1][0] == DANA
    assert turns(*begun, withdraw, accept(8, LENA, 4, 2))[-1][0] == DANA  # in doubt: the first


def test_an_acceptance_by_a_slow_clock_counts_from_the_offer():
    told = [take(0, DANA), offer(10, DANA, 2, LENA), accept(8, LENA, 3, 2)]
    assert turns(*told)[-1] == (LENA, at(10), None, How.ACCEPTED)


def test_what_was_declined_or_overtaken_cannot_be_accepted():
    begun = [take(0, DANA), offer(5, DANA, 2, LENA)]
    declined = reply(What.DECLINE, 6, LENA, 3, 2)
    assert turns(*begun, declined, accept(7, LENA, 4, 2))[-1][0] == DANA
    overtaken = [offer(6, DANA, 3, NORA), accept(7, NORA, 4, 3), accept(8, LENA, 5, 2)]
    assert [turn[0] for turn in turns(*begun, *overtaken)] == [DANA, NORA]


def test_one_of_many_who_declines_leaves_the_offer_to_the_others():
    told = [take(0, DANA), offer(5, DANA, 2), reply(What.DECLINE, 6, LENA, 3, 2)]
    assert turns(*told, accept(7, NORA, 4, 2))[-1][0] == NORA


def test_whom_an_order_names_has_them_once_they_accept():
    order = said(What.ORDER, 5, NORA, 2, to=DANA)
    assert turns(order) == []
    assert turns(take(0, LENA), order, accept(6, DANA, 3, 2)) == [
        (LENA, at(0), at(6), How.TOOK),
        (DANA, at(6), None, How.ORDERED),
    ]


def test_a_break_ends_when_who_was_on_it_accepts_back():
    told = [
        take(0, DANA),
        said(What.OFFER, 5, DANA, 2, to=LENA, purpose="break", until=at(35)),
        accept(6, LENA, 3, 2),
        said(What.OFFER, 34, LENA, 4, to=DANA, purpose="return"),
    ]
    during = watched(told).watches[-1]
    assert (during.who, during.given_by, during.until) == (LENA, DANA, at(35))
    assert turns(*told, accept(36, DANA, 5, 4))[-1][:2] == (DANA, at(36))


def test_nothing_begins_after_the_stay_was_over():
    assert turns(take(0, DANA), take(20, LENA, 2, without=DANA), ended=at(10)) == [
        (DANA, at(0), at(10), How.TOOK)
    ]


def test_a_move_to_another_unit_ends_a_watch_and_whatever_was_offered():
    told = [take(0, DANA), offer(5, DANA, 2, LENA)]
    assert turns(*told, moved=[at(10)]) == [(DANA, at(0), at(10), How.TOOK)]
    assert watched(told, moved=[at(10)]).offer is None
    late = accept(12, LENA, 3, 2)
    assert turns(*told, late, moved=[at(10)])[1:] == []


def test_who_takes_somebody_when_they_come_has_them_there():
    told = [take(0, DANA), take(10, LENA, 2), take(30, NORA, 3, without=LENA)]
    assert turns(*told, moved=[at(10)]) == [
        (DANA, at(0), at(10), How.TOOK),
        (LENA, at(10), at(30), How.TOOK),
        (NORA, at(30), None, How.WITHOUT),
    ]
    assert turns(*told, moved=[at(40), at(20)])[1:] == [(NORA, at(30), at(40), How.TOOK)]


def test_who_went_home_watches_nobody_until_they_are_back():
    hours = timedelta(hours=14)
    work = [(at(-10), at(20)), (at(50), at(70))]
    assert attended((at(0), at(60)), work, shift=hours) == [(at(0), at(20)), (at(50), at(60))]
    assert attended((at(0), at(60)), [], shift=hours) == [(at(0), at(60))]
    assert attended((at(0), at(60)), [], shift=timedelta(minutes=30)) == [(at(0), at(30))]


def test_a_gap_is_what_nobody_had_of_the_time_in_which_somebody_had_to():
    told = watched([take(10, DANA)], ended=at(40)).watches
    assert unwatched(told, [(at(0), at(50))], at(60)) == [(at(0), at(10)), (at(40), at(50))]
    assert unwatched(told, [(at(12), at(30))], at(60)) == []


people = st.sampled_from([DANA, LENA, NORA])
minute = st.integers(0, MINUTES)


@st.composite
def histories(draw):
    """Anything that anybody may say, whether it makes sense or not, at any minutes."""
    told = []
    for number in range(1, draw(st.integers(1, 14)) + 1):
        by, when = draw(people), draw(minute)
        offered = [each.seq for each in told if each.what in (What.OFFER, What.ORDER)]
        what = draw(st.sampled_from(list(What)))
        if what in (What.ACCEPT, What.DECLINE, What.WITHDRAW):
            told.append(reply(what, when, by, number, draw(st.sampled_from([*offered, 99]))))
        elif what is What.TAKE:
            told.append(take(when, by, number, without=draw(st.none() | people)))
        elif what is What.ORDER:
            told.append(said(what, when, by, number, to=draw(st.none() | people)))
        else:
            to = draw(st.none() | people)
            role = "" if to else draw(st.sampled_from(["", "nurse", "lead"]))
            told.append(offer(when, by, number, to, role=role))
    return told


@given(
    history=histories(),
    moved=st.lists(minute.map(at), max_size=3),
    random=st.randoms(use_true_random=False),
)
def test_whatever_is_said_in_whatever_order_it_comes(history, moved, random):
    told = watched(history, moved=moved)
    shuffled = list(history)
    random.shuffle(shuffled)
    assert watched(shuffled, moved=reversed(moved)) == told
    for watch in told.watches:
        assert not any(watch.holds(move) and watch.start < move for move in moved)

    gaps = unwatched(told.watches, [(at(0), at(MINUTES))], at(MINUTES))
    for moment in map(at, range(MINUTES)):
        who = [watch.who for watch in told.watches if watch.holds(moment)]
        nobody = [gap for gap in gaps if gap[0] <= moment < gap[1]]
        assert len(who) + len(nobody) == 1

    own_words = {each.seq: each for each in history}
    for before, watch in zip([None, *told.watches], told.watches, strict=False):
        began = own_words[watch.entry]
        assert began.by == watch.who
        assert began.what in (What.TAKE, What.ACCEPT)
        if before and watch.how is How.ACCEPTED:
            assert own_words[watch.offer].by == before.who
