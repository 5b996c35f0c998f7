"""How presence was shown with a check: what was given, and what the server makes of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Max
from msgspec import UNSET

from milieu.census.models import Standing
from milieu.presence import judging
from milieu.presence.judging import Asked, Known, Verdict
from milieu.presence.rules import Grade
from milieu.presence.shape import Code, Second, Shown, Tap
from milieu.record.evidence import Times
from milieu.record.kinds import Case, Draft
from milieu.record.known import Known as Batch
from milieu.record.known import times_of
from milieu.record.ledger import tolerance
from milieu.record.models import Entry
from milieu.record.rows import Values
from milieu.rounds import models

MOVEMENT: Final = "stay.movement"  # admissions writes them; this room asks only when
GIVEN: Final = ("presence", "presence_said", "presence_at", "second_id")
WORKED_OUT: Final = ("grade", "doubt", "tag_uid", "tag_counter", "shown_at")
NOTHING: Final[Values] = {
    "presence": "",
    "presence_said": "",
    "presence_at": None,
    "second_id": None,
    **Verdict()._asdict(),
}


class Gathered(NamedTuple):
    """What the checks of a batch rest on, looked up once."""

    known: Known
    amended: Mapping[UUID, Values]  # by entry: how presence was shown with what is put right
    seen: frozenset[UUID]  # of these entries, those that saw the person


def gather(drafts: Sequence[Draft], batch: Batch) -> Gathered | None:
    """Look up what these checks name. Nothing at all where none says how presence was shown."""
    asked = [
        _asked(draft, batch.standings[draft.stay_id], times_of(draft, batch.received_at))
        for draft in drafts
        if draft.fact and draft.fact.presence is not UNSET and draft.stay_id in batch.standings
    ]
    wrong = [draft.amends for draft in drafts if draft.amends and draft.fact]
    if not asked and not wrong:
        return None
    return Gathered(judging.look_up(asked, _moved_at(asked)), *_amended(wrong))


def _asked(draft: Draft, standing: Standing, times: Times) -> Asked:
    return Asked(
        entry_id=draft.entry_id,
        stay_id=draft.stay_id,
        device_id=draft.device_id,
        author_id=draft.author_id,
        standing=standing,
        times=times,
        own_room=draft.fact.place == standing.unit.pack.own_place,
        shown=draft.fact.presence,
    )


def _moved_at(asked: Sequence[Asked]) -> dict[UUID, datetime]:
    stays = {each.stay_id for each in asked if not isinstance(each.shown, Second)}
    if not stays:
        return {}
    entries = Entry.objects.as_system("only when they changed places")
    moves = entries.filter(stay__in=stays, kind=MOVEMENT)
    return dict(moves.values_list("stay_id").annotate(Max("happened_at")))


def _amended(wrong: Sequence[UUID]) -> tuple[dict[UUID, Values], frozenset[UUID]]:
    if not wrong:
        return {}, frozenset()
    names = [*GIVEN, *WORKED_OUT]
    checks = models.SafetyCheck.objects.as_system("of entries that the reader sees").filter(
        entry__entry_id__in=wrong
    )
    rows = list(checks.values_list("entry__entry_id", "outcome", *names))
    amended = {entry_id: dict(zip(names, row, strict=True)) for entry_id, _, *row in rows}
    return amended, frozenset(entry_id for entry_id, outcome, *_ in rows if outcome == "seen")


def says_more(case: Case) -> bool:
    """Return whether an amendment says that somebody was seen, and what it puts right did not."""
    seen = case.gathered.seen if case.gathered else frozenset()
    return case.draft.fact.outcome == "seen" and case.draft.amends not in seen


def values(case: Case) -> Values:
    """Return the columns of a check that say how presence was shown.

    An amendment of the same time keeps what supported the check that it puts right. A late entry
    shows nothing: what was written afterwards cannot show that somebody was there then.
    """
    draft, gathered = case.draft, case.gathered
    if draft.fact.presence is UNSET:
        keeps = case.keeps_time and gathered
        return gathered.amended.get(draft.amends, NOTHING) if keeps else NOTHING
    assert gathered, "It was looked up for the batch."
    assert case.standing, "It was decided on."
    verdict = judging.judge(_asked(draft, case.standing, case.times), gathered.known)
    late = tolerance(case.unit.pack_name).late_entry
    if case.times.written_at - case.times.happened_at > late:
        verdict = verdict._replace(grade="")
    given = _given(draft.fact.presence)
    if (draft.device_id, given["second_id"]) not in gathered.known.sessions:
        given["second_id"] = None  # whom this phone has never seen; the database may not know them
    return {**given, **verdict._asdict()}


def _given(presence: Shown) -> Values:
    """Return what was given as it is kept: signs that no database keeps are left out."""
    match presence:
        case Tap(picc_data=picc_data, cmac=cmac):
            how, said, second = "tap", f"{picc_data} {cmac}", None
        case Code(code=code):
            how, said, second = "code", code, None
        case Second(person=person, proof=proof):
            how, said, second = "second", proof, person
    return {
        "presence": how,
        "presence_said": "".join(sign for sign in said if " " <= sign <= "~"),
        "presence_at": _storable(presence.at),
        "second_id": second,
    }


def _storable(at: datetime) -> datetime | None:
    return at.astimezone(UTC) if judging.EARLIEST <= at < judging.LATEST else None


def grade_of(entry: Entry, check: models.SafetyCheck, late: timedelta) -> Grade:
    """Return how presence was shown with a check; ``late`` is from when on an entry is one."""
    if entry.written_at - entry.happened_at > late:
        return Grade.LATE
    return Grade(check.grade) if check.grade else Grade.ATTESTED
