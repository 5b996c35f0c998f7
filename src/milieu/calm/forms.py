"""What is filled in at a desk: a person's own plan, and one thing that was tried."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.calm import models, shape
from milieu.calm.heard import suggestions
from milieu.calm.known import known_of
from milieu.calm.rules import PARTS, Thing, one_line
from milieu.calm.said import AGREED, DID, PART_NAMES
from milieu.calm.services import named
from milieu.census.models import Stay
from milieu.census.packs import LANGUAGE
from milieu.record.amending import Amending
from milieu.record.models import Entry
from milieu.record.shapes import form_field

HINTS = {
    "helps": gettext_lazy("What they want staff to offer or do. What they can do themselves."),
    "touch": gettext_lazy("Such as: ask before touching, never from behind, leave the door open."),
    "talk": gettext_lazy("What they love, and are glad to be asked about."),
    "trusts": gettext_lazy("Here, and outside."),
    "early_signs": gettext_lazy("What they notice first, and what others can see."),
}
TOUCHED_ROWS = 3


class LinesField(forms.CharField):
    """Several short lines, one under the other; cleaned, a tuple of them."""

    widget = forms.Textarea

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the lines that say something.

        Raises:
            ValidationError: there are too many, or one is too long.
        """
        text = super().clean(value)
        lines = tuple(line for each in text.splitlines() if (line := one_line(each)))
        if len(lines) > shape.LINES_MAX:
            raise ValidationError(
                _("Keep the %(most)d most important lines.") % {"most": shape.LINES_MAX}
            )
        if long := next((line for line in lines if len(line) > shape.LINE_MAX), None):
            words = _("This line is too long: “%(line)s…” Write at most %(most)d letters.")
            raise ValidationError(words % {"line": long[:40], "most": shape.LINE_MAX})
        return lines


class PlanForm(Amending):
    """A plan. A new one begins as the one that stands; whether they agree is asked anew.

    ``take``: the key of a line that they said elsewhere, to begin with it besides.
    """

    AT_LABEL = gettext_lazy("When it was made")
    FACT = "ownplan"
    field_order = [*PARTS, "agreement", "differs", "made_with", "at", "reason"]

    def __init__(self, *args: Any, stay: Stay, take: str = "", **options: Any) -> None:
        standing = stay.standing
        super().__init__(*args, zone=standing.unit.zone, not_before=standing.admitted_at, **options)
        known = known_of([stay])[stay.pk]
        self.before, self.others = (None, []) if self.wrong else (known.plan, known.others)
        offered = suggestions(stay, self.before) if take else []
        self.taken = next((each for each in offered if each.key == take), None)
        self._ask()
        self.finish()

    def _begun(self, part: str) -> str:
        """Return a part as it stands, with what was said elsewhere where it is taken in."""
        lines = self.before.ownplan.lines(part) if self.before else []
        if self.taken and self.taken.heard.part == part and not self.taken.in_plan:
            lines = [*lines, self.taken.line]
        return "\n".join(lines)

    def _ask(self) -> None:
        for part in PARTS:
            self.fields[part] = LinesField(
                label=PART_NAMES[part],
                help_text=HINTS.get(part, ""),
                widget=forms.Textarea({"rows": TOUCHED_ROWS}),
                required=False,
                initial=self._begun(part),
            )
        self.fields["agreement"] = form_field(
            shape.OwnPlan,
            "agreement",
            label=_("Do they agree with it, as it is written now?"),
            choices=list(AGREED.items()),
            widget=forms.RadioSelect,
        )
        self.fields["differs"] = form_field(
            shape.OwnPlan,
            "differs",
            label=_("What they see differently"),
            help_text=_("Needed when they agreed with a part."),
        )
        self.fields["made_with"] = form_field(
            shape.OwnPlan,
            "made_with",
            label=_("Who else sat with them"),
            help_text=_("Besides you: family, a peer, a therapist. By their wish."),
        )
        # What stood when the form was opened: filling it in with somebody takes its time.
        self.fields["after"] = forms.CharField(
            widget=forms.HiddenInput,
            required=False,
            max_length=37 * shape.AFTER_MAX,
            initial=" ".join(str(each.entry_id) for each in self._before()),
        )

    def _before(self) -> Iterable[Entry]:
        return [self.before, *self.others] if self.before else []

    def clean_after(self) -> tuple[UUID, ...]:
        """Return the versions that stood when the form was opened."""
        try:
            return tuple(map(UUID, self.cleaned_data["after"].split()))
        except ValueError as error:
            raise ValidationError(_("Open this page anew.")) from error

    def said(self) -> shape.OwnPlan:
        """Return it as the record takes it, without what does not go with the agreement."""
        names = shape.OwnPlan.__struct_fields__
        found = {name: self.cleaned_data[name] for name in names}
        if found["agreement"] != "part":
            found["differs"] = ""
        return msgspec.convert(found, shape.OwnPlan)

    @staticmethod
    def begun(row: models.OwnPlan) -> dict[str, Any]:
        """Return a plan as the form shows it, to be put right."""
        return {name: getattr(row, name) for name in shape.OwnPlan.__struct_fields__}  # as stored


class TriedForm(Amending):
    """One thing that was tried, and what it did."""

    AT_LABEL = gettext_lazy("When")
    FACT = "tried"
    field_order = ["what", "did", "note", "at", "reason"]

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        standing = stay.standing
        super().__init__(*args, zone=standing.unit.zone, not_before=standing.admitted_at, **options)
        self.things = {_key(thing): thing for thing in self._known(stay)}
        self._ask()
        self.finish()

    def _known(self, stay: Stay) -> Iterable[Thing]:
        """Yield what can have been tried: their own lines, what the entry says, choices, ways."""
        yield from (each.thing for each in known_of([stay])[stay.pk].worked if each.own)
        if self.wrong:
            tried = self.wrong.tried
            yield Thing(tried.of, tried.code, tried.words)
        language = get_language() or LANGUAGE
        for code, word in named(stay.standing.unit.pack, "choice").items():
            yield Thing("choice", code, word.said(language))
        for code, word in named(stay.standing.unit.pack, "way").items():
            yield Thing("way", code, word.said(language))

    def _ask(self) -> None:
        groups = {"plan": _("Their own plan"), "choice": _("Choices"), "way": _("Ways to calm")}
        self.fields["what"] = forms.ChoiceField(
            label=_("What was tried"),
            choices=[
                ("", _("Choose")),
                *((label, self._choices(of)) for of, label in groups.items() if self._choices(of)),
            ],
        )
        self.fields["did"] = form_field(
            shape.Tried,
            "did",
            label=_("What it did"),
            choices=list(DID.items()),
            widget=forms.RadioSelect,
        )
        self.fields["note"] = form_field(shape.Tried, "note", label=_("Note, in a few words"))

    def _choices(self, of: str) -> list[tuple[str, str]]:
        return [(key, thing.words) for key, thing in self.things.items() if thing.of == of]

    def said(self) -> shape.Tried:
        """Return it as the record takes it."""
        thing = self.things[self.cleaned_data["what"]]
        given = {name: self.cleaned_data[name] for name in ("did", "note")}
        return msgspec.convert({**thing._asdict(), **given}, shape.Tried)

    @staticmethod
    def begun(row: models.Tried) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        return {
            "what": _key(Thing(row.of, row.code, row.words)),
            "did": row.did,
            "note": row.note,
        }


def _key(thing: Thing) -> str:
    return ":".join(thing.key)
