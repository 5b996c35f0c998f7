"""A score, worked out from a questionnaire's own data: never from anything that a person sends."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from milieu.instruments.questionnaire import ORDINAL, Text


def score(text: Text, answers: Mapping[str, str]) -> int | None:
    """Return the score of these answers, or None while a question that counts is not answered.

    ``answers``: the code of the answer to each question, by its link id.
    """
    return None if unanswered(text, answers) else at_least(text, answers)


def at_least(text: Text, answers: Mapping[str, str]) -> int:
    """Return what these answers add up to, whatever was left out: no score is below it."""
    response = _response(text, answers)
    (found,) = _compiled(text.expression)(response, {"resource": response})
    return int(found)


def unanswered(text: Text, answers: Mapping[str, str]) -> list[str]:
    """Return the questions that count and were not answered, by link id."""
    return [link for link in text.scored if link not in answers]


def _response(text: Text, answers: Mapping[str, str]) -> dict[str, Any]:
    """Write the answers as a FHIR QuestionnaireResponse, each with what it counts."""
    items = []
    for question in text.questions:
        option = question.option(answers.get(question.link, ""))
        if option is not None:
            coding: dict[str, Any] = {"code": option.code}
            if option.value is not None:
                coding["extension"] = [{"url": ORDINAL, "valueDecimal": option.value}]
            items.append({"linkId": question.link, "answer": [{"valueCoding": coding}]})
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": items}


@cache
def _compiled(expression: str) -> Callable[[Any, Any], list[Any]]:
    """Read an expression once. The library is asked for only where there is something to score."""
    from fhirpathpy import compile as read  # noqa: PLC0415
    from fhirpathpy.models import models  # noqa: PLC0415

    found: Callable[[Any, Any], list[Any]] = read(expression, models["r4"])
    return found
