"""Plans and what worked as phones carry them; and the ways of calming."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from milieu.calm.known import Known, known_of
from milieu.calm.rules import PARTS, Worked
from milieu.calm.ways import ways
from milieu.census.models import Stay
from milieu.kernel import clock


def ways_for_phones() -> list[dict[str, Any]]:
    """Return the ways of calming with words, in every language."""
    return [msgspec.to_builtins(each) for each in ways().values()]


def for_phones(stays: Iterable[Stay]) -> Mapping[UUID, dict[str, Any]]:
    """Return, for each stay, its ``plan`` or None, and ``worked``: what to offer first."""
    found = known_of(list(stays))
    return {stay: _packed(known) for stay, known in found.items()}


def _packed(known: Known) -> dict[str, Any]:
    return {"plan": _plan(known), "worked": [_worked(each) for each in known.worked]}


def _plan(known: Known) -> dict[str, Any] | None:
    entry = known.plan
    if entry is None:
        return None
    plan = entry.ownplan
    return {
        "entry": entry.entry_id,
        "at": clock.rfc3339(entry.counted_at or entry.happened_at),
        "by": entry.author.short_name,
        "agreement": plan.agreement,
        "differs": plan.differs,
        **{part: plan.lines(part) for part in PARTS if plan.lines(part)},
    }


def _worked(each: Worked) -> dict[str, Any]:
    thing, tally = each.thing, each.tally
    return {
        "of": thing.of,
        "code": thing.code,
        "words": thing.words,
        "own": each.own,
        "did": [tally.calmer, tally.times, tally.worse, tally.unwanted],
    }
