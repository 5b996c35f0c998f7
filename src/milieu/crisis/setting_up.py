"""What is set up beforehand: the laws that a facility is under, and who is trained for what."""

from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milieu.census.models import Unit
from milieu.census.packs import LANGUAGE
from milieu.crisis import wording
from milieu.crisis.asked import TRAINING, asked
from milieu.crisis.law import figures, strictest
from milieu.crisis.law import laws as every_law
from milieu.crisis.listed import laws_at, laws_of, list_laws, listed
from milieu.crisis.models import Trained
from milieu.crisis.shown import law_title, rule_said, value_said
from milieu.crisis.training import write_down
from milieu.kernel import clock
from milieu.people.access import staff_of
from milieu.people.http import Request
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.forms import OnceForm, person_field
from milieu.record.pages import carry_out, show, unit_for

page = require_http_methods(["GET", "HEAD", "POST"])


class LawsForm(OnceForm):
    """Which laws apply from now on."""

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["laws"] = forms.MultipleChoiceField(
            label=_("Laws that apply to this facility"),
            help_text=_("The strictest of them holds for each limit, and every page says which."),
            choices=[
                (law.id, f"{law_title(law.id, language)} ({law.cites})")
                for law in every_law().values()
            ],
            widget=forms.CheckboxSelectMultiple,
        )
        self.finish()


@page
def laws(request: Request, unit_id: UUID) -> HttpResponse:
    """List the laws that the facility of a unit is under."""
    unit, now, language = unit_for(request, unit_id, Action.SET_LAWS), clock.now(), _language()
    rows = listed(unit.facility_id)
    applying = laws_at(rows, unit, now)
    form = LawsForm(request.POST or None, language=language, initial={"laws": list(applying)})

    def act(given: dict[str, Any]) -> None:
        list_laws(unit.facility, given["laws"], by=request.user, at=now)

    if request.method == "POST" and carry_out(form, act):
        messages.success(request, _("It is so from now on."))
        return redirect("restraint-laws", unit.pk)
    return show(
        request,
        "crisis/laws.html",
        form,
        unit=unit,
        title=_("Laws that apply"),
        by_default=not any(row.until is None for row in rows),
        past=[(law_title(row.law, language), row) for row in rows],
        figures=_figures(applying, language),
    )


def _figures(names: tuple[str, ...], language: str) -> list[tuple[str, str, str]]:
    """Return each figure that these laws have: its name, the strictest value, and where it stands.

    For somebody of 18 or older; limits by age are in the law's own file.
    """
    found = []
    for name, figure in figures().items():
        rule = strictest(names, name, age=18, sort=None)
        if rule:
            found.append((figure.called(language), value_said(rule), rule_said(rule, language)))
    return found


class TrainedForm(OnceForm):
    """Somebody showed that they can do it safely."""

    def __init__(self, *args: Any, unit: Unit, today: date, until: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"] = person_field(staff_of(unit.pk, Action.RESTRAIN), label=_("Who"))
        self.fields["sorts"] = forms.MultipleChoiceField(
            label=_("Trained for"),
            choices=list(wording.TRAINED.items()),
            widget=forms.CheckboxSelectMultiple,
        )
        for name, label, day in (
            ("on", gettext_lazy("Shown on"), today),
            ("until", gettext_lazy("Holds until"), until),
        ):
            self.fields[name] = forms.DateField(
                label=label, initial=day, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
            )
        self.fields["certified_by"] = forms.CharField(label=_("Certified by"), max_length=120)
        self.finish()


@page
def training(request: Request, unit_id: UUID) -> HttpResponse:
    """Show who of a unit is trained for what and until when, and write down more."""
    unit, now = unit_for(request, unit_id, Action.KEEP_TRAINING), clock.now()
    language = _language()
    today = now.astimezone(unit.zone).date()
    rules = {rule.figure: rule for rule in asked(laws_of(unit, now), TRAINING, age=None)}
    rule = rules.get("competence-months")
    until = months_after(today, rule.value) if rule else today
    form = TrainedForm(request.POST or None, unit=unit, today=today, until=until)

    def act(given: dict[str, Any]) -> None:
        write_down(
            given["person"],
            given["sorts"],
            on=given["on"],
            until=given["until"],
            certified_by=given["certified_by"],
            by=request.user,
            at=now,
        )

    if request.method == "POST" and carry_out(form, act):
        messages.success(request, _("It is written down."))
        return redirect("restraint-trained", unit.pk)
    staff = staff_of(unit.pk, Action.RESTRAIN)
    return show(
        request,
        "crisis/trained.html",
        form,
        unit=unit,
        title=_("Trained for restraint and seclusion"),
        staff=[(person, list(_trained(person, today))) for person in staff],
        rules=[
            (figures()[each.figure].called(language), each.value, rule_said(each, language))
            for each in rules.values()
        ],
    )


def _trained(person: Person, today: date) -> list[tuple[str, Trained, bool]]:
    """Return the newest row of each sort, and whether it still holds."""
    found: dict[str, Trained] = {}
    for row in Trained.objects.filter(person=person).order_by("until"):
        found[row.sort] = row
    return [
        (str(wording.TRAINED[sort]), row, row.until >= today) for sort, row in sorted(found.items())
    ]


def months_after(day: date, months: int) -> date:
    """Return the day so many months later; the last of the month where it has no such day."""
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _language() -> str:
    return get_language() or LANGUAGE
