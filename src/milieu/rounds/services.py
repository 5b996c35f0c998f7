"""What people may do on rounds: each kind decides, then the ledger stores."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.alerts import concern
from milieu.census.models import Stay
from milieu.census.packs import WordList, words
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.grounds import not_in_the_future
from milieu.record.kinds import Case, Kind, Stored
from milieu.record.ledger import append_here
from milieu.record.models import Entry
from milieu.record.rows import Values
from milieu.rounds import models, shape, shown
from milieu.rounds.grounds import in_words, may_say

CHECK = "round.check"
LEVEL = "round.level"

WORDS: tuple[tuple[str, WordList], ...] = (
    ("place", "places"),
    ("position", "positions"),
    ("activity", "activities"),
    ("why", "why_not"),
)


def decide_check(case: Case) -> None:
    """Weigh one check, or the amendment of one.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``unknown-code``, ``why-missing``, ``why-not-needed``, ``place-missing``, ``text-unusable``.
    """
    standing = may_say(case, Action.CHECK)
    said: shape.SafetyCheck | None = case.draft.fact
    if said is None:
        return
    for field, kind in WORDS:
        code = getattr(said, field)
        known = words(standing.unit.pack_name, kind)
        in_words(case, [code] if code else [], known, field=field)
    _agrees_with_itself(said)
    storable(said.note, field="note")
    storable(said.nurse_should_know, field="nurse_should_know")


def _agrees_with_itself(said: shape.SafetyCheck) -> None:
    """Pass if the parts go together: a place for who was seen, a reason for what was not."""
    if said.outcome == "seen":
        if not said.place:
            raise Refusal("place-missing", _("Say where this person was seen."), field="place")
        if said.why and said.breathing != "not-seen":
            raise Refusal(
                "why-not-needed",
                _("A reason says what could not be seen. Leave it out, or say what was not seen."),
                field="why",
            )
        if said.breathing == "not-seen" and not said.why:
            raise Refusal("why-missing", _("Say why breathing could not be seen."), field="why")
    elif not said.why:
        raise Refusal("why-missing", _("Say why this person was not seen."), field="why")


def build_check(case: Case) -> Values:
    """Return the row of a check."""
    said: shape.SafetyCheck = case.draft.fact
    return {
        "outcome": said.outcome,
        "place": said.place,
        "position": said.position,
        "activity": said.activity,
        "eyes": said.eyes,
        "breathing": said.breathing,
        "why": said.why,
        "note": storable(said.note, field="note"),
        "nurse_should_know": storable(said.nurse_should_know, field="nurse_should_know"),
        **shown.values(case),
    }


def tell_the_nurse(stored: Sequence[Stored]) -> None:
    """Raise an alert for each check that says what the nurse should know."""
    concern.tell_what_was_written(stored, models.SafetyCheck)


def decide_level(case: Case) -> None:
    """Weigh an order of an observation level.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``in-the-future``, ``unknown-code``, ``observer-missing``, ``text-unusable``.
    """
    standing = may_say(case, Action.ORDER_LEVEL)
    not_in_the_future(case)
    said: shape.LevelOrder | None = case.draft.fact
    if said is None:
        return
    standing.unit.pack.level(said.level).require_observer(said.observer)
    storable(said.why, field="why")


def build_level(case: Case) -> Values:
    """Return the row of a level order."""
    said: shape.LevelOrder = case.draft.fact
    return {
        "level": said.level,
        "why": storable(said.why, field="why"),
        "observer_id": said.observer,
    }


CHECK_KIND = Kind(
    name=CHECK,
    shape=shape.SafetyCheck,
    model=models.SafetyCheck,
    decide=decide_check,
    build=build_check,
    from_phone=True,
    gather=shown.gather,
    says_more=shown.says_more,
    after=tell_the_nurse,
)
LEVEL_KIND = Kind(
    name=LEVEL,
    shape=shape.LevelOrder,
    model=models.LevelOrder,
    decide=decide_level,
    build=build_level,
)


def order_level(
    *,
    entry_id: UUID,
    stay: Stay,
    level: str,
    why: str,
    at: datetime,
    written_at: datetime,
    by: Person,
    observer: Person | None = None,
) -> Entry:
    """Order an observation level from ``at`` on. Raises as ``decide_level`` does."""
    said = shape.LevelOrder(level=level, why=why, observer=observer.pk if observer else None)
    return append_here(
        LEVEL, said, entry_id=entry_id, stay_id=stay.pk, by=by.pk, at=at, written_at=written_at
    )
