"""A FHIR R4 Questionnaire as this house reads it. Plain: JSON in, questions out.

Only one form of score is taken: the sum of the answers' ordinal values, of all questions or of some
that are named. It is what the instruments here need, it cannot be misread, and nothing that a file
says is ever run but this sentence of FHIRPath:

    %resource.item[.where(linkId = '…' or linkId = '…')].answer.value
        .extension.where(url = '<ordinalValue>').value.aggregate($this + $total, 0)
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

ORDINAL: Final = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
CITATION: Final = "http://hl7.org/fhir/StructureDefinition/cqf-citation"
CALCULATED: Final = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
)
LANGUAGE: Final = "en"

_LINK = r"'[^'\\]{1,40}'"
_ALLOWED = re.compile(
    rf"%resource\.item(?:\.where\((?P<some>linkId = {_LINK}(?: or linkId = {_LINK})*)\))?"
    rf"\.answer\.value\.extension\.where\(url = '{re.escape(ORDINAL)}'\)"
    r"\.value\.aggregate\(\$this \+ \$total, 0\)"
)

Label = dict[str, str]  # words by language


class Option(NamedTuple):
    """One answer to choose. ``value`` is what it counts; None: it counts for nothing."""

    code: str
    label: Label
    value: int | None


class Question(NamedTuple):
    """One question, with its number where it has one."""

    link: str
    prefix: str
    label: Label
    options: tuple[Option, ...]

    def option(self, code: str) -> Option | None:
        """Return the answer with this code."""
        return next((each for each in self.options if each.code == code), None)


class Text(NamedTuple):
    """The text of an instrument: what is asked, and how it is scored."""

    code: str
    version: str  # a short hash of the whole file: changes when any word or number does
    title: Label
    intro: tuple[Label, ...]
    questions: tuple[Question, ...]
    expression: str
    scored: tuple[str, ...]  # the questions that the score adds up
    licence: str
    source: str

    @property
    def low(self) -> int:
        """The least score that there can be."""
        return sum(min(_values(each)) for each in self._scored())

    @property
    def high(self) -> int:
        """The greatest score that there can be."""
        return sum(max(_values(each)) for each in self._scored())

    def question(self, link: str) -> Question | None:
        """Return the question with this link id."""
        return next((each for each in self.questions if each.link == link), None)

    def _scored(self) -> Iterator[Question]:
        return (each for each in self.questions if each.link in self.scored)


def _values(question: Question) -> list[int]:
    return [option.value for option in question.options if option.value is not None]


def read(raw: bytes) -> Text:
    """Read a Questionnaire that was found to be in order: see ``checking.py``."""
    resource: dict[str, Any] = json.loads(raw)
    items = resource["item"]
    questions = tuple(_question(each) for each in items if each["type"] == "choice")
    (expression,) = expressions(items)
    return Text(
        code=resource["id"],
        version=sha256(raw).hexdigest()[:12],
        title=_words(resource, "title"),
        intro=tuple(_words(each, "text") for each in items if each["type"] == "display"),
        questions=questions,
        expression=expression,
        scored=scored_by(expression, [each.link for each in questions if _values(each)]),
        licence=resource["copyright"],
        source=citation(resource),
    )


def _question(item: Mapping[str, Any]) -> Question:
    options = [each["valueCoding"] for each in item["answerOption"]]
    return Question(
        item["linkId"],
        item.get("prefix", ""),
        _words(item, "text"),
        tuple(Option(each["code"], _words(each, "display"), ordinal(each)) for each in options),
    )


def _words(element: Mapping[str, Any], name: str) -> Label:
    """Return a text of an element with its translations (the standard's own extension)."""
    found = {LANGUAGE: element[name]}
    for extension in element.get(f"_{name}", {}).get("extension", []):
        if extension["url"] == TRANSLATION:
            parts = {part["url"]: part for part in extension["extension"]}
            found[parts["lang"]["valueCode"]] = parts["content"]["valueString"]
    return found


def ordinal(coding: Mapping[str, Any]) -> int | None:
    """Return what an answer counts, by its ``ordinalValue``; None where it has none."""
    for extension in coding.get("extension", []):
        if extension.get("url") == ORDINAL:
            return int(extension["valueDecimal"])
    return None


def citation(resource: Mapping[str, Any]) -> str:
    """Return where a questionnaire comes from: its ``cqf-citation``."""
    for extension in resource.get("extension", []):
        if extension.get("url") == CITATION:
            return str(extension.get("valueString", ""))
    return ""


def expressions(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return every expression that a questionnaire calculates an item by."""
    return [
        str(extension.get("valueExpression", {}).get("expression", ""))
        for item in items
        for extension in item.get("extension", [])
        if extension.get("url") == CALCULATED
    ]


def allowed(expression: str) -> bool:
    """Return whether this is the one form of score that is taken."""
    return _ALLOWED.fullmatch(expression) is not None


def scored_by(expression: str, every: list[str]) -> tuple[str, ...]:
    """Return the questions that an allowed expression adds up; ``every``: those that count."""
    found = _ALLOWED.fullmatch(expression)
    assert found, "A score of another form was let in."
    some = found["some"]
    return tuple(re.findall(r"'([^']+)'", some)) if some else tuple(every)
