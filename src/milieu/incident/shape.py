"""What is said of an incident, as it comes in at any door. Declared once.

An incident is an id that was made with its first mark: everything about it carries that id. It is
about one stay; where several people in care were in it, each has marks of their own.
"""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")]  # a word of the unit's pack
Needed = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]
Codes = Annotated[tuple[Code, ...], Meta(max_length=12)]
FewWords = Annotated[str, Meta(max_length=140)]
Told = Annotated[str, Meta(max_length=4000)]
Level = Annotated[int, Meta(ge=0, le=4)]


class Mark(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing in an incident, by one tap, as it happened.

    ``who``: a member of staff, where the mark is about one. ``call``: the call for help that it
    began with.
    """

    incident: UUID
    what: Needed
    place: Code = ""
    who: UUID | None = None
    call: UUID | None = None
    words: FewWords = ""


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """An incident told afterwards. ``verbal`` to ``others`` are anchors 0 to 4 of the pack."""

    incident: UUID
    kinds: Codes
    narrative: Annotated[str, Meta(min_length=1, max_length=4000)]
    place: Code = ""
    outcomes: Codes = ()
    injury_person: Code = ""
    injury_others: Code = ""
    verbal: Level | None = None
    things: Level | None = None
    self_harm: Level | None = None
    others: Level | None = None
    witnesses: Annotated[str, Meta(max_length=300)] = ""
    helped: FewWords = ""


class Notified(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who had to be told was told: whom, by which way, and whom it reached."""

    incident: UUID
    whom: Needed
    way: Code = ""
    reached: FewWords = ""
    words: FewWords = ""
