"""What is sealed has the same bytes wherever it is made, by RFC 8785 and a library of it."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from milieu.seals.canonical import EXACT_MAX, leaf, plain

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=20)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
SAID = st.dictionaries(
    NAMES, st.none() | st.booleans() | st.integers(-EXACT_MAX, EXACT_MAX) | WORDS, max_size=12
)


@given(header=SAID, fact=st.none() | SAID, before=st.none() | st.binary(min_size=32, max_size=32))
def test_a_leaf_is_written_as_the_standard_says(header, fact, before):
    written = leaf(header, fact, before)
    assert written == rfc8785.dumps(json.loads(written))


@given(st.integers())
def test_no_number_is_written_that_some_reader_would_round(number):
    said = plain(number)
    assert int(said) == number
    assert isinstance(said, int) == (abs(number) <= EXACT_MAX)


@given(
    at=st.datetimes(
        datetime(1900, 1, 1),  # noqa: DTZ001 (the zone is chosen beside)
        datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, ZoneInfo("America/New_York")]),
    ),
    microsecond=st.sampled_from([0, 1, 230_000, 999_999]),
)
def test_a_time_is_written_in_utc_to_the_microsecond(at, microsecond):
    at = at.replace(microsecond=microsecond)
    said = json.loads(leaf({"at": at}, None, None))["at"]
    assert said == f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def test_what_has_no_agreed_form_is_refused():
    assert plain(Decimal("36.60")) == "36.60"
    with pytest.raises(TypeError, match="float"):
        plain(36.6)
