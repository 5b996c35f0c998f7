"""Every clock of an application, now: what the strictest law asks, whether it was kept, what next.

Clocks are worked out when they are read, from the record and the laws that applied when it began.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from milieu.census.models import Stay
from milieu.census.packs.hard import Restraint
from milieu.crisis.law import Rule
from milieu.crisis.limits import Barred, Limit, barred, limits
from milieu.crisis.listed import laws_at
from milieu.crisis.models import ListedLaw
from milieu.crisis.reading import WHY, Whole, for_law

RELEASE = "release"  # every criterion is met, and they are not released
FACILITY = "facility"  # the law of a rule that is the facility's own


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """One application with all its limits, in the order in which they fall due."""

    whole: Whole
    stay: Stay
    laws: tuple[str, ...]
    limits: tuple[Limit, ...]
    barred: tuple[Barred, ...]

    @property
    def open(self) -> list[Limit]:
        """What is not met yet: what has passed first, then by its due time, then what is soon."""
        left = [limit for limit in self.limits if limit.met_at is None]
        return sorted(left, key=lambda limit: (limit.due is None, limit.due or limit.since))

    def worth_showing(self, now: datetime) -> list[Limit]:
        """Return the open limits, then of each the last that was met, and every one met late."""
        met = [limit for limit in self.limits if limit.met_at is not None]
        newest = {limit.what: limit for limit in met}
        past = [limit for limit in met if limit.late(now) or newest[limit.what] is limit]
        return [*self.open, *past]


def clocks(wholes: Iterable[Whole], now: datetime) -> dict[UUID, Clocks]:
    """Return the clocks of these applications, by id; two statements."""
    wholes = list(wholes)
    if not wholes:
        return {}
    stays = stays_with({whole.stay_id for whole in wholes})
    rows = listed_by_facility({stay.standing.unit.facility_id for stay in stays.values()})
    return {whole.id: _clocks(whole, stays[whole.stay_id], rows, now) for whole in wholes}


def stays_with(stays: Iterable[UUID]) -> Mapping[UUID, Stay]:
    """Return these stays with all that a clock rests on: who it is about, and where they are."""
    found: Mapping[UUID, Stay] = (
        Stay.objects.as_system(WHY)
        .select_related("patient", "standing__unit__facility", "standing__bed__room")
        .in_bulk(list(stays))
    )
    return found


def listed_by_facility(facilities: Iterable[UUID]) -> dict[UUID, list[ListedLaw]]:
    """Return the laws that facilities list or listed."""
    found: dict[UUID, list[ListedLaw]] = defaultdict(list)
    for row in ListedLaw.objects.filter(facility__in=list(facilities)):
        found[row.facility_id].append(row)
    return found


def _clocks(
    whole: Whole, stay: Stay, rows: Mapping[UUID, Sequence[ListedLaw]], now: datetime
) -> Clocks:
    unit = stay.standing.unit
    names = laws_at(rows.get(unit.facility_id, ()), unit, whole.began)
    told = for_law(whole, stay)
    return Clocks(
        whole=whole,
        stay=stay,
        laws=names,
        limits=(*limits(told, names, now), *_release(whole, unit.pack.restraint)),
        barred=barred(told, names, now),
    )


def _release(whole: Whole, pack: Restraint) -> Iterable[Limit]:
    """Yield that they are to be released now: the facility's own limit, by what a check found."""
    if whole.ready is None:
        return
    rule = Rule(
        law=FACILITY,
        paragraph="",
        source=pack.source,
        read_on=date.fromisoformat(pack.as_of),
        value=pack.release_min,
    )
    due = whole.ready + timedelta(minutes=pack.release_min)
    yield Limit(what=RELEASE, since=whole.ready, due=due, met_at=None, rule=rule)
