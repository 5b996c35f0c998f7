"""What somebody may type on the command line: each as ``argparse`` reads it, refused in words."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Final

from django.db.models import Model

WORKERS_MAX: Final = 64
PORT_MAX: Final = 65_535


def some_workers(text: str) -> int:
    """Return how many processes somebody asked for."""
    return _within(text, WORKERS_MAX)


def a_port(text: str) -> int:
    """Return a port."""
    return _within(text, PORT_MAX)


def a_text_for(model: type[Model], column: str) -> Callable[[str], str]:
    """Return what reads a text that goes into this column: neither empty nor longer than it is."""
    most = getattr(model._meta.get_field(column), "max_length", 0)

    def read(text: str) -> str:
        text = text.strip()
        if not 1 <= len(text) <= most:
            raise ArgumentTypeError(f"this has {len(text)} letters. Use 1 to {most}.")
        if not text.isprintable():
            raise ArgumentTypeError("this holds a sign that is none of a text. Type it again.")
        return text

    return read


def _within(text: str, most: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise ArgumentTypeError(f"{text!r} is none. Use a whole number from 1 to {most}.")
    return int(text)
