"""A check written at 05:00 for 03:00 contradicts an honest tap at 04:00, and both say so."""

from datetime import timedelta
from random import Random

import msgspec
import pytest

from milieu.alerts.models import Alert
from milieu.alerts.services import acknowledge, unanswered
from milieu.board.said import Speech
from milieu.board.shown import doubts
from milieu.census.models import Room
from milieu.people.models import Device
from milieu.presence import services
from milieu.record.models import Entry
from milieu.rounds.contradicted import Watch, against
from milieu.rounds.models import SafetyCheck
from tests.cast import LONG_AGO, LYING, NIGHT, Cast, outcomes
from tests.presence.tags import UID, Door, shown

S = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def cast(db):
    cast = Cast()
    services.enrol(UID, Room.objects.filter(unit=cast.north)[0], by=None, at=LONG_AGO)
    cast.door = Door(cast.facility)
    cast.other_phone = Device.objects.create(
        unit=cast.north, name="Phone 2", token_sha256="2" * 64, enrolled_at=LONG_AGO
    )
    return cast


def night(cast):
    """Lena taps honestly at 04:00; Dana taps at 05:00 and says that it was 03:00."""
    lena = {"author_id": cast.lena.pk, "device_id": cast.other_phone.pk}
    four, three = NIGHT + HOUR, NIGHT
    honest = cast.check(cast.rosa, four, fact=shown(cast.door.tap(four)), **lena)
    false = cast.check(cast.john, three, fact=shown(cast.door.tap(three)))
    return honest, false


def found(*drafts):
    checks = list(SafetyCheck.objects.as_system("a test").order_by("pk").select_related("entry"))
    said = {check.entry.entry_id: against(checks).get(check.pk, []) for check in checks}
    names = {check.pk: check.entry.entry_id for check in checks}
    return [[(names[each.other], each.how) for each in said[draft.entry_id]] for draft in drafts]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
def test_both_are_labelled_in_any_order_of_arrival(cast, order, together):
    drafts = night(cast)
    late = NIGHT + 3 * HOUR
    sent = [drafts[place] for place in order]
    for batch in [sent] if together else [[each] for each in sent]:
        assert set(outcomes(cast.store(*batch, received_at=late))) == {"stored"}
    honest, false = drafts
    assert found(honest, false) == [[(false.entry_id, "before")], [(honest.entry_id, "after")]]


def test_the_page_says_so_at_each_with_the_other(cast):
    drafts = night(cast)
    cast.store(*drafts, received_at=NIGHT + 3 * HOUR)
    rows = Entry.objects.as_system("test").select_related("safetycheck").order_by("seq")
    entries = list(rows.filter(kind="round.check"))
    said = doubts(entries, Speech(cast.north, "en"))
    assert [said[entry.seq] for entry in entries] == [
        ["by the tag's counter this tap came before that of Dana R. at Mon, March 2 02:53"],
        ["by the tag's counter this tap came after that of Lena O. at Mon, March 2 03:53"],
    ]
    assert doubts(entries[:1], Speech(cast.north, "en")) == {entries[0].seq: said[entries[0].seq]}


def test_striking_the_honest_tap_out_does_not_make_the_false_one_true(cast):
    honest, false = night(cast)
    strike = {"amends": honest.entry_id, "reason": "Wrong person", "fact": None}
    gone = cast.check(cast.rosa, honest.happened_at, author_id=cast.lena.pk, **strike)
    cast.store(honest, false, gone, received_at=NIGHT + 3 * HOUR)
    assert found(honest, false) == [[(false.entry_id, "before")], [(honest.entry_id, "after")]]


def test_a_tap_that_was_put_right_is_still_one_tap(cast):
    draft = cast.check(cast.rosa, fact=shown(cast.door.tap(NIGHT)))
    fact = msgspec.structs.replace(LYING, position="sitting")
    right = cast.check(cast.rosa, fact=fact, amends=draft.entry_id, reason="She sat up")
    again = cast.check(cast.rosa, fact=fact, amends=right.entry_id, reason="And smiled")
    cast.store(draft, right, again)
    assert SafetyCheck.objects.as_system("a test").filter(tag_counter=1, grade="tap").count() == 3
    assert found(draft, right, again) == [[], [], []]


def test_the_same_message_sent_as_two_checks_is_a_replay(cast):
    tap = cast.door.tap(NIGHT)
    one, two = cast.check(cast.rosa, fact=shown(tap)), cast.check(cast.john, fact=shown(tap))
    cast.store(one, two)
    assert found(one, two) == [[(two.entry_id, "replay")], [(one.entry_id, "replay")]]


@pytest.mark.parametrize("seed", range(4))
def test_an_honest_night_of_two_phones_in_any_order_has_no_label(cast, seed):
    """One phone's clock is 40 minutes fast and was compared; one was offline all night."""
    chance = Random(seed)
    at, drafts = NIGHT, []
    phones = [(cast.phone, 2_400_000), (cast.other_phone, -900)]
    for _ in range(40):
        at += chance.choice([1, 3, 30, 900]) * S
        phone, offset = chance.choice(phones)
        said = at + timedelta(milliseconds=offset + chance.randrange(-900, 900))
        looked = said + chance.randrange(60) * S
        drafts.append(
            cast.check(
                chance.choice([cast.rosa, cast.john]),
                looked,
                device_id=phone.pk,
                clock_offset_ms=offset,
                fact=shown(cast.door.tap(said)),
            )
        )
    chance.shuffle(drafts)
    while drafts:
        batch = [drafts.pop() for _ in range(min(len(drafts), chance.randrange(1, 9)))]
        cast.store(*batch, received_at=at + HOUR)
        checks = SafetyCheck.objects.as_system("a test").all()
        assert against(checks) == {}
    assert set(SafetyCheck.objects.as_system("a test").values_list("grade", flat=True)) == {"tap"}


def test_it_is_an_alert_once_and_stays_answered(cast):
    watch, now = Watch(), NIGHT + 3 * HOUR
    drafts = night(cast)
    cast.store(drafts[0], received_at=now)
    assert watch.raise_contradicted(now) == 0
    cast.store(drafts[1], received_at=now + S)
    assert watch.raise_contradicted(now + 2 * S) == 1
    assert watch.raise_contradicted(now + 4 * S) == 0
    assert Watch().raise_contradicted(now + 6 * S) == 0, "Another process finds it told."
    (alert,) = unanswered(cast.nora)
    assert (alert.kind, alert.owner_role) == ("tag-contradiction", "lead")
    acknowledge(alert.pk, by=cast.lena, words="Spoke with both", at=now + 8 * S)
    assert Watch().raise_contradicted(now + 24 * HOUR) == 0


def test_one_false_tap_against_a_whole_night_is_not_an_alert_for_each(cast):
    false = cast.check(cast.john, NIGHT, fact=shown(cast.door.tap(NIGHT, counter=99)))
    cast.store(false, received_at=NIGHT + 9 * HOUR)
    for n in range(1, 9):
        at = NIGHT + n * HOUR
        fact = shown(cast.door.tap(at, counter=n))
        cast.store(cast.check(cast.rosa, at, fact=fact), received_at=NIGHT + 9 * HOUR)
    assert Watch().raise_contradicted(NIGHT + 9 * HOUR) == 1
    assert Alert.objects.as_system("test").count() == 1
    assert len(against(SafetyCheck.objects.as_system("a test").all())) == 9
