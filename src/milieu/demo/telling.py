"""Storing invented days as real ones arrive: in small batches, some late, some put right."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
from django.db import transaction
from msgspec.structs import replace

from milieu.admissions.services import NAME as MOVEMENT
from milieu.alerts.models import Alert
from milieu.alerts.services import acknowledge
from milieu.demo.doors import fix_tags, show_presence
from milieu.demo.history import TOO_CLOSE, Course, Days
from milieu.demo.names import ANSWERS, CONCERNS
from milieu.people.models import Person
from milieu.record.kinds import Draft
from milieu.record.ledger import append
from milieu.rounds.services import CHECK

BATCH = timedelta(minutes=10)
BATCHES_AT_ONCE = 100  # in one transaction: this is invented, and need not survive a power cut
LATE_ENTRIES = 0.0015
PUT_RIGHT = 0.001
NEWS = timedelta(minutes=12)
NEWS_COUNT = 2


def tell(days: Days, progress: Callable[[int, int], None]) -> int:
    """Store everything that happened; return how many entries. ``progress`` hears done and all."""
    courses = list(days.courses())
    drafts = [draft for course in courses for draft in days.drafts(course)]
    drafts = _with_news(_numbered(apart(drafts, days.chance), days), days)
    drafts = _with_presence(drafts, courses, days)
    waiting = _arrivals(drafts, days)
    done = 0
    groups = list(_by_window(waiting))
    for start in range(0, len(groups), BATCHES_AT_ONCE):
        with transaction.atomic():
            for received_at, group in groups[start : start + BATCHES_AT_ONCE]:
                _store(group, received_at)
                done += len(group)
        progress(done, len(drafts))
    _put_right(drafts, days)
    _answer_concerns(days)
    return done


def _with_presence(drafts: list[Draft], courses: Iterable[Course], days: Days) -> list[Draft]:
    by_room = fix_tags(days.house.north, days.starts - timedelta(days=1))
    tags = {course.stay.pk: by_room[course.bed.room_id] for course in courses}
    return show_presence(drafts, days.house.north, tags, Random(days.chance.random()), days.ends)


def apart(drafts: Iterable[Draft], chance: Random) -> list[Draft]:
    """Nobody looks in on two people in the same seconds, nor on who went meanwhile."""
    in_order = sorted(drafts, key=lambda draft: draft.happened_at)
    moved: dict[UUID, list[datetime]] = defaultdict(list)
    for draft in in_order:
        if draft.kind == MOVEMENT:
            moved[draft.stay_id].append(draft.happened_at)
    last: dict[object, datetime] = {}
    found = []
    for draft in in_order:
        at = draft.happened_at
        if draft.kind == CHECK:
            before = last.get(draft.author_id)
            if before and at - before < TOO_CLOSE:
                at = before + TOO_CLOSE + timedelta(seconds=chance.uniform(0, 16))
                if any(draft.happened_at < when <= at for when in moved[draft.stay_id]):
                    continue
            last[draft.author_id] = at
        found.append(
            replace(draft, happened_at=at, written_at=at + (draft.written_at - draft.happened_at))
        )
    return found


def _numbered(drafts: list[Draft], days: Days) -> list[Draft]:
    """Give each phone's entries their numbers, in the order in which it wrote them."""
    late = [_late(draft, days.chance) for draft in drafts]
    found = []
    for draft in sorted(late, key=lambda draft: draft.written_at):
        if draft.device_id:
            days.device_seqs[draft.device_id] += 1
            numbered = replace(draft, device_seq=days.device_seqs[draft.device_id])
            found.append(numbered)
        else:
            found.append(draft)
    return found


def _with_news(drafts: list[Draft], days: Days) -> list[Draft]:
    """Let two of the last checks be something that the nurse should know, still unanswered."""
    newest = [
        place
        for place, draft in enumerate(drafts)
        if draft.kind == CHECK
        and draft.fact.outcome == "seen"
        and draft.happened_at > days.ends - NEWS
    ]
    for place, words in zip(newest[-NEWS_COUNT:], CONCERNS, strict=False):
        fact = msgspec.structs.replace(drafts[place].fact, nurse_should_know=words)
        drafts[place] = replace(drafts[place], fact=fact)
    return drafts


def _late(draft: Draft, chance: Random) -> Draft:
    if draft.kind != CHECK or chance.random() > LATE_ENTRIES:
        return draft
    return replace(draft, written_at=draft.written_at + timedelta(minutes=chance.uniform(6, 50)))


def _arrivals(drafts: list[Draft], days: Days) -> list[tuple[datetime, Draft]]:
    """Return when the server heard of each: at once, or when a phone had a network again."""
    quiet = list(_quiet_spells(days))
    found = []
    for draft in drafts:
        found.append((draft.written_at, draft))
        for phone, since, until in quiet:
            if draft.device_id == phone and since <= draft.written_at < until:
                age = int((draft.written_at - since).total_seconds())
                found[-1] = (until, replace(draft, clock_age_s=age))
    return sorted(found, key=lambda pair: pair[0])


def _quiet_spells(days: Days) -> Iterator[tuple[object, datetime, datetime]]:
    night = days.starts + timedelta(days=1, hours=2)
    while night < days.ends - timedelta(hours=12):
        spell = timedelta(hours=days.chance.uniform(1, 4))
        yield days.chance.choice(days.house.phones).pk, night, night + spell
        night += timedelta(days=days.chance.randrange(2, 4))


def _by_window(waiting: list[tuple[datetime, Draft]]) -> Iterator[tuple[datetime, list[Draft]]]:
    """Group what arrives within ten minutes, as a server hears it; at most a batch at a time."""
    group: list[Draft] = []
    began: datetime | None = None
    last: datetime | None = None
    for arrives, draft in waiting:
        if group and began and last and (arrives - began > BATCH or len(group) == 200):
            yield last + timedelta(seconds=1), group
            group, began = [], None
        began = began or arrives
        last = arrives
        group.append(draft)
    if group and last:
        yield last + timedelta(seconds=1), group


def _store(drafts: list[Draft], received_at: datetime) -> None:
    """Movements first: a check is about someone who has arrived."""
    moves = [draft for draft in drafts if draft.kind == MOVEMENT]
    others = [draft for draft in drafts if draft.kind != MOVEMENT]
    for batch in filter(None, (moves, others)):
        for answer in append(batch, received_at=received_at):
            assert answer.outcome == "stored", f"Invented days must hold: {answer}"


def _put_right(drafts: list[Draft], days: Days) -> None:
    """Let a few checks name the wrong place, and their authors put them right."""
    checks = [draft for draft in drafts if draft.kind == CHECK and draft.fact.outcome == "seen"]
    for draft in days.chance.sample(checks, int(len(checks) * PUT_RIGHT)):
        at = draft.written_at + timedelta(minutes=days.chance.uniform(1, 4))
        if at > days.ends:
            continue
        right = replace(
            draft,
            entry_id=days.entry_id(),
            device_id=None,
            device_seq=None,
            written_at=at,
            amends=draft.entry_id,
            reason="It was the dayroom",
            fact=_in_the_dayroom(draft),
        )
        _store([right], at + timedelta(seconds=1))


def _in_the_dayroom(draft: Draft) -> object:
    """Return the same look, in the dayroom."""
    return type(draft.fact)(
        outcome="seen", place="dayroom", position="sitting", activity="reading-tv"
    )


def _answer_concerns(days: Days) -> None:
    """Nurses answer within minutes; what was said just now still waits."""
    nurses: list[Person] = days.house.people["nurse"]
    alerts = Alert.objects.as_system("inventing answers").order_by("raised_at")
    for alert in alerts.filter(raised_at__lte=days.ends - NEWS):
        acknowledge(
            alert.pk,
            by=days.chance.choice(nurses),
            words=days.chance.choice(ANSWERS),
            at=alert.raised_at + timedelta(minutes=days.chance.uniform(1, 12)),
        )
