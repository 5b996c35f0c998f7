"""A call for help: everyone is told, somebody comes by name, and somebody says it is over."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from milieu.alerts.kinds import HELP
from milieu.alerts.ladder import climb
from milieu.alerts.models import Acknowledgement, Alert, Delivery, Step
from milieu.help.models import Call, Open, Said
from milieu.help.services import Speaker, say, standing, tell_again
from milieu.help.shape import Word
from milieu.help.shown import open_on, told
from milieu.kernel.errors import Refusal
from milieu.kernel.ids import uuid7
from tests.alerts.work import begin
from tests.cast import NIGHT

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def called(**more):
    made = uuid7()
    return Word(id=made, call=made, says="called", **more)


def on_phone(cast, person=None):
    return Speaker(unit=cast.north, device=cast.phone, person=person)


def word(call, says, **more):
    return Word(id=uuid7(), call=call.pk, says=says, **more)


def waiting():
    alerts = Alert.objects.as_system("a test").filter(kind=HELP, waiting__isnull=False)
    return alerts.count()


def test_a_call_says_who_where_and_when_and_waits_for_somebody(cast):
    call = say(called(room="02", room_by="tag", room_age_s=40), on_phone(cast, cast.dana), NIGHT)

    (shown,) = open_on(cast.north)
    assert (shown.caller, shown.call.room, shown.call.room_by) == ("Dana R.", "02", "tag")
    assert shown.call.called_at == NIGHT
    assert shown.call.room_at == NIGHT - 40 * SECOND
    assert not shown.answered
    assert waiting() == 1
    assert open_on(cast.south) == []
    assert call.stay_id is None


def test_everyone_on_the_floor_is_told_in_the_first_look(cast):
    for person in (cast.dana, cast.lena, cast.nora, cast.mona):
        begin(cast, person, at=NIGHT)
    say(called(), on_phone(cast, cast.dana), NIGHT)
    climb(NIGHT)

    people = set(Delivery.objects.values_list("person__name", flat=True))
    assert people == {"Dana Reyes", "Lena Ott", "Nora Lind"}


def test_without_a_name_it_climbs_within_a_minute(cast):
    for person in (cast.dana, cast.mona, cast.petra):
        begin(cast, person, at=NIGHT)
    say(called(), on_phone(cast, cast.dana), NIGHT)
    climb(NIGHT + MINUTE)

    assert {"manager", "prescriber"} <= set(Step.objects.values_list("role", flat=True))


def test_whoever_says_that_they_come_answers_it_by_name(cast):
    call = say(called(), on_phone(cast, cast.dana), NIGHT)
    say(word(call, "coming"), on_phone(cast, cast.lena), NIGHT + 4 * SECOND)

    (shown,) = open_on(cast.north)
    assert shown.coming == ("Lena O.",)
    assert waiting() == 0
    assert Acknowledgement.objects.get().by == cast.lena

    say(word(call, "there"), on_phone(cast, cast.lena), NIGHT + 30 * SECOND)
    (shown,) = open_on(cast.north)
    assert (shown.coming, shown.there) == ((), ("Lena O.",))


def test_whoever_says_that_they_come_in_the_same_moment_as_another_comes_too(cast):
    call = say(called(), on_phone(cast, cast.dana), NIGHT)
    # As it is for the second of two at once: the alert still waits, and the first has answered it.
    Acknowledgement.objects.create(
        alert=Alert.objects.as_system("a test").get(), by=cast.lena, at=NIGHT, words="I come"
    )
    say(word(call, "coming"), on_phone(cast, cast.thea), NIGHT + SECOND)

    (shown,) = open_on(cast.north)
    assert shown.coming == ("Thea V.",)
    assert Acknowledgement.objects.get().by == cast.lena


def test_it_is_open_until_somebody_who_can_know_says_that_it_is_over(cast):
    call = say(called(), on_phone(cast, cast.dana), NIGHT)
    with pytest.raises(Refusal, match="Only who called"):
        say(word(call, "over", outcome="calm"), on_phone(cast, cast.thea), NIGHT + MINUTE)
    say(word(call, "coming"), on_phone(cast, cast.thea), NIGHT + MINUTE)
    assert Open.objects.count() == 1

    say(word(call, "over", outcome="calm"), on_phone(cast, cast.thea), NIGHT + 5 * MINUTE)
    assert open_on(cast.north) == []
    (ended,) = told(Call.objects.visible_to(cast.nora))
    assert (ended.over.by, ended.over.outcome) == (cast.thea, "calm")


def test_its_caller_a_lead_or_a_nurse_can_say_that_it_is_over(cast):
    for person in (cast.dana, cast.lena, cast.nora):
        call = say(called(), on_phone(cast, cast.dana), NIGHT)
        say(word(call, "over", outcome="mistake"), on_phone(cast, person), NIGHT + MINUTE)
    assert (Open.objects.count(), waiting()) == (0, 0)


def test_who_said_that_they_come_and_is_not_heard_of_is_told_anew(cast):
    call = say(called(), on_phone(cast, cast.dana), NIGHT)
    say(word(call, "coming"), on_phone(cast, cast.lena), NIGHT + 4 * SECOND)

    assert tell_again(NIGHT + 2 * MINUTE) == 0
    assert tell_again(NIGHT + 4 * MINUTE) == 1
    assert tell_again(NIGHT + 4 * MINUTE + 2 * SECOND) == 0  # it waits already
    assert waiting() == 1

    say(word(call, "there"), on_phone(cast, cast.lena), NIGHT + 5 * MINUTE)
    assert waiting() == 0
    say(word(call, "over", outcome="calm"), on_phone(cast, cast.lena), NIGHT + 6 * MINUTE)
    assert tell_again(NIGHT + 60 * MINUTE) == 0


def test_a_call_from_a_phone_without_network_comes_late_with_its_own_time(cast):
    say(called(age_ms=1_200_000), on_phone(cast, cast.dana), NIGHT)
    (shown,) = open_on(cast.north)
    assert shown.call.called_at == NIGHT - 20 * MINUTE
    assert shown.call.received_at == NIGHT
    assert shown.arrived_late


def test_a_locked_phone_may_call_and_no_more(cast):
    call = say(called(), on_phone(cast), NIGHT)
    (shown,) = open_on(cast.north)
    assert (shown.caller, shown.phone) == ("", "Phone 1")
    for says in ("coming", "there", "over"):
        with pytest.raises(Refusal, match="Unlock the phone first"):
            say(word(call, says), on_phone(cast), NIGHT)


def test_sent_again_nothing_is_stored_twice(cast):
    first = called(room="02", room_by="told")
    for _ in range(2):
        call = say(first, on_phone(cast, cast.dana), NIGHT)
    coming = word(call, "coming")
    for _ in range(2):
        say(coming, on_phone(cast, cast.lena), NIGHT + SECOND)
    say(word(call, "over", outcome="calm"), on_phone(cast, cast.dana), NIGHT + MINUTE)
    say(first, on_phone(cast, cast.dana), NIGHT + 2 * MINUTE)

    assert (Call.objects.as_system("a test").count(), Said.objects.count()) == (1, 3)
    assert (Open.objects.count(), waiting()) == (0, 0)


def reused(said, speaker):
    with pytest.raises(Refusal) as no:
        say(said, speaker, NIGHT + MINUTE)
    return no.value.code == "entry-id-reused"


def test_the_same_id_with_other_content_is_refused_and_changes_nothing(cast):
    first = called(room="02", room_by="told")
    call = say(first, on_phone(cast, cast.dana), NIGHT)
    coming = word(call, "coming")
    say(coming, on_phone(cast, cast.lena), NIGHT)

    assert reused(replace(first, room="03"), on_phone(cast, cast.dana))
    assert reused(replace(coming, says="there"), on_phone(cast, cast.lena))
    assert reused(coming, on_phone(cast, cast.thea))
    assert reused(replace(coming, id=first.id), on_phone(cast, cast.lena))
    assert reused(replace(called(), id=coming.id), on_phone(cast, cast.dana))
    over = word(call, "over", outcome="calm")
    say(over, on_phone(cast, cast.lena), NIGHT)
    assert reused(replace(over, outcome="mistake"), on_phone(cast, cast.lena))
    assert reused(replace(over, words="by mistake"), on_phone(cast, cast.lena))
    assert (Call.objects.as_system("a test").count(), Said.objects.count()) == (1, 3)


def test_a_call_sent_again_is_the_same_whoever_has_unlocked_the_phone_since(cast):
    first = called(stay=cast.rosa.pk, room="02", room_by="person")
    call = say(first, on_phone(cast), NIGHT)
    assert say(replace(first, age_ms=9_000), on_phone(cast, cast.dana), NIGHT + MINUTE) == call


def test_what_cannot_be_stored_of_its_words_is_left_out_and_the_rest_goes_through(cast):
    call = say(called(room="0\x002", room_by="told"), on_phone(cast, cast.dana), NIGHT)
    assert call.room == "02"
    words = "calm\x00 again\ud83d"
    say(word(call, "over", outcome="calm", words=words), on_phone(cast, cast.dana), NIGHT)
    assert Said.objects.get(says="over").words == "calm again"


def test_a_call_is_never_refused_for_what_is_beside_it(cast):
    away = cast.arrive("Ana", "Silva", unit=cast.south)
    for stay in (away.pk, uuid7()):
        assert say(called(stay=stay), on_phone(cast, cast.dana), NIGHT).stay_id is None
    assert say(called(stay=cast.rosa.pk), on_phone(cast, cast.dana), NIGHT).stay == cast.rosa


def test_another_unit_neither_sees_it_nor_answers(cast):
    call = say(called(), on_phone(cast, cast.dana), NIGHT)
    assert not Call.objects.visible_to(cast.sana).exists()
    with pytest.raises(Refusal, match="no such call"):
        say(word(call, "coming"), Speaker(unit=cast.south, person=cast.sana), NIGHT)
    with pytest.raises(Refusal) as no:
        say(word(call, "coming"), on_phone(cast, cast.theo), NIGHT)
    assert no.value.code == "not-allowed"


def test_whatever_is_said_of_a_call_moves_what_boards_look_at(cast):
    seen = [standing()]
    call = say(called(), on_phone(cast, cast.dana), NIGHT)
    seen.append(standing())
    say(word(call, "coming"), on_phone(cast, cast.lena), NIGHT + SECOND)
    seen.append(standing())
    say(word(call, "over", outcome="calm"), on_phone(cast, cast.lena), NIGHT + MINUTE)

    assert len({*seen}) == 3
    assert standing() == seen[0]
