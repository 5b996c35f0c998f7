"""What is said of a call for help, as it comes in at any door. Declared once."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields

from milieu.kernel.text import UNUSABLE

WORDS_MAX = 140
ROOM_MAX = 40
AGE_MAX_S = 31 * 24 * 3600  # a phone that lay in a drawer
AGE_MAX_MS = AGE_MAX_S * 1000

Outcome = Literal["", "calm", "not-needed", "mistake"]
# A tag that was tapped, whose page was open, the last check on that phone, or chosen at a desk.
RoomBy = Literal["", "tag", "person", "check", "told"]


class Word(Struct, frozen=True):
    """One thing that is said of a call: it is made, somebody comes, somebody is there, it is over.

    What else a newer phone says is passed over: nobody comes later for a field that is not known.

    ``id``: made where it was said, so that it may be sent again. Of what makes a call, ``call`` is
    the same id. ``age_ms``: how long ago it was said, by the device's own steady measure.
    ``by``: of what makes a call, who was signed in on that phone, where it is sent before anybody
    has unlocked it again. ``room`` is where help is needed, as far as is known, ``room_by`` how,
    and ``room_age_s`` how long before the call that was.
    """

    id: UUID
    call: UUID
    says: Literal["called", "coming", "there", "over"]
    age_ms: Annotated[int, Meta(ge=0, le=AGE_MAX_MS)] = 0
    by: UUID | None = None
    stay: UUID | None = None
    room: Annotated[str, Meta(max_length=ROOM_MAX)] = ""
    room_by: RoomBy = ""
    room_age_s: Annotated[int, Meta(ge=0, le=AGE_MAX_S)] = 0
    outcome: Outcome = ""
    words: Annotated[str, Meta(max_length=WORDS_MAX)] = ""


def call_in(body: bytes) -> Word | None:
    """Return the call for help that is in a body, however odd the rest; None where there is none.

    Its id and ``called`` make a call. Of the rest, what is out of bounds is cut to them, and what
    cannot be read is left out: help is needed all the same.
    """
    try:
        said = json.loads(body.decode(errors="replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("says") != "called":
        return None
    kept = {"id": said.get("id"), "call": said.get("id"), "says": "called"}
    for field in fields(Word):
        if field.name in said and field.name not in kept:
            with suppress(ValidationError, TypeError, ValueError, OverflowError):
                value = CUT.get(field.name, _as_it_is)(said[field.name])
                kept[field.name] = convert(value, field.type)
    with suppress(ValidationError, ValueError):
        return convert(kept, Word)
    return None


def _as_it_is(value: Any) -> Any:
    return value


def _up_to(most: int) -> Callable[[Any], int]:
    return lambda value: min(max(int(value), 0), most)


def _letters(most: int) -> Callable[[Any], str]:
    return lambda value: UNUSABLE.sub("", value)[:most]


CUT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "age_ms": _up_to(AGE_MAX_MS),
    "room_age_s": _up_to(AGE_MAX_S),
    "room": _letters(ROOM_MAX),
    "words": _letters(WORDS_MAX),
}
