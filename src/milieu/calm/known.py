"""A person's plan as it stands, and what worked for them: read from the record when asked for.

Both are the person's, not one stay's: who comes back to this unit finds the plan that they made
here before, and what helped them then. What another unit wrote in an earlier stay stays with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef

from milieu.calm.rules import OFFERED, Key, Tally, Thing, Worked, rank
from milieu.calm.services import PLAN, TRIED
from milieu.calm.versions import Version, meanwhile, standing
from milieu.census.models import Stay
from milieu.record.models import Entry, told_at

WHY = "the reader may see these stays: asked before"
OTHERS_MAX = 20  # things told of one person that are not in their plan
VERSIONS_MAX = 50
Tried = dict[Key, tuple[Thing, Tally]]


class Known(NamedTuple):
    """The plan that stands, with its author; and their things, what helps most first.

    ``others``: versions of which whoever wrote that plan did not know, newest first.
    """

    plan: Entry | None
    others: Sequence[Entry]
    worked: Sequence[Worked]


def of_people(stays: Iterable[Stay], kind: str) -> Any:
    """Return what was written about these people on the units where they are now, with ``at``."""
    found = Entry.objects.as_system(WHY).filter(
        kind=kind,
        stay__patient__in={stay.patient_id for stay in stays},
        stay__standing__unit__in={stay.standing.unit_id for stay in stays},
    )
    return found.annotate(at=told_at())


Whose = tuple[UUID, UUID]  # a person, on a unit


def known_of(stays: Sequence[Stay]) -> dict[UUID, Known]:
    """Return plan and ranking for each of these stays, in three statements however many there are.

    The stays come with their standing.
    """
    if not stays:
        return {}
    plans, tried = _plans(stays), _tried(stays)
    found = {}
    for stay in stays:
        whose = (stay.patient_id, stay.standing.unit_id)
        versions = plans.get(whose, [])
        plan = versions[0] if versions else None
        told = _told(rank(_own(plan), tried.get(whose, {})))
        found[stay.pk] = Known(plan, versions[1:], told)
    return found


def _told(ranked: Sequence[Worked]) -> list[Worked]:
    """Leave out what helped least of what is not in their plan, where there is much of it."""
    left_out = [each for each in ranked if not each.own][OTHERS_MAX:]
    return [each for each in ranked if each not in left_out]


def _plans(stays: Sequence[Stay]) -> dict[Whose, list[Entry]]:
    """Return the plan of each that stands, then those that were written without knowing of it."""
    shown: dict[Whose, list[int]] = {}
    for whose, versions in _versions(stays).items():
        if plan := standing(versions):
            shown[whose] = [plan.seq, *(each.seq for each in meanwhile(versions))]
    full = Entry.objects.as_system(WHY).select_related("ownplan", "author", "stay")
    entries = full.in_bulk([seq for seqs in shown.values() for seq in seqs])
    return {key: [entries[seq] for seq in seqs] for key, seqs in shown.items()}


def _versions(stays: Sequence[Stay]) -> dict[Whose, list[Version]]:
    amended = Entry.objects.as_system(WHY).filter(amends=OuterRef("pk"))
    rows = (
        of_people(stays, PLAN)
        .annotate(amended=Exists(amended))
        .values_list(
            *("stay__patient", "stay__standing__unit", "entry_id", "at", "seq"),
            *("amended", "struck", "device", "ownplan__after"),
        )
    )
    found: dict[Whose, list[Version]] = defaultdict(list)
    for patient, unit, entry_id, at, seq, amended, struck, device, after in rows:
        at_desk = device is None and not after
        before = None if at_desk else tuple(map(UUID, (after or "").split()))
        stands = not amended and not struck
        found[patient, unit].append(Version(entry_id, at, seq, stands, before))
    return found


def _own(plan: Entry | None) -> list[Thing]:
    if plan is None:
        return []
    return [Thing("plan", "", line) for part in OFFERED for line in plan.ownplan.lines(part)]


def _tried(stays: Sequence[Stay]) -> dict[Whose, Tried]:
    rows = (
        of_people(stays, TRIED)
        .current()
        .values_list(
            *("stay__patient", "stay__standing__unit"),
            *("tried__of", "tried__code", "tried__words", "tried__did"),
        )
        .annotate(times=Count("pk"), last=Max(told_at()))
        .order_by("last")
    )
    found: dict[Whose, Tried] = defaultdict(dict)
    for patient, unit, of, code, words, did, times, last in rows:
        thing = Thing(of, code, words)
        told = found[patient, unit]
        tally = told[thing.key][1] if thing.key in told else Tally()
        told[thing.key] = thing, tally.with_(did, times, last)
    return found


def versions_of(stay: Stay) -> list[Entry]:
    """Return every plan that was written of this person here, newest first."""
    rows = (
        of_people([stay], PLAN)
        .filter(struck=False)
        .select_related("author", "ownplan", "amended_by__author", "stay")
        .order_by("-at", "-seq")
    )
    return list(rows[:VERSIONS_MAX])
