"""One declaration: what a door takes, what a form asks and what the database keeps agree."""

from typing import Literal

import msgspec
import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from milieu.record.kinds import kinds
from milieu.record.shapes import form_field, json_schemas
from milieu.rounds.models import LevelOrder, SafetyCheck
from milieu.rounds.shape import LevelOrder as LevelShape
from milieu.rounds.shape import SafetyCheck as Shape


def taken_by_the_door(shape, **given):
    try:
        msgspec.convert(given, shape)
    except msgspec.ValidationError:
        return False
    return True


def taken_by_the_form(field, value):
    try:
        field.clean(value)
    except ValidationError:
        return False
    return True


@given(st.text(st.characters(categories=["L", "N"]), max_size=600))
def test_a_form_takes_as_long_a_note_as_the_door_does(text):
    for name in ("note", "nurse_should_know"):
        door = taken_by_the_door(Shape, outcome="seen", **{name: text})
        assert taken_by_the_form(form_field(Shape, name), text) == door


@pytest.mark.parametrize("word", ["seen", "refused", "not-seen", "asleep", ""])
def test_a_form_takes_the_words_that_the_door_takes(word):
    field = form_field(Shape, "outcome")
    assert taken_by_the_form(field, word) == taken_by_the_door(Shape, outcome=word)


@pytest.mark.parametrize("text", ["", "Settled", "x" * 500, "x" * 501])
def test_what_a_shape_needs_a_form_needs(text):
    door = taken_by_the_door(LevelShape, level="q15", why=text)
    assert taken_by_the_form(form_field(LevelShape, "why"), text) == door


def test_the_words_of_the_unit_make_a_choice_of_a_code():
    field = form_field(Shape, "place", choices=[("hall", "Hall")], widget=forms.RadioSelect)
    assert field.clean("hall") == "hall"
    with pytest.raises(ValidationError):
        field.clean("moon")


def test_a_field_that_no_form_knows_is_a_fault_of_ours():
    class Strange(msgspec.Struct):
        part: Literal[1, 2] | bytes = 1

    with pytest.raises(AssertionError, match=r"Strange\.part"):
        form_field(Strange, "part")


@pytest.mark.parametrize(("shape", "model"), [(Shape, SafetyCheck), (LevelShape, LevelOrder)])
def test_the_database_keeps_as_much_as_the_door_takes(shape, model):
    for field in msgspec.structs.fields(shape):
        described = msgspec.inspect.type_info(field.type)
        longest = getattr(described, "max_length", None)
        if longest:
            assert model._meta.get_field(field.name).max_length == longest


def test_every_kind_of_fact_has_its_schema():
    assert sorted(json_schemas()) == sorted(kinds())
