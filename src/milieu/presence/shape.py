"""How presence was shown, as it comes in with a check. What it shows never refuses the check.

Texts are only bounded: one that nothing can read is kept, shows nothing, and is said to.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

Moment = Annotated[datetime, Meta(tz=True)]  # by the device's own clock
Message = Annotated[str, Meta(max_length=64)]


class Tap(Struct, frozen=True, forbid_unknown_fields=True, tag="tap", tag_field="how"):
    """What a tag at the door said when it was tapped: its Secure Unique NFC message, as hex."""

    picc_data: Message
    cmac: Message
    at: Moment


class Code(Struct, frozen=True, forbid_unknown_fields=True, tag="code", tag_field="how"):
    """What was printed at the door, or stood on the wall board, read by camera or typed."""

    code: Message
    at: Moment


class Second(Struct, frozen=True, forbid_unknown_fields=True, tag="second", tag_field="how"):
    """A colleague who opened their own lock on this phone; what was in it makes the ``proof``."""

    person: UUID
    proof: Message
    at: Moment


Shown = Tap | Code | Second
