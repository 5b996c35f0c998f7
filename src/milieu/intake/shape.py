"""What is said of meals and drinks, as it comes in at any door. Declared once."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]  # of the pack
Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")]
Note = Annotated[str, Meta(max_length=500)]


class Meal(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of one meal was eaten, in percent; or that there was none of it, and why."""

    meal: Word
    outcome: Literal["eaten", "declined", "not-there"]
    share: Literal[0, 25, 50, 75, 100] | None = None
    why: Code = ""
    note: Note = ""


class Drink(Struct, frozen=True, forbid_unknown_fields=True):
    """How much was drunk, in ml, and out of what."""

    ml: Annotated[int, Meta(ge=1, le=3000)]
    vessel: Code = ""
    note: Note = ""
