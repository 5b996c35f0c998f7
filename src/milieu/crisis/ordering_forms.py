"""What is filled in for an order, an evaluation, a debriefing, an occurrence and its reports."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.crisis import shape, wording
from milieu.crisis.forms import About
from milieu.crisis.kinds import ORDER
from milieu.crisis.models import RestraintOrder
from milieu.crisis.ordering import CAPACITIES, longest
from milieu.crisis.reading import sorts_of
from milieu.people.access import reach_of
from milieu.people.models import Person
from milieu.people.rules import Action, Role
from milieu.record.moments import MomentField

ORDERING = ("physician", "practitioner", "physician-assistant", "psychologist")


class OrderForm(About):
    """An order for this application, and for so many minutes."""

    AT_LABEL = gettext_lazy("Ordered")
    FACT = "restraintorder"
    SHAPE = shape.Order
    field_order = [
        "sorts",
        "minutes",
        "ordered_by",
        "capacity",
        "attending",
        "how",
        "why",
        "at",
        "reason",
    ]

    def ask(self) -> None:
        on = self.whole.devices if self.whole else []
        sorts = [str(sort) for sort in sorts_of(on, self.unit.pack_name)]
        at = self.fields["at"].initial
        rule = longest(self.stay.patient, self.unit, sorts or ("mechanical",), at)
        self.some(
            "sorts",
            _("What is ordered"),
            [(sort, str(said)) for sort, said in wording.SORTS.items()],
            initial=sorts,
        )
        self.fields["minutes"] = forms.IntegerField(
            label=_("For how many minutes at most"),
            help_text=_("No longer than the danger lasts. At most %(minutes)d: %(paragraph)s.")
            % {"minutes": rule.value, "paragraph": rule.paragraph}
            if rule
            else "",
            min_value=1,
            max_value=1440,
        )
        written = self.initial.get("ordered_by", "")
        prescribers = [
            each
            for each in self.staff(Action.ORDER_RESTRAINT, written)
            if str(each.pk) == written or _prescribes(each, self)
        ]
        mine = str(self.reader.pk) if self.reader in prescribers else ""
        self.who("ordered_by", _("Who ordered it"), prescribers, initial=mine)
        self.radio(
            "capacity", _("In which capacity"), {c: wording.CAPACITY_NAMES[c] for c in ORDERING}
        )
        self.radio(
            "attending",
            _("Is that their attending physician?"),
            wording.ATTENDING,
            required=False,
            help_text=_("If not, or not known, the attending physician is to be consulted."),
        )
        self.radio("how", _("How it was given"), wording.HOW)
        self.text("why", _("Why it is needed"))

    def given(self) -> dict[str, Any]:
        before = self.whole.of(ORDER) if self.whole else []
        earlier = [part for part in before if self.wrong is None or part.entry.pk < self.wrong.pk]
        return super().given() | {"renews": bool(earlier)}

    def begun(self, row: RestraintOrder) -> dict[str, Any]:
        return super().begun(row) | {
            "sorts": row.sorts.split(),
            "ordered_by": str(row.ordered_by_id),
        }


def _prescribes(person: Person, form: About) -> bool:
    return Role.PRESCRIBER in reach_of(person).get(form.unit.pk, ())


class SeenForm(About):
    """Somebody examined them, was consulted or was told."""

    FACT = "restraintseen"
    SHAPE = shape.Seen
    field_order = [
        *("what", "capacity", "how", "situation", "reaction", "condition", "go_on"),
        *("whom", "words", "at", "reason"),
    ]

    def ask(self) -> None:
        roles = reach_of(self.reader).get(self.unit.pk, frozenset())
        mine = [
            name
            for name, may in CAPACITIES.items()
            if not may.isdisjoint(roles) or name == self.initial.get("capacity")
        ]
        self.radio("what", _("What"), wording.SEEN)
        self.radio(
            "capacity",
            _("You are here as"),
            {name: wording.CAPACITY_NAMES[name] for name in mine},
            initial=mine[0] if len(mine) == 1 else None,
        )
        self.radio("how", _("How"), wording.HOW)
        self.text("situation", _("The situation right now"), required=False)
        self.text("reaction", _("How they reacted to being held"), required=False)
        self.text("condition", _("Body and behavior"), required=False)
        self.radio("go_on", _("Does it have to go on"), wording.GO_ON, required=False)
        self.text("whom", _("Who was consulted or told"), rows=1, required=False)
        self.text("words", _("More"), required=False)


class DebriefForm(About):
    """What was talked over afterwards."""

    AT_LABEL = gettext_lazy("When it was")
    FACT = "restraintdebrief"
    SHAPE = shape.Debrief
    field_order = ["who", "outcome", "present", "helped", "worsened", "words", "at", "reason"]

    def ask(self) -> None:
        self.radio("who", _("With whom"), wording.WHO)
        self.radio("outcome", _("Outcome"), wording.HELD)
        self.text("present", _("Who was there"), rows=1, required=False)
        self.text(
            "helped",
            _("What would have helped, and helps next time"),
            help_text=_(
                "In their words, each thing on its own line. It is offered for their plan."
            ),
            required=False,
        )
        self.text("worsened", _("What made it worse"), required=False)
        self.text("words", _("What else was said"), required=False)


class OccurrenceForm(About):
    """Something that has to be reported outside."""

    AT_LABEL = gettext_lazy("When it happened")
    FACT = "occurrence"
    SHAPE = shape.Occurrence
    field_order = [
        *("what", "relation", "at", "known_at", "died_on", "soft_wrist_only", "words", "reason")
    ]

    def ask(self) -> None:
        self.radio("what", _("What happened"), wording.OCCURRED)
        self.radio("relation", _("How it is connected"), wording.RELATION)
        self.fields["known_at"] = MomentField(
            zone=self.unit.zone,
            latest=self.fields["at"].initial,
            initial=self.fields["at"].initial,
            label=_("When somebody here knew"),
        )
        self.fields["died_on"] = forms.DateField(
            label=_("Date of death"), required=False, widget=forms.DateInput({"type": "date"})
        )
        self.fields["soft_wrist_only"] = forms.BooleanField(
            label=_("Only two soft wrist restraints were used, and no seclusion"), required=False
        )
        self.text("words", _("What is known"))


class ReportForm(About):
    """A report was made."""

    AT_LABEL = gettext_lazy("When it was made")
    FACT = "occurrencereport"
    SHAPE = shape.Report
    field_order = ["whom", "number", "words", "at", "reason"]

    def __init__(self, *args: Any, of: UUID, **options: Any) -> None:
        self.of = of
        super().__init__(*args, **options)

    def given(self) -> dict[str, Any]:
        return super().given() | {"occurrence": self.of}

    def ask(self) -> None:
        self.radio("whom", _("To whom"), wording.REPORTED_TO)
        self.text("number", _("Number of confirmation"), rows=1, required=False)
        self.text("words", _("More"), required=False)
