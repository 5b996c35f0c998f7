"""Text as people type it: what can be kept, and what no database keeps the same way."""

import re
import unicodedata
from collections.abc import Iterable

from milieu.kernel.errors import Refusal

UNUSABLE = re.compile("[\x00\ud800-\udfff]")


def gettext_noop(words: str) -> str:
    """Mark words for translation, and return them as they are: whoever shows them translates them.

    For plain rooms, which know nothing of Django. ``bin/translate`` finds the words by this name;
    a ``Refusal`` translates its own.
    """
    return words


def storable(text: str, *, field: str) -> str:
    """Return ``text`` in Unicode's composed form (NFC), ends trimmed.

    Raises:
        Refusal ``text-unusable``: it holds a NUL or half of a surrogate pair, which one of our
            databases keeps and the other refuses.
    """
    if UNUSABLE.search(text):
        raise text_unusable(field)
    return unicodedata.normalize("NFC", text).strip()


def inert(text: str) -> str:
    """Return a text as it stands in a table that is taken away.

    A spreadsheet runs what begins with one of these signs as a formula, also from a file of plain
    text; an apostrophe before it makes it words.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def together(codes: Iterable[str]) -> str:
    """Return codes as one text with spaces between, each once and in order; empty ones left out."""
    return " ".join(sorted({code for code in codes if code}))


def text_unusable(field: str) -> Refusal:
    """Return the refusal of text that cannot be stored."""
    return Refusal(
        "text-unusable",
        gettext_noop(
            "This text holds a sign that cannot be stored. Remove it and send the text again."
        ),
        field=field,
    )
