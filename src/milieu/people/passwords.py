"""Passwords: how one's own is chosen, and which long ones are still the first to be tried.

NIST SP 800-63B-4, 3.1.1.2: length, and a blocklist.
"""

import re
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from milieu.kernel.errors import Refusal
from milieu.people.models import Person
from milieu.people.services import end_on_phones

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


def choose_password(person: Person, password: str, *, at: datetime) -> None:
    """Give a person the password that they chose. From now on it is theirs alone.

    What the old one opened ends: phones here, other browsers by Django, which looks at its hash.
    """
    person.set_password(password)
    person.password_is_first = False
    person.save(update_fields=["password", "password_is_first"])
    end_on_phones(person, at=at)


def own_password(person: Person, chosen: str, *, at: datetime) -> None:
    """Put one's own in the place of a first password, which its giver knows too.

    Raises:
        Refusal ``password-is-first``: none was chosen yet, or the one that was given.
        Refusal ``password-unusable``: says why.
    """
    if not chosen or person.check_password(chosen):
        text = _(
            "This password was made for you, and whoever gave it to you knows it. "
            "Choose your own: 15 letters or more, such as four words."
        )
        raise Refusal("password-is-first", text, field="new_password")
    try:
        validate_password(chosen, person)
    except ValidationError as faults:
        raise Refusal(
            "password-unusable", " ".join(faults.messages), field="new_password"
        ) from faults
    choose_password(person, chosen, at=at)


def _repeats(password: str) -> bool:
    """Return whether it is one short piece over and over: ``abc123abc123abc``."""
    return any(
        password == (password[:length] * len(password))[: len(password)]
        for length in range(1, len(password) // 2 + 1)
    )
