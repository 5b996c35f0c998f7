"""The one error that the rooms raise at a person. Doors decide how it looks."""

from collections.abc import Callable
from typing import ClassVar


class Refusal(Exception):
    """The request was understood and will not be done.

    ``message`` is one or two plain sentences for the person who asked: what was refused,
    then what to do next. ``code`` is stable and is what programs and tests rely on.
    ``field`` names the input at fault, when there is one.

    Plain rooms know no languages and word it in English. ``translated`` puts that into the language
    of whoever asks, at whichever door it leaves: ``config/apps.py`` sets it, once for each process.
    """

    translated: ClassVar[Callable[[str], str]] = str

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self._worded = message

    @property
    def message(self) -> str:
        """What was refused, and what to do, for whoever asked."""
        return Refusal.translated(self._worded)
