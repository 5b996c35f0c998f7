"""One word of a setting pack, as people read it. Plain."""

from typing import Final

import msgspec

LANGUAGE: Final = "en"


class Word(msgspec.Struct, frozen=True):
    """One code and what people read for it, by language."""

    code: str
    label: dict[str, str]

    def said(self, language: str = LANGUAGE) -> str:
        """Return the words in this language, else in English."""
        return self.label.get(language, self.label[LANGUAGE])
