"""``POST /phone/push``: what was written on a phone, as drafts for the ledger. See docs/wire.md."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from msgspec import Meta, Raw, Struct

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import ShiftSession
from milieu.people.proof import is_proof, tokens_on
from milieu.phone.http import answer, door, read, wrong_shape
from milieu.phone.speaker import speaker
from milieu.record import anchors, epoch
from milieu.record.kinds import Draft, kind_named
from milieu.record.ledger import BATCH_MAX, Answer, append, newest_seq
from milieu.seals import witness

WIRES = (1,)  # the versions that this server reads: n and n-1
FIRST_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # what a phone says whose battery was out
LAST_TIME = datetime(2200, 1, 1, tzinfo=UTC)

Moment = Annotated[datetime, Meta(tz=True)]
OffsetMs = Annotated[int, Meta(ge=-(2**43), le=2**43)]  # about 280 years
Seconds = Annotated[int, Meta(ge=0, le=2**33)]


class Clock(Struct, frozen=True):
    """What the device knew of its clock when it wrote."""

    anchor: Annotated[str, Meta(max_length=200)] | None = None
    offset_ms: OffsetMs | None = None
    age_s: Seconds | None = None


class Envelope(Struct, frozen=True):
    """One entry on the wire; its fact is read later, by the shape of its kind."""

    id: UUID
    kind: Annotated[str, Meta(max_length=40)]
    stay: UUID
    author: UUID
    happened_at: Moment
    written_at: Moment
    fact: Raw
    device_seq: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    clock: Clock | None = None
    amends: UUID | None = None
    reason: Annotated[str, Meta(max_length=500)] = ""
    proof: Annotated[str, Meta(max_length=64)] = ""  # of its author's own session


class Push(Struct, frozen=True):
    wire: int
    device: UUID
    sent_at: Moment
    entries: list[Raw]
    head_seen: Any = None


@door
@require_POST
def push(request: HttpRequest) -> HttpResponse:
    """Store a batch. Each entry is answered for itself, after commit."""
    session = speaker(request, ended_too=True)
    received_at = clock.now()
    batch = _batch(request, session)
    answers = _store([_said(raw, session) for raw in batch.entries], session, received_at)
    return answer(
        {
            "received_at": clock.rfc3339(received_at),
            "anchor": anchors.issue(session.device_id, received_at),
            "durable_upto": _durable_upto(answers),
            **witness.told(session.device, batch.head_seen, received_at),
            "epoch": epoch.current(),
            "answers": answers,
        }
    )


class _Version(Struct, frozen=True):
    wire: int


def _batch(request: HttpRequest, session: ShiftSession) -> Push:
    try:
        batch = read(request, Push)
    except Refusal:  # another version may have another shape: first of all it is another version
        _require_version(read(request, _Version))
        raise
    _require_version(batch)
    _check(batch, session)
    return batch


def _require_version(said: Push | _Version) -> None:
    if said.wire not in WIRES:
        text = _("This server reads wire %(wire)d. Update the phone.") % {"wire": WIRES[-1]}
        raise Refusal("wire-version", text, field="wire")


def _check(batch: Push, session: ShiftSession) -> None:
    if batch.device != session.device_id:
        raise Refusal(
            "wrong-shape", _("The device is not the one whose token was sent."), field="device"
        )
    if len(batch.entries) > BATCH_MAX:
        text = _("Send at most %(most)d entries at once.") % {"most": BATCH_MAX}
        raise Refusal("too-large", text, field="entries")


Refused = dict[str, Any]


class Said(NamedTuple):
    """One entry as it was sent: what the ledger weighs, and what shows whose it is."""

    draft: Draft
    proof: str


def _durable_upto(answers: Sequence[Answer | Refused]) -> int:
    """Return a position up to which all is safe. No second medium here: what is committed is.

    It never goes back: what is only repeated was stored long ago, and much may have been since.
    """
    given = [each for each in answers if isinstance(each, Answer)]
    new = [each.seq for each in given if each.seq and each.outcome == "stored"]
    return max(new) if new else newest_seq()


def _said(raw: Raw, session: ShiftSession) -> Said | Refused:
    try:
        return _read(raw, session)
    except Refusal as refusal:
        return {
            "id": _id_of(raw),
            "outcome": "refused",
            "seq": None,
            "code": refusal.code,
            "message": refusal.message,
            "field": refusal.field,
        }


def _read(raw: Raw, session: ShiftSession) -> Said:
    """Read one entry by the shape that its kind declares."""
    try:
        said = msgspec.json.decode(raw, type=Envelope)
        for field in ("happened_at", "written_at"):
            if not FIRST_TIME <= getattr(said, field) < LAST_TIME:
                raise Refusal("wrong-shape", _("This time is outside 1970 to 2200."), field=field)
        kind = kind_named(said.kind)
        if not kind.from_phone:
            raise Refusal("unknown-kind", _("Phones do not send this kind of entry."), field="kind")
        struck = bytes(said.fact) == b"null"
        fact = None if struck else msgspec.json.decode(said.fact, type=kind.shape)
    except msgspec.ValidationError as error:
        raise wrong_shape(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise Refusal("wrong-shape", _("This entry cannot be read.")) from error
    known = said.clock or Clock()
    draft = Draft(
        entry_id=said.id,
        kind=said.kind,
        stay_id=said.stay,
        author_id=said.author,
        happened_at=said.happened_at.astimezone(UTC),
        written_at=said.written_at.astimezone(UTC),
        fact=fact,
        device_id=session.device_id,
        device_seq=said.device_seq,
        clock_offset_ms=known.offset_ms,
        clock_age_s=known.age_s,
        anchor_at=anchors.read(known.anchor, session.device_id) if known.anchor else None,
        amends=said.amends,
        reason=said.reason,
    )
    return Said(draft, said.proof)


class _Named(Struct):
    id: str | None = None


def _id_of(raw: Raw) -> str | None:
    """Return the id of an entry that could not be read, if even that can be."""
    try:
        return msgspec.json.decode(raw, type=_Named).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _store(
    written: Sequence[Said | Refused], session: ShiftSession, received_at: datetime
) -> list[Answer | Refused]:
    read_well = [each for each in written if isinstance(each, Said)]
    others = {draft.author_id for draft, _proof in read_well} - {session.person_id}
    tokens = tokens_on(session.device, others) if others else {}
    refused = {
        id(draft): refusal
        for draft, proof in read_well
        if draft.author_id in others
        and (refusal := _not_theirs(draft, proof, tokens.get(draft.author_id, ())))
    }
    accepted = [draft for draft, _proof in read_well if id(draft) not in refused]
    stored = {
        id(draft): given
        for draft, given in zip(accepted, append(accepted, received_at=received_at), strict=True)
    }
    answers = refused | stored
    return [answers[id(each.draft)] if isinstance(each, Said) else each for each in written]


def _not_theirs(draft: Draft, proof: str, tokens: Sequence[str]) -> Answer | None:
    """Refuse what is sent in the name of somebody else, unless it may well be theirs.

    Whoever was ever signed in on this phone may have written on it. What binds them (taking a
    watch, answering an offer, an exam, putting right what they wrote) needs more: that their
    own session was open when it was written.
    """
    if not tokens:
        text = _("Its author has never signed in on this phone. Let them sign in, then resend it.")
        return _refused(draft, "unknown-author", text, field="author")
    binds = draft.amends is not None or kind_named(draft.kind).binds_author
    if binds and not any(is_proof(proof, token, draft.entry_id) for token in tokens):
        text = _("This needs its author's own hand. Let them open this phone, then resend it.")
        return _refused(draft, "not-proved", text, field="proof")
    return None


def _refused(draft: Draft, code: str, message: str, *, field: str) -> Answer:
    return Answer(id=draft.entry_id, outcome="refused", code=code, message=message, field=field)
