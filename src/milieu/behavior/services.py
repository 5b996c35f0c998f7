"""Who may say how somebody was, and when it is refused; and the alert where the nurse is told."""

from collections.abc import Iterable, Sequence
from functools import cache

from django.utils.translation import gettext as _

from milieu.alerts import concern
from milieu.behavior import models, rules, shape
from milieu.census.packs import Pack, Word, pack
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable, together
from milieu.people.rules import Action
from milieu.record.kinds import Case, Kind, Stored
from milieu.record.rows import Values
from milieu.rounds.grounds import in_words, may_say

SHIFT = "behavior.shift"
EPISODE = "behavior.episode"

FROM_PACK = (
    *("why", "speech", "company", "affect", "self_care"),
    *("participation", "declined", "agitation"),
)


@cache
def words(pack_name: str, part: str) -> dict[str, Word]:
    """Return the pack's words for one part, by code."""
    return {word.code: word for word in _list(pack(pack_name), part)}


def _list(found: Pack, part: str) -> Sequence[Word]:
    match part:
        case "shift":
            return [Word(each.code, each.label) for each in found.shifts]
        case "place":
            return found.places
    known: tuple[Word, ...] = getattr(found.behavior, part)
    return known


def decide_shift(case: Case) -> None:
    """Weigh what is said of a shift.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``unknown-code``, ``text-unusable``, and as ``rules.agree``.
    """
    may_say(case, Action.CHECK)
    said: shape.ShiftSeen | None = case.draft.fact
    if said is None:
        return
    rules.agree(said)
    _known(case, "shift", [said.shift])
    for part in FROM_PACK:
        given = getattr(said, part)
        _known(case, part, given if isinstance(given, tuple) else [given])
    for name in ("mood", "note", "nurse_should_know"):
        storable(getattr(said, name), field=name)


def _known(case: Case, part: str, codes: Iterable[str]) -> None:
    in_words(case, filter(None, codes), words(case.unit.pack_name, part), field=part)


def build_shift(case: Case) -> Values:
    """Return the row of what is said of a shift."""
    said: shape.ShiftSeen = case.draft.fact
    plain = (
        *("shift", "outcome", "why", "activity", "speech", "company", "affect"),
        *("self_care", "participation", "requests"),
    )
    return {
        **{name: getattr(said, name) for name in plain},
        "declined": together(said.declined),
        "agitation": together(said.agitation),
        **{
            name: storable(getattr(said, name), field=name)
            for name in ("mood", "note", "nurse_should_know")
        },
    }


def decide_episode(case: Case) -> None:
    """Weigh an episode. Raises as ``decide_shift`` does, and ``words-missing``."""
    may_say(case, Action.CHECK)
    said: shape.Episode | None = case.draft.fact
    if said is None:
        return
    _known(case, "place", [said.place])
    for name in ("antecedent", "behavior", "consequence"):
        if not storable(getattr(said, name), field=name):
            raise Refusal("words-missing", _("Say it in a few words."), field=name)
    storable(said.nurse_should_know, field="nurse_should_know")


def build_episode(case: Case) -> Values:
    """Return the row of an episode."""
    said: shape.Episode = case.draft.fact
    texts = ("antecedent", "behavior", "consequence", "nurse_should_know")
    return {
        **{name: storable(getattr(said, name), field=name) for name in texts},
        **{name: getattr(said, name) for name in ("place", "count", "duration_min", "intensity")},
    }


def tell_of_shift(stored: Sequence[Stored]) -> None:
    """Raise an alert for each that the nurse should know of."""
    concern.tell_what_was_written(stored, models.ShiftSeen)


def tell_of_episode(stored: Sequence[Stored]) -> None:
    """Raise an alert for each that the nurse should know of."""
    concern.tell_what_was_written(stored, models.Episode)


SHIFT_KIND = Kind(
    name=SHIFT,
    shape=shape.ShiftSeen,
    model=models.ShiftSeen,
    decide=decide_shift,
    build=build_shift,
    from_phone=True,
    after=tell_of_shift,
)
EPISODE_KIND = Kind(
    name=EPISODE,
    shape=shape.Episode,
    model=models.Episode,
    decide=decide_episode,
    build=build_episode,
    from_phone=True,
    after=tell_of_episode,
)
