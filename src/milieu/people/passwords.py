"""Long passwords that are still the first to be tried (NIST SP 800-63B-4, 3.1.1.2: blocklist)."""

import re
from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PRODUCT: Final = "milieu"  # a word that the context suggests
DISTINCT_MIN: Final = 5
OWN_LETTERS_MIN: Final = 8  # left when what is expected is taken away
RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "0123456789" * 6,
    "1234567890qwertyuiopasdfghjklzxcvbnm" * 2,
    "qwertyuiop" * 6,
)
ENDS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")  # digits and signs around a word


class GuessedFirstValidator:
    """Refuse runs of the keyboard, repetitions, and a common password made long by its ends."""

    def __init__(self) -> None:
        self.common: set[str] = set(CommonPasswordValidator().passwords)

    def validate(self, password: str, user: Any = None) -> None:
        if self._is_guessed(password.lower()):
            raise ValidationError(
                _(
                    "This is among the first that others try. "
                    "Take four words that do not belong together."
                ),
                code="password_guessed_first",
            )

    def _is_guessed(self, password: str) -> bool:
        own = ENDS.sub("", password.replace(PRODUCT, ""))
        return (
            len(set(password)) < DISTINCT_MIN
            or any(password in run or password in run[::-1] for run in RUNS)
            or _repeats(password)
            or own in self.common
            or (PRODUCT in password and len(own) < OWN_LETTERS_MIN)
        )

    def get_help_text(self) -> str:
        return _("No runs such as 12345, no repetitions, no common password with digits added.")


def _repeats(password: str) -> bool:
    """Return whether it is one short piece over and over: ``abc123abc123abc``."""
    return any(
        password == (password[:length] * len(password))[: len(password)]
        for length in range(1, len(password) // 2 + 1)
    )
