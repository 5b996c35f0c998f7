"""What is filled in about an incident at a desk. Bounds come from shape and pack."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Stay, Unit
from milieu.census.packs import Word
from milieu.incident import shape
from milieu.incident.models import IncidentMark, IncidentNotified, IncidentReport
from milieu.incident.said import STRENGTH
from milieu.incident.services import words
from milieu.record.choosing import Choosing, choices
from milieu.record.forms import EntryForm
from milieu.record.shapes import form_field


class _Form(Choosing):
    """What all have: the incident that it is about, and the unit's words."""

    def __init__(
        self, *args: Any, stay: Stay, incident: UUID | None = None, **options: Any
    ) -> None:
        standing = stay.standing
        self.pack = standing.unit.pack_name
        self.seed = options.pop("seed", "")
        super().__init__(*args, zone=standing.unit.zone, not_before=standing.admitted_at, **options)
        self.incident = incident or getattr(self.wrong, self.FACT).incident
        self.ask()
        self.finish()

    def ask(self) -> None:
        raise NotImplementedError

    def words_of(self, part: str) -> Iterable[Word]:
        return words(self.pack, part).values()

    def given(self, of: type[msgspec.Struct]) -> dict[str, Any]:
        """Return what was filled in, as the shape takes it, with the incident that it is about."""
        return super().given(of) | {"incident": self.incident}


class MarkForm(_Form):
    """One thing in an incident, at its time."""

    AT_LABEL = gettext_lazy("When")
    FACT = "incidentmark"
    field_order = ["what", "place", "words", "at", "reason"]

    def ask(self) -> None:
        self.choose("marks", _("What"), optional=False, name="what")
        self.choose("place", _("Where"))
        self.fields["words"] = form_field(shape.Mark, "words", label=_("A few words"))

    def said(self) -> shape.Mark:
        """Return it as the record takes it."""
        kept = {"who": None, "call": None}
        if self.wrong:
            kept = {name: getattr(self.wrong.incidentmark, name) for name in ("who_id", "call")}
            kept["who"] = kept.pop("who_id")
        return msgspec.convert(self.given(shape.Mark) | kept, shape.Mark)

    @staticmethod
    def begun(row: IncidentMark) -> dict[str, Any]:
        """Return a mark as the form shows it, to be put right."""
        return {name: getattr(row, name) for name in ("what", "place", "words")}


class ReportForm(_Form):
    """An incident told afterwards; it begins with what was marked as it happened."""

    AT_LABEL = gettext_lazy("Written for")
    FACT = "incidentreport"
    field_order = [
        *("kinds", "narrative", "place", "verbal", "things", "self_harm", "others"),
        *("injury_person", "injury_others", "outcomes", "helped", "witnesses", "at", "reason"),
    ]

    def ask(self) -> None:
        self.choose_some("kinds", _("What kind"), optional=False)
        self.fields["narrative"] = form_field(
            shape.Report,
            "narrative",
            label=_("What happened"),
            help_text=_("What could be seen and heard. It begins with what was marked."),
            widget=forms.Textarea({"rows": 8}),
            initial=self.seed,
        )
        self.choose("place", _("Where"))
        for part, label in STRENGTH.items():
            self.choose(f"anchors.{part}", str(label), name=part)
        self.choose("injury_person", _("Was the person hurt?"))
        self.choose("injury_others", _("Was anybody else hurt?"))
        self.choose_some("outcomes", _("How it ended"))
        self.fields["helped"] = form_field(shape.Report, "helped", label=_("What helped"))
        self.fields["witnesses"] = form_field(
            shape.Report, "witnesses", label=_("Who saw it, besides those who are named above")
        )

    def said(self) -> shape.Report:
        """Return it as the record takes it."""
        found = self.given(shape.Report)
        for part in STRENGTH:
            found[part] = int(found[part]) if found[part] is not None else None
        return msgspec.convert(found, shape.Report)

    @staticmethod
    def begun(row: IncidentReport) -> dict[str, Any]:
        """Return a report as the form shows it, to be put right."""
        plain = {name: getattr(row, name) for name in shape.Report.__struct_fields__}
        return plain | {"kinds": row.kinds.split(), "outcomes": row.outcomes.split()}


class NotifiedForm(_Form):
    """Somebody was told."""

    AT_LABEL = gettext_lazy("When they were told")
    FACT = "incidentnotified"
    field_order = ["whom", "way", "reached", "words", "at", "reason"]

    def ask(self) -> None:
        self.choose("tell", _("Who was told"), optional=False, name="whom")
        self.choose("ways", _("How"), optional=False, name="way")
        self.fields["reached"] = form_field(
            shape.Notified, "reached", label=_("Whom it reached, by name")
        )
        self.fields["words"] = form_field(shape.Notified, "words", label=_("A few words"))

    def said(self) -> shape.Notified:
        """Return it as the record takes it."""
        return msgspec.convert(self.given(shape.Notified), shape.Notified)

    @staticmethod
    def begun(row: IncidentNotified) -> dict[str, Any]:
        """Return it as the form shows it, to be put right."""
        return {name: getattr(row, name) for name in ("whom", "way", "reached", "words")}


class ViolenceForm(EntryForm):
    """A line of the log of violent incidents, in the words of who was there, without a name."""

    AT_LABEL = gettext_lazy("When it happened")
    field_order = [
        *("sort", "by_whom", "place", "circumstances", "account", "injury", "weapon"),
        *("urgent", "taken", "at"),
    ]

    def __init__(self, *args: Any, unit: Unit, now: datetime, **options: Any) -> None:
        super().__init__(*args, zone=unit.zone, now=now, **options)
        asked = unit.pack.incident.violence
        for name, label, found, optional in (
            ("sort", _("What type"), asked.sorts, False),
            ("by_whom", _("By whom, without a name"), asked.by_whom, False),
            ("place", _("Where"), unit.pack.places, True),
            ("circumstances", _("Circumstances"), asked.circumstances, True),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices(found), widget=forms.RadioSelect, required=not optional
            )
        for name, label, longest, rows in (
            ("account", _("What happened, in your own words"), 4000, 6),
            ("taken", _("What was done at once to keep people safe"), 1000, 3),
        ):
            self.fields[name] = forms.CharField(
                label=label,
                max_length=longest,
                widget=forms.Textarea({"rows": rows}),
                help_text=_("No name, room number or anything else that tells who it was."),
            )
        for name, label in (
            ("injury", _("Somebody was hurt")),
            ("weapon", _("There was a weapon, or something used as one")),
            ("urgent", _("It is an urgent and present threat to the safety of staff")),
        ):
            self.fields[name] = forms.BooleanField(label=label, required=False)
        self.finish()
