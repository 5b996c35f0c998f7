"""What was done about something that the nurse should know."""

from django import forms
from django.utils.translation import gettext_lazy

from milieu.alerts.models import Acknowledgement


class AnswerForm(forms.Form):
    """A few words: what was done."""

    words = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=Acknowledgement._meta.get_field("words").max_length,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Say in a few words what was done.")},
    )
