"""What is filled in about a meal or a drink at a desk, in the unit's words."""

from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Stay
from milieu.intake import models, shape
from milieu.record.amending import Amending
from milieu.record.choosing import choices
from milieu.record.shapes import form_field

OUTCOMES = {
    "eaten": gettext_lazy("Was at the table"),
    "declined": gettext_lazy("Declined it"),
    "not-there": gettext_lazy("Was not there"),
}
SHARES = {0: "0 %", 25: "25 %", 50: "50 %", 75: "75 %", 100: "100 %"}


class _Form(Amending):
    """What both have: the unit's words, and a note."""

    SHAPE: type[msgspec.Struct]

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        standing = stay.standing
        self.words = standing.unit.pack.intake
        super().__init__(*args, zone=standing.unit.zone, not_before=standing.admitted_at, **options)
        self.ask()
        self.fields["note"] = form_field(
            self.SHAPE, "note", label=_("Note"), widget=forms.Textarea({"rows": 2})
        )
        self.finish()

    def ask(self) -> None:
        raise NotImplementedError

    def choose(self, part: str, words: Any, label: str, **more: Any) -> None:
        """Ask for one of the unit's words."""
        known = self.kept(part, choices(words))
        self.fields[part] = forms.ChoiceField(
            label=label, choices=known, widget=forms.RadioSelect, **more
        )

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as the shape takes it."""
        names = self.SHAPE.__struct_fields__
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in names and value not in (None, "")
        }


class MealForm(_Form):
    """One meal of one person."""

    AT_LABEL = gettext_lazy("When")
    FACT = "meal"
    SHAPE = shape.Meal
    field_order = ["meal", "outcome", "share", "why", "note", "at", "reason"]

    def ask(self) -> None:
        self.choose("meal", self.words.meals, _("Meal"))
        self.fields["outcome"] = form_field(
            shape.Meal,
            "outcome",
            label=_("Outcome"),
            choices=list(OUTCOMES.items()),
            widget=forms.RadioSelect,
            initial="eaten",
        )
        self.fields["share"] = forms.TypedChoiceField(
            label=_("How much was eaten"),
            choices=list(SHARES.items()),
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect,
            required=False,
        )
        self.choose("why", self.words.why, _("Why it was declined"), required=False)

    def said(self) -> shape.Meal:
        """Return it as the record takes it, without what does not go with the outcome."""
        found = self.given()
        if found["outcome"] != "eaten":
            found.pop("share", None)
        if found["outcome"] != "declined":
            found.pop("why", None)
        return msgspec.convert(found, shape.Meal)

    @staticmethod
    def begun(row: models.Meal) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        return {name: getattr(row, name) for name in shape.Meal.__struct_fields__}


class DrinkForm(_Form):
    """One drink of one person."""

    AT_LABEL = gettext_lazy("When")
    FACT = "drink"
    SHAPE = shape.Drink
    field_order = ["vessel", "ml", "note", "at", "reason"]

    def ask(self) -> None:
        self.choose("vessel", self.words.vessels, _("Out of what"), required=False)
        self.fields["ml"] = forms.IntegerField(
            label=_("How much, ml"),
            min_value=1,
            max_value=3000,
            required=False,
            help_text=_("Left empty: what the vessel holds."),
        )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not found.get("ml") and "ml" not in self.errors:
            held = {each.code: each.ml for each in self.words.vessels}
            if ml := held.get(found.get("vessel", "")):
                found["ml"] = ml
            else:
                self.add_error("ml", _("Say how much, or out of what."))
        return found

    def said(self) -> shape.Drink:
        """Return it as the record takes it."""
        return msgspec.convert(self.given(), shape.Drink)

    @staticmethod
    def begun(row: models.Drink) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        return {name: getattr(row, name) for name in shape.Drink.__struct_fields__}
