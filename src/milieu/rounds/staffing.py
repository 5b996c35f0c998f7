"""Too few people on the floor: told before anybody is missed, and said first when somebody is.

Looked at every few seconds by ``milieu ticker``. A spell is written down when it begins and when it
is over; which misses fell into one is worked out from the record whenever somebody asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from milieu.alerts.kinds import FEASIBILITY
from milieu.alerts.models import Alert, Shortage
from milieu.alerts.services import Wrong, raise_found
from milieu.census.models import Standing, Unit
from milieu.rounds.models import Spell, SpellEnd
from milieu.rounds.rules import Gap
from milieu.rounds.watching import watched_of
from milieu.rounds.workload import Overload, overloads

SPELLS_MAX = 500  # of one unit in the time that a page shows; more would be one a minute for hours
Lists = Mapping[UUID | None, Overload]  # by whose list; None: the whole unit


def tell_of_overload(now: datetime) -> int:
    """Write down where too few people are on the floor, and tell of it once for each spell."""
    running: dict[UUID, list[Spell]] = {}
    for spell in Spell.objects.filter(end=None):
        running.setdefault(spell.unit_id, []).append(spell)
    return sum(_look(unit, running.get(unit.pk, []), now) for unit in Unit.objects.all())


def _look(unit: Unit, running: Sequence[Spell], now: datetime) -> int:
    found = _too_few(overloads(unit, now))
    over = [spell for spell in running if spell.holder_id not in found]
    new = {holder: found[holder] for holder in found.keys() - {each.holder_id for each in running}}
    if not over and not new:
        return 0
    with transaction.atomic():
        SpellEnd.objects.bulk_create(SpellEnd(spell=spell, at=now) for spell in over)
        return sum(_begin(unit, overload, now) for overload in new.values())


def _too_few(found: Iterable[Overload]) -> Lists:
    """Return what more people would mend. What is short in the whole unit is told of no list.

    Where somebody is due sooner than anyone gets there, no number of people helps: that is told
    when it is overdue.
    """
    lists = {each.holder: each for each in found if each.people_short}
    return {None: lists[None]} if None in lists else lists


def _begin(unit: Unit, overload: Overload, now: datetime) -> int:
    told = _told_lately(unit, overload.holder, now)
    alert = told or _tell(unit, overload, now)
    Spell.objects.create(unit=unit, holder_id=overload.holder, began_at=now, alert=alert)
    return 0 if told else 1


def _told_lately(unit: Unit, holder: UUID | None, now: datetime) -> Alert | None:
    """Return the alert of the last spell, if it was over only a moment ago.

    A list that is still too long when somebody has come was told with the whole unit.
    """
    calm = timedelta(seconds=unit.pack.limits.overload_calm_s)
    spells = Spell.objects.filter(
        Q(holder=None) | Q(holder=holder), unit=unit, end__at__gt=now - calm
    )
    last = spells.select_related("alert").order_by("-end__at").first()
    return last.alert if last else None


def _tell(unit: Unit, overload: Overload, now: datetime) -> Alert:
    wrong = Wrong(
        kind=FEASIBILITY,
        about=overload.holder or unit.pk,
        since=now,
        pack=unit.pack,
        again_after=timedelta.max,
        columns={"unit": unit},
    )
    (alert,) = raise_found([wrong], now)
    Shortage.objects.create(
        alert=alert,
        hands=overload.hands,
        people_short=overload.people_short,
        need_s=overload.load.need.total_seconds(),
        window_s=overload.load.window.total_seconds(),
        late_s=overload.late.total_seconds() if overload.late is not None else None,
    )
    return alert


def spells_of(unit_id: UUID, since: datetime, until: datetime) -> list[Spell]:
    """Return the spells of a unit that touch this time, oldest first, with what was told."""
    spells = Spell.objects.filter(unit=unit_id, began_at__lt=until).exclude(end__at__lt=since)
    related = ("end", "holder", "alert__shortage", "alert__acknowledgement__by")
    return list(spells.select_related(*related).order_by("-began_at")[:SPELLS_MAX])[::-1]


def behind(gap: Gap, standing: Standing, spells: Sequence[Spell]) -> Spell | None:
    """Return the spell in which this gap passed what was allowed: a staffing event first."""
    then = [spell for spell in spells if spell.holds(gap.allowed_until)]
    for spell in then:
        if spell.holder_id is None or spell.holder_id == _holder(standing, gap.allowed_until):
            return spell
    return None


def _holder(standing: Standing, moment: datetime) -> UUID | None:
    """Return who had the watch of this person at a moment."""
    return next((each.who for each in watched_of(standing).watches if each.holds(moment)), None)
