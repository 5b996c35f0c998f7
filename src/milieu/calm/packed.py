"""Plans and what worked as phones carry them; and the ways of calming."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from milieu.calm.known import Known, known_of
from milieu.calm.rules import OFFERED, PARTS, Tally, Worked
from milieu.calm.ways import ways
from milieu.census.models import Stay
from milieu.kernel.clock import rfc3339
from milieu.record.models import Entry

Row = dict[str, Any]  # a head, a note to read, or a thing to try with what it did


def ways_for_phones() -> list[dict[str, Any]]:
    """Return the ways of calming with words, in every language."""
    return [msgspec.to_builtins(each) for each in ways().values()]


def for_phones(stays: Sequence[Stay]) -> Mapping[UUID, dict[str, Any]]:
    """Return ``plan``, ``calm`` and ``tried`` of each stay.

    ``plan`` says how the plan came about, or is None; ``calm`` is what is shown in a hard moment,
    in that order; ``tried`` says what choices and ways did, by code.
    """
    zones = {stay.pk: stay.standing.unit.zone for stay in stays}
    return {stay: _packed(known, zones[stay]) for stay, known in known_of(stays).items()}


def _packed(known: Known, zone: ZoneInfo) -> dict[str, Any]:
    rows = list(_rows(known))
    return {
        "plan": _plan(known.plan, known.others, rows, zone) if known.plan else None,
        "calm": rows,
        "tried": {
            each.thing.code: _did(each.tally) for each in known.worked if each.thing.of != "plan"
        },
    }


def _plan(
    entry: Entry, others: Sequence[Entry], rows: Sequence[Row], zone: ZoneInfo
) -> dict[str, Any]:
    """Return what ``calm`` does not say of the plan that stands.

    ``own`` gives back the order in which they said what can be tried: places in ``calm``. All other
    parts are there already, in their order.
    """
    places = {row["thing"]["words"]: n for n, row in enumerate(rows) if _is_line(row)}
    own = {part: [places[line] for line in entry.ownplan.lines(part)] for part in OFFERED}
    return _head(entry, zone) | {
        "own": own,
        "others": [
            _head(each, zone)
            | {"differs": each.ownplan.differs}
            | {part: lines for part in PARTS if (lines := each.ownplan.lines(part))}
            for each in others
        ],
    }


def _is_line(row: Row) -> bool:
    return "thing" in row and row["thing"]["of"] == "plan"


def _head(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    at = entry.told_at
    return {
        "entry": entry.entry_id,
        "at": rfc3339(at),
        "day": f"{at.astimezone(zone):%Y-%m-%d}",
        "by": entry.author.short_name,
        "agreement": entry.ownplan.agreement,
    }


def _rows(known: Known) -> Iterator[Row]:
    """Yield what to be careful about, then what helps, then what is read in a calmer moment."""
    plan = known.plan.ownplan if known.plan else None
    talk = plan.talk_alone() if plan else set()

    def read(part: str) -> list[Row]:
        return [{"note": line} for line in plan.lines(part)] if plan else []

    mine = [each for each in known.worked if each.own or each.tally.calmer]
    about = [each for each in mine if each.own and each.thing.words in talk]
    yield from _under("differs", [{"note": plan.differs}] if plan and plan.differs else [])
    yield from _under("touch", read("touch"))
    yield from _under("helps", [_thing(each) for each in mine if each not in about])
    yield from _under("worsens", read("worsens"))
    yield from _under("talk", [_thing(each) for each in about])
    for part in ("trusts", "early_signs", "sets_off"):
        yield from _under(part, read(part))


def _under(head: str, rows: Sequence[Row]) -> Sequence[Row]:
    return [{"head": head}, *rows] if rows else []


def _thing(each: Worked) -> Row:
    return {"thing": each.thing._asdict(), "did": _did(each.tally)}


def _did(tally: Tally) -> list[int]:
    return [tally.calmer, tally.times, tally.worse, tally.unwanted]
