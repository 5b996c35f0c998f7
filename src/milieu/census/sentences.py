"""What a check says, as one sentence in the words of the unit. Plain Python; no Django."""

from milieu.census.packs import LANGUAGE, WordList, words

PARTS: tuple[tuple[str, WordList], ...] = (
    ("place", "places"),
    ("position", "positions"),
    ("activity", "activities"),
    ("eyes", "eyes"),
    ("breathing", "breathing"),
    ("why", "why_not"),
)


def parts_said(seen: object, pack_name: str, language: str = LANGUAGE) -> str:
    """Return the parts of a check as a sentence: ``Own room, lying, eyes closed``."""
    text = parts(seen, pack_name, language)
    return text[:1].upper() + text[1:]


def parts(seen: object, pack_name: str, language: str = LANGUAGE) -> str:
    """Return the parts of a check in words, with commas between.

    A code that the pack no longer has is shown as it is.
    """
    said = []
    for field, kind in PARTS:
        if code := getattr(seen, field):
            word = words(pack_name, kind).get(code)
            said.append(word.said(language) if word else code)
    return ", ".join(said)
