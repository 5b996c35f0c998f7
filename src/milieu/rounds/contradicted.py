"""Taps that cannot both be as two checks say: worked out beside all taps of the same tag.

Nothing of it is stored but the alert: whatever comes later, in any order, is weighed with the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from milieu.alerts.kinds import TAG_CONTRADICTION
from milieu.alerts.services import Wrong, raise_found
from milieu.presence.rules import Against, Tap, contradictions
from milieu.record.models import Entry
from milieu.rounds.models import SafetyCheck

FIRST_LOOK: Final = timedelta(days=7)  # how far back the first look of a process goes
STORING: Final = timedelta(minutes=1)  # no transaction that stores entries takes longer
NEVER: Final = timedelta(days=36_500)  # what was answered is not told again: it stays as it is
WHY: Final = "a number tells nothing of anyone"
OF_TAPS: Final = "whether two of them can be true, which their lead is told"
COLUMNS: Final = ("entry_id", "entry__amends_id", "tag_uid", "tag_counter", "shown_at")


def against(checks: Iterable[SafetyCheck]) -> dict[int, list[Against]]:
    """Return what contradicts each of these checks by its tag's counter. One statement.

    Only that is read of a tag's history which lies between these checks, or the other way round
    than they do: a lower counter and a later time, or a higher one and an earlier time.
    """
    mine: dict[str, list[SafetyCheck]] = defaultdict(list)
    for check in checks:
        if check.tag_counter is not None and check.shown_at:
            mine[check.tag_uid].append(check)
    if not mine:
        return {}
    beside = Q()
    for tag, taps in mine.items():
        counters = [tap.tag_counter for tap in taps if tap.tag_counter is not None]
        times = [tap.shown_at for tap in taps if tap.shown_at]
        beside |= Q(tag_uid=tag) & (
            Q(tag_counter__gte=min(counters), shown_at__lte=max(times))
            | Q(tag_counter__lte=max(counters), shown_at__gte=min(times))
            | Q(tag_counter__in=counters)
        )
    asked = {check.pk for taps in mine.values() for check in taps}
    found = contradictions(_taps(beside))
    return {seq: each for seq, each in found.items() if seq in asked}


def _taps(beside: Q) -> list[Tap]:
    """Return taps, those of amendments with the entry that they all put right."""
    # That there is a counter is said for SQLite, which sees by it that the index of taps will do.
    checks = SafetyCheck.objects.as_system(OF_TAPS)
    read = list(checks.filter(beside, tag_counter__isnull=False).values_list(*COLUMNS))
    before = {seq: amends for seq, amends, *_ in read if amends}
    return [Tap(seq, _origin(seq, before), tag, counter, at) for seq, _, tag, counter, at in read]


def _origin(seq: int, before: Mapping[int, int]) -> int:
    while seq in before:
        seq = before[seq]
    return seq


class Watch:
    """Tells of contradictions as checks come in. The first look reaches back over a week."""

    def __init__(self) -> None:
        self._since: datetime | None = None

    def raise_contradicted(self, now: datetime) -> int:
        """Raise one alert for each check that others contradict, about the one stored first."""
        since = self._since or now - FIRST_LOOK
        found = against(_came_after(since - STORING))
        pairs = {min(seq, each.other) for seq, many in found.items() for each in many}
        told = raise_found([_wrong(check) for check in _checks(pairs)], now)
        self._since = now
        return len(told)


def _came_after(moment: datetime) -> Iterable[SafetyCheck]:
    """Return the taps that were stored after this moment.

    The first entry is looked for by itself, and then whatever has its number or a higher one: to
    join the two, SQLite would walk through every check there is.
    """
    entries = Entry.objects.as_system(WHY).filter(stored_at__gt=moment).order_by("stored_at")
    first = entries.values_list("seq", flat=True).first()
    if first is None:
        return []
    taps = SafetyCheck.objects.as_system(OF_TAPS).filter(tag_counter__isnull=False)
    stored: Iterable[SafetyCheck] = taps.filter(pk__gte=first).order_by("pk")
    return stored


def _checks(seqs: Iterable[int]) -> Iterable[SafetyCheck]:
    checks = SafetyCheck.objects.as_system(OF_TAPS).filter(pk__in=list(seqs)).order_by("pk")
    found: Iterable[SafetyCheck] = checks.select_related("entry__stay__standing__unit")
    return found


def _wrong(check: SafetyCheck) -> Wrong:
    assert check.shown_at, "A tap was at some time."
    return Wrong(
        kind=TAG_CONTRADICTION,
        about=check.entry.stay_id,
        since=check.shown_at,
        pack=check.entry.stay.standing.unit.pack,
        again_after=NEVER,
        columns={"stay_id": check.entry.stay_id, "source_id": check.pk},
    )
