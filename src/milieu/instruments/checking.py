"""Is this file a Questionnaire that may be used here? What is wrong, and where, in plain words.

FHIR's own rules are asked of fhir.resources (R4B). On top stand the rules of this house: a licence
and a source, questions with answers to choose from, and a score of the one form that is taken.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from fhir.resources.R4B.questionnaire import Questionnaire
from pydantic import ValidationError

from milieu.instruments.catalogue import slots
from milieu.instruments.questionnaire import (
    CALCULATED,
    CITATION,
    ORDINAL,
    allowed,
    citation,
    expressions,
    read,
    scored_by,
)
from milieu.instruments.shape import QUESTIONS_MAX

FILE_MAX: Final = 200_000  # bytes: phones carry it
OPTIONS_MAX: Final = 20
CODE_MAX: Final = 40
VALUE_MAX: Final = 999
SHOWN: Final = 20  # of what is wrong; the rest shows when these are mended


class Finding(NamedTuple):
    """Something that keeps a file from being used: where in it, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def check(raw: bytes) -> list[Finding]:
    """Return all that keeps this file from being used; nothing where it can be."""
    if len(raw) > FILE_MAX:
        return [Finding("file", f"is longer than {FILE_MAX} bytes, which phones cannot carry")]
    try:
        resource = json.loads(raw)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        return [Finding("file", f"is not JSON: {fault}")]
    if not isinstance(resource, dict) or resource.get("resourceType") != "Questionnaire":
        return [Finding("resourceType", "is not Questionnaire")]
    found = list(_licence(resource))
    try:
        Questionnaire.model_validate(resource)
    except ValidationError as fault:
        found += [
            Finding(".".join(map(str, each["loc"])) or "Questionnaire", each["msg"])
            for each in fault.errors()
        ]
        return found[:SHOWN]
    found += [*_head(resource), *_items(resource.get("item", []))]
    found = found or list(_whole(raw))
    return found[:SHOWN]


def _licence(resource: dict[str, Any]) -> Iterator[Finding]:
    if not str(resource.get("copyright") or "").strip():
        yield Finding(
            "Questionnaire.copyright",
            "is missing. Write the licence here under which this facility may use the text",
        )
    if not citation(resource).strip():
        yield Finding(
            "Questionnaire.extension", f"has no source. Write where the text is from, as {CITATION}"
        )


def _head(resource: dict[str, Any]) -> Iterator[Finding]:
    code = str(resource.get("id") or "")
    plain = code.replace("-", "")
    if not (plain.isascii() and plain.isalnum() and code == code.lower() and len(code) <= CODE_MAX):
        yield Finding(
            "Questionnaire.id",
            "must be its short name in small letters, like phq-9, up to 40 signs",
        )
    if not resource.get("title"):
        yield Finding("Questionnaire.title", "is missing: it is what people choose by")


def _items(items: list[dict[str, Any]]) -> Iterator[Finding]:
    links = [str(item.get("linkId")) for item in items]
    for place, item in enumerate(items):
        where = f"Questionnaire.item[{place}]"
        if links.count(links[place]) > 1:
            yield Finding(f"{where}.linkId", f"{links[place]!r} is there twice")
        if not _one_word(links[place]) or "'" in links[place] or "\\" in links[place]:
            yield Finding(
                f"{where}.linkId", "must be one word of up to 40 signs, without = and quotes"
            )
        if item.get("item"):
            yield Finding(f"{where}.item", "groups are not taken: put questions on the first level")
        if item.get("enableWhen"):
            yield Finding(f"{where}.enableWhen", "is not taken: every question is always asked")
        yield from _item(where, item)
    asked = [item for item in items if item.get("type") == "choice"]
    if not 1 <= len(asked) <= QUESTIONS_MAX:
        yield Finding(
            "Questionnaire.item", f"must hold 1 to {QUESTIONS_MAX} questions to choose from"
        )
    yield from _score(items)


def _item(where: str, item: dict[str, Any]) -> Iterator[Finding]:
    if item["type"] not in ("choice", "display", "decimal", "integer"):
        yield Finding(
            f"{where}.type", f"{item['type']!r} is not taken: only choice and display are"
        )
    if item["type"] in ("choice", "display") and not item.get("text"):
        yield Finding(f"{where}.text", "is missing")
    if item["type"] in ("decimal", "integer") and not expressions([item]):
        yield Finding(f"{where}.type", "a number to type is not taken: only a calculated score is")
    if item["type"] == "choice":
        yield from _options(where, item)


def _options(where: str, item: dict[str, Any]) -> Iterator[Finding]:
    options = item.get("answerOption", [])
    if item.get("repeats"):
        yield Finding(f"{where}.repeats", "is not taken: a question has one answer")
    if not 2 <= len(options) <= OPTIONS_MAX:
        yield Finding(f"{where}.answerOption", f"must offer 2 to {OPTIONS_MAX} answers")
    codes = [str(option.get("valueCoding", {}).get("code") or "") for option in options]
    for place, option in enumerate(options):
        at = f"{where}.answerOption[{place}].valueCoding"
        if not _one_word(codes[place]) or codes.count(codes[place]) > 1:
            yield Finding(f"{at}.code", "must be one word, without =, and there once")
        if not option.get("valueCoding", {}).get("display"):
            yield Finding(f"{at}.display", "is missing: it is what people read")
        yield from _counts(at, option.get("valueCoding", {}))


def _counts(at: str, coding: dict[str, Any]) -> Iterator[Finding]:
    for extension in coding.get("extension", []):
        value = extension.get("valueDecimal")
        if extension.get("url") == ORDINAL and not (
            isinstance(value, int | float) and value == int(value) and 0 <= value <= VALUE_MAX
        ):
            yield Finding(
                f"{at}.extension", f"ordinalValue must be a whole number from 0 to {VALUE_MAX}"
            )


def _one_word(text: str) -> bool:
    return 0 < len(text) <= CODE_MAX and "=" not in text and len(text.split()) == 1


def _score(items: list[dict[str, Any]]) -> Iterator[Finding]:
    found = expressions(items)
    if len(found) != 1:
        yield Finding(
            "Questionnaire.item",
            f"must hold one score, an item with {CALCULATED}; has {len(found)}",
        )
        return
    place = next(place for place, item in enumerate(items) if expressions([item]))
    where = f"Questionnaire.item[{place}].extension"
    if not allowed(found[0]):
        yield Finding(
            where,
            "this expression is not taken. A score is the sum of the answers' ordinal values, "
            "written as in docs/instruments.md",
        )
        return
    counting = [item["linkId"] for item in items if _all_count(item)]
    for link in scored_by(found[0], [each["linkId"] for each in items if _some_count(each)]):
        if link not in counting:
            yield Finding(
                where, f"{link!r} is no question of which every answer has an ordinalValue"
            )


def _some_count(item: dict[str, Any]) -> bool:
    return any(
        extension.get("url") == ORDINAL
        for option in item.get("answerOption", [])
        for extension in option.get("valueCoding", {}).get("extension", [])
    )


def _all_count(item: dict[str, Any]) -> bool:
    options = item.get("answerOption", [])
    return bool(options) and all(_some_count({"answerOption": [option]}) for option in options)


def _whole(raw: bytes) -> Iterator[Finding]:
    """Yield what only the whole can show: whether it counts as its slot does."""
    text = read(raw)
    slot = slots().get(text.code)
    if slot and not slot.own_range and (text.low, text.high) != (slot.low, slot.high):
        yield Finding(
            "Questionnaire",
            f"its score runs from {text.low} to {text.high}; "
            f"{text.code} runs from {slot.low} to {slot.high}",
        )
    asked = {question.link for question in text.questions}
    for rule in slot.nurse if slot else ():
        if rule.item and rule.item not in asked:
            yield Finding(
                "Questionnaire.item",
                f"the question {rule.item!r} is missing, of which an answer reaches a nurse",
            )
