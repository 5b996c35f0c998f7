"""What holds of the clocks for any sequence of starts, orders, birthdays and arrivals."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from milieu.crisis.law import ROLES, Sort, laws
from milieu.crisis.limits import Application, Order, Seen, Spell, barred, limits
from tests.crisis.applications import START, at

DONE = (
    *("face-to-face", "nurse-exam", "physician", "second-physician", "consult"),
    *("wellbeing", "guardian-told", "order-signed", "debrief-person", "debrief-staff"),
)
LAWS = sorted(laws())
moments = st.integers(0, 3000).map(at)
lasting = st.none() | st.integers(0, 1600)
names = st.lists(st.sampled_from(LAWS), min_size=1, max_size=4, unique=True)
# Some turn nine or eighteen in the middle of it.
births = (
    st.none()
    | st.dates(date(1950, 1, 1), date(2024, 12, 31))
    | st.builds(date, st.sampled_from([2008, 2017]), st.just(3), st.integers(1, 5))
)


def after(start, minutes):
    return None if minutes is None else start + timedelta(minutes=minutes)


spells = st.builds(
    lambda sort, start, minutes: Spell(sort, "", start, after(start, minutes)),
    st.sampled_from(Sort),
    moments,
    lasting,
)
orders = st.builds(
    Order,
    st.integers(-20, 3000).map(at),
    st.integers(1, 600),
    st.frozensets(st.sampled_from(Sort), min_size=1),
    st.sampled_from(sorted(ROLES)) | st.just("physician"),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
seens = st.builds(
    Seen, st.sampled_from(DONE), moments, st.sampled_from(sorted(ROLES)), st.booleans()
)
turns = st.builds(lambda start, minutes: (start, after(start, minutes)), moments, lasting)


def some(what, most=4):
    return st.lists(what, max_size=most).map(tuple)


applications = st.builds(
    Application,
    began=st.just(START),
    ended=st.none() | moments,
    born=births,
    zone=st.sampled_from(["America/New_York", "America/Los_Angeles", "Pacific/Honolulu"]),
    spells=some(spells),
    orders=some(orders, 6),
    seen=some(seens, 6),
    checks=some(moments, 8),
    observed=some(turns),
)


@given(applications, names, moments, moments)
def test_time_alone_adds_clocks_and_changes_none(application, listed, one, other):
    earlier, later = sorted([one, other])
    then = limits(application, listed, later)
    assert limits(application, listed, earlier) == tuple(
        limit for limit in then if limit.since <= earlier
    )
    assert all(limit.due is None or limit.since <= limit.due for limit in then)


@given(applications, names, moments)
def test_no_limit_is_passed_that_could_not_be_seen_when_it_was_due(application, listed, now):
    """With no more than was known then: the same clock, or a stricter one, was running unmet."""
    for limit in limits(application, listed, now):
        if limit.late(now):
            shown = limits(known(application, limit.due), listed, limit.due)
            assert any(
                (each.what, each.sort) == (limit.what, limit.sort)
                and each.met_at is None
                and each.due is not None
                and each.due <= limit.due
                for each in shown
            ), limit


def known(application, now):
    """Return what somebody could know of an application at a moment."""

    def past(end):
        return None if end is None or end > now else end

    return replace(
        application,
        ended=past(application.ended),
        spells=tuple(
            replace(each, ended=past(each.ended))
            for each in application.spells
            if each.began <= now
        ),
        orders=tuple(each for each in application.orders if each.at <= now),
        seen=tuple(each for each in application.seen if each.at <= now),
        checks=tuple(each for each in application.checks if each <= now),
        observed=tuple((start, past(end)) for start, end in application.observed if start <= now),
    )


@given(applications, names, moments, st.data())
def test_what_happened_after_a_limit_was_passed_never_unmakes_it(application, listed, now, data):
    passed = [each for each in limits(application, listed, now) if each.late(now)]
    assume(passed and application.spells)  # the first spell says of which sort all of it was
    limit = data.draw(st.sampled_from(passed))
    later = st.integers(1, 600).map(lambda minutes: after(limit.due, minutes))
    name, facts = data.draw(
        st.sampled_from(
            [
                ("orders", st.builds(replace, orders, at=later)),
                ("seen", st.builds(replace, seens, at=later)),
                ("checks", later),
                ("observed", later.map(lambda start: (start, None))),
                ("spells", st.builds(replace, spells, began=later, ended=st.none())),
            ]
        )
    )
    more = replace(application, **{name: (*getattr(application, name), data.draw(facts))})
    kept = [
        each
        for each in limits(more, listed, now)
        if (each.what, each.sort, each.since, each.due)
        == (limit.what, limit.sort, limit.since, limit.due)
    ]
    assert [bool(each.late(now)) for each in kept] == [True]


@given(applications, names, st.sampled_from(LAWS), moments)
def test_a_further_law_makes_no_clock_longer_and_forgives_nothing(application, listed, more, now):
    both = limits(application, [*listed, more], now)
    for limit in limits(application, listed, now):
        same = [
            each
            for each in both
            if (each.what, each.since, each.sort) == (limit.what, limit.since, limit.sort)
        ]
        assert limit.due is None or any(each.due and each.due <= limit.due for each in same)
        assert not limit.late(now) or any(each.late(now) for each in same)
    assert set(barred(application, listed, now)) <= set(barred(application, [*listed, more], now))


def at_once(application):
    """Return it with no order from before a spell: a child's runs out sooner, and is none then."""
    return replace(
        application,
        orders=tuple(each for each in application.orders if each.at >= START),
        spells=tuple(replace(each, began=START) for each in application.spells),
    )


@given(applications, names, st.integers(0, 40), moments)
def test_nobody_has_less_time_because_they_are_older(application, listed, years_more, now):
    assume(application.born)
    begun = (
        replace(  # an order that ran out before the start is none, and a child's does so earlier
            application,
            orders=tuple(each for each in application.orders if each.at >= START),
            spells=(),
        )
    )
    younger = limits(begun, listed, now)
    born = application.born - timedelta(days=366 * years_more)
    for limit in limits(replace(begun, born=born), listed, now):
        assert limit.due is None or any(
            (each.what, each.since, each.sort) == (limit.what, limit.since, limit.sort)
            and each.due <= limit.due
            for each in younger
            if each.due
        )


@given(applications, names, moments)
def test_who_is_of_no_known_age_is_held_to_no_longer_than_anybody(application, listed, now):
    begun = at_once(application)
    unknown = limits(replace(begun, born=None), listed, now)
    for limit in limits(begun, listed, now):
        assert any(
            (each.what, each.since, each.sort) == (limit.what, limit.since, limit.sort)
            and (limit.due is None or (each.due and each.due <= limit.due))
            for each in unknown
        )


@given(applications, names, moments)
def test_the_units_clock_matters_only_for_birthdays_and_business_days(application, listed, now):
    assume("school-california" not in listed)
    here, there = (
        replace(application, born=date(1980, 7, 1), zone=zone)
        for zone in ("America/New_York", "Pacific/Apia")
    )
    assert limits(here, listed, now) == limits(there, listed, now)


@given(applications, names, moments, st.randoms())
def test_in_which_order_facts_arrive_changes_nothing(application, listed, now, random):
    def shuffled(facts):
        return tuple(random.sample(facts, len(facts)))

    names_ = ("spells", "orders", "seen", "checks", "observed")
    other = replace(application, **{name: shuffled(getattr(application, name)) for name in names_})
    assert clocks(limits(other, listed, now)) == clocks(limits(application, listed, now))


def clocks(found):
    return sorted(
        (each.what, each.since, str(each.due), str(each.met_at), str(each.sort)) for each in found
    )


@given(applications, names, moments)
def test_what_is_late_stays_late_and_grows_until_it_is_met(application, listed, now):
    for limit in limits(application, listed, now):
        tomorrow = now + timedelta(days=1)
        assert timedelta() <= limit.late(now) <= limit.late(tomorrow)
        if limit.met_at and limit.met_at <= now:
            assert limit.late(now) == limit.late(tomorrow)
