"""The ten ways of calming with words: the data of this room, the same everywhere. Plain."""

from functools import cache
from importlib.resources import files

import msgspec


class Way(msgspec.Struct, frozen=True):
    """One way: what to do in a few words, and how, by language."""

    code: str
    label: dict[str, str]
    how: dict[str, str]

    def said(self, language: str) -> str:
        """Return its words, in English where this language is not known."""
        return self.label.get(language, self.label["en"])


class Ways(msgspec.Struct, frozen=True):
    """All of them, with where they come from."""

    ways: tuple[Way, ...]
    source: str
    as_of: str


@cache
def ways() -> dict[str, Way]:
    """Return every way by code, in the order of their source."""
    text = files("milieu.calm").joinpath("ways.toml").read_bytes()
    return {each.code: each for each in msgspec.toml.decode(text, type=Ways).ways}
