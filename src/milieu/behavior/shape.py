"""What is said of somebody's behavior, as it comes in at any door. Declared once.

All of it is what could be seen or heard; nothing of it is a verdict. Left empty means not noted.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")]  # a word of the unit's pack
Codes = Annotated[tuple[Code, ...], Meta(max_length=12)]
FewWords = Annotated[str, Meta(max_length=140)]
Note = Annotated[str, Meta(max_length=500)]
Told = Annotated[str, Meta(min_length=1, max_length=300)]
Many = Annotated[int, Meta(ge=0, le=99)]  # of what is counted in one shift


class ShiftSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """How somebody was in one shift.

    ``not-seen`` says why and nothing else: a shift slept through tells nothing of company.
    ``activity`` runs from 1 to 7 by the anchors of the pack; ``mood`` is what they said
    themselves, ``affect`` what could be seen. ``requests``: how often they asked for something.
    ``declined``: what they did not want. ``agitation``: what was seen of it; the word ``none``
    stands alone.
    """

    shift: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]
    outcome: Literal["seen", "not-seen"]
    why: Code = ""
    activity: Annotated[int, Meta(ge=1, le=7)] | None = None
    speech: Code = ""
    company: Literal["", "alone", "near", "with"] = ""
    mood: FewWords = ""
    affect: Code = ""
    self_care: Literal["", "alone", "prompted", "helped", "declined"] = ""
    participation: Literal["", "none-held", "joined", "part", "stayed-away", "declined"] = ""
    requests: Many | None = None
    declined: Codes = ()
    agitation: Codes = ()
    note: Note = ""
    nurse_should_know: FewWords = ""


class Episode(Struct, frozen=True, forbid_unknown_fields=True):
    """One episode: what was there before, what could be seen, and what came after.

    ``count``: how often in this episode. ``duration_min``: how long in all, in minutes.
    ``intensity``: 1 to 3 by the anchors of the pack.
    """

    antecedent: Told
    behavior: Told
    consequence: Told
    place: Code = ""
    count: Annotated[int, Meta(ge=1, le=99)] | None = None
    duration_min: Annotated[int, Meta(ge=0, le=1440)] | None = None
    intensity: Annotated[int, Meta(ge=1, le=3)] | None = None
    nurse_should_know: FewWords = ""
