"""What a unit chooses to watch, and what a nurse makes of a notice."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.record.forms import OnceForm
from milieu.watch.choices import A_WEEK_MOST
from milieu.watch.following import rule_words
from milieu.watch.models import Mark
from milieu.watch.said import MARKS
from milieu.watch.sources import SOURCES

MARK_WORDS = {
    "useful": gettext_lazy("Useful"),
    "known": gettext_lazy("Known already"),
    "not-useful": gettext_lazy("Not useful"),
}
WORDS_MAX = Mark._meta.get_field("words").max_length


class ChoicesForm(OnceForm):
    """Which streams are on, and how many notices a week are read."""

    field_order = ["streams", "a_week", "follow"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["streams"] = forms.MultipleChoiceField(
            label=_("Streams"),
            help_text=_("Only these are looked at. Turn on what your unit writes down well."),
            choices=[(code, each.title) for code, each in SOURCES.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["a_week"] = forms.IntegerField(
            label=_("Notices a week that we will read"),
            help_text=_("By chance alone about so many; what really changed comes on top."),
            min_value=1,
            max_value=A_WEEK_MOST,
        )
        self.fields["follow"] = forms.BooleanField(
            label=_("Let this number follow how many notices were useful"),
            help_text=rule_words(),
            required=False,
        )
        self.finish()


class MarkForm(forms.Form):
    """What a nurse made of a notice."""

    said = forms.ChoiceField(choices=[(code, MARK_WORDS[code]) for code in MARKS])
    words = forms.CharField(max_length=WORDS_MAX, required=False)
