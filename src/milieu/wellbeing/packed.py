"""What somebody is asked after a hard moment, as a phone shows it to them alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from milieu.census.packs import LANGUAGE
from milieu.kernel.clock import rfc3339
from milieu.people.models import Person
from milieu.wellbeing.forms import CheckInForm, questions
from milieu.wellbeing.models import CheckIn
from milieu.wellbeing.services import NOW, waiting

Row = dict[str, Any]


def for_phone(person: Person, now: datetime) -> list[Row]:
    """Return what this person is asked now, in the language of the request, the oldest first.

    ``at_once``: it is about the moment itself. Each question may be left out.
    """
    return [_packed(each) for each in waiting(person, now)]


def _packed(check_in: CheckIn) -> Row:
    steps = {each.code: each for each in check_in.unit.pack.wellbeing.steps}
    step = steps.get(check_in.step)
    return {
        "id": check_in.pk,
        "words": step.said(get_language() or LANGUAGE) if step else "",
        "at_once": check_in.step == NOW,
        "happened_at": rfc3339(check_in.happened_at),
        "questions": [
            {
                "name": name,
                "label": label,
                "answers": [{"code": code, "text": str(text)} for code, text in answers.items()],
            }
            for name, label, answers in questions(check_in.step)
        ],
    }


def given(check_in: CheckIn, answers: Mapping[str, str], words: str) -> Row | None:
    """Return what a phone says as ``services.answer`` takes it; None where no form offers that."""
    form = CheckInForm(check_in.step, {**answers, "words": words, "entry_id": check_in.pk})
    return form.given() if form.is_valid() else None
