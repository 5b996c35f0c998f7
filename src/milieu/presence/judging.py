"""What a check's presence shows: read, verified, and judged by where the tag was at that time.

Worked out once, as the check is stored, from the message, the keys and the fixings until then. None
of it refuses a check: what shows nothing is kept, graded as the author's word, and labelled.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from milieu.census.models import Bed, Standing
from milieu.people.models import ShiftSession
from milieu.people.proof import is_proof
from milieu.presence import codes, keys
from milieu.presence.models import Fixing
from milieu.presence.rules import Doubt, Grade
from milieu.presence.shape import Code, Second, Shown, Tap
from milieu.presence.sun import Read
from milieu.record.evidence import SLACK, Times

EARLIEST: Final = datetime(1971, 1, 1, tzinfo=UTC)  # what can be reckoned with for any offset
LATEST: Final = datetime(2199, 1, 1, tzinfo=UTC)


class Verdict(NamedTuple):
    """What the server made of it. ``grade`` empty: nothing beyond the author's word."""

    grade: str = ""
    doubt: str = ""
    tag_uid: str = ""
    tag_counter: int | None = None
    shown_at: datetime | None = None  # when the tap was, or the wall board's minute


class Asked(NamedTuple):
    """One check that says how presence was shown, and what it is judged beside."""

    entry_id: UUID
    stay_id: UUID
    device_id: UUID | None
    author_id: UUID
    standing: Standing
    times: Times
    own_room: bool  # the check says that the person was in their own room
    shown: Shown


class Known(NamedTuple):
    """What the checks of a batch name, looked up once."""

    fixings: Mapping[tuple[UUID, str], Sequence[Fixing]]  # by facility and code, oldest first
    sessions: Mapping[tuple[UUID, UUID], Sequence[ShiftSession]]  # by device and person
    moved_at: Mapping[UUID, datetime]  # by stay: when they last changed place
    rooms: Mapping[UUID, UUID]  # by bed


def look_up(asked: Sequence[Asked], moved_at: Mapping[UUID, datetime]) -> Known:
    """Look up what these checks name, in three statements at most."""
    return Known(_fixings(asked), _sessions(asked), moved_at, _rooms(asked))


def _rooms(asked: Iterable[Asked]) -> dict[UUID, UUID]:
    beds = {each.standing.bed_id for each in asked if each.standing.bed_id}
    return dict(Bed.objects.filter(pk__in=beds).values_list("pk", "room_id")) if beds else {}


def _fixings(asked: Iterable[Asked]) -> Mapping[tuple[UUID, str], Sequence[Fixing]]:
    named = set[str]()
    for each in asked:
        if isinstance(each.shown, Tap) and (read := _read(each, each.shown)):
            named.add(read.uid)
        elif isinstance(each.shown, Code):
            named.add(codes.plain(each.shown.code))
    found: dict[tuple[UUID, str], list[Fixing]] = defaultdict(list)
    if named:
        rows = Fixing.objects.filter(tag__code__in=named).select_related("tag", "room")
        for fixing in rows.order_by("since", "pk"):
            found[fixing.tag.facility_id, fixing.tag.code].append(fixing)
    return found


def _sessions(asked: Iterable[Asked]) -> Mapping[tuple[UUID, UUID], Sequence[ShiftSession]]:
    seconds = [each for each in asked if isinstance(each.shown, Second) and each.device_id]
    found: dict[tuple[UUID, UUID], list[ShiftSession]] = defaultdict(list)
    if seconds:
        rows = ShiftSession.objects.filter(
            device__in={each.device_id for each in seconds},
            person__in={each.shown.person for each in seconds if isinstance(each.shown, Second)},
        )
        for session in rows:
            found[session.device_id, session.person_id].append(session)
    return found


def judge(asked: Asked, known: Known) -> Verdict:
    """Return what a check's presence shows."""
    match asked.shown:
        case Tap() as tap:
            return _tap(asked, tap, known)
        case Code() as code:
            return _code(asked, code, known)
        case Second() as second:
            return _second(asked, second, known)


def _tap(asked: Asked, tap: Tap, known: Known) -> Verdict:
    read, at = _read(asked, tap), moment_of(asked.times, tap.at)
    if read is None or at is None:
        return Verdict(doubt=Doubt.NOT_OURS)
    doubt = _time_doubt(asked, tap.at) or _door_doubt(asked, read.uid, at, known)
    return Verdict("" if doubt else Grade.TAP, doubt, read.uid, read.counter, at)


def _read(asked: Asked, tap: Tap) -> Read | None:
    return keys.read(asked.standing.unit.facility_id, tap.picc_data, tap.cmac)


def moment_of(times: Times, at: datetime) -> datetime | None:
    """Return when something was by the server's clock, as far as the evidence of the entry goes.

    Read by the offset that was measured, then kept inside what is proved, as ``counted_at`` is.
    None where the time is none that can be reckoned with.
    """
    if not EARLIEST <= at < LATEST:
        return None
    claimed = at.astimezone(UTC) - (times.offset or timedelta())
    if times.anchor_at:
        claimed = max(claimed, times.anchor_at - max(times.written_at - at, timedelta()))
    return min(claimed, times.received_at)


def _time_doubt(asked: Asked, at: datetime) -> str:
    """Doubt what was not read shortly before the look. Both times are the device's own."""
    within = timedelta(seconds=asked.standing.unit.pack.limits.tap_within_s)
    before = asked.times.happened_at - at
    return "" if -SLACK <= before <= within + SLACK else Doubt.OTHER_TIME


def _door_doubt(asked: Asked, code: str, at: datetime, known: Known) -> str:
    """Doubt what was not at this person's door then; elsewhere on the unit any of its doors does.

    Where the person has changed rooms since, their room at that time is not known here: any door
    of the unit does then too, so that a check that was sent late is not doubted for the move.
    """
    fixings = known.fixings.get((asked.standing.unit.facility_id, code), ())
    room = next((each.room for each in reversed(fixings) if each.since <= at + SLACK), None)
    if room is None:
        return Doubt.NOT_FIXED
    standing = asked.standing
    if room.unit_id not in {standing.unit_id, *(left.unit for left in standing.left_units)}:
        return Doubt.OTHER_DOOR
    settled = at >= known.moved_at.get(asked.stay_id, at)
    own = known.rooms.get(standing.bed_id) if standing.bed_id else None
    if asked.own_room and settled and own and own != room.pk:
        return Doubt.OTHER_DOOR
    return ""


def _code(asked: Asked, code: Code, known: Known) -> Verdict:
    text, at = codes.plain(code.code), moment_of(asked.times, code.at)
    if at is None:
        return Verdict(doubt=Doubt.OTHER_TIME)
    unit = asked.standing.unit
    if (unit.facility_id, text) in known.fixings:
        doubt = _time_doubt(asked, code.at) or _door_doubt(asked, text, at, known)
        return Verdict("" if doubt else Grade.CODE, doubt, shown_at=at)
    within = timedelta(seconds=unit.pack.limits.wall_code_s)
    minute = codes.minute_of(
        text, unit.facility_id, unit.pk, first=at - within, last=at + codes.MINUTE
    )
    if minute is None:
        return Verdict(doubt=Doubt.UNKNOWN_CODE)
    looked = moment_of(asked.times, asked.times.happened_at)
    in_time = looked and minute - SLACK <= looked <= minute + within + codes.MINUTE
    doubt = "" if in_time else Doubt.OTHER_TIME
    return Verdict("" if doubt else Grade.WALL, doubt, shown_at=minute)


def _second(asked: Asked, second: Second, known: Known) -> Verdict:
    if asked.device_id is None or second.person == asked.author_id:
        return Verdict(doubt=Doubt.NOT_PROVED)
    if doubt := _time_doubt(asked, second.at):
        return Verdict(doubt=doubt)
    sessions = known.sessions.get((asked.device_id, second.person), ())
    if any(_opened(asked, second, session) for session in sessions):
        return Verdict(Grade.SECOND, shown_at=moment_of(asked.times, second.at))
    return Verdict(doubt=Doubt.NOT_PROVED)


def _opened(asked: Asked, second: Second, session: ShiftSession) -> bool:
    """Return whether the proof was made with the token of this session, while it lasted."""
    at = moment_of(asked.times, second.at)
    until = session.ended_at or session.ends_at
    if at is None or not session.started_at - SLACK <= at <= until + SLACK:
        return False
    return is_proof(second.proof, session.token_sha256, asked.entry_id)
