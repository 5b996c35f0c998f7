"""What rounds say, as it comes in at any door. Declared once: schema, forms and checks follow."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from milieu.presence.shape import Shown

Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")]  # a word of the unit's pack
Note = Annotated[str, Meta(max_length=500)]
FewWords = Annotated[str, Meta(max_length=140)]


class SafetyCheck(Struct, frozen=True, forbid_unknown_fields=True):
    """What could be seen of one person at one moment. Observations, never verdicts.

    ``refused``: the person did not want to be seen. ``not-seen``: they could not be. Both are
    checks of their own kind and say why. Empty means that the part does not apply.
    """

    outcome: Literal["seen", "refused", "not-seen"]
    place: Code = ""
    position: Code = ""
    activity: Code = ""
    eyes: Literal["", "open", "closed"] = ""
    breathing: Literal["", "seen", "not-seen"] = ""
    why: Code = ""
    note: Note = ""
    nurse_should_know: FewWords = ""
    presence: Shown | UnsetType = UNSET  # unset is not sent: an older check stays the same


class LevelOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """An observation level, ordered from this moment on."""

    level: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]
    why: Annotated[str, Meta(min_length=1, max_length=500)]
    observer: UUID | None = None  # who stays with the person, where the level asks for a name


class Take(Struct, frozen=True, forbid_unknown_fields=True):
    """The author takes this person onto their own list."""


class Give(Struct, frozen=True, forbid_unknown_fields=True):
    """The author no longer holds this person."""
