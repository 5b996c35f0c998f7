"""Legal limits that come near or have passed, told until somebody answers. Looked at by the ticker.

Nothing ends by itself, and no alert is closed here. Whether a limit was kept is worked out from the
record; that somebody was told of it is written down with the alert (``alerts.due``).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from milieu.alerts import due
from milieu.alerts.due import Due, tell
from milieu.alerts.kinds import LIMIT_NEAR, LIMIT_PASSED
from milieu.census.models import Stay
from milieu.census.packs import Pack
from milieu.crisis.kept import clocks
from milieu.crisis.limits import Limit
from milieu.crisis.models import Application
from milieu.crisis.outside import occurred
from milieu.crisis.reading import Whole, of_stays

WHY = "the house looks whether a legal limit comes near, and tells who is responsible"
LOOKED_AT_FOR = timedelta(days=14)  # after release: for debriefings, and what arrives late


class Alarms:
    """Looks at what is under way, and for two weeks at what follows; remembers what is settled."""

    def __init__(self) -> None:
        self._settled: dict[UUID, int] = {}  # application -> its newest entry: nothing is left open

    def raise_limits(self, now: datetime) -> int:
        """Raise an alert for every limit that is near or has passed and was not told yet."""
        return tell([*self._of_applications(now), *_of_occurrences(now)], now)

    def _of_applications(self, now: datetime) -> Iterator[Due]:
        rows = Application.objects.as_system(WHY).filter(
            Q(ended=None) | Q(ended__gt=now - LOOKED_AT_FOR)
        )
        known = list(rows.values_list("pk", "stay_id", "newest", "ended"))
        left = {
            key: stay
            for key, stay, newest, ended in known
            if ended is None or self._settled.get(key) != newest
        }
        self._settled = {key: newest for key, _, newest, _ in known if key not in left}
        wholes = of_stays(set(left.values()))
        found = clocks([whole for key, whole in wholes.items() if key in left], now)
        for key, each in found.items():
            if each.whole.ended and not each.open:
                self._settled[key] = each.whole.newest
            yield from _due(each.whole, each.stay, each.open, now)


def _due(whole: Whole, stay: Stay, limits: Iterable[Limit], now: datetime) -> Iterator[Due]:
    running, source = whole.ended is None, whole.start.entry.seq
    for limit in limits:
        if kind := kind_now(limit, stay.standing.unit.pack, now):
            yield _told(kind, whole.id, stay, limit, running=running, source=source)


def _of_occurrences(now: datetime) -> Iterator[Due]:
    """Yield the reports to the outside that nobody has made, as their time comes near."""
    for each in occurred():
        for duty in each.owed:
            what = f"report-{duty.to}"
            limit = Limit(what=what, since=duty.since, due=duty.due, met_at=None, rule=duty.rule)
            if kind := kind_now(limit, each.stay.standing.unit.pack, now):
                source = each.entry.seq
                yield _told(kind, each.id, each.stay, limit, running=False, source=source)


def kind_now(limit: Limit, pack: Pack, now: datetime) -> str:
    """Return as which kind of alert a limit that is not met is told now; empty: not yet.

    What the law wants as soon as possible has no moment at which it is broken: it is only near.
    """
    restraint = pack.restraint
    if limit.due is None:
        waited = now - limit.since >= timedelta(minutes=restraint.asap_min)
        return LIMIT_NEAR if waited else ""
    warn = restraint.warn(limit.what)
    return due.kind_now(limit.due, now, warn_min=warn, near=LIMIT_NEAR, passed=LIMIT_PASSED)


def _told(kind: str, of: UUID, stay: Stay, limit: Limit, *, running: bool, source: int) -> Due:
    """Return what is told of a limit. ``running``: somebody is held now."""
    restraint = stay.standing.unit.pack.restraint
    again = restraint.again_min if running else restraint.again_after_end_min
    return Due(
        kind=kind,
        of=of,
        what=limit.what,
        since=limit.since,
        due_at=limit.due,
        law=limit.rule.law,
        paragraph=limit.rule.paragraph,
        pack=stay.standing.unit.pack,
        again_after=timedelta(minutes=again),
        columns={"stay": stay, "source_id": source},
    )
