"""What is said with an instrument, as it comes in at any door. Declared once."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

QUESTIONS_MAX = 60

Code = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]
# A link id or a code of a questionnaire: no spaces, no equals sign, so that many fit one column.
Link = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\s=]+$")]
Note = Annotated[str, Meta(max_length=500)]


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """One question, by its link id, and the code of what was answered."""

    item: Link
    code: Link


class Scored(Struct, frozen=True, forbid_unknown_fields=True):
    """An instrument answered, or not.

    Where its text is here, ``text`` names the version that was on the screen and ``answers`` what
    was answered; the server works the score out. Where only a slot is, ``score`` is typed from the
    facility's own form. ``declined``: the person did not want it. ``could-not``: it could not be
    done.
    """

    instrument: Code
    outcome: Literal["answered", "declined", "could-not"]
    text: Annotated[str, Meta(max_length=12, pattern=r"^[0-9a-f]*$")] = ""
    answers: Annotated[tuple[Answer, ...], Meta(max_length=QUESTIONS_MAX)] = ()
    score: Annotated[int, Meta(ge=0, le=999)] | None = None
    note: Note = ""
