"""Sheets to print: one for each door with a printed code, to be cut out and fixed beside it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import segno
from django.template.loader import render_to_string
from django.utils.translation import override

from milieu.census.models import Unit
from milieu.kernel.pdf import as_pdf
from milieu.presence.models import Tag
from milieu.presence.services import fixed_in

STYLE: Final = Path(__file__).parent / "static/presence/sheets.css"
GROUP: Final = 4  # letters that are read at once


class Square(NamedTuple):
    """A QR code to be drawn as one path, on so many modules."""

    path: str
    size: int


class Sheet(NamedTuple):
    """What hangs at one door."""

    room: str
    code: str  # with a dash, as it is read
    square: Square


def square(text: str) -> Square:
    """Return a QR code for a text."""
    rows = segno.make(text, micro=False, error="q").matrix_iter(border=4)
    lines = [bytes(row) for row in rows]
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, line in enumerate(lines) for x, dark in enumerate(line) if dark
    )
    return Square(path, len(lines))


def spaced(code: str) -> str:
    """Return a code as people read it: ``7F3K-92QX``."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def sheets_of(unit: Unit) -> list[Sheet]:
    """Return a sheet for each printed code that is at a door of this unit now."""
    return [
        Sheet(fixed.room.name, spaced(fixed.tag.code), square(fixed.tag.code))
        for fixed in fixed_in([unit.pk])[unit.pk]
        if fixed.tag.kind == Tag.Kind.PRINTED
    ]


def page(unit: Unit, sheets: Sequence[Sheet], *, style: str, language: str) -> str:
    """Return the sheets as a page that prints well; ``style`` is where its style sheet lies."""
    with override(language):
        context = {"unit": unit, "sheets": sheets, "style": style, "language": language}
        return render_to_string("presence/sheets.html", context)


def pdf(unit: Unit, sheets: Sequence[Sheet], *, language: str) -> bytes | None:
    """Return the sheets as a PDF, or None where this machine cannot make one."""
    return as_pdf(page(unit, sheets, style="", language=language), STYLE)
