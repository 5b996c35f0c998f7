"""What somebody is asked after a hard moment. Every question may be left out."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.people.models import Person
from milieu.record.forms import OnceForm
from milieu.wellbeing.services import NOW

HURT = {
    "no": gettext_lazy("No"),
    "first-aid": gettext_lazy("Yes, first aid is enough"),
    "doctor": gettext_lazy("Yes, a doctor should see it"),
}
OFF_FLOOR = {"yes": gettext_lazy("Yes"), "soon": gettext_lazy("Soon"), "no": gettext_lazy("No")}
RELIEF = {
    "has": gettext_lazy("Somebody relieves me"),
    "ask": gettext_lazy("Ask the lead to relieve me"),
    "none": gettext_lazy("I would rather go on"),
}
HOW = {
    "1": gettext_lazy("Not well at all"),
    "2": gettext_lazy("Not well"),
    "3": gettext_lazy("So-so"),
    "4": gettext_lazy("Well enough"),
    "5": gettext_lazy("Well"),
}
SLEEP = {
    "usual": gettext_lazy("As usual"),
    "less": gettext_lazy("Less than usual"),
    "little": gettext_lazy("Hardly at all"),
}
AGAIN = {
    "no": gettext_lazy("No"),
    "some": gettext_lazy("Now and then"),
    "often": gettext_lazy("Often, when I do not want it"),
}


Question = tuple[str, str, Mapping[str, str | Promise]]  # its name, its words, its answers


def questions(step: str) -> tuple[Question, ...]:
    """Return what is asked in one step: at once about the moment, later about how somebody is."""
    if step == NOW:
        return (
            ("hurt", _("Are you hurt?"), HURT),
            ("off_floor", _("Are you off the floor?"), OFF_FLOOR),
            ("relief", _("Who relieves you?"), RELIEF),
        )
    return (
        ("how", _("How are you?"), HOW),
        ("sleep", _("How do you sleep?"), SLEEP),
        ("again", _("Does it come back to you?"), AGAIN),
    )


class CheckInForm(OnceForm):
    """The questions of one step. Each may be left out."""

    def __init__(self, step: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label, words in questions(step):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=list(words.items()), widget=forms.RadioSelect, required=False
            )
        self.fields["words"] = forms.CharField(
            label=_("For yourself"),
            help_text=_("Only you can read it here."),
            max_length=2000,
            widget=forms.Textarea({"rows": 3}),
            required=False,
        )
        self.finish()

    def given(self) -> dict[str, Any]:
        """Return what was filled in."""
        found = dict(self.cleaned_data)
        found["how"] = int(found["how"]) if found.get("how") else None
        return found


class PeerForm(OnceForm):
    """Whom to ask for company, or to write down as somebody who may be asked."""

    def __init__(self, people: list[Person], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["peer"] = forms.ChoiceField(
            label=_("Who"), choices=[(str(each.pk), each.name) for each in people]
        )
        self.finish()
