"""What was done about an alert; and a browser that asks to be told."""

from django import forms
from django.utils.translation import gettext_lazy

from milieu.alerts.models import Acknowledgement, PushSubscription


class AnswerForm(forms.Form):
    """A few words: what was done."""

    words = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=Acknowledgement._meta.get_field("words").max_length,
        # What is typed stays, whatever is drawn anew around it: after another answer, too.
        widget=forms.Textarea({"rows": 2, "hx-morph-skip": True}),
        error_messages={"required": gettext_lazy("Say in a few words what was done.")},
    )


class BrowserForm(forms.Form):
    """What a browser says of itself when it agrees to be told. No person types this."""

    endpoint = forms.CharField(
        max_length=PushSubscription._meta.get_field("endpoint").max_length,
        widget=forms.HiddenInput,
    )
    p256dh = forms.RegexField(r"^[A-Za-z0-9_-]{80,100}=*$", widget=forms.HiddenInput)
    auth = forms.RegexField(r"^[A-Za-z0-9_-]{20,48}=*$", widget=forms.HiddenInput)
