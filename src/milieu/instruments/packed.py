"""Instruments as phones carry them: small, in every language, with how they are scored."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from milieu.instruments.catalogue import Instrument
from milieu.instruments.questionnaire import Option, Text
from milieu.instruments.services import instruments, texts


def for_phones() -> Sequence[dict[str, Any]]:
    """Return every instrument that can be used here, as the pull's pack tells of them."""
    return _packed(tuple(sorted(text.version for text in texts().values())))


@cache
def _packed(_versions: tuple[str, ...]) -> Sequence[dict[str, Any]]:
    """Made once for these versions of all texts."""
    known = texts()
    return [_one(each, known.get(code)) for code, each in instruments().items()]


def _one(instrument: Instrument, text: Text | None) -> dict[str, Any]:
    """Return one. Answers that several questions share are told once: ``options``, by number."""
    common = {
        "code": instrument.code,
        "title": instrument.title,
        "about": instrument.about,
        "low": instrument.low,
        "high": instrument.high,
        "nurse": [{"item": rule.item, "from": rule.start} for rule in instrument.nurse],
    }
    if text is None:
        return common
    sets = list(dict.fromkeys(_key(question.options) for question in text.questions))
    by_key = {_key(question.options): question.options for question in text.questions}
    return common | {
        "text": text.version,
        "intro": text.intro,
        "scored": text.scored,
        "options": [[_option(each) for each in by_key[key]] for key in sets],
        "questions": [
            {
                "item": question.link,
                "number": question.prefix,
                "label": question.label,
                "options": sets.index(_key(question.options)),
            }
            for question in text.questions
        ],
    }


def _key(options: tuple[Option, ...]) -> tuple[str, ...]:
    return tuple(f"{each.code} {each.value} {each.label}" for each in options)


def _option(option: Option) -> dict[str, Any]:
    return {"code": option.code, "label": option.label, "value": option.value}
