"""Which instruments there are, from where to where their scores run, their bands. Plain."""

from functools import cache
from pathlib import Path

import msgspec

LANGUAGE = "en"
HERE = Path(__file__).parent
FOLDER = HERE / "questionnaires"

Label = dict[str, str]  # words by language


class Step(msgspec.Struct, frozen=True, rename={"start": "from"}):
    """From this score on, and what a score from here on is called."""

    start: int
    label: Label


class Bands(msgspec.Struct, frozen=True):
    """How one source divides the scores."""

    source: str
    steps: tuple[Step, ...]


class Rule(msgspec.Struct, frozen=True, rename={"start": "from"}):
    """What reaches a nurse at once: an answer that counts this much, or such a score."""

    start: int
    label: Label
    source: str
    item: str = ""  # the question; empty: the score


class Instrument(msgspec.Struct, frozen=True):
    """One instrument: a slot, with or without a text."""

    code: str
    title: Label
    low: int
    high: int
    licence: str
    source: str
    as_of: str
    about: Label = {}
    loinc: str = ""  # of its score
    own_range: bool = False  # a loaded text may count otherwise than the slot
    bands: tuple[Bands, ...] = ()
    nurse: tuple[Rule, ...] = ()


class _Slots(msgspec.Struct, frozen=True):
    instruments: tuple[Instrument, ...]


@cache
def slots() -> dict[str, Instrument]:
    """Return the instruments that ship, as texts or as slots, by code, in the order of the file."""
    found = msgspec.toml.decode((HERE / "slots.toml").read_bytes(), type=_Slots)
    return {each.code: each for each in found.instruments}


def said(label: Label, language: str) -> str:
    """Return words in this language, else in English."""
    return label.get(language) or label[LANGUAGE]


def band(instrument: Instrument, score: int) -> tuple[Label, str] | None:
    """Return what a score is called, and by which source; None where no source divides them."""
    for bands in instrument.bands[:1]:
        reached = [step for step in bands.steps if step.start <= score]
        if reached:
            return reached[-1].label, bands.source
    return None
