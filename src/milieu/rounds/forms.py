"""What is filled in about a check or a level at a desk. Bounds come from shape and pack."""

from typing import Any

import msgspec
from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.census.models import Stay
from milieu.census.packs import LANGUAGE, Pack
from milieu.people.access import staff_of
from milieu.people.rules import Action
from milieu.record.amending import Amending
from milieu.record.choosing import NOT_NOTED, choices
from milieu.record.forms import EntryForm, person_field
from milieu.record.models import Entry
from milieu.record.shapes import form_field
from milieu.rounds.models import SafetyCheck
from milieu.rounds.shape import LevelOrder
from milieu.rounds.shape import SafetyCheck as Shape

# What a page asks. How presence was shown it does not: an amendment keeps what supported the check.
SAID = [name for name in Shape.__struct_fields__ if name != "presence"]
OUTCOMES = {
    "seen": gettext_lazy("Seen"),
    "refused": gettext_lazy("Did not want to be seen"),
    "not-seen": gettext_lazy("Could not be seen"),
}


class CheckForm(Amending):
    """One check in its parts. Nothing is chosen beforehand, unless it puts another right."""

    FACT = "safetycheck"
    AT_LABEL = gettext_lazy("When it was seen")
    ONLY_SEEN = ("position", "activity", "eyes", "breathing")
    PARTS = ("place", *ONLY_SEEN)
    field_order = ["outcome", *PARTS, "why", "note", "nurse_should_know", "at", "reason"]

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        standing = stay.standing
        super().__init__(*args, zone=standing.unit.zone, not_before=standing.admitted_at, **options)
        self._ask_outcome()
        self._ask_parts(standing.unit.pack)
        self._ask_words()
        self.finish()

    def _ask_outcome(self) -> None:
        self.fields["outcome"] = form_field(
            Shape,
            "outcome",
            label=_("Outcome"),
            choices=list(OUTCOMES.items()),
            widget=forms.RadioSelect,
        )

    def _ask_parts(self, pack: Pack) -> None:
        labels = {
            "place": (_("Where"), pack.places),
            "position": (_("Position"), pack.positions),
            "activity": (_("Activity"), pack.activities),
            "eyes": (_("Eyes"), pack.eyes),
            "breathing": (_("Breathing"), pack.breathing),
            "why": (_("Why not seen"), pack.why_not),
        }
        for name, (label, words) in labels.items():
            self.fields[name] = form_field(
                Shape,
                name,
                label=label,
                choices=[*self.kept(name, choices(words)), (NOT_NOTED, _("Not noted"))],
                widget=forms.RadioSelect,
                required=False,
            )
        self.fields["place"].help_text = _("Needed when they were seen.")
        self.fields["why"].help_text = _("Needed when they, or their breathing, could not be seen.")

    def _ask_words(self) -> None:
        self.fields["note"] = form_field(
            Shape, "note", label=_("Note"), widget=forms.Textarea({"rows": 2})
        )
        self.fields["nurse_should_know"] = form_field(
            Shape,
            "nurse_should_know",
            label=_("The nurse should know"),
            help_text=_(
                "A few words, only if the nurse has to act. They wait until a nurse answers."
            ),
        )

    def begun(self, row: SafetyCheck) -> dict[str, Any]:
        """Return a check as the form shows it, so that only what was wrong is changed."""
        return {name: getattr(row, name) for name in SAID}

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if self.wrong and not self.errors and self._says_the_same(self.wrong):
            raise forms.ValidationError(
                _("Nothing here differs from the entry. Change what was wrong, or strike it out.")
            )
        return given

    def _says_the_same(self, wrong: Entry) -> bool:
        before = Shape(**self.begun(wrong.safetycheck))
        return self.cleaned_data["at"] == wrong.happened_at and self.said() == before

    def said(self) -> Shape:
        """Return the check as the record takes it, without what the page hid as not applying."""
        given = {
            name: "" if self.cleaned_data[name] == NOT_NOTED else self.cleaned_data[name]
            for name in SAID
        }
        seen = given["outcome"] == "seen"
        for name in self.ONLY_SEEN if not seen else ():
            given[name] = ""
        if seen and given["breathing"] != "not-seen":
            given["why"] = ""
        return msgspec.convert(given, Shape)


class LevelForm(EntryForm):
    """An observation level, from a time on."""

    AT_LABEL = gettext_lazy("From")
    field_order = ["level", "observer", "why", "at"]

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        unit, language = stay.standing.unit, get_language() or LANGUAGE
        super().__init__(*args, zone=unit.zone, not_before=stay.standing.admitted_at, **options)
        self.fields["level"] = form_field(
            LevelOrder,
            "level",
            label=_("Level"),
            choices=[(level.code, level.meaning(language)) for level in unit.pack.levels],
            widget=forms.RadioSelect,
        )
        self.fields["observer"] = person_field(
            staff_of(unit.pk, Action.CHECK),
            label=_("Who stays with them"),
            help_text=_("Only for one to one."),
            required=False,
        )
        self.fields["why"] = form_field(
            LevelOrder, "why", label=_("Why"), widget=forms.Textarea({"rows": 2})
        )
        self.finish()
