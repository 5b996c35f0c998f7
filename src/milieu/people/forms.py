"""What is typed in about accounts, roles and PINs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milieu.kernel.errors import Refusal
from milieu.people.rules import Role
from milieu.people.staff import Places, roles_to_give

if TYPE_CHECKING:
    from milieu.census.models import Facility, Unit

ROLE_NAMES = {
    Role.TECHNICIAN: _("technician"),
    Role.LEAD: _("lead technician"),
    Role.NURSE: _("nurse"),
    Role.PRESCRIBER: _("prescriber"),
    Role.THERAPIST: _("therapist"),
    Role.MANAGER: _("unit manager"),
    Role.PRIVACY: _("privacy officer"),
    Role.IT: _("system administrator"),
}


class WithRefusals(forms.Form):
    """A form that shows a refusal at the field that it is about."""

    def refuse(self, refusal: Refusal) -> None:
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, forms.ValidationError(refusal.message, refusal.code))


class RoleForm(WithRefusals):
    """A role, and where: only roles that the giver may give, only places that the giver manages."""

    role = forms.ChoiceField(label=_("Role"))
    place = forms.ChoiceField(label=_("Where"))

    def __init__(self, mine: Places, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, Unit | Facility] = {
            **{f"unit:{unit.pk}": unit for unit in mine.units},
            **{f"facility:{facility.pk}": facility for facility in mine.facilities},
        }
        held = frozenset[Role]().union(*mine.units.values())
        self.roles = [role for role in Role if role in roles_to_give(held)]
        self._field("role").choices = [(role.value, ROLE_NAMES[role]) for role in self.roles]
        self._field("place").choices = [
            *((f"unit:{unit.pk}", unit.name) for unit in mine.units),
            *(
                (f"facility:{each.pk}", _("All of %(facility)s") % {"facility": each})
                for each in mine.facilities
            ),
        ]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    @property
    def chosen(self) -> tuple[Role | None, Unit | Facility]:
        """The role and the place, once the form is valid."""
        role = self.cleaned_data["role"]
        return Role(role) if role else None, self.places[self.cleaned_data["place"]]


class NewPersonForm(RoleForm):
    """Someone new, with their first role."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("First and last name. Colleagues see the first name and one letter."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("What they type to sign in, such as the one of the hospital's other systems."),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    field_order = ("name", "username", "role", "place")

    def __init__(self, mine: Places, *args: Any, **kwargs: Any) -> None:
        super().__init__(mine, *args, **kwargs)
        role = self._field("role")
        role.required = False
        role.choices = [("", _("No role yet: the unit manager gives one")), *list(role.choices)]  # type: ignore[arg-type]
        if len(self.roles) == len(Role):
            self.initial.setdefault("role", Role.TECHNICIAN)


class BadgeForm(WithRefusals):
    badge = forms.CharField(
        label=_("Badge"),
        max_length=200,
        help_text=_(
            "Put the cursor here and scan the badge. Only a fingerprint of its code is kept."
        ),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class PinForm(WithRefusals):
    """One's own PIN, typed twice, because it is not shown."""

    pin = forms.CharField(
        label=_("New PIN"),
        max_length=10,
        help_text=_("Six to ten digits; not all alike, and not a run such as 123456."),
        widget=forms.PasswordInput({"inputmode": "numeric", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same PIN again"),
        max_length=10,
        widget=forms.PasswordInput({"inputmode": "numeric", "autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        given = self.cleaned_data
        if "pin" in given and "again" in given and given["pin"] != given["again"]:
            text = _("The two PINs differ. Type the same one twice.")
            self.add_error("again", forms.ValidationError(text, "pins-differ"))
