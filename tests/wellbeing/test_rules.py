"""What is one exposure: for whatever was written down, in whatever order it arrived."""

from datetime import timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from milieu.wellbeing.rules import Moment, exposures
from tests.cast import NIGHT

WITHIN = timedelta(hours=4)
NORTH = UUID(int=1)
STAYS = (None, UUID(int=11), UUID(int=12))
moments = st.builds(
    lambda n, minute, stay, people: Moment(
        "help", UUID(int=n), NIGHT + timedelta(minutes=minute), NORTH, STAYS[stay], people
    ),
    st.integers(100, 106),
    st.integers(0, 900),
    st.integers(0, 2),
    st.frozensets(st.sampled_from([UUID(int=n) for n in range(21, 25)]), min_size=1),
)


def asked(batches):
    """Return the exposures after these arrived, each batch looked at by itself."""
    known: list[Moment] = []
    seen: list[Moment] = []
    for batch in batches:
        seen += batch
        known += exposures(seen, known, {NORTH: WITHIN})
    return known


@given(st.lists(st.lists(moments, max_size=3), max_size=4))
def test_nobody_is_asked_twice_about_the_same_event(batches):
    for one, other in combinations(asked(batches), 2):
        if one.people & other.people and one.stay_id and one.stay_id == other.stay_id:
            assert one.cause_id == other.cause_id or abs(one.at - other.at) > WITHIN


@given(st.lists(st.lists(moments, max_size=3), max_size=4))
def test_everybody_who_was_in_one_is_asked(batches):
    people = {person for batch in batches for each in batch for person in each.people}
    assert {person for each in asked(batches) for person in each.people} == people


@given(st.lists(moments, max_size=6))
def test_looked_at_again_it_is_the_same(batch):
    once = {(each.cause_id, person) for each in asked([batch]) for person in each.people}
    again = {(each.cause_id, person) for each in asked([batch, []]) for person in each.people}
    assert again == once
