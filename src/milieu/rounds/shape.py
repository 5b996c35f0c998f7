"""What rounds say, as it comes in at any door. Declared once: schema, forms and checks follow."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from milieu.presence.shape import Shown

Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")]  # a word of the unit's pack
Note = Annotated[str, Meta(max_length=500)]
FewWords = Annotated[str, Meta(max_length=140)]
Moment = Annotated[datetime, Meta(tz=True)]


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


class Take(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The author takes this person onto their own list. Who is held by another stays with them.

    ``without``: who held this person and was not there to hand them over.
    """

    without: UUID | None = None


class Give(Struct, frozen=True, forbid_unknown_fields=True):
    """The author asks anybody to take this person; until somebody does, they stay."""


class Offer(Struct, frozen=True, forbid_unknown_fields=True):
    """The author, who holds this person, asks somebody to take over, with what they know now.

    ``to``: the one who is asked; nobody by name means whoever accepts, of ``role`` where one is
    given. ``sharps`` answers a question that is asked at every handing over. What follows is the
    state as the author's screen showed it, so that a reader sees what was known to them.
    """

    purpose: Literal["shift", "break", "return", "swap"]
    sharps: Literal["none", "out"]
    sharps_out: FewWords = ""  # which, where any are out
    to: UUID | None = None
    role: Literal["", "technician", "lead", "nurse"] = ""
    until: Moment | None = None  # when a break is to end
    last_at: Moment | None = None
    due_at: Moment | None = None
    level: Code = ""
    concern: bool = False  # something waited for the nurse's answer
    note: FewWords = ""


class Reply(Struct, frozen=True, forbid_unknown_fields=True):
    """What came of an offer, by its entry, or of the order that named an observer.

    ``accept`` and ``decline`` are of whoever was asked, ``withdraw`` of whoever offered.
    """

    offer: UUID
    says: Literal["accept", "decline", "withdraw"]
