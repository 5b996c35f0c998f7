"""Who may say what of restraint and seclusion, and when it is refused."""

from datetime import timedelta

import msgspec
import pytest

from milieu.alerts.models import Alert
from milieu.crisis import kinds, shape
from milieu.crisis.kept import clocks
from milieu.crisis.listed import list_laws
from milieu.crisis.models import Application, RestraintCheck, RestraintStart, UnderWay
from milieu.crisis.reading import of_stays
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from tests.cast import NIGHT
from tests.crisis.acts import CRITERIA, MIN, Acts, train

pytestmark = pytest.mark.django_db
HOUR = 60 * MIN


@pytest.fixture
def acts(cast):
    train(cast.dana, cast.lena)
    return Acts(cast)


def shown(cast, acts):
    return Application.objects.visible_to(cast.nora).get(pk=acts.id)


def test_an_application_goes_from_start_to_release(cast, acts):
    assert acts.start() == "stored"
    assert acts.order(NIGHT + 10 * MIN) == "stored"
    assert acts.look(NIGHT + 14 * MIN) == "stored"
    assert acts.see("face-to-face", NIGHT + 40 * MIN) == "stored"
    assert UnderWay.objects.visible_to(cast.nora).get().application == acts.id
    assert acts.end(NIGHT + 50 * MIN) == "stored"
    assert acts.debrief("person", NIGHT + 300 * MIN) == "stored"

    row = shown(cast, acts)
    assert (row.began, row.ended) == (NIGHT, NIGHT + 50 * MIN)
    assert (row.devices, row.sorts) == ("four-limb", "mechanical")
    assert row.last_check == NIGHT + 14 * MIN
    assert not UnderWay.objects.visible_to(cast.nora).exists()


def test_release_criteria_are_needed_from_the_start(cast, acts):
    without = {"devices": ["chair"], "danger": "x", "applied_by": [str(uuid7())], "criteria": []}
    with pytest.raises(msgspec.ValidationError, match="criteria"):
        msgspec.convert(without | {"basis": "emergency"}, shape.Start)
    assert acts.start(criteria=("   ",)) == "words-missing"


def test_a_technician_orders_nothing(cast, acts):
    acts.start()
    assert acts.order(NIGHT + MIN, by=cast.dana) == "not-allowed"
    assert acts.order(NIGHT + MIN, by=cast.dana, ordered_by=cast.dana.pk) == "not-allowed"


def test_a_nurse_writes_down_what_a_prescriber_said_by_telephone(cast, acts):
    acts.start()
    assert acts.order(NIGHT + MIN, by=cast.nora, how="telephone") == "stored"
    assert acts.order(NIGHT + MIN, by=cast.nora, ordered_by=cast.nora.pk) == "order-not-prescriber"


def test_no_order_stands_beforehand_nor_for_a_next_time(cast, acts):
    assert acts.order(NIGHT) == "unknown-application"
    acts.start()
    assert acts.order(NIGHT - 60 * MIN) == "before-start"
    assert acts.order(NIGHT - 10 * MIN) == "stored"  # on the way to the room
    acts.end(NIGHT + 20 * MIN)
    assert acts.order(NIGHT + 30 * MIN) == "order-ended"


def test_an_order_longer_than_the_strictest_law_allows_is_refused_with_its_paragraph(cast, acts):
    acts.start()
    (answer,) = cast.store(
        acts.draft(
            kinds.ORDER,
            shape.Order(
                application=acts.id,
                sorts=("mechanical",),
                minutes=241,
                how="in-person",
                ordered_by=cast.petra.pk,
                capacity="physician",
                renews=False,
                why="Still hitting out",
            ),
            NIGHT + MIN,
            cast.petra,
        )
    )
    assert answer.code == "order-too-long"
    assert "240" in answer.message
    assert "482.13(e)" in answer.message


def test_an_emergency_start_by_somebody_untrained_is_kept_and_says_so(cast, acts):
    assert acts.start(applied_by=(cast.dana.pk, cast.nora.pk)) == "stored"
    assert RestraintStart.objects.as_system("a test").get().untrained == str(cast.nora.pk)


def test_by_an_order_only_who_is_trained_applies_it(cast, acts):
    given = {"basis": "order", "applied_by": (cast.nora.pk,)}
    assert acts.start(**given) == "not-trained"
    assert acts.start(basis="order") == "stored"


def test_from_a_phone_it_is_kept_whatever_the_training(cast):
    acts = Acts(cast, phone=True)
    assert acts.start(basis="order") == "stored"
    assert RestraintStart.objects.as_system("a test").get().untrained == str(cast.dana.pk)


def test_training_for_one_sort_is_none_for_another_and_ends(cast):
    train(cast.dana, sorts=("personal",))
    acts = Acts(cast)
    assert acts.start(basis="order", devices=("hold-seated",)) == "stored"
    acts.end(NIGHT + MIN)
    other = Acts(cast)
    assert other.start(NIGHT + 2 * MIN, basis="order") == "not-trained"
    later = NIGHT + timedelta(days=301)
    assert other.start(later, basis="order", devices=("hold-seated",)) == "not-trained"


def test_two_at_once_are_refused_at_a_desk_and_kept_from_a_phone(cast, acts):
    acts.start()
    assert Acts(cast).start(NIGHT + MIN) == "already-under-way"
    assert Acts(cast, phone=True).start(NIGHT + MIN) == "stored"
    assert Application.objects.visible_to(cast.nora).count() == 2
    assert UnderWay.objects.visible_to(cast.nora).get().application == acts.id


def test_what_a_phone_sends_before_the_start_has_come_finds_its_place(cast):
    acts = Acts(cast, phone=True)
    assert acts.look(NIGHT + 5 * MIN) == "stored"
    assert not Application.objects.visible_to(cast.nora).exists()
    assert acts.start(NIGHT, received_at=NIGHT + 9 * MIN) == "stored"
    assert shown(cast, acts).last_check == NIGHT + 5 * MIN
    acts.phone = False
    acts.id = Acts(cast).id
    assert acts.look(NIGHT + 5 * MIN) == "unknown-application"


def test_nobody_names_the_restraint_of_somebody_else(cast, acts):
    acts.start()
    acts.stay, acts.phone = cast.john, True
    assert acts.look(NIGHT + 5 * MIN) == "unknown-application"


def test_a_check_says_something_and_a_concern_reaches_the_nurse(cast, acts):
    acts.start()
    nothing = {"circulation": "", "breathing": "", "distress": ""}
    assert acts.look(NIGHT + 5 * MIN, **nothing) == "nothing-said"
    assert acts.look(NIGHT + 6 * MIN, breathing="concern") == "stored"
    (alert,) = Alert.objects.visible_to(cast.nora)
    assert (alert.kind, alert.words) == ("concern", "In restraint, a concern about: breathing")


def test_devices_go_on_and_off_and_the_observer_changes(cast, acts):
    acts.start(devices=("hold-seated",))
    assert acts.change("on", NIGHT + 4 * MIN, "four-limb") == "stored"
    assert acts.change("off", NIGHT + 5 * MIN, "hold-seated") == "stored"
    assert acts.change("observer", NIGHT + 6 * MIN, observer=cast.lena) == "stored"
    assert acts.change("on", NIGHT + 6 * MIN) == "device-missing"
    row = shown(cast, acts)
    assert (row.devices, row.sorts) == ("four-limb", "personal mechanical")
    assert row.observer == cast.lena


def test_a_release_is_written_once_at_a_desk_and_says_who_was_hurt(cast, acts):
    acts.start()
    assert acts.end(NIGHT + MIN, injuries="person") == "words-missing"
    given = {"injuries": "person", "injury_words": "A graze on the left wrist"}
    assert acts.end(NIGHT + MIN, **given) == "stored"
    assert acts.end(NIGHT + 2 * MIN) == "already-ended"


def test_of_two_releases_from_phones_the_later_one_stands(cast):
    acts = Acts(cast, phone=True)
    acts.start()
    acts.end(NIGHT + 30 * MIN)
    acts.end(NIGHT + 20 * MIN, received_at=NIGHT + 40 * MIN)
    assert shown(cast, acts).ended == NIGHT + 30 * MIN


def test_a_start_that_is_put_right_keeps_its_id_and_one_struck_out_leaves_nothing(cast, acts):
    acts.start()
    acts.look(NIGHT + 5 * MIN)
    fact = shape.Start(
        devices=("chair",),
        danger="Hit Dana",
        criteria=CRITERIA,
        applied_by=(cast.dana.pk,),
        basis="emergency",
    )
    why = {"amends": acts.id, "reason": "It was the chair"}
    assert acts.say(kinds.START, fact, NIGHT - MIN, **why) == "stored"
    row = shown(cast, acts)
    assert (row.devices, row.began) == ("chair", NIGHT - MIN)
    assert row.last_check == NIGHT + 5 * MIN

    newest = Entry.objects.as_system("test").current().get(kind=kinds.START)
    strike = {"amends": newest.entry_id, "reason": "Wrong person"}
    assert acts.say(kinds.START, None, NIGHT, by=cast.lena, **strike) == "stored"
    assert not Application.objects.visible_to(cast.nora).exists()
    assert RestraintCheck.objects.as_system("a test").exists()


def test_only_its_author_or_a_lead_puts_it_right(cast, acts):
    acts.start()
    strike = {"amends": acts.id, "reason": "Wrong person"}
    assert acts.say(kinds.START, None, NIGHT, by=cast.nora, **strike) == "not-allowed"


def test_an_evaluation_says_what_the_law_asks_for(cast, acts):
    acts.start()
    assert acts.see("face-to-face", NIGHT + MIN, condition=" ") == "words-missing"
    assert acts.see("face-to-face", NIGHT + MIN, go_on="") == "go-on-missing"
    assert acts.see("face-to-face", NIGHT + MIN, by=cast.dana) == "not-allowed"
    assert acts.see("nurse-exam", NIGHT + MIN, by=cast.nora) == "capacity-not-held"
    assert (
        acts.see("nurse-exam", NIGHT + MIN, by=cast.nora, capacity="registered-nurse") == "stored"
    )
    assert acts.see("consult", NIGHT + MIN) == "whom-missing"


def test_people_of_another_unit_see_none_of_it(cast, acts):
    acts.start()
    assert not Application.objects.visible_to(cast.sana).exists()
    assert acts.look(NIGHT + MIN, by=cast.theo) == "unknown-stay"


def test_a_spoken_order_is_signed_by_who_may_order_and_the_clock_says_when(cast, acts):
    list_laws(cast.facility, ["texas-415"], by=cast.mona, at=NIGHT - MIN)
    acts.start()
    acts.order(NIGHT + MIN, by=cast.nora, how="telephone")
    acts.end(NIGHT + 30 * MIN)
    (signing,) = limits_of(acts, "order-signed", NIGHT + HOUR)
    assert signing.due == NIGHT + 2881 * MIN
    assert acts.see("order-signed", NIGHT + HOUR, cast.nora, capacity="registered-nurse") == (
        "not-by-law"
    )
    assert acts.see("order-signed", NIGHT + HOUR) == "stored"
    (signing,) = limits_of(acts, "order-signed", NIGHT + HOUR)
    assert signing.met_at == NIGHT + HOUR


def test_the_attending_is_consulted_unless_they_ordered_it_themselves(cast, acts):
    acts.start()
    acts.order(NIGHT + MIN, attending="no")
    assert [each.met_at for each in limits_of(acts, "attending", NIGHT + HOUR)] == [None]
    acts.see("consult", NIGHT + 20 * MIN, cast.nora, capacity="registered-nurse", whom="Dr. Ray")
    assert [each.met_at for each in limits_of(acts, "attending", NIGHT + HOUR)] == [
        NIGHT + 20 * MIN
    ]


def limits_of(acts, what, now):
    whole = of_stays([acts.stay.pk])[acts.id]
    return [each for each in clocks([whole], now)[acts.id].limits if each.what == what]


def test_what_a_phone_wrote_whose_clock_was_ahead_is_struck_out_at_a_desk(cast):
    ahead = NIGHT + timedelta(hours=2)
    fact = shape.Start(
        devices=("four-limb",),
        danger="Hit Dana",
        criteria=CRITERIA,
        applied_by=(cast.dana.pk,),
        basis="emergency",
    )
    given = {"entry_id": uuid7(), "clock_offset_ms": 7_200_000, "received_at": NIGHT + MIN}
    assert Acts(cast, phone=True).say(kinds.START, fact, ahead, **given) == "stored"

    struck = {"amends": given["entry_id"], "reason": "It was John", "written_at": NIGHT + MIN}
    desk = Acts(cast).say(kinds.START, None, ahead, received_at=NIGHT + 2 * MIN, **struck)
    assert desk == "stored"


def test_what_a_phone_wrote_whose_clock_was_slow_is_put_right_at_a_desk(cast, acts):
    acts.start()
    looked, slow = NIGHT + 10 * MIN, timedelta(hours=-2)
    fact = shape.Check(application=acts.id, circulation="good", breathing="good", distress="tense")
    phone, desk = Acts(cast, phone=True), Acts(cast)
    given = {"entry_id": uuid7(), "clock_offset_ms": -7_200_000, "received_at": looked + MIN}
    assert phone.say(kinds.CHECK, fact, looked + slow, **given) == "stored"

    calm = msgspec.structs.replace(fact, distress="calm")
    right = {"amends": given["entry_id"], "reason": "Calm by then", "written_at": looked + MIN}
    said = desk.say(kinds.CHECK, calm, looked + slow, received_at=looked + 2 * MIN, **right)
    assert said == "stored"
