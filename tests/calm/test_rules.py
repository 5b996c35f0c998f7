"""What goes together in a plan; and what is offered first: what helped by their own record."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.calm.rules import Tally, Thing, agree, one_line, rank
from milieu.calm.shape import OwnPlan
from milieu.calm.ways import Ways, ways
from milieu.census.packs import names, pack
from milieu.kernel.errors import Refusal
from tests.calm.made import ROSAS

START = datetime(2026, 3, 1, tzinfo=UTC)
DIDS = ("calmer", "same", "worse", "not-wanted")
LINES = [Thing("plan", "", words) for words in ("Walk", "Water", "Music")]
tries = st.lists(
    st.tuples(st.sampled_from([*LINES, Thing("way", "space", "Room")]), st.sampled_from(DIDS)),
    max_size=30,
)


def told(happened):
    """Return the tally of each thing, from what was tried, an hour apart."""
    found = {}
    for hour, (thing, did) in enumerate(happened):
        tally = found[thing.key][1] if thing.key in found else Tally()
        found[thing.key] = thing, tally.with_(did, 1, START + timedelta(hours=hour))
    return found


def places(ranked):
    return {each.thing.key: place for place, each in enumerate(ranked)}


def change(**changes):
    return msgspec.structs.replace(ROSAS, **changes)


def test_a_plan_says_something_unless_the_person_did_not_want_one():
    with pytest.raises(Refusal, match="at least one line"):
        agree(OwnPlan(agreement="agreed"))
    agree(OwnPlan(agreement="declined"))
    agree(OwnPlan(agreement="not-asked", touch=("Steps back",)))


def test_who_agreed_with_a_part_sees_something_differently_and_nobody_else_does():
    with pytest.raises(Refusal) as refused:
        agree(change(agreement="part"))
    assert (refused.value.code, refused.value.field) == ("differs-missing", "differs")
    agree(change(agreement="part", differs="I talk loud, I do not shout"))
    with pytest.raises(Refusal) as refused:
        agree(change(differs="I talk loud"))
    assert refused.value.code == "differs-not-needed"


def test_what_nobody_tried_yet_stands_between_what_helps_and_what_does_not():
    ranked = rank(LINES, told([(LINES[1], "calmer"), (LINES[0], "same")]))
    assert [each.thing.words for each in ranked] == ["Water", "Music", "Walk"]


def test_one_lucky_try_does_not_pass_nine_of_ten():
    happened = [(LINES[0], "calmer")] * 9 + [(LINES[0], "same"), (LINES[1], "calmer")]
    assert rank(LINES, told(happened))[0].thing.words == "Walk"


def test_of_equals_what_was_tried_last_comes_first_then_the_order_of_the_plan():
    happened = [(LINES[2], "calmer"), (LINES[1], "calmer")]
    assert [each.thing.words for each in rank(LINES, told(happened))] == ["Water", "Music", "Walk"]
    assert [each.thing for each in rank(LINES, {})] == LINES


def test_a_line_is_known_again_however_it_is_spaced_and_written_and_keeps_the_words_of_the_plan():
    said = Thing("plan", "", "cold  WATER")
    (one,) = rank([Thing("plan", "", "Cold water")], told([(said, "calmer")]))
    assert (one.thing.words, one.tally.calmer, one.own) == ("Cold water", 1, True)


@given(tries)
def test_what_they_said_themselves_comes_before_what_else_helped(happened):
    ranked = rank(LINES, told(happened))
    assert all(each.own for each in ranked[: len(LINES)])
    assert not any(each.own for each in ranked[len(LINES) :])


@given(tries)
def test_every_line_of_the_plan_and_everything_tried_is_there_once(happened):
    ranked = rank(LINES, told(happened))
    keys = [each.thing.key for each in ranked]
    assert len(keys) == len(set(keys))
    assert set(keys) == {thing.key for thing in LINES} | {thing.key for thing, _ in happened}
    assert sum(each.tally.times + each.tally.unwanted for each in ranked) == len(happened)
    assert all(0 < each.tally.share < 1 for each in ranked)


@given(tries, st.sampled_from(LINES))
def test_what_helped_once_more_never_falls_and_what_did_not_never_rises(happened, thing):
    before = places(rank(LINES, told(happened)))[thing.key]
    assert places(rank(LINES, told([*happened, (thing, "calmer")])))[thing.key] <= before
    for did in ("same", "worse", "not-wanted"):
        tally = told(happened).get(thing.key, (thing, Tally()))[1]
        assert told([*happened, (thing, did)])[thing.key][1].share < tally.share


@given(tries, st.randoms())
def test_the_order_in_which_tries_arrive_changes_nothing(happened, chance):
    arrived = [(thing, did, START + timedelta(hours=n)) for n, (thing, did) in enumerate(happened)]
    chance.shuffle(arrived)
    found = {}
    for thing, did, at in arrived:
        tally = found[thing.key][1] if thing.key in found else Tally()
        found[thing.key] = thing, tally.with_(did, 1, at)
    assert rank(LINES, found) == rank(LINES, told(happened))


@given(st.text())
def test_a_line_is_one_line(text):
    line = one_line(text)
    assert line.splitlines() in ([line], [])
    assert one_line(line) == line


def test_there_are_ten_ways_with_their_source_in_every_language():
    text = files("milieu.calm").joinpath("ways.toml").read_bytes()
    found = msgspec.toml.decode(text, type=Ways)
    assert "10.5811/westjem.2011.9.6864" in found.source
    assert found.as_of
    assert len(ways()) == len(found.ways) == 10
    for way in found.ways:
        assert sorted(way.label) == sorted(way.how) == ["en", "es"]
        assert max(map(len, way.label.values())) <= 35, way.code
        assert max(map(len, way.how.values())) <= 85, way.code


@pytest.mark.parametrize("name", names())
def test_choices_have_their_languages_their_source_and_no_code_of_a_way(name):
    """Phones are told what a choice or a way did by its code alone."""
    calm = pack(name).calm
    codes = [each.code for each in calm.choices]
    assert len({*codes, *ways()}) == len(codes) + len(ways())
    assert all(sorted(each.label) == ["en", "es"] for each in calm.choices)
    assert calm.source
    assert calm.as_of
