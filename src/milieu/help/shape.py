"""What is said of a call for help, as it comes in at any door. Declared once."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

WORDS_MAX = 140
ROOM_MAX = 40
AGE_MAX_MS = 31 * 24 * 3_600_000  # a phone that lay in a drawer

Outcome = Literal["", "calm", "not-needed", "mistake"]
# A tag that was tapped, whose page was open, the last check on that phone, or chosen at a desk.
RoomBy = Literal["", "tag", "person", "check", "told"]


class Word(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is said of a call: it is made, somebody comes, somebody is there, it is over.

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
    room_age_s: Annotated[int, Meta(ge=0, le=86_400)] = 0
    outcome: Outcome = ""
    words: Annotated[str, Meta(max_length=WORDS_MAX)] = ""
