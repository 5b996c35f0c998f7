"""The door: one message in, one answer out, all of it or nothing of it."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from uuid import UUID, uuid5

from django.db import transaction

from milieu.census import receipts
from milieu.census.destinations import Desk
from milieu.hl7 import framing
from milieu.hl7.answers import Answer, Outcome, condition_of
from milieu.hl7.carry_out import carry_out
from milieu.hl7.framing import Framed, Unreadable
from milieu.hl7.meaning import Meaning, meaning, needs_visit
from milieu.hl7.messages import READ, Message, read
from milieu.kernel.errors import Refusal

NAMESPACE = UUID("6d1d2c0e-6b5c-5a57-9b0f-0b6a6d4b7a11")  # ours; ids below rest on it for ever


def messages(data: bytes) -> Sequence[Framed | Unreadable]:
    """Return the messages of a file, to be taken in order."""
    return framing.split(data)


def take(framed: Framed | Unreadable, desk: Desk) -> Answer:
    """Take one message in. What is refused leaves nothing behind."""
    if isinstance(framed, Unreadable):
        return _refused(framed.number, framed.line, framed.refusal)
    message: Message | None = None
    try:
        message = read(framed)
        with transaction.atomic():
            return _take(framed, message, desk)
    except Refusal as refusal:
        return _refused(framed.number, _line(framed, refusal.field), refusal, message)


def _take(framed: Framed, message: Message, desk: Desk) -> Answer:
    meant = meaning(message)
    notes = (*framed.notes, *_cut_notes(framed, meant), *meant.notes)
    if meant.passed_over:
        return _answer(framed, message, "passed over", meant.passed_over, notes)
    identity = receipt_id(framed, message)
    control_id = message.control_id[:200]
    if not receipts.is_new(
        identity, message.event, control_id=control_id, received_at=desk.received_at
    ):
        said = "This message was taken in before; nothing changed."
        return _answer(framed, message, "repeated", said, notes)
    done = [
        carry_out(instruction, message, desk, uuid5(identity, str(place)))
        for place, instruction in enumerate(meant.instructions)
    ]
    text = " ".join(result.text for result in done)
    notes = (*notes, *(note for result in done for note in result.notes))
    outcome: Outcome = "taken" if any(result.stored for result in done) else "passed over"
    return _answer(framed, message, outcome, text, notes)


def _cut_notes(framed: Framed, meant: Meaning) -> Sequence[str]:
    """Return what is to be said where the file ends inside its last segment.

    Many senders leave the last line end out, so that alone is no fault.

    Raises:
        Refusal ``segment-sequence``: what every such event has is not there any more.
    """
    if not framed.cut:
        return ()
    if any(needs_visit(each) and not each.visit.at for each in meant.instructions):
        text = (
            "The file ends before the PV1 of this message: it was cut. Send the whole file again."
        )
        raise Refusal("segment-sequence", text, field="PV1^1")
    if framed.segments[-1][:3] not in READ:
        return ()
    return ("The file ends without a line end: if it was cut, send the whole file again.",)


def receipt_id(framed: Framed, message: Message) -> UUID:
    """Return the id that a message has for ever: its sender, MSH-10 and content make it."""
    content = sha256("\r".join(text.rstrip() for text in framed.segments).encode()).hexdigest()
    return uuid5(NAMESPACE, f"{message.sender}\n{message.control_id}\n{content}")


def _answer(
    framed: Framed, message: Message, outcome: Outcome, text: str, notes: Sequence[str]
) -> Answer:
    return Answer(
        number=framed.number,
        line=framed.lines[0],
        control_id=message.control_id[:200],
        event=message.event,
        outcome=outcome,
        text=text,
        notes=tuple(dict.fromkeys(notes)),
    )


def _refused(number: int, line: int, refusal: Refusal, message: Message | None = None) -> Answer:
    return Answer(
        number=number,
        line=line,
        control_id=message.control_id[:200] if message else "",
        event=message.event[:20] if message else "",
        outcome="refused",
        condition=condition_of(refusal),
        location=refusal.field,
        text=refusal.message,
    )


def _line(framed: Framed, location: str) -> int:
    """Return the line of the segment that a location such as ``PID^2^5`` names."""
    for place, line in zip(_places(framed.segments), framed.lines, strict=True):
        if location == place or location.startswith(f"{place}^"):
            return line
    return framed.lines[0]


def _places(segments: Sequence[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for text in segments:
        name = text[:3]
        seen[name] = seen.get(name, 0) + 1
        yield f"{name}^{seen[name]}"
