"""The person's own plan, and one thing that was tried, as they come in at any door."""

from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

LINES_MAX: Final = 8  # of one part: more is not read in a hard moment
LINE_MAX: Final = 80  # characters: two lines of large type on a phone, three at most
AFTER_MAX: Final = 6  # versions that one looks at together
FewWords = Annotated[str, Meta(max_length=140)]
Line = Annotated[str, Meta(min_length=1, max_length=LINE_MAX)]
Lines = Annotated[tuple[Line, ...], Meta(max_length=LINES_MAX)]


class OwnPlan(Struct, frozen=True, forbid_unknown_fields=True):
    """What the person says of their own hard moments, in their own words.

    ``touch``: what to be careful about, touch and past harm. ``trusts``: whom they trust.
    ``agreement`` is theirs: with all of it, with a part, not asked yet, or they did not want to.
    ``differs``: what they see differently, where they agreed with a part. ``made_with``: who sat
    with them, besides whoever writes. ``after``: which versions the author had before them, by the
    ids of their entries; a desk leaves it out, since it writes with the record before it.
    """

    agreement: Literal["agreed", "part", "not-asked", "declined"]
    sets_off: Lines = ()
    early_signs: Lines = ()
    helps: Lines = ()
    worsens: Lines = ()
    talk: Lines = ()
    touch: Lines = ()
    trusts: Lines = ()
    differs: FewWords = ""
    made_with: FewWords = ""
    after: Annotated[tuple[UUID, ...], Meta(max_length=AFTER_MAX)] = ()


class Tried(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that was tried in a hard moment, and what it did.

    ``of``: a line of their ``plan``, a ``choice`` of the unit's pack, or one of the ``way``s.
    ``code`` names a choice or a way; a line has none. ``words`` are kept as on the screen.
    """

    of: Literal["plan", "choice", "way"]
    words: Annotated[str, Meta(min_length=1, max_length=140)]
    did: Literal["calmer", "same", "worse", "not-wanted"]
    code: Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")] = ""
    note: FewWords = ""
