"""What is filled in about vital signs at a desk."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.census.models import Stay
from milieu.census.packs import LANGUAGE
from milieu.record.amending import Amending
from milieu.record.choosing import NOT_NOTED
from milieu.record.shapes import form_field
from milieu.vitals import models, shape
from milieu.vitals.measures import TENTHS, measures
from milieu.vitals.said import AIR, AWARENESS, POSITIONS, SCALES, UNITS

OUTCOMES = {
    "taken": gettext_lazy("Taken"),
    "declined": gettext_lazy("Declined"),
    "asleep": gettext_lazy("Asleep, not woken"),
}
CHOICES = {"air": AIR, "awareness": AWARENESS, "position": POSITIONS}
WHOLE = ("pulse", "breaths", "systolic", "diastolic", "oxygen", "pain")
MOST = {"pain": 10, "oxygen": 100}
RATE_MAX = 400  # as the shape has it
IN_UNITS = {"temperature": ("c", "f"), "weight": ("kg", "lb")}


class VitalsForm(Amending):
    """One set. Nothing is chosen beforehand but the outcome, and the units of the last set."""

    FACT = "vitalsigns"
    field_order = [
        *("outcome", "why", "temperature", "temperature_unit", "pulse", "breaths", "oxygen", "air"),
        *("systolic", "diastolic", "position", "awareness", "pain", "weight", "weight_unit"),
        *("confirmed", "note", "nurse_should_know", "at", "reason"),
    ]

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        standing = stay.standing
        super().__init__(*args, zone=standing.unit.zone, not_before=standing.admitted_at, **options)
        self._ask()
        self.finish()

    def _ask(self) -> None:
        language = get_language() or LANGUAGE
        names = {code: each.said(language) for code, each in measures().items()}
        self._outcome()
        self._measures(names)
        self._words()
        self.fields["confirmed"] = forms.MultipleChoiceField(
            label=_("These numbers are so"),
            help_text=_("Only for what looks mistyped and is not."),
            choices=list(names.items()),
            # Asked only once something had to be put right.
            widget=forms.CheckboxSelectMultiple if self.is_bound else forms.MultipleHiddenInput,
            required=False,
        )
        self._notes()

    def _outcome(self) -> None:
        self.fields["outcome"] = form_field(
            shape.VitalSigns,
            "outcome",
            label=_("Outcome"),
            choices=list(OUTCOMES.items()),
            widget=forms.RadioSelect,
            initial="taken",
        )
        self.fields["why"] = form_field(
            shape.VitalSigns, "why", label=_("Why they declined"), help_text=_("A few words.")
        )

    def _measures(self, names: dict[str, str]) -> None:
        for code, units in IN_UNITS.items():
            self.fields[code] = forms.DecimalField(
                label=names[code], min_value=0, max_value=2000, decimal_places=1, required=False
            )
            self._choice(f"{code}_unit", _("In"), [(unit, UNITS[unit]) for unit in units])
        for code in WHOLE:
            unit = measures()[code].unit
            self.fields[code] = forms.IntegerField(
                label=f"{names[code]}, {unit}" if unit else names[code],
                min_value=0,
                max_value=MOST.get(code, RATE_MAX),
                required=False,
            )

    def _words(self) -> None:
        labels = {
            "air": _("What they breathed"),
            "awareness": _("Awareness"),
            "position": _("Blood pressure taken"),
        }
        for part, words in CHOICES.items():
            known = [(code, str(capfirst(word))) for code, word in words.items()]
            self._choice(part, labels[part], [*known, (NOT_NOTED, _("Not noted"))])

    def _choice(self, name: str, label: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, widget=forms.RadioSelect, required=False
        )

    def _notes(self) -> None:
        self.fields["note"] = form_field(
            shape.VitalSigns, "note", label=_("Note"), widget=forms.Textarea({"rows": 2})
        )
        self.fields["nurse_should_know"] = form_field(
            shape.VitalSigns,
            "nurse_should_know",
            label=_("The nurse should know"),
            help_text=_(
                "A few words, only if the nurse has to act. They wait until a nurse answers."
            ),
        )

    def said(self) -> shape.VitalSigns:
        """Return it as the record takes it, without what does not go with the outcome."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "", NOT_NOTED, [])
        }
        if given["outcome"] != "taken":
            kept = ("outcome", "why", "note", "nurse_should_know")
            if given["outcome"] == "asleep":
                given.pop("why", None)
            return msgspec.convert(
                {name: value for name, value in given.items() if name in kept}, shape.VitalSigns
            )
        given.pop("why", None)
        for code in TENTHS:
            if code in given:
                given[f"{code}_tenths"] = _tenths(given.pop(code))
            else:
                given.pop(f"{code}_unit", None)
        if "systolic" not in given and "diastolic" not in given:
            given.pop("position", None)
        names = shape.VitalSigns.__struct_fields__
        return msgspec.convert(
            {name: value for name, value in given.items() if name in names}, shape.VitalSigns
        )

    @staticmethod
    def begun(row: models.VitalSigns) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        found = {name: getattr(row, name) for name in shape.VitalSigns.__struct_fields__}
        for code in TENTHS:
            tenths = found.pop(f"{code}_tenths")
            found[code] = None if tenths is None else Decimal(tenths) / 10
        return found | {"confirmed": row.confirmed.split()}


class ScaleForm(Amending):
    """On which SpO2 scale NEWS2 is worked out from now on, and why. None is chosen beforehand."""

    FACT = "oxygenscale"
    AT_LABEL = gettext_lazy("From")
    field_order = ["scale", "why", "at", "reason"]

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        zone, admitted_at = stay.standing.unit.zone, stay.standing.admitted_at
        super().__init__(*args, zone=zone, not_before=admitted_at, **options)
        self.fields["scale"] = forms.TypedChoiceField(
            label=_("SpO2 scale"),
            help_text=_("2 only for confirmed hypercapnic respiratory failure."),
            choices=list(SCALES.items()),
            coerce=int,
            widget=forms.RadioSelect,
        )
        self.fields["why"] = form_field(
            shape.OxygenScale, "why", label=_("Why"), widget=forms.Textarea({"rows": 2})
        )
        self.finish()

    def said(self) -> shape.OxygenScale:
        """Return the order as the record takes it."""
        given = {name: self.cleaned_data[name] for name in ("scale", "why")}
        return msgspec.convert(given, shape.OxygenScale)

    @staticmethod
    def begun(row: models.OxygenScale) -> dict[str, Any]:
        """Return an order as the form shows it, to be put right."""
        return {"scale": row.scale, "why": row.why}


def _tenths(value: Decimal) -> int:
    return int((value * 10).to_integral_value(ROUND_HALF_UP))
