"""An instrument filled in at a desk: its questions where its text is here, else its score."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.census.models import Stay
from milieu.instruments import shape
from milieu.instruments.catalogue import LANGUAGE, Instrument, said
from milieu.instruments.models import Scored
from milieu.instruments.questionnaire import Text
from milieu.record.amending import Amending
from milieu.record.shapes import form_field

OUTCOMES = {
    "answered": gettext_lazy("Answered"),
    "declined": gettext_lazy("Did not want to answer"),
    "could-not": gettext_lazy("Could not be done"),
}
LEFT_OUT = "-"


class ScoredForm(Amending):
    """One instrument. Nothing is chosen beforehand."""

    AT_LABEL = gettext_lazy("When it was answered")
    FACT = "scored"

    def __init__(
        self, *args: Any, stay: Stay, instrument: Instrument, text: Text | None, **options: Any
    ) -> None:
        standing = stay.standing
        self.instrument, self.text = instrument, text
        super().__init__(*args, zone=standing.unit.zone, not_before=standing.admitted_at, **options)
        self.fields["outcome"] = form_field(
            shape.Scored,
            "outcome",
            label=_("Outcome"),
            choices=list(OUTCOMES.items()),
            widget=forms.RadioSelect,
        )
        asked = list(self._ask_questions(text)) if text else [self._ask_score()]
        self.fields["note"] = form_field(
            shape.Scored, "note", label=_("Note"), widget=forms.Textarea({"rows": 2})
        )
        self.field_order = ["outcome", *asked, "note", "at", "reason"]
        self.finish()

    def _ask_questions(self, text: Text) -> Iterator[str]:
        language = get_language() or LANGUAGE
        for number, question in enumerate(text.questions):
            words = said(question.label, language)
            name = f"question-{number}"
            self.fields[name] = forms.ChoiceField(
                label=f"{question.prefix}. {words}" if question.prefix else words,
                choices=[
                    *((each.code, said(each.label, language)) for each in question.options),
                    (LEFT_OUT, _("Not answered")),
                ],
                widget=forms.RadioSelect,
                required=False,
            )
            yield name

    def _ask_score(self) -> str:
        low, high = self.instrument.low, self.instrument.high
        self.fields["score"] = forms.IntegerField(
            label=_("Score of your form"),
            help_text=_("A whole number from %(low)d to %(high)d.") % {"low": low, "high": high},
            min_value=low,
            max_value=high,
            required=False,
        )
        return "score"

    def said(self) -> shape.Scored:
        """Return it as the record takes it. What was not answered has no answers and no score."""
        filled = self.cleaned_data
        found: dict[str, Any] = {
            "instrument": self.instrument.code,
            "outcome": filled["outcome"],
            "note": filled["note"],
        }
        if filled["outcome"] == "answered" and self.text:
            found |= {"text": self.text.version, "answers": self._answers(self.text)}
        elif filled["outcome"] == "answered":
            found["score"] = filled["score"]
        return msgspec.convert(found, shape.Scored)

    def _answers(self, text: Text) -> list[dict[str, str]]:
        chosen = [
            (question.link, self.cleaned_data[f"question-{number}"])
            for number, question in enumerate(text.questions)
        ]
        return [{"item": link, "code": code} for link, code in chosen if code not in ("", LEFT_OUT)]

    def begun(self, row: Scored) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        answers = row.answered()
        asked = self.text.questions if self.text else ()
        return {
            "outcome": row.outcome,
            "score": row.score,
            "note": row.note,
            **{f"question-{n}": answers.get(each.link, "") for n, each in enumerate(asked)},
        }
