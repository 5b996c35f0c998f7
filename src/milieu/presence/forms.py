"""What is filled in about a tag."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milieu.census.models import Room, Unit
from milieu.people.forms import WithRefusals

UID_LENGTH_MAX = 40  # with spaces or colons between


class RoomForm(WithRefusals):
    """At which door."""

    room = forms.ChoiceField(label=_("Door of room"))

    def __init__(self, units: list[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rooms = Room.objects.filter(unit__in=units).select_related("unit").order_by("unit", "name")
        self.rooms = {str(room.pk): room for room in rooms}
        several = len(units) > 1
        field = self.fields["room"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, f"{room.unit.name} {room.name}" if several else room.name)
            for key, room in self.rooms.items()
        ]

    @property
    def chosen(self) -> Room:
        """The room that was chosen."""
        return self.rooms[self.cleaned_data["room"]]


class TagForm(RoomForm):
    """A tag, by what it is known by, and its door."""

    uid = forms.CharField(
        label=_("UID of the tag"),
        help_text=_("14 letters and figures, as a phone shows them: 04DE5F1EACC040."),
        max_length=UID_LENGTH_MAX,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("uid", "room")
