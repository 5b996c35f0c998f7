"""What is filled in about an application at a desk. Nothing clinical is chosen beforehand."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Stay
from milieu.crisis import shape, wording
from milieu.crisis.law import Sort
from milieu.crisis.models import RestraintChange, RestraintCheck, RestraintStart
from milieu.crisis.reading import Whole, of_stays
from milieu.crisis.training import trained
from milieu.people.access import staff_of
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.amending import Amending, Offered
from milieu.record.choosing import NOT_NOTED, choices
from milieu.record.forms import person_field
from milieu.record.models import Entry
from milieu.record.shapes import form_field

CRITERIA = 4  # lines that are offered at a start; whoever puts one right is offered all


class About(Amending):
    """A form about one application; ``whole``: None where it begins one, or none is known."""

    SHAPE: type[msgspec.Struct]

    def __init__(
        self,
        *args: Any,
        stay: Stay,
        reader: Person,
        whole: Whole | None = None,
        wrong: Entry | None = None,
        **options: Any,
    ) -> None:
        standing = stay.standing
        self.stay, self.unit, self.reader = stay, standing.unit, reader
        self.application = whole.id if whole else None
        if wrong and whole is None:
            self.application = getattr(getattr(wrong, self.FACT), "application", None)
            whole = of_stays([stay.pk]).get(self.application) if self.application else None
        self.whole = whole
        since = whole.began if whole else standing.admitted_at
        super().__init__(*args, zone=self.unit.zone, not_before=since, wrong=wrong, **options)
        self.ask()
        self.finish()

    def ask(self) -> None:
        raise NotImplementedError

    def radio(self, name: str, label: Any, words: Mapping[str, Any], **more: Any) -> None:
        """Ask for one of some words; where it is optional, it can be left out again."""
        found = [(code, str(capfirst(said))) for code, said in words.items()]
        if not more.get("required", True):
            found.append((NOT_NOTED, _("Not noted")))
        self.fields[name] = forms.ChoiceField(
            label=label, choices=found, widget=forms.RadioSelect, **more
        )

    def some(self, name: str, label: Any, found: Offered, **more: Any) -> None:
        """Ask for any of some words."""
        self.fields[name] = forms.MultipleChoiceField(
            label=label, choices=list(found), widget=forms.CheckboxSelectMultiple, **more
        )

    def staff(self, action: Action, *written: str) -> list[Person]:
        """Return who may do this here, and whom the entry that is put right names beside them."""
        here = staff_of(self.unit.pk, action)
        gone = {UUID(each) for each in written if each} - {each.pk for each in here}
        known = Person.objects.in_bulk(gone)
        unknown = capfirst(_("somebody not known here"))
        return [*here, *(known.get(pk) or Person(pk=pk, name=unknown) for pk in sorted(gone))]

    def text(self, name: str, label: Any, *, rows: int = 2, **more: Any) -> None:
        """Ask for words, bounded by the shape."""
        more.setdefault("widget", forms.Textarea({"rows": rows}))
        self.fields[name] = form_field(self.SHAPE, name, label=label, **more)

    def who(self, name: str, label: Any, people: Iterable[Person], **more: Any) -> None:
        """Ask for somebody who works here."""
        self.fields[name] = person_field(people, label=label, **more)

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as the shape takes it."""
        found: dict[str, Any] = {}
        for field in msgspec.structs.fields(self.SHAPE):
            value = self.cleaned_data.get(field.name)
            if isinstance(value, Person):
                value = value.pk
            if value not in (None, "", NOT_NOTED, []):
                found[field.name] = value
        if self.application and "application" in self.SHAPE.__struct_fields__:
            found["application"] = self.application
        return found

    def said(self) -> Any:
        """Return it as the record takes it."""
        return msgspec.convert(self.given(), self.SHAPE)

    def begun(self, row: Any) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        return {name: getattr(row, name, None) for name in self.SHAPE.__struct_fields__}


class StartForm(About):
    """Hands were laid on, or a device or a locked door used."""

    AT_LABEL = gettext_lazy("When it began")
    FACT = "restraintstart"
    SHAPE = shape.Start
    field_order = [
        *("at", "devices", "danger", "basis", "applied_by", "others", "observer"),
        *(f"criterion_{place}" for place in range(1, shape.CRITERIA_MOST + 1)),
        *("tried", "tried_words", "reason"),
    ]

    def ask(self) -> None:
        pack = self.unit.pack.restraint
        self.some("devices", _("How"), self.kept("devices", self._devices()))
        self.text(
            "danger", _("What put somebody in danger"), help_text=_("What a film would show.")
        )
        self.radio("basis", _("On what ground"), wording.BASIS)
        self._people()
        for place in range(1, (shape.CRITERIA_MOST if self.wrong else CRITERIA) + 1):
            self.fields[f"criterion_{place}"] = forms.CharField(
                label=_("Released when (%(number)d)") % {"number": place},
                help_text=_("In words that two people would judge alike.") if place == 1 else "",
                max_length=140,
                required=place == 1,
            )
        tried = self.kept("tried", choices(pack.tried))
        self.some("tried", _("What was tried before"), tried, required=False)
        self.text("tried_words", _("More about what was tried"), required=False)

    def _devices(self) -> list[tuple[str, str]]:
        sorts = {
            each.code: str(wording.SORTS[each.sort]) for each in self.unit.pack.restraint.devices
        }
        return [
            (code, label if sorts[code] in label else f"{sorts[code]}: {label}")
            for code, label in choices(self.unit.pack.restraint.devices)
        ]

    def _people(self) -> None:
        """Offer who is trained, with what for; others apart, since what was done must be said."""
        written = [*self.initial.get("applied_by", ()), self.initial.get("observer", "")]
        staff = self.staff(Action.RESTRAIN, *written)
        today = self.fields["at"].initial.astimezone(self.unit.zone).date()
        known = trained([person.pk for person in staff], today)
        able = [person for person in staff if known.get(person.pk)]
        self.some(
            "applied_by",
            _("Who did it"),
            [(str(each.pk), f"{each.name} ({_sorts(known[each.pk])})") for each in able],
            help_text=_("Trained for it, by our list."),
            required=False,
        )
        self.some(
            "others",
            _("Others who did it"),
            [(str(each.pk), each.name) for each in staff if each not in able],
            help_text=_("Not trained for it by our list. It is written down and said so."),
            required=False,
        )
        self.who(
            "observer",
            _("Who stays and sees them all the time"),
            staff,
            required=False,
            help_text=_("Leave it empty only if nobody does."),
        )

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if not (self.cleaned_data.get("applied_by") or self.cleaned_data.get("others")):
            self.add_error("applied_by", _("Say who did it."))
        return found

    def given(self) -> dict[str, Any]:
        found = super().given()
        places = range(1, shape.CRITERIA_MOST + 1)
        lines = [self.cleaned_data.get(f"criterion_{place}", "") for place in places]
        applied = [*self.cleaned_data.get("applied_by", ()), *self.cleaned_data.get("others", ())]
        return found | {
            "criteria": [line.strip() for line in lines if line.strip()],
            "applied_by": applied,
        }

    def begun(self, row: RestraintStart) -> dict[str, Any]:
        people = row.applied_by.split()
        lines = row.criteria.split("\n")
        return {
            "devices": row.devices.split(),
            "danger": row.danger,
            "basis": row.basis,
            "applied_by": people,
            "others": people,
            "observer": str(row.observer_id or ""),
            "tried": row.tried.split(),
            "tried_words": row.tried_words,
            **{f"criterion_{n}": line for n, line in enumerate(lines, 1)},
        }


def _sorts(sorts: Iterable[Sort]) -> str:
    return ", ".join(str(wording.SORTS[sort]).lower() for sort in Sort if sort in sorts)


class ChangeForm(About):
    """A device was put on or taken off, or somebody else observes."""

    FACT = "restraintchange"
    SHAPE = shape.Change
    field_order = ["what", "device", "observer", "why", "at", "reason"]

    def ask(self) -> None:
        kinds = {
            "off": _("A device was taken off"),
            "on": _("A device was put on"),
            "observer": _("Somebody else observes"),
        }
        self.radio("what", _("What changed"), kinds)
        devices = self.kept("device", choices(self.unit.pack.restraint.devices))
        self.fields["device"] = forms.ChoiceField(
            label=_("Which device"), choices=[("", _("None")), *devices], required=False
        )
        staff = self.staff(Action.RESTRAIN, self.initial.get("observer", ""))
        self.who("observer", _("Who observes from now on"), staff, required=False)
        self.text("why", _("Why"), required=False)

    def given(self) -> dict[str, Any]:
        found = super().given()
        found.pop("device" if found["what"] == "observer" else "observer", None)
        return found

    def begun(self, row: RestraintChange) -> dict[str, Any]:
        return super().begun(row) | {"observer": str(row.observer_id or "")}


class CheckForm(About):
    """How they are. What is not looked at is left out."""

    FACT = "restraintcheck"
    SHAPE = shape.Check
    field_order = ["met", *wording.LOOKS, "note", "nurse_should_know", "at", "reason"]

    def ask(self) -> None:
        lines = self.whole.criteria if self.whole else []
        self.some(
            "met",
            _("So now, for release"),
            self.kept("met", [(line, line) for line in lines]),
            required=False,
            help_text=_("If all of it is so: release now."),
        )
        for name, (label, answers) in wording.LOOKS.items():
            self.radio(name, label, answers, required=False)
        self.text("note", _("Note"), required=False)
        self.text(
            "nurse_should_know",
            _("The nurse should know"),
            rows=1,
            required=False,
            help_text=_(
                "A few words, only if the nurse has to act. They wait until a nurse answers."
            ),
        )

    def begun(self, row: RestraintCheck) -> dict[str, Any]:
        return super().begun(row) | {"met": row.met.splitlines()}


class EndForm(About):
    """Released, and how they are."""

    AT_LABEL = gettext_lazy("Released")
    FACT = "restraintend"
    SHAPE = shape.End
    field_order = ["at", "state", "injuries", "injury_words", "reason"]

    def ask(self) -> None:
        self.text("state", _("How they are now"))
        self.radio("injuries", _("Was anybody hurt"), wording.INJURIES)
        self.text("injury_words", _("Who was hurt, and how"), required=False)
