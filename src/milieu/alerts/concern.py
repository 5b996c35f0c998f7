"""A concern: what somebody wrote, or what an answer says, that the nurse should know at once.

Any room of facts calls ``tell`` after its entries are stored, in the same transaction.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from milieu.alerts.kinds import CONCERN
from milieu.alerts.models import Alert
from milieu.alerts.services import alert_id, raise_alerts
from milieu.kernel.text import storable
from milieu.people.rules import Role
from milieu.record.kinds import Stored
from milieu.record.models import Fact

WORDS_MAX = 140


def tell(
    stored: Sequence[Stored],
    *,
    words: Callable[[Stored], str],
    fact: type[Fact],
    told: Callable[[Any], str],
) -> None:
    """Raise an alert for each entry that has words for the nurse: written once, nowhere else.

    An entry that was put right and still says the same raises no second one.

    Args:
        stored: what was stored.
        words: what the nurse should know of it; empty where there is nothing.
        fact: the table of these entries.
        told: what a row of that table once told the nurse.
    """
    before = _told_before(stored, fact, told)
    alerts = []
    for item in stored:
        said = words(item)[:WORDS_MAX]
        wrong = item.case.wrong
        if said and (wrong is None or said != before.get(wrong.seq)):
            alerts.append(_alert(item, said))
    if alerts:
        raise_alerts(alerts)


def tell_what_was_written(stored: Sequence[Stored], fact: type[Fact]) -> None:
    """Raise an alert for each entry whose author wrote what the nurse should know.

    For facts with ``nurse_should_know``, the author's own words and nothing else.
    """
    tell(stored, words=_written, fact=fact, told=lambda row: row.nurse_should_know)


def _written(item: Stored) -> str:
    said = item.case.draft.fact
    return storable(said.nurse_should_know, field="nurse_should_know") if said else ""


def _told_before(
    stored: Sequence[Stored], fact: type[Fact], told: Callable[[Any], str]
) -> dict[int, str]:
    amended = [item.case.wrong.seq for item in stored if item.case.wrong]
    if not amended:
        return {}
    rows = fact.objects.as_system("of entries that are put right").filter(pk__in=amended)
    return {row.pk: told(row)[:WORDS_MAX] for row in rows}


def _alert(item: Stored, words: str) -> Alert:
    case = item.case
    raised_at = case.times.received_at
    ladder = case.unit.pack.ladder(CONCERN)
    return Alert(
        id=alert_id(CONCERN, case.draft.entry_id),
        kind=CONCERN,
        stay_id=case.draft.stay_id,
        source_id=item.seq,
        words=words,
        raised_by_id=case.draft.author_id,
        happened_at=case.draft.happened_at - (case.times.offset or timedelta()),
        raised_at=raised_at,
        owner_role=Role.NURSE,
        answer_by=raised_at + timedelta(seconds=ladder.answer_s),
    )
