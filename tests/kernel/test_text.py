"""Text that every database keeps the same way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.kernel.errors import Refusal
from milieu.kernel.text import inert, storable

SURROGATES = st.characters(categories=["Cs"])


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_text_is_kept_composed_and_trimmed_and_keeping_it_again_changes_nothing(text):
    kept = storable(text, field="note")
    assert storable(kept, field="note") == kept
    kept.encode()


@given(st.text(), st.just("\x00") | SURROGATES, st.text())
def test_a_sign_that_cannot_be_stored_is_refused_at_its_field(before, sign, after):
    with pytest.raises(Refusal) as refusal:
        storable(before + sign + after, field="note")
    assert (refusal.value.code, refusal.value.field) == ("text-unusable", "note")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_is_made_text(sign):
    assert inert(f"{sign}1") == f"'{sign}1"
    assert inert(f"1{sign}") == f"1{sign}"
    assert inert("") == ""
