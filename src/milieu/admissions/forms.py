"""What a nurse fills in when someone comes, goes, or moves. Bounds come from the shapes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.admissions.arrival import LEVEL
from milieu.admissions.shape import Movement
from milieu.census.models import Bed, Identifier, Patient, Stay, Unit
from milieu.census.packs import LANGUAGE
from milieu.census.services import HERE, Details
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import staff_of
from milieu.people.rules import Action
from milieu.record.forms import EntryForm, OnceForm, person_field
from milieu.record.kinds import kind_named
from milieu.record.models import Entry
from milieu.record.moments import MomentField
from milieu.record.shapes import form_field

Place = tuple[Unit, Bed | None]


def free_beds(units: Iterable[Unit]) -> list[Bed]:
    """Return the beds of these units that nobody has."""
    taken = Stay.objects.as_system("only which beds are taken").filter(
        standing__state__in=HERE, standing__bed__isnull=False
    )
    beds = Bed.objects.filter(room__unit__in=list(units)).exclude(
        pk__in=taken.values("standing__bed")
    )
    return list(beds.select_related("room__unit"))


class FindForm(forms.Form):
    """The number that somebody may be known by here."""

    number = forms.CharField(
        label=gettext_lazy("Record number"),
        help_text=gettext_lazy("The whole number, as on the wristband or the referral."),
        max_length=Identifier._meta.get_field("value").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Fill this in.")},
    )


class AdmitForm(EntryForm):
    """Who comes, when, to which bed, and how often they are seen from then on."""

    AT_LABEL = gettext_lazy("Arrived")
    NEW = ("given_name", "family_name", "preferred_name", "birth_date")
    field_order = ["patient", *NEW, "at", "bed", "level", "why", "observer"]
    number = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: Unit, known: Sequence[Patient], **options: Any) -> None:
        super().__init__(*args, zone=unit.zone, **options)
        self.unit, self.known = unit, {str(patient.pk): patient for patient in known}
        if known:
            self.fields["patient"] = forms.TypedChoiceField(
                label=_("Known here. Check who this is"),
                choices=[(key, spoken(patient)) for key, patient in self.known.items()],
                coerce=self.known.__getitem__,
                widget=forms.RadioSelect,
            )
        else:
            self._ask_who()
        self._ask_where()
        self._ask_level()
        self.finish()

    def _ask_who(self) -> None:
        for name in self.NEW:
            column = Patient._meta.get_field(name)
            assert isinstance(column, models.Field)
            field = column.formfield()
            assert field, f"Patient.{name} cannot be typed."
            self.fields[name] = field
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["preferred_name"].help_text = _("What they want to be called.")
        self.fields["birth_date"].widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")

    def _ask_where(self) -> None:
        beds = {str(bed.pk): bed for bed in free_beds([self.unit])}
        self.fields["bed"] = forms.TypedChoiceField(
            label=_("Bed"),
            help_text="" if beds else _("No bed is free on this unit. Move gives one later."),
            choices=[("", _("No bed yet")), *((key, str(bed)) for key, bed in beds.items())],
            coerce=beds.__getitem__,
            empty_value=None,
            required=False,
        )

    def _ask_level(self) -> None:
        shape, language = kind_named(LEVEL).shape, get_language() or LANGUAGE
        self.fields["level"] = form_field(
            shape,
            "level",
            label=_("Observation level"),
            choices=[(level.code, level.meaning(language)) for level in self.unit.pack.levels],
            widget=forms.RadioSelect,
        )
        self.fields["why"] = form_field(
            shape, "why", label=_("Why this level"), help_text=_("A few words of the order.")
        )
        self.fields["observer"] = person_field(
            staff_of(self.unit.pk, Action.CHECK),
            label=_("Who stays with them"),
            help_text=_("Only for one to one."),
            required=False,
        )

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born and born > clock.now().astimezone(self.unit.zone).date():
            raise ValidationError(_("This day has not come yet. Choose an earlier one."))
        return born

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or {}
        if not self.known and not (said.get("given_name") or said.get("family_name")):
            self.add_error("given_name", _("Give at least one name."))
        # Asked here too, so that all there is to put right is said at once.
        if level := said.get("level"):
            try:
                self.unit.pack.level(level).require_observer(said.get("observer"))
            except Refusal as refusal:
                self.refuse(refusal)
        return said

    def person(self) -> Patient | Details:
        """Return whom this is about: somebody known, or what is said of somebody new."""
        said = self.cleaned_data
        if self.known:
            patient: Patient = said["patient"]
            return patient
        return Details(
            identifiers=((self.unit.facility.code, said["number"].strip()),),
            **{name: said[name] for name in self.NEW},
        )


def spoken(patient: Patient) -> str:
    """Return the legal name and date of birth, by which identity is checked."""
    born = f"{patient.birth_date:%Y-%m-%d}" if patient.birth_date else _("not known")
    return _("%(name)s, born %(born)s") % {"name": patient.legal_name, "born": born}


class MoveForm(EntryForm):
    """One movement of someone who is here."""

    field_order = ["at", "place", "escort", "back_by", "note"]

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        self.stay, unit = stay, stay.standing.unit
        super().__init__(*args, zone=unit.zone, not_before=stay.standing.admitted_at, **options)
        self.ask(unit)
        self.finish()

    def ask(self, unit: Unit) -> None:
        """Add what this movement needs besides its time."""

    def _ask_note(self) -> None:
        self.fields["note"] = form_field(
            Movement, "note", label=_("Note"), widget=forms.Textarea({"rows": 2})
        )

    def _ask_back_by(self, unit: Unit) -> None:
        self.fields["back_by"] = MomentField(
            zone=unit.zone,
            label=_("Expected back"),
            help_text=_("If a time was agreed."),
            required=False,
        )


class TransferForm(MoveForm):
    AT_LABEL = gettext_lazy("Moved")

    def ask(self, unit: Unit) -> None:
        units = list(unit.facility.units.select_related("facility"))
        beds: dict[UUID, list[Bed]] = {each.pk: [] for each in units}
        for bed in free_beds(units):
            beds[bed.room.unit_id].append(bed)
        self.places = {
            f"{each.pk}:{bed.pk if bed else ''}": (each, bed)
            for each in units
            for bed in (*beds[each.pk], None)
            if bed or each != unit
        }
        self.fields["place"] = forms.TypedChoiceField(
            label=_("Where to"),
            choices=[("", _("Choose")), *self._grouped()],
            coerce=self.places.__getitem__,
        )
        self._ask_note()

    def _grouped(self) -> list[tuple[str, list[tuple[str, str]]]]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (unit, bed) in self.places.items():
            said = _("Bed %(bed)s") % {"bed": bed} if bed else _("No bed yet")
            groups.setdefault(unit.name, []).append((key, said))
        return list(groups.items())


class LeaveForm(MoveForm):
    AT_LABEL = gettext_lazy("Left")

    def ask(self, unit: Unit) -> None:
        self._ask_back_by(unit)
        self._ask_note()


class EscortForm(MoveForm):
    AT_LABEL = gettext_lazy("Left")

    def ask(self, unit: Unit) -> None:
        self.fields["escort"] = person_field(
            staff_of(unit.pk, Action.CHECK), label=_("Who goes with them")
        )
        self._ask_back_by(unit)


class BackForm(MoveForm):
    AT_LABEL = gettext_lazy("Came back")


class DischargeForm(MoveForm):
    AT_LABEL = gettext_lazy("Left")

    def ask(self, unit: Unit) -> None:
        self._ask_note()


class CancelForm(OnceForm):
    """Why a movement is struck out."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is struck out"),
        help_text=gettext_lazy("Both the movement and this reason stay in the record."),
        max_length=Entry._meta.get_field("reason").max_length,
    )
