"""Times by which something has to be done: told before, and when they have passed.

Whatever knows of such a time calls ``tell`` at every look of the ticker; each is told once before
and once when it has passed, and anew where it stays so long after an answer. Nothing closes by
itself. What it was that was told, of which time and by which rule, is kept with the alert
(``Deadline``), since what the ticker knew then cannot be read from the record later.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from milieu.alerts.kinds import PASSED
from milieu.alerts.models import Alert, Deadline
from milieu.alerts.rules import due_again
from milieu.alerts.services import alert_about, raise_alerts
from milieu.census.packs import Pack

ONCE: Final = timedelta.max
Key = tuple[str, UUID, str, datetime]  # kind of alert, of what, which time, its moment


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something that is to be told now: that a time comes near, or has passed.

    Attributes:
        kind: of the alert.
        of: what has this time: an application, an occurrence, an incident, a line of a log.
        what: which of its times, as ``deadlines`` names it.
        since: when the clock began.
        due_at: None where the law says "as soon as possible".
        law: whose rule it is, and ``paragraph`` where it stands.
        pack: of the unit where it is to be answered.
        again_after: passed, and still not done so long after an answer, it is told anew.
        columns: of the alert: what it is about, and which entry it rests on.
    """

    kind: str
    of: UUID
    what: str
    since: datetime
    due_at: datetime | None
    law: str
    paragraph: str
    pack: Pack
    again_after: timedelta
    columns: Mapping[str, Any]

    @property
    def moment(self) -> datetime:
        return self.due_at or self.since

    @property
    def again(self) -> timedelta:
        """How long after an answer it is told anew. What is only near is told once."""
        return self.again_after if self.kind in PASSED else ONCE

    @property
    def key(self) -> Key:
        return self.kind, self.of, self.what, self.moment


def kind_now(due_at: datetime, now: datetime, *, warn_min: int, near: str, passed: str) -> str:
    """Return as which kind of alert a time that is not kept yet is told now; empty: not yet."""
    if now >= due_at:
        return passed
    return near if now >= due_at - timedelta(minutes=warn_min) else ""


def tell(found: Sequence[Due], now: datetime) -> int:
    """Raise an alert for each that was not told yet, and return how many."""
    if not found:
        return 0
    before, distinct = _told_before(found), {each.key: each for each in found}
    new = [
        (each, len(answers))
        for each in distinct.values()
        for answers in [before.get(each.key, [])]
        if due_again(answers, again_after=each.again, now=now)
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


def _told_before(found: Sequence[Due]) -> Mapping[Key, list[datetime | None]]:
    """Return when each alert about the same time was answered; None while it waits."""
    rows = Deadline.objects.filter(of__in={each.of for each in found}).values_list(
        "alert__kind", "of", "what", "since", "due_at", "alert__acknowledgement__at"
    )
    told: dict[Key, list[datetime | None]] = defaultdict(list)
    for kind, of, what, since, due_at, answered_at in rows:
        told[kind, of, what, due_at or since].append(answered_at)
    return told


def _alert(due: Due, number: int, now: datetime) -> Alert:
    """Make an alert. ``number``: how many there were about the same."""
    mark = f"{due.of}:{due.what}:{due.moment.isoformat()}:{number}"
    return alert_about(
        due.kind, mark, since=due.moment, now=now, pack=due.pack, columns=due.columns
    )


def _deadline(alert: Alert, due: Due) -> Deadline:
    return Deadline(
        alert=alert,
        of=due.of,
        what=due.what,
        since=due.since,
        due_at=due.due_at,
        law=due.law,
        paragraph=due.paragraph,
    )
