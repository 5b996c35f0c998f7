"""What goes together in what is said of a shift, and the number that a word stands for. Plain.

The order of these words is what makes them an ordinal stream; a pack may word them otherwise, and
cannot change the order. They are product decisions: no published scale is used or copied here.
"""

from typing import Final

from milieu.behavior.shape import ShiftSeen
from milieu.kernel.errors import Refusal
from milieu.kernel.text import gettext_noop

NONE: Final = "none"  # of the words for agitation: none was seen. It stands alone.
COMPANY: Final = {"alone": 1, "near": 2, "with": 3}
SELF_CARE: Final = {"declined": 1, "helped": 2, "prompted": 3, "alone": 4}
# How much of the groups that were held; who declined is told as declined, not as a number.
PARTICIPATION: Final[dict[str, float | None]] = {
    "joined": 1.0,
    "part": 0.5,
    "stayed-away": 0.0,
    "declined": None,
}
PARTS: Final = (
    *("activity", "speech", "company", "mood", "affect", "self_care", "participation"),
    *("requests", "declined", "agitation"),
)


def agree(said: ShiftSeen) -> None:
    """Pass if the parts go together.

    Raises:
        Refusal ``why-missing``, ``not-seen-says-more``, ``why-not-needed``, ``nothing-said``,
        ``none-and-more``.
    """
    noted = [name for name in PARTS if getattr(said, name) not in ("", (), None)]
    if said.outcome == "not-seen":
        _not_seen(said, noted)
        return
    if said.why:
        raise Refusal(
            "why-not-needed", gettext_noop("They were seen: leave the reason out."), field="why"
        )
    if not noted and not said.note.strip():
        raise Refusal("nothing-said", gettext_noop("Say at least one thing that you saw."))
    if NONE in said.agitation and len(said.agitation) > 1:
        raise Refusal(
            "none-and-more",
            gettext_noop("Choose none, or what was seen. Both cannot be so."),
            field="agitation",
        )


def _not_seen(said: ShiftSeen, noted: list[str]) -> None:
    if not said.why:
        raise Refusal(
            "why-missing", gettext_noop("Say why they were not seen in this shift."), field="why"
        )
    if noted:
        raise Refusal(
            "not-seen-says-more",
            gettext_noop("Who was not seen in a shift cannot be described. Leave the rest out."),
            field=noted[0],
        )


def agitation_count(seen: str) -> int:
    """Return how many of the agitation items were seen. ``seen``: codes, spaces between."""
    return len([code for code in seen.split() if code != NONE])
