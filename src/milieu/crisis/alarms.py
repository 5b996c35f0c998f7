"""Legal limits that come near or have passed, told until somebody answers. Looked at by the ticker.

Nothing ends by itself, and no alert is closed here. Whether a limit was kept is worked out from the
record; that somebody was told of it, of which limit and by which law, is written down with the
alert (``alerts.Deadline``), since what the ticker knew then cannot be read from the record later.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from milieu.alerts.kinds import LIMIT_NEAR, LIMIT_PASSED
from milieu.alerts.models import Alert, Deadline
from milieu.alerts.rules import due_again
from milieu.alerts.services import alert_id, raise_alerts
from milieu.census.models import Stay
from milieu.census.packs import Pack
from milieu.crisis.kept import clocks
from milieu.crisis.limits import Limit
from milieu.crisis.models import Application
from milieu.crisis.outside import occurred
from milieu.crisis.reading import Whole, of_stays

WHY = "the house looks whether a legal limit comes near, and tells who is responsible"
LOOKED_AT_FOR = timedelta(days=14)  # after release: for debriefings, and what arrives late
Key = tuple[str, UUID, str, datetime]  # kind of alert, of what, which limit, its moment


class Told(NamedTuple):
    """Something to be told: a limit of something about a stay."""

    kind: str
    of: UUID
    stay: Stay
    limit: Limit
    running: bool  # somebody is held now
    source: int  # the entry that it rests on

    @property
    def moment(self) -> datetime:
        return self.limit.due or self.limit.since

    @property
    def key(self) -> Key:
        return self.kind, self.of, self.limit.what, self.moment

    @property
    def pack(self) -> Pack:
        return self.stay.standing.unit.pack


class Alarms:
    """Looks at what is under way, and for two weeks at what follows; remembers what is settled."""

    def __init__(self) -> None:
        self._settled: dict[UUID, int] = {}  # application -> its newest entry: nothing is left open

    def raise_limits(self, now: datetime) -> int:
        """Raise an alert for every limit that is near or has passed and was not told yet."""
        return tell([*self._of_applications(now), *_of_occurrences(now)], now)

    def _of_applications(self, now: datetime) -> Iterator[Told]:
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


def _due(whole: Whole, stay: Stay, limits: Iterable[Limit], now: datetime) -> Iterator[Told]:
    running, source = whole.ended is None, whole.start.entry.seq
    for limit in limits:
        if kind := kind_now(limit, stay.standing.unit.pack, now):
            yield Told(kind, whole.id, stay, limit, running, source)


def _of_occurrences(now: datetime) -> Iterator[Told]:
    """Yield the reports to the outside that nobody has made, as their time comes near."""
    for each in occurred():
        for duty in each.owed:
            what = f"report-{duty.to}"
            limit = Limit(what=what, since=duty.since, due=duty.due, met_at=None, rule=duty.rule)
            if kind := kind_now(limit, each.stay.standing.unit.pack, now):
                yield Told(kind, each.id, each.stay, limit, running=False, source=each.entry.seq)


def kind_now(limit: Limit, pack: Pack, now: datetime) -> str:
    """Return as which kind of alert a limit that is not met is told now; empty: not yet.

    What the law wants as soon as possible has no moment at which it is broken: it is only near.
    """
    restraint = pack.restraint
    if limit.due is None:
        waited = now - limit.since >= timedelta(minutes=restraint.asap_min)
        return LIMIT_NEAR if waited else ""
    if now >= limit.due:
        return LIMIT_PASSED
    warned = now >= limit.due - timedelta(minutes=restraint.warn(limit.what))
    return LIMIT_NEAR if warned else ""


def tell(found: Sequence[Told], now: datetime) -> int:
    """Raise an alert for each that was not told yet, with the limit that it is about."""
    if not found:
        return 0
    before, distinct = _told_before(found), {each.key: each for each in found}
    new = [
        (each, len(answers))
        for each in distinct.values()
        for answers in [before.get(each.key, [])]
        if due_again(answers, again_after=_again_after(each), now=now)
    ]
    if new:
        with transaction.atomic():
            alerts = [_alert(each, number, now) for each, number in new]
            raise_alerts(alerts)
            Deadline.objects.bulk_create(
                [_deadline(alert, each) for alert, (each, _) in zip(alerts, new, strict=True)],
                ignore_conflicts=True,
            )
    return len(new)


def _again_after(told: Told) -> timedelta:
    """Return how long after an answer it is told anew. What is only near is told once."""
    if told.kind == LIMIT_NEAR:
        return timedelta.max
    restraint = told.pack.restraint
    return timedelta(minutes=restraint.again_min if told.running else restraint.again_after_end_min)


def _told_before(found: Sequence[Told]) -> Mapping[Key, list[datetime | None]]:
    """Return when each alert about the same limit was answered; None while it waits."""
    rows = Deadline.objects.filter(of__in={each.of for each in found}).values_list(
        "alert__kind", "of", "what", "since", "due_at", "alert__acknowledgement__at"
    )
    told: dict[Key, list[datetime | None]] = defaultdict(list)
    for kind, of, what, since, due_at, answered_at in rows:
        told[kind, of, what, due_at or since].append(answered_at)
    return told


def _alert(told: Told, number: int, now: datetime) -> Alert:
    """Make an alert. ``number``: how many there were about the same."""
    ladder = told.pack.ladder(told.kind)
    mark = f"{told.of}:{told.limit.what}:{told.moment.isoformat()}:{number}"
    return Alert(
        id=alert_id(told.kind, mark),
        kind=told.kind,
        stay=told.stay,
        source_id=told.source,
        happened_at=told.moment,
        raised_at=now,
        owner_role=ladder.owner,
        answer_by=now + timedelta(seconds=ladder.answer_s),
    )


def _deadline(alert: Alert, told: Told) -> Deadline:
    limit = told.limit
    return Deadline(
        alert=alert,
        of=told.of,
        what=limit.what,
        since=limit.since,
        due_at=limit.due,
        law=limit.rule.law,
        paragraph=limit.rule.paragraph,
    )
