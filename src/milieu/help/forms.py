"""What is filled in at a desk about a call for help."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Room, Unit
from milieu.help.shape import WORDS_MAX
from milieu.record.forms import OnceForm

OUTCOMES = {
    "calm": gettext_lazy("It is calm again"),
    "not-needed": gettext_lazy("It settled before anyone came"),
    "mistake": gettext_lazy("It was called by mistake"),
}


class CallForm(OnceForm):
    """Where help is needed. It may be left open: help is called all the same."""

    def __init__(self, unit: Unit, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rooms = Room.objects.filter(unit=unit).order_by("name").values_list("name", flat=True)
        self.fields["room"] = forms.ChoiceField(
            label=_("Where"),
            choices=[("", _("Not known")), *((name, name) for name in rooms)],
            required=False,
        )
        self.finish()


class OverForm(OnceForm):
    """How it ended."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["outcome"] = forms.ChoiceField(
            label=_("How it is now"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect
        )
        self.fields["words"] = forms.CharField(
            label=_("A few words"), max_length=WORDS_MAX, required=False
        )
        self.finish()
