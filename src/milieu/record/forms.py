"""What every page that writes an entry asks: an id made once, when it happened, and the rest."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.kernel.errors import Refusal
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.record.moments import MomentField, within_minute

PAGES = frozenset({"not-allowed", "unknown-stay", "unknown-alert"})  # no field can put these right
FIELD_OF = {"happened_at": "at"}  # what the wire calls it -> what the page does


class OnceForm(forms.Form):
    """A form that may be sent twice and is carried out once: its id is made as it is opened."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.finish()

    def finish(self) -> None:
        """Put fields in order and say what is missing in our words; call it after adding fields."""
        self.order_fields(self.field_order)
        for field in self.fields.values():
            field.error_messages["required"] = _missing(field)
            field.error_messages["incomplete"] = _("Fill in both the day and the time.")

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field, with everything that was typed kept.

        Raises:
            Refusal: the one given, where no change of the form could put it right.
        """
        if refusal.code in PAGES:
            raise refusal
        field = FIELD_OF.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, refusal.message)


def _missing(field: forms.Field) -> str:
    if isinstance(field, forms.MultipleChoiceField):
        return _("Choose at least one.")
    return _("Choose one.") if isinstance(field, forms.ChoiceField) else _("Fill this in.")


class EntryForm(OnceForm):
    """An entry about something that has happened: now, unless another time is typed."""

    AT_LABEL = gettext_lazy("When")

    def __init__(
        self,
        *args: Any,
        zone: ZoneInfo,
        now: datetime,
        not_before: datetime | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.not_before = not_before
        self.fields["at"] = MomentField(zone=zone, latest=now, label=self.AT_LABEL, initial=now)
        self.finish()

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        return within_minute(at, self.not_before) if self.not_before else at


def person_field(people: Iterable[Person], **options: Any) -> forms.TypedChoiceField:
    """Return a choice among people who work here; the value is the person, or None."""
    known = {str(person.pk): person for person in people}
    return forms.TypedChoiceField(
        choices=[("", _("Choose")), *((key, person.name) for key, person in known.items())],
        coerce=known.__getitem__,
        empty_value=None,
        **options,
    )
