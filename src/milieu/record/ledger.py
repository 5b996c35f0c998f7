"""The only writer of the record. Drafts come in; each gets an answer; all or none is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Literal
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from milieu.census.models import Stay
from milieu.census.packs import pack
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.kernel.text import text_unusable
from milieu.record import evidence
from milieu.record.evidence import Tolerance
from milieu.record.kinds import Case, Draft, Stored, kind_named, kinds, projections
from milieu.record.known import look_up
from milieu.record.models import Entry, Fact
from milieu.record.rows import insert, insert_new

BATCH_MAX = 200  # entries in one transaction
DEFAULT_PACK = "inpatient"  # for the moment before a stay has a unit

Outcome = Literal["stored", "repeated", "refused"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What became of one draft. Sent only after commit."""

    id: UUID
    outcome: Outcome
    seq: int | None = None
    code: str = ""
    message: str = ""
    field: str = ""
    labels: tuple[str, ...] = ()


def append(drafts: Sequence[Draft], *, received_at: datetime | None = None) -> list[Answer]:
    """Store a batch and bring every projection up to date. Answer for each draft, in order.

    A draft that is refused refuses itself alone. The same draft again is answered "repeated",
    so a phone may resend freely. The number of statements does not grow with the batch.
    """
    assert len(drafts) <= BATCH_MAX, f"At most {BATCH_MAX} drafts in one batch."
    received_at = received_at or clock.now()
    answers: dict[int, Answer] = {}
    with transaction.atomic():
        for wave in _waves(drafts):
            answers |= _append(wave, received_at)
    return [answers[place] for place in range(len(drafts))]


def append_one(draft: Draft) -> Entry:
    """Store one entry, or find it if it was stored before.

    Raises:
        Refusal: it will not be stored; the message says why.
    """
    (answer,) = append([draft])
    if answer.outcome == "refused":
        raise Refusal(answer.code, answer.message, field=answer.field)
    stored: Entry = Entry.objects.as_system("answering its author").get(pk=answer.seq)
    return stored


def newest_seq() -> int:
    """Return the newest position in the record; 0 while it is empty."""
    entries = Entry.objects.as_system("a position tells nothing of anyone")
    newest: int | None = entries.order_by("-seq").values_list("seq", flat=True).first()
    return newest or 0


Wave = dict[int, Draft]  # by place in the batch


def _waves(drafts: Sequence[Draft]) -> Iterator[Wave]:
    """Split a batch so that drafts which name the same entry are decided one after the other.

    Mostly there is one wave. An entry and its amendment, or the same entry twice, need two.
    """
    wave: Wave = {}
    named: set[UUID] = set()
    for place, draft in enumerate(drafts):
        names = {name for name in (draft.entry_id, draft.amends) if name}
        if not named.isdisjoint(names):
            yield wave
            wave, named = {}, set()
        wave[place] = draft
        named |= names
    if wave:
        yield wave


def _append(wave: Wave, received_at: datetime) -> dict[int, Answer]:
    known = look_up(wave.values(), received_at)
    answers: dict[int, Answer] = {}
    accepted: dict[int, tuple[Case, Entry, Fact | None]] = {}
    for place, draft in wave.items():
        try:
            content = content_sha256(draft)
            if before := known.entries.get(draft.entry_id):
                answers[place] = _repeated(draft, before, content)
                continue
            case = known.case(draft)
            fact = _decide(case)
            accepted[place] = (case, _entry(case, content), fact)
        except Refusal as refusal:
            answers[place] = _refused(draft, refusal)

    numbers = insert_new([entry for _, entry, _ in accepted.values()], key="entry_id")
    stored: list[Stored] = []
    facts: dict[type[Fact], list[Fact]] = {}
    for place, (case, entry, fact) in accepted.items():
        entry.seq = numbers.get(entry.entry_id, 0)
        if not entry.seq:  # another batch took the id while this one was decided
            answers[place] = _refused(case.draft, _reused())
            continue
        stored.append(Stored(case, entry))
        answers[place] = _stored(case, entry)
        if fact:
            fact.entry_id = entry.seq
            facts.setdefault(type(fact), []).append(fact)
    for rows in facts.values():
        insert(rows)
    _bring_up_to_date(stored)
    return answers


def _bring_up_to_date(stored: Sequence[Stored]) -> None:
    touched = {item.entry.kind for item in stored}
    for projection in projections():
        if kinds_touched := projection.kinds & touched:
            stays = {item.entry.stay_id for item in stored if item.entry.kind in kinds_touched}
            projection.project(sorted(stays))
    for name in sorted(touched):
        if after := kinds()[name].after:
            after([item for item in stored if item.entry.kind == name])


def _decide(case: Case) -> Fact | None:
    kind = kind_named(case.draft.kind)
    kind.decide(case)
    return None if case.draft.fact is None else kind.build(case)


def _entry(case: Case, content: bytes) -> Entry:
    draft = case.draft
    return Entry(
        entry_id=draft.entry_id,
        kind=draft.kind,
        stay_id=draft.stay_id,
        author_id=draft.author_id,
        device_id=draft.device_id,
        device_seq=draft.device_seq,
        happened_at=draft.happened_at,
        written_at=draft.written_at,
        stored_at=case.times.received_at,
        clock_offset_ms=draft.clock_offset_ms,
        clock_age_s=draft.clock_age_s,
        anchor_at=draft.anchor_at,
        counted_at=_counted_at(case),
        amends_id=case.wrong.seq if case.wrong else None,
        struck=draft.fact is None,
        reason=draft.reason,
        content_sha256=content,
    )


def _counted_at(case: Case) -> datetime | None:
    """Return what due times may rest on. An amendment of the same time keeps what supported it."""
    if case.wrong and case.wrong.happened_at == case.draft.happened_at:
        return case.wrong.counted_at
    return evidence.counted_at(case.times, tolerance_of(case.stay))


def _stored(case: Case, entry: Entry) -> Answer:
    found = evidence.labels(case.times, tolerance_of(case.stay))
    return Answer(id=entry.entry_id, outcome="stored", seq=entry.seq, labels=tuple(found))


def _repeated(draft: Draft, before: Entry, content: bytes) -> Answer:
    if bytes(before.content_sha256) != content:
        return _refused(draft, _reused())
    return Answer(id=draft.entry_id, outcome="repeated", seq=before.seq)


def _refused(draft: Draft, refusal: Refusal) -> Answer:
    return Answer(
        id=draft.entry_id,
        outcome="refused",
        code=refusal.code,
        message=_(refusal.message),  # what a plain room worded is in English until here
        field=refusal.field,
    )


def _reused() -> Refusal:
    return Refusal(
        "entry-id-reused", _("This entry was already sent with different content."), field="id"
    )


def content_sha256(draft: Draft) -> bytes:
    """Return the hash of what a draft says, by which a resent one is known.

    What is known of the clock is how it travelled, not what it says; so is the time of writing
    where no device wrote it: a page sent twice is written twice.

    Raises:
        Refusal ``text-unusable``: half of a surrogate pair, which no database can keep.
    """
    written_at = draft.written_at if draft.device_id else draft.happened_at
    said = replace(
        draft, clock_offset_ms=None, clock_age_s=None, anchor_at=None, written_at=written_at
    )
    try:
        return sha256(msgspec.json.encode(said, order="deterministic")).digest()
    except UnicodeEncodeError as error:
        raise text_unusable("fact") from error


def tolerance_of(stay: Stay) -> Tolerance:
    """Return how far times may differ on this stay's unit before it is said."""
    standing = getattr(stay, "standing", None)
    return tolerance(standing.unit.pack_name if standing else DEFAULT_PACK)


@cache
def tolerance(pack_name: str) -> Tolerance:
    """Return a pack's limits on times."""
    limits = pack(pack_name).limits
    return Tolerance(
        late_entry=timedelta(seconds=limits.late_entry_s),
        sent_late=timedelta(seconds=limits.sent_late_s),
        clock_off=timedelta(seconds=limits.clock_off_s),
    )
