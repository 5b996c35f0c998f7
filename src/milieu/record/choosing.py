"""Forms in which somebody chooses among a unit's words. Nothing is chosen beforehand."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.census.packs import LANGUAGE, Word
from milieu.record.amending import Amending

NOT_NOTED: Final = "-"  # so that what was chosen can be left out again


def choices(words: Iterable[Word]) -> list[tuple[str, str]]:
    """Return words as a form offers them, in the reader's language."""
    language = get_language() or LANGUAGE
    return [(word.code, str(capfirst(word.said(language)))) for word in words]


class Choosing(Amending):
    """A form that asks in the words of a unit. ``words_of`` gives them, part by part."""

    def words_of(self, part: str) -> Iterable[Word]:
        """Return the unit's words for a part."""
        raise NotImplementedError

    def choose(
        self, part: str, label: str, *, optional: bool = True, name: str = "", help_text: str = ""
    ) -> None:
        """Ask for one of the unit's words, in a field that is called as the part, or ``name``."""
        found = self.kept(name or part, choices(self.words_of(part)))
        found += [(NOT_NOTED, _("Not noted"))] if optional else []
        self.fields[name or part] = forms.ChoiceField(
            label=label,
            choices=found,
            widget=forms.RadioSelect,
            required=not optional,
            help_text=help_text,
        )

    def choose_some(self, part: str, label: str, *, optional: bool = True) -> None:
        """Ask for any of the unit's words."""
        self.fields[part] = forms.MultipleChoiceField(
            label=label,
            choices=self.kept(part, choices(self.words_of(part))),
            widget=forms.CheckboxSelectMultiple,
            required=not optional,
        )

    def given(self, of: type[msgspec.Struct]) -> dict[str, Any]:
        """Return what was filled in, as the shape takes it."""
        found: dict[str, Any] = {}
        for field in msgspec.structs.fields(of):
            value = self.cleaned_data.get(field.name)
            found[field.name] = field.default if value in (None, "", NOT_NOTED, []) else value
        return found
