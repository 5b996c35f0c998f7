"""What is said of a protected night, as it comes in at any door. Declared once."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")]  # a word of the unit's pack
Hour = Annotated[str, Meta(max_length=5, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Why = Annotated[str, Meta(min_length=1, max_length=500)]


class ProtectSleep(Struct, frozen=True, forbid_unknown_fields=True):
    """Sleep is protected in these hours of the unit's clock, for so many nights from now on.

    ``criteria``: which of the pack's criteria its author found to be so.
    """

    from_hour: Hour
    to_hour: Hour
    nights: Annotated[int, Meta(ge=1, le=31)]
    criteria: Annotated[tuple[Code, ...], Meta(max_length=12)]
    why: Why


class EndSleep(Struct, frozen=True, forbid_unknown_fields=True):
    """Sleep is no longer protected from this moment on."""

    why: Why


class DoorwayLook(Struct, frozen=True, forbid_unknown_fields=True):
    """A look from the doorway, without a torch. The check itself is an entry of its own.

    ``woken``: whether the look woke them. ``why``: why breathing could not be seen.
    """

    breathing: Literal["seen", "not-seen"]
    woken: Literal["yes", "no"]
    why: Code = ""
