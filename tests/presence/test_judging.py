"""What a check's presence shows, and that none of it ever stops a check from being stored."""

from datetime import timedelta
from hashlib import sha256

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milieu.admissions.services import transfer
from milieu.census.models import Bed, Facility, Room
from milieu.kernel.ids import uuid7
from milieu.people.proof import proof_of
from milieu.people.services import start_session, token_sha256
from milieu.presence import services
from milieu.presence.codes import wall_code
from milieu.presence.rules import Grade
from milieu.presence.shape import Code, Second, Tap
from milieu.record.ledger import content_sha256
from milieu.rounds.models import Clock, SafetyCheck
from milieu.rounds.overdue import raise_missed
from milieu.rounds.shown import grade_of
from tests.cast import ARRIVED, LONG_AGO, LYING, NIGHT, Cast, outcomes
from tests.presence.tags import UID, Door, shown

SECOND = timedelta(seconds=1)
MIN = timedelta(minutes=1)


@pytest.fixture
def cast(db):
    """Rosa sleeps in room 01, with a tag at its door; John has no bed yet."""
    cast = Cast()
    cast.one, cast.two = Room.objects.filter(unit=cast.north)[:2]
    bed = Bed.objects.get(room=cast.one)
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.north, bed=bed, at=ARRIVED, by=cast.nora)
    services.enrol(UID, cast.one, by=cast.lena, at=LONG_AGO)
    cast.door = Door(cast.facility)
    cast.rosa.refresh_from_db()
    return cast


def judged(cast, presence, at=NIGHT, stay=None, received_at=None, **changes):
    """Store a check and return what the server made of how presence was shown."""
    fact = changes.pop("fact", None) or shown(presence)
    draft = cast.check(stay or cast.rosa, at, fact=fact, **changes)
    assert outcomes(cast.store(draft, received_at=received_at)) == ["stored"]
    check = SafetyCheck.objects.as_system("a test").get(entry__entry_id=draft.entry_id)
    return check.grade, check.doubt


def test_a_tap_at_the_persons_door_just_before_the_look_is_a_tap(cast):
    assert judged(cast, cast.door.tap(NIGHT - 20 * SECOND)) == ("tap", "")
    check = SafetyCheck.objects.as_system("a test").get(presence="tap")
    assert (check.tag_uid, check.tag_counter) == (UID, 1)
    assert check.shown_at == check.presence_at == NIGHT - 20 * SECOND
    assert check.presence_said.split()[0] == Door(cast.facility).tap(NIGHT).picc_data


def test_a_check_that_shows_nothing_is_the_authors_word(cast):
    assert judged(cast, None, fact=LYING) == ("", "")


@pytest.mark.parametrize("said", ["", "zz", "0" * 32, "\x00" * 9, "é"])
def test_a_message_of_no_tag_is_kept_and_shows_nothing(cast, said):
    assert judged(cast, Tap(picc_data=said, cmac=said, at=NIGHT)) == ("", "not-ours")


def test_a_time_that_nobody_can_reckon_with_is_kept_out(cast):
    ancient = LONG_AGO.replace(year=1)
    assert judged(cast, cast.door.tap(ancient)) == ("", "not-ours")
    assert judged(cast, Code(code="7F3K92QX", at=ancient)) == ("", "other-time")
    assert set(SafetyCheck.objects.as_system("a test").values_list("presence_at", flat=True)) == {
        None
    }


def test_a_tap_with_the_keys_of_another_facility_is_not_ours(cast):
    stranger = Door(Facility.objects.create(name="Ash", code="ASH"))
    assert judged(cast, stranger.tap(NIGHT)) == ("", "not-ours")


@pytest.mark.parametrize(
    ("before", "doubt"), [(0, ""), (120, ""), (125, "other-time"), (-1, ""), (-10, "other-time")]
)
def test_a_tap_belongs_to_a_look_that_follows_within_the_packs_time(cast, before, doubt):
    grade = "" if doubt else "tap"
    assert judged(cast, cast.door.tap(NIGHT - before * SECOND)) == (grade, doubt)


def test_a_tag_that_was_never_fixed_or_not_yet_shows_nothing(cast):
    unknown = Door(cast.facility, uid="04AAAAAAAAAAAA")
    assert judged(cast, unknown.tap(NIGHT)) == ("", "not-fixed")
    later = Door(cast.facility, uid="04BBBBBBBBBBBB")
    services.enrol(later.uid, cast.one, by=cast.lena, at=NIGHT + MIN)
    assert judged(cast, later.tap(NIGHT)) == ("", "not-fixed")


def test_a_tap_at_another_persons_door_is_no_proof_for_this_room(cast):
    services.enrol("04AAAAAAAAAAAA", cast.two, by=cast.lena, at=LONG_AGO)
    other = Door(cast.facility, uid="04AAAAAAAAAAAA")
    assert judged(cast, other.tap(NIGHT)) == ("", "other-door")
    in_the_hall = msgspec.structs.replace(shown(other.tap(NIGHT)), place="hall")
    assert judged(cast, None, fact=in_the_hall) == ("tap", ""), "Seen elsewhere on the unit."


def test_a_tap_on_another_unit_is_no_proof_here(cast):
    room = Room.objects.filter(unit=cast.south)[0]
    services.enrol("04AAAAAAAAAAAA", room, by=None, at=LONG_AGO)
    other = Door(cast.facility, uid="04AAAAAAAAAAAA")
    assert judged(cast, other.tap(NIGHT)) == ("", "other-door")


def test_an_old_check_is_judged_by_where_the_tag_was_then(cast):
    tag = services.enrol("04AAAAAAAAAAAA", cast.two, by=cast.lena, at=LONG_AGO)
    services.move(tag, cast.one, by=cast.lena, at=NIGHT)
    services.retire(tag, by=cast.lena, at=NIGHT + 60 * MIN)
    door = Door(cast.facility, uid=tag.code)
    morning = NIGHT + 300 * MIN

    def at(moment):
        return judged(cast, door.tap(moment), moment, received_at=morning)

    assert at(NIGHT - 60 * MIN) == ("", "other-door")
    assert at(NIGHT + 30 * MIN) == ("tap", "")
    assert at(NIGHT + 90 * MIN) == ("", "not-fixed")


def test_who_has_changed_rooms_since_is_not_doubted_for_the_move(cast):
    bed = Bed.objects.get(room=cast.two)
    moved = NIGHT + 10 * MIN
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.north, bed=bed, at=moved, by=cast.nora)
    late = NIGHT + 60 * MIN
    assert judged(cast, cast.door.tap(NIGHT), received_at=late) == ("tap", "")
    assert judged(cast, cast.door.tap(late), late) == ("", "other-door")


def test_a_phone_whose_clock_is_off_taps_as_well_as_any(cast):
    off = timedelta(minutes=40)
    tap = cast.door.tap(NIGHT + off - 5 * SECOND)
    changes = {"clock_offset_ms": 2_400_000, "received_at": NIGHT + 5 * SECOND}
    assert judged(cast, tap, NIGHT + off, **changes) == ("tap", "")
    assert (
        SafetyCheck.objects.as_system("a test").get(presence="tap").shown_at == NIGHT - 5 * SECOND
    )


def test_a_late_entry_shows_nothing_whatever_was_tapped(cast):
    written = NIGHT + 30 * MIN
    assert judged(cast, cast.door.tap(NIGHT), written_at=written) == ("", "")
    assert judged(cast, cast.door.tap(written), written_at=written) == ("", "other-time")


def test_a_late_entry_is_the_lowest_grade_and_never_counts_as_on_time(cast):
    cast.order(cast.rosa)
    cast.store(cast.check(cast.rosa, NIGHT))
    due_at = Clock.objects.as_system("test").get(stay=cast.rosa).due_at
    at = NIGHT + 14 * MIN
    draft = cast.check(cast.rosa, at, written_at=at + 6 * MIN, fact=shown(cast.door.tap(at)))
    (answer,) = cast.store(draft)
    assert answer.labels == ("late-entry",)

    check = (
        SafetyCheck.objects.as_system("a test")
        .select_related("entry")
        .get(entry__entry_id=draft.entry_id)
    )
    assert check.entry.counted_at is None
    assert grade_of(check.entry, check, 5 * MIN) == Grade.LATE == list(Grade)[-1]
    assert Clock.objects.as_system("test").get(stay=cast.rosa).due_at == due_at
    assert raise_missed(at + 6 * MIN) == 1, "It was missed, and stays missed."


def test_a_printed_code_is_a_code_and_its_old_one_is_nothing(cast):
    old = services.print_code(cast.one, by=cast.lena, at=LONG_AGO)
    new = services.print_code(cast.one, by=cast.lena, at=NIGHT)
    typed = f"{old.code[:4].lower()}-{old.code[4:].lower()}"
    late = NIGHT + 60 * MIN
    early = NIGHT - MIN
    assert judged(cast, Code(code=typed, at=early), early, received_at=late) == ("code", "")
    assert judged(cast, Code(code=old.code, at=late), late) == ("", "not-fixed")
    assert judged(cast, Code(code=new.code, at=late), late) == ("code", "")
    assert judged(cast, Code(code="22222222", at=NIGHT)) == ("", "unknown-code")


@pytest.mark.parametrize(
    ("minutes", "verdict"),
    [
        (0, ("wall", "")),
        (-9, ("wall", "")),
        (-12, ("", "unknown-code")),
        (3, ("", "unknown-code")),
        (-600, ("", "unknown-code")),
    ],
)
def test_the_code_of_the_wall_board_is_of_its_minute(cast, minutes, verdict):
    code = wall_code(cast.facility.pk, cast.north.pk, NIGHT + minutes * MIN)
    assert judged(cast, Code(code=code, at=NIGHT)) == verdict


def test_a_code_of_the_wall_board_proves_no_look_before_its_minute(cast):
    """Read at 02:53 and used for a look that is said to have been at 02:50."""
    code = wall_code(cast.facility.pk, cast.north.pk, NIGHT)
    said = cast.check(cast.rosa, NIGHT - 3 * MIN, written_at=NIGHT)
    fact = shown(Code(code=code, at=NIGHT))
    assert judged(cast, None, said.happened_at, written_at=NIGHT, fact=fact) == ("", "other-time")


def test_the_wall_code_of_another_unit_says_nothing_here(cast):
    code = wall_code(cast.facility.pk, cast.south.pk, NIGHT)
    assert judged(cast, Code(code=code, at=NIGHT)) == ("", "unknown-code")


def test_a_colleague_is_proved_by_what_only_their_own_lock_holds(cast):
    began = NIGHT - 60 * MIN
    _, token = start_session(cast.lena, cast.phone, how="password", at=began)
    entry_id = uuid7()
    proof = proof_of(token_sha256(token), entry_id)
    second = Second(person=cast.lena.pk, proof=proof, at=NIGHT)
    assert judged(cast, second, entry_id=entry_id) == ("second", "")
    assert SafetyCheck.objects.as_system("a test").get(presence="second").second == cast.lena
    assert judged(cast, second) == ("", "not-proved"), "It was made for another entry."


@pytest.mark.parametrize("whom", ["dana", "theo", "nobody"])
def test_oneself_or_whoever_was_not_there_is_no_second_person(cast, whom):
    _, token = start_session(cast.dana, cast.phone, how="password", at=NIGHT - MIN)
    entry_id = uuid7()
    person = uuid7() if whom == "nobody" else getattr(cast, whom).pk
    proof = proof_of(token_sha256(token), entry_id)
    second = Second(person=person, proof=proof, at=NIGHT)
    assert judged(cast, second, entry_id=entry_id) == ("", "not-proved")


def test_an_amendment_of_the_same_time_keeps_what_supported_the_check(cast):
    draft = cast.check(cast.rosa, fact=shown(cast.door.tap(NIGHT)))
    cast.store(draft)
    fact = msgspec.structs.replace(LYING, position="sitting")
    put_right = {"amends": draft.entry_id, "reason": "She sat up", "fact": fact}
    written = {"written_at": NIGHT + 2 * MIN, "received_at": NIGHT + 3 * MIN}
    assert judged(cast, None, **put_right, **written) == ("tap", "")


def test_a_check_from_before_is_still_the_same_when_it_is_sent_again(cast):
    """A phone keeps what it sent for 72 hours, and sends it again after a restore."""
    draft = cast.check(cast.rosa)
    names = [name for name in LYING.__struct_fields__ if name != "presence"]
    older = msgspec.defstruct("Older", names)(*(getattr(LYING, name) for name in names))
    said = [
        *(draft.entry_id, draft.kind, draft.stay_id, draft.author_id, draft.happened_at),
        *(draft.written_at, draft.device_id, draft.device_seq),
        *(older, None, ""),
    ]
    before = sha256(msgspec.json.encode(said, order="deterministic")).digest()
    assert content_sha256(draft) == before


def test_the_statements_do_not_grow_with_the_batch(cast):
    def batch(count):
        return [
            cast.check(cast.rosa, NIGHT + n * SECOND, fact=shown(cast.door.tap(NIGHT + n * SECOND)))
            for n in range(count)
        ]

    counts = []
    for count in (2, 60):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert set(outcomes(cast.store(*batch(count)))) == {"stored"}
        counts.append(len(asked))
    assert counts[0] == counts[1]
