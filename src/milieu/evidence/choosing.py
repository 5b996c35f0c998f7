"""Which leaves evidence holds: all about a person from the first to the last of a window.

The chain of leaves about one person is taken without a hole, so that a missing one shows. What the
report needs from before the window (admission, levels, who held the person, the check before) is
added apart from it, each proved for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _

from milieu.census.models import Facility, Merge, Patient, Stay
from milieu.kernel.errors import Refusal
from milieu.rounds.services import CHECK
from milieu.seals.models import Leaf

LEAVES_MAX: Final = 50_000
WHY: Final = "evidence about a person, for whoever may have it: asked before"

Part = Literal["window", "before"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What evidence is asked for. Without people, it is about everybody of the facility."""

    facility: Facility
    people: frozenset[UUID]
    start: datetime
    end: datetime

    @property
    def whom(self) -> str:
        """Whom it is about, by ids."""
        return ",".join(sorted(map(str, self.people))) or "any"


@dataclass(frozen=True)
class Chosen:
    """One leaf, and whether it is of the window or from before it."""

    leaf: Leaf
    part: Part


def same_person(patient: Patient) -> frozenset[UUID]:
    """Return the ids under which a person is known here, following merges both ways."""
    found, new = {patient.pk}, {patient.pk}
    while new:
        links = Merge.objects.filter(Q(merged__in=new) | Q(survivor__in=new))
        new = {each for pair in links.values_list("merged", "survivor") for each in pair} - found
        found |= new
    return frozenset(found)


def choose(asked: Asked, size: int) -> list[Chosen]:
    """Return the leaves of this evidence, of the first ``size`` of the log, in its order.

    Raises:
        Refusal ``nothing-there``, ``too-much``.
    """
    every = _leaves(asked, size)
    within = _within(asked)
    spans = every.filter(within).values("patient").annotate(first=Min("index"), last=Max("index"))
    chosen: dict[int, Chosen] = {}
    for patient, first, last in spans.order_by("patient").values_list("patient", "first", "last"):
        chain = every.filter(patient=patient, index__range=(first, last))
        chosen |= {leaf.index: Chosen(leaf, "window") for leaf in chain[: LEAVES_MAX + 1]}
        if len(chosen) > LEAVES_MAX:
            raise Refusal("too-much", _("This is too much for one file. Ask for a shorter time."))
    for leaf in _before(asked, every, stays_of(chosen.values())):
        chosen.setdefault(leaf.index, Chosen(leaf, "before"))
    if not chosen:
        raise Refusal("nothing-there", _("Nothing was written down about them in this time."))
    return [chosen[index] for index in sorted(chosen)]


def stays_of(chosen: Any) -> list[UUID]:
    """Return the stays that these leaves are about, in order of id."""
    return sorted({each.leaf.entry.stay_id for each in chosen})


def stays_in(asked: Asked) -> list[UUID]:
    """Return the stays that something was written about in the window."""
    every = _leaves(asked, 2**62).filter(_within(asked))
    return sorted(set(every.values_list("entry__stay", flat=True)))


def refuse_unless_all(stays: Sequence[UUID], seen: Any) -> None:
    """See to it that a reader may see every stay that evidence would hold.

    Raises:
        Refusal ``not-all-yours``: part of it belongs to units that they do not see.
    """
    visible: set[UUID] = set(seen.filter(pk__in=stays).values_list("pk", flat=True))
    if set(stays) - visible:
        raise Refusal(
            "not-all-yours",
            _("Part of this time belongs to another unit. Ask the facility's privacy officer."),
        )


def stays_named(stays: Sequence[UUID]) -> list[Stay]:
    """Return these stays with their people and units, as the report tells of them."""
    rows = Stay.objects.as_system(WHY).filter(pk__in=stays)
    related = ("patient", "standing__unit__facility", "standing__bed__room")
    return list(rows.select_related(*related).order_by("standing__admitted_at", "pk"))


def _leaves(asked: Asked, size: int) -> Any:
    rows = Leaf.objects.as_system(WHY).filter(facility=asked.facility, index__lt=size)
    if asked.people:
        rows = rows.filter(patient__in=asked.people)
    return rows.select_related("entry").order_by("index")


def _within(asked: Asked) -> Q:
    """Return what is of the window: by its own word, or by what is supported of its time."""
    claimed = Q(entry__happened_at__gte=asked.start, entry__happened_at__lt=asked.end)
    return claimed | Q(entry__counted_at__gte=asked.start, entry__counted_at__lt=asked.end)


def _before(asked: Asked, every: Any, stays: Sequence[UUID]) -> list[Leaf]:
    """Return what the window rests on: older entries that are no checks, and the last check."""
    older = every.filter(entry__stay__in=stays, entry__happened_at__lt=asked.start)
    found = list(older.exclude(entry__kind=CHECK)[:LEAVES_MAX])
    for stay in stays:
        seen = older.filter(
            entry__stay=stay,
            entry__kind=CHECK,
            entry__safetycheck__outcome="seen",
            entry__counted_at__lt=asked.start,
            entry__amended_by=None,
        )
        found += seen.order_by("-entry__counted_at")[:1]
    return found
