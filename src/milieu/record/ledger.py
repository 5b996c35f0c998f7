"""The only writer of the record. Drafts come in; each gets an answer, after what is stored is safe.

What is refused is left out; of the rest all or nothing is stored.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from milieu.census.packs import pack
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.kernel.text import text_unusable
from milieu.record import evidence
from milieu.record.evidence import Tolerance
from milieu.record.kinds import (
    SERVER_CLOCK,
    Case,
    Draft,
    Stored,
    kind_named,
    kinds,
    projections,
)
from milieu.record.known import Known, look_up
from milieu.record.models import Entry, Fact
from milieu.record.rows import Values, insert, insert_new

BATCH_MAX = 200  # entries in one transaction
DEFAULT_PACK = "inpatient"  # for the moment before a stay has a unit

Outcome = Literal["stored", "repeated", "refused"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
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
    stays = list({draft.stay_id for draft in drafts})
    with transaction.atomic():
        for wave in _waves(drafts):
            answers |= _append(wave, stays, received_at)
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


def append_here(
    kind: str,
    fact: msgspec.Struct | None,
    *,
    entry_id: UUID,
    stay_id: UUID,
    by: UUID,
    at: datetime,
    written_at: datetime,
    amends: UUID | None = None,
    reason: str = "",
) -> Entry:
    """Store one entry that a page or a feed wrote, by this server's own clock.

    Raises:
        Refusal: as ``append_one`` does.
    """
    return append_one(
        Draft(
            entry_id=entry_id,
            kind=kind,
            stay_id=stay_id,
            author_id=by,
            happened_at=at,
            written_at=written_at,
            **SERVER_CLOCK,
            fact=fact,
            amends=amends,
            reason=reason,
        )
    )


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


class Accepted(NamedTuple):
    """A draft that will be stored, with the rows of its header and its fact."""

    case: Case
    entry: Values
    fact: Values | None  # None: it only strikes another entry out


def _append(wave: Wave, stays: Sequence[UUID], received_at: datetime) -> dict[int, Answer]:
    known = look_up(wave.values(), stays, received_at)
    _gather(wave.values(), known)
    answers: dict[int, Answer] = {}
    accepted: dict[int, Accepted] = {}
    for place, draft in wave.items():
        try:
            content = content_sha256(draft)
            if before := known.entries.get(draft.entry_id):
                answers[place] = _repeated(draft, before, content)
                continue
            case = known.case(draft)
            fact = _decide(case)
            accepted[place] = Accepted(case, _entry(case, content), fact)
        except Refusal as refusal:
            answers[place] = _refused(draft, refusal)

    numbers = insert_new(Entry, [each.entry for each in accepted.values()], key="entry_id")
    stored: list[Stored] = []
    facts: dict[type[Fact], list[Values]] = {}
    for place, each in accepted.items():
        case, fact = each.case, each.fact
        seq = numbers.get(case.draft.entry_id)
        if seq is None:  # another batch took the id while this one was decided
            answers[place] = _refused(case.draft, _reused())
            continue
        stored.append(Stored(case, seq, each.entry["counted_at"]))
        answers[place] = _stored(case, seq)
        if fact is not None:
            model = kind_named(case.draft.kind).model
            facts.setdefault(model, []).append({"entry_id": seq, **fact})
    for model, rows in facts.items():
        insert(model, rows)
    _bring_up_to_date(stored, known)
    return answers


def _gather(drafts: Iterable[Draft], known: Known) -> None:
    """Let each kind that asks for it look up, once, what its drafts name beyond all this."""
    for name in {draft.kind for draft in drafts} & kinds().keys():
        if gather := kinds()[name].gather:
            of_this = [draft for draft in drafts if draft.kind == name]
            known.gathered[name] = gather(of_this, known)


def _bring_up_to_date(stored: Sequence[Stored], known: Known) -> None:
    said = defaultdict[str, list[Stored]](list)
    for item in stored:
        said[item.case.draft.kind].append(item)
    for projection in projections():
        touched = [item for kind in projection.kinds & said.keys() for item in said[kind]]
        stays: Collection[UUID] = {item.case.draft.stay_id for item in touched}
        if touched and projection.follow:
            stays = projection.follow.on(touched, known.rows[projection.name])
        if stays:
            projection.project(sorted(stays))
    for name in sorted(said):
        if after := kinds()[name].after:
            after(said[name])


def _decide(case: Case) -> Values | None:
    kind = kind_named(case.draft.kind)
    kind.decide(case)
    return None if case.draft.fact is None else kind.build(case)


def _entry(case: Case, content: bytes) -> Values:
    draft = case.draft
    return {
        "entry_id": draft.entry_id,
        "kind": draft.kind,
        "stay_id": draft.stay_id,
        "author_id": draft.author_id,
        "device_id": draft.device_id,
        "device_seq": draft.device_seq,
        "happened_at": draft.happened_at,
        "written_at": draft.written_at,
        "stored_at": case.times.received_at,
        "clock_offset_ms": draft.clock_offset_ms,
        "clock_age_s": draft.clock_age_s,
        "anchor_at": draft.anchor_at,
        "counted_at": _counted_at(case),
        "amends_id": case.wrong.seq if case.wrong else None,
        "struck": draft.fact is None,
        "reason": draft.reason,
        "content_sha256": content,
    }


def _counted_at(case: Case) -> datetime | None:
    """Return what due times may rest on.

    An amendment of the same time keeps what supported it, unless it says more than that did.
    """
    if case.wrong and case.keeps_time and not _says_more(case):
        return case.wrong.counted_at
    return evidence.counted_at(case.times, _tolerance(case))


def _says_more(case: Case) -> bool:
    says_more = kind_named(case.draft.kind).says_more
    return says_more is not None and case.draft.fact is not None and says_more(case)


def _stored(case: Case, seq: int) -> Answer:
    found = evidence.labels(case.times, _tolerance(case))
    return Answer(id=case.draft.entry_id, outcome="stored", seq=seq, labels=tuple(found))


def _repeated(draft: Draft, before: Entry, content: bytes) -> Answer:
    if bytes(before.content_sha256) != content:
        return _refused(draft, _reused())
    return Answer(id=draft.entry_id, outcome="repeated", seq=before.seq)


def _refused(draft: Draft, refusal: Refusal) -> Answer:
    return Answer(
        id=draft.entry_id,
        outcome="refused",
        code=refusal.code,
        message=refusal.message,
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
    said = [
        *(draft.entry_id, draft.kind, draft.stay_id, draft.author_id, draft.happened_at),
        *(draft.written_at if draft.device_id else None, draft.device_id, draft.device_seq),
        *(draft.fact, draft.amends, draft.reason),
    ]
    try:
        return sha256(msgspec.json.encode(said, order="deterministic")).digest()
    except UnicodeEncodeError as error:
        raise text_unusable("fact") from error


def _tolerance(case: Case) -> Tolerance:
    return tolerance(case.standing.unit.pack_name if case.standing else DEFAULT_PACK)


@cache
def tolerance(pack_name: str) -> Tolerance:
    """Return a pack's limits on times."""
    limits = pack(pack_name).limits
    return Tolerance(
        late_entry=timedelta(seconds=limits.late_entry_s),
        sent_late=timedelta(seconds=limits.sent_late_s),
        clock_off=timedelta(seconds=limits.clock_off_s),
    )
