"""What is filled in to protect somebody's sleep, and to end it."""

from typing import Any

import msgspec
from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.census.models import Stay
from milieu.census.packs import LANGUAGE, ProtectedSleep
from milieu.record.forms import EntryForm
from milieu.record.shapes import form_field
from milieu.sleep.shape import EndSleep, ProtectSleep

YES = "yes"
CRITERION = "criterion-"


class ProtectForm(EntryForm):
    """An order of protected sleep. Each criterion is answered; none is answered beforehand."""

    AT_LABEL = gettext_lazy("From")

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        unit = stay.standing.unit
        super().__init__(*args, zone=unit.zone, not_before=stay.standing.admitted_at, **options)
        self.allowed = unit.pack.protected_sleep
        self.criteria = [CRITERION + each.code for each in self.allowed.criteria]
        self._ask_criteria()
        self._ask_hours(self.allowed)
        self.fields["why"] = form_field(
            ProtectSleep, "why", label=_("Why"), widget=forms.Textarea({"rows": 2})
        )
        self.field_order = [*self.criteria, "from_hour", "to_hour", "nights", "why", "at"]
        self.finish()

    def _ask_criteria(self) -> None:
        language = get_language() or LANGUAGE
        for name, each in zip(self.criteria, self.allowed.criteria, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=each.said(language),
                choices=[(YES, _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect,
            )

    def _ask_hours(self, allowed: ProtectedSleep) -> None:
        labels = (_("Each night from"), _("until"))
        for name, label, hour in zip(("from_hour", "to_hour"), labels, allowed.hours, strict=True):
            self.fields[name] = forms.RegexField(
                r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
                label=label,
                help_text=_("Time, 24 hours"),
                initial=hour,
                widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 5}),
                error_messages={"invalid": _("Write the hour like 23:00.")},
            )
        most = allowed.nights_most
        self.fields["nights"] = forms.TypedChoiceField(
            label=_("Nights"),
            help_text=_("Then somebody decides anew."),
            choices=[(number, str(number)) for number in range(1, most + 1)],
            coerce=int,
            initial=most,
        )

    def said(self) -> ProtectSleep:
        """Return the order as the record takes it."""
        given = self.cleaned_data
        met = [name.removeprefix(CRITERION) for name in self.criteria if given[name] == YES]
        plain = {name: given[name] for name in ("from_hour", "to_hour", "nights", "why")}
        return msgspec.convert({**plain, "criteria": met}, ProtectSleep)


class EndForm(EntryForm):
    """Why sleep is no longer protected."""

    AT_LABEL = gettext_lazy("From")
    field_order = ["why", "at"]

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        zone, admitted_at = stay.standing.unit.zone, stay.standing.admitted_at
        super().__init__(*args, zone=zone, not_before=admitted_at, **options)
        self.fields["why"] = form_field(
            EndSleep, "why", label=_("Why"), widget=forms.Textarea({"rows": 2})
        )
        self.finish()
