"""What is filled in about a shift or an episode at a desk. Bounds come from shape and pack."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.behavior import shape
from milieu.behavior.models import Episode, ShiftSeen
from milieu.behavior.services import words
from milieu.census.models import Stay
from milieu.census.packs import Word
from milieu.record.choosing import Choosing
from milieu.record.shapes import form_field

OUTCOMES = {"seen": gettext_lazy("Seen"), "not-seen": gettext_lazy("Not seen in this shift")}


class _Form(Choosing):
    """What both have: the unit's words, and the line for the nurse."""

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        standing = stay.standing
        self.pack = standing.unit.pack_name
        super().__init__(*args, zone=standing.unit.zone, not_before=standing.admitted_at, **options)
        self.ask()
        self.finish()

    def ask(self) -> None:
        raise NotImplementedError

    def words_of(self, part: str) -> Iterable[Word]:
        return words(self.pack, part).values()

    def number(self, part: str, label: str, most: int, **more: Any) -> None:
        """Ask for a whole number."""
        least = more.pop("least", 0)
        self.fields[part] = forms.IntegerField(
            label=label, min_value=least, max_value=most, required=False, **more
        )

    def for_the_nurse(self, of: type[msgspec.Struct]) -> None:
        """Ask for a few words that a nurse has to answer."""
        self.fields["nurse_should_know"] = form_field(
            of,
            "nurse_should_know",
            label=_("The nurse should know"),
            help_text=_(
                "A few words, only if the nurse has to act. They wait until a nurse answers."
            ),
        )

    def given(self, of: type[msgspec.Struct]) -> dict[str, Any]:
        """Return what was filled in, as the shape takes it."""
        found = super().given(of)
        for name in ("activity", "intensity"):
            if isinstance(found.get(name), str):
                found[name] = int(found[name])
        return found


class ShiftForm(_Form):
    """How somebody was in one shift. Nothing is chosen beforehand."""

    AT_LABEL = gettext_lazy("Written for")
    FACT = "shiftseen"
    field_order = [
        *("shift", "outcome", "why", "activity", "speech", "company", "mood", "affect"),
        *("self_care", "participation", "requests", "declined", "agitation"),
        *("note", "nurse_should_know", "at", "reason"),
    ]

    def ask(self) -> None:
        self.choose("shift", _("Shift"), optional=False)
        self.fields["outcome"] = form_field(
            shape.ShiftSeen,
            "outcome",
            label=_("Outcome"),
            choices=list(OUTCOMES.items()),
            widget=forms.RadioSelect,
        )
        self.choose("why", _("Why not seen"), help_text=_("Needed when they were not seen."))
        self.choose("activity", _("Activity"))
        self.choose("speech", _("Speech"))
        self.choose("company", _("Company"))
        self.fields["mood"] = form_field(
            shape.ShiftSeen, "mood", label=_("Mood, in their own words")
        )
        self.choose("affect", _("How they looked"))
        self.choose("self_care", _("Washing and dressing"))
        self.choose("participation", _("Groups"))
        self.number("requests", _("How often they asked for something"), 99)
        self.choose_some("declined", _("What they declined"))
        self.choose_some("agitation", _("Restlessness and anger, as seen"))
        self.fields["note"] = form_field(
            shape.ShiftSeen, "note", label=_("Note"), widget=forms.Textarea({"rows": 2})
        )
        self.for_the_nurse(shape.ShiftSeen)

    def said(self) -> shape.ShiftSeen:
        """Return it as the record takes it, without what does not go with the outcome."""
        found = self.given(shape.ShiftSeen)
        if found["outcome"] == "seen":
            found["why"] = ""
        else:
            kept = ("shift", "outcome", "why", "note", "nurse_should_know")
            found = {name: value for name, value in found.items() if name in kept}
        return msgspec.convert(found, shape.ShiftSeen)

    @staticmethod
    def begun(row: ShiftSeen) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        plain = {name: getattr(row, name) for name in shape.ShiftSeen.__struct_fields__}
        return plain | {"declined": row.declined.split(), "agitation": row.agitation.split()}


class EpisodeForm(_Form):
    """One episode: before, what could be seen, after."""

    AT_LABEL = gettext_lazy("When it began")
    FACT = "episode"
    field_order = [
        *("antecedent", "behavior", "consequence", "place", "count", "duration_min", "intensity"),
        *("nurse_should_know", "at", "reason"),
    ]

    def ask(self) -> None:
        texts = {
            "antecedent": (_("Before"), _("What was going on just before it: who, what, where.")),
            "behavior": (_("What could be seen and heard"), _("What a film would show.")),
            "consequence": (_("After"), _("What others did, and how it ended.")),
        }
        for name, (label, hint) in texts.items():
            self.fields[name] = form_field(
                shape.Episode,
                name,
                label=label,
                help_text=hint,
                widget=forms.Textarea({"rows": 2}),
            )
        self.choose("place", _("Where"))
        self.number("count", _("How often"), 99, least=1)
        self.number("duration_min", _("How long in all, minutes"), 1440)
        self.choose("intensity", _("How strong"))
        self.for_the_nurse(shape.Episode)

    def said(self) -> shape.Episode:
        """Return it as the record takes it."""
        return msgspec.convert(self.given(shape.Episode), shape.Episode)

    @staticmethod
    def begun(row: Episode) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        return {name: getattr(row, name) for name in shape.Episode.__struct_fields__}
