"""Two people write without knowing of each other: both versions stay, and one is offered."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from milieu.calm.versions import OFFERED_MAX, Version, meanwhile, standing

START = datetime(2026, 3, 1, tzinfo=UTC)


def version(number, hour, after=None, *, stands=True):
    """Return a version that was stored as the ``number``th, and is of ``hour``."""
    before = None if after is None else tuple(UUID(int=each) for each in after)
    return Version(UUID(int=number), START + timedelta(hours=hour), number, stands, before)


def shown(*versions):
    found = standing(versions)
    return found and found.seq, [each.seq for each in meanwhile(versions)]


def test_the_later_one_stands_and_the_other_is_offered_whichever_arrives_first():
    assert shown(version(1, 0), version(2, 1, [1]), version(3, 2, [1])) == (3, [2])
    assert shown(version(1, 0), version(2, 2, [1]), version(3, 1, [1])) == (2, [3])


def test_who_had_the_other_before_them_is_offered_nothing():
    assert shown(version(1, 0), version(2, 1, [1]), version(3, 2, [2])) == (3, [])
    assert shown(version(1, 0), version(2, 1, [1]), version(3, 2, [1]), version(4, 3, [3, 2])) == (
        4,
        [],
    )


def test_what_one_knew_of_through_a_version_that_was_struck_out_is_known():
    struck = version(2, 1, [1], stands=False)
    assert shown(version(1, 0), struck, version(3, 2, [2])) == (3, [])


def test_two_first_plans_without_network_do_not_know_of_each_other():
    assert shown(version(1, 0, []), version(2, 1, [])) == (2, [1])


def test_at_a_desk_the_record_is_known_and_what_arrives_later_is_not():
    assert shown(version(1, 0), version(2, 1, [1]), version(3, 2)) == (3, [])
    assert shown(version(1, 0), version(2, 2), version(3, 1, [1])) == (2, [3])
    opened_before = version(3, 2, [1])  # the form was opened before the other was stored
    assert shown(version(1, 0), version(2, 1, [1]), opened_before) == (3, [2])


def test_a_version_that_this_unit_does_not_have_is_no_reason_to_hide_one_that_it_has():
    assert shown(version(1, 0), version(2, 1, [99])) == (2, [1])


def test_no_plan_no_offer():
    assert shown() == (None, [])
    assert shown(version(1, 0, stands=False)) == (None, [])


histories = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.none() | st.lists(st.integers(1, 8), max_size=3, unique=True),
        st.booleans(),
    ),
    max_size=8,
)


@given(histories)
def test_whatever_happened_one_stands_and_what_is_offered_stands_too_and_was_not_known(written):
    versions = [
        version(n, hour, after, stands=stands) for n, (hour, after, stands) in enumerate(written, 1)
    ]
    found, offered = standing(versions), meanwhile(versions)
    assert (found is not None) == any(each.stands for each in versions)
    assert len(offered) <= OFFERED_MAX
    for each in offered:
        assert each.stands
        assert each != found
        assert each.id not in (found.after or ())


@given(histories)
def test_whoever_looks_at_all_that_is_shown_settles_it(written):
    versions = [version(n, hour, after) for n, (hour, after, _) in enumerate(written, 1)]
    for number in range(20, 30):
        found, offered = standing(versions), meanwhile(versions)
        if not found or not offered:
            break
        seen = [found.seq, *(each.seq for each in offered)]
        versions.append(version(number, 10 + number, seen))
    assert meanwhile(versions) == []
