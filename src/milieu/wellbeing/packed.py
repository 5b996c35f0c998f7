"""What somebody is asked after a hard moment, as a phone shows it to them alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.census.packs import LANGUAGE
from milieu.kernel.clock import rfc3339
from milieu.kernel.errors import Refusal
from milieu.people.models import Person
from milieu.wellbeing.forms import questions
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


def given(check_in: CheckIn, answers: Mapping[str, str], words: str) -> Row:
    """Return what a phone says as ``services.answer`` takes it.

    Raises:
        Refusal ``unknown-code``: this was not asked, or it is none of the answers; ``field`` says
            which. To drop it would lose what somebody said, and ask them no more.
    """
    asked = {name: offered for name, _label, offered in questions(check_in.step)}
    for name, code in answers.items():
        if name not in asked:
            raise Refusal("unknown-code", _("There is no such question for you."), field=name)
        if code and code not in asked[name]:
            raise Refusal("unknown-code", _("Choose one of the answers."), field=name)
    return {**answers, "how": int(answers.get("how") or 0) or None, "words": words}
