"""Rows about a person in care: none, until it is said who is asking."""

import pytest
from django.apps import apps
from django.db.models import Model

from milieu.admissions.models import Movement
from milieu.census.models import Patient, Standing, Stay
from milieu.people.scoping import InCareManager
from milieu.record.models import Entry
from tests.cast import Cast

OPEN = {  # what points at somebody in care and is not narrowed by itself, and why
    "alerts.Acknowledgement": "asked for by alerts that one may see",
    "alerts.Deadline": "asked for by alerts that one may see",
    "alerts.Delivery": "asked for by alerts, or by the one it goes to",
    "alerts.Shortage": "asked for by alerts that one may see",
    "alerts.Step": "asked for by alerts that one may see",
    "alerts.Waiting": "says of an alert that it waits, and no more",
    "census.Identifier": "asked for by a whole number, which who asks has",
    "census.Merge": "two numbers of one person, and no name",
    "help.Open": "says of a call that it is open, and no more",
    "help.Said": "asked for by calls of a unit",
    "rounds.Spell": "about a unit and nobody in care",
    "rounds.SpellEnd": "about a unit and nobody in care",
    "wellbeing.Answer": "asked for by the one who gave it",
    "wellbeing.CheckIn": "asked for by the one whom it asks",
    "wellbeing.Wish": "asked for by the one whose it is",
}


def pointing_at_somebody() -> set[type[Model]]:
    found: set[type[Model]] = {Patient, Stay, Entry}
    while True:
        more = {
            model
            for model in apps.get_models()
            if any(field.related_model in found for field in model._meta.concrete_fields)
        }
        if more <= found:
            return found
        found |= more


def test_whatever_points_at_somebody_in_care_gives_nothing_by_itself_or_says_why():
    unguarded = {
        model._meta.label
        for model in pointing_at_somebody()
        if not isinstance(model._default_manager, InCareManager)
    }

    assert unguarded == set(OPEN)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Patient, Stay, Standing, Entry, Movement])
def test_nobody_is_found_until_it_is_said_who_asks(model):
    cast = Cast()

    assert not model.objects.all().exists()
    assert model.objects.visible_to(cast.nora).exists()
    assert not model.objects.visible_to(cast.sana).exists()
    assert model.objects.as_system("test").exists()
