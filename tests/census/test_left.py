"""The units that somebody was transferred from are kept in one text, the newest of them."""

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from milieu.census.left import LEFT_MAX, Left, as_text, from_text

LEFT = st.builds(Left, st.uuids(), st.datetimes(timezones=st.just(UTC)))


@given(st.lists(LEFT, max_size=2 * LEFT_MAX))
def test_what_was_written_is_read_again_and_the_oldest_are_let_go(left):
    assert from_text(as_text(left)) == tuple(left[-LEFT_MAX:])
