"""A nurse admits, moves, sends on leave and discharges; others are told who can."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.admissions.forms import free_beds
from milieu.admissions.models import Movement
from milieu.admissions.services import leave, transfer
from milieu.census.models import Bed, Patient, Stay
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from milieu.rounds.models import Clock, LevelOrder
from tests.pages import hidden, moment, now, to_mend

pytestmark = pytest.mark.django_db

MOVES = ["transfer", "leave", "escort", "back", "discharge"]


def open_admission(client, unit, number):
    return client.post(reverse("admit", args=[unit.pk]), {"find": "1", "number": number})


NEW = {
    "given_name": "Ana Lucía",
    "family_name": "Vega",
    "preferred_name": "Lucy",
    "birth_date": "1988-04-02",
    "level": "q15",
    "why": "Admission",
}


def admission(page, **said):
    return {"entry_id": hidden(page), "number": hidden(page, "number"), **moment(now()), **said}


def test_somebody_new_is_on_the_unit_with_a_bed_and_a_level_after_one_page(nora, cast):
    page = open_admission(nora, cast.north, "77001")
    bed = Bed.objects.get(room__unit=cast.north, room__name="03")
    answer = nora.post(
        reverse("admit", args=[cast.north.pk]), admission(page, bed=str(bed.pk), **NEW)
    )

    stay = Stay.objects.visible_to(cast.nora).get(patient__family_name="Vega")
    assert answer["Location"] == reverse("stay", args=[stay.pk])
    assert (stay.standing.bed, stay.standing.state) == (bed, "in")
    clock = Clock.objects.visible_to(cast.nora).get(stay=stay)
    assert clock.level == "q15"
    assert clock.due_at == stay.standing.admitted_at + timedelta(minutes=15)


def test_nobody_is_admitted_without_a_level(nora, cast):
    page = open_admission(nora, cast.north, "77001")
    answer = nora.post(
        reverse("admit", args=[cast.north.pk]), admission(page, **NEW | {"level": ""})
    )

    assert answer.status_code == 422
    assert to_mend(answer) == ["Observation level: Choose one."]
    assert 'value="Ana Lucía"' in answer.content.decode()
    assert not Patient.objects.as_system("test").filter(family_name="Vega").exists()


def test_a_level_that_is_refused_leaves_no_half_of_an_admission(nora, cast):
    page = open_admission(nora, cast.north, "77001")
    answer = nora.post(
        reverse("admit", args=[cast.north.pk]), admission(page, **NEW | {"level": "one-to-one"})
    )

    assert to_mend(answer) == [
        "Who stays with them: This level needs someone by name. Choose who stays with them."
    ]
    assert not Patient.objects.as_system("test").filter(family_name="Vega").exists()


def test_all_that_has_to_be_put_right_is_said_at_once(nora, cast):
    page = open_admission(nora, cast.north, "77001")
    later = now() + timedelta(days=1)
    said = NEW | {"level": "one-to-one", "birth_date": f"{later + timedelta(days=2):%Y-%m-%d}"}
    answer = nora.post(
        reverse("admit", args=[cast.north.pk]), admission(page, **said, **moment(later))
    )

    assert sorted(each.partition(":")[0] for each in to_mend(answer)) == [
        "Arrived",
        "Date of birth",
        "Who stays with them",
    ]


def test_sending_an_admission_twice_admits_once(nora, cast):
    page = open_admission(nora, cast.north, "77001")
    said = admission(page, **NEW)
    first, second = (nora.post(reverse("admit", args=[cast.north.pk]), said) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Stay.objects.visible_to(cast.nora).filter(patient__family_name="Vega").count() == 1
    assert LevelOrder.objects.as_system("a test").count() == 1


def test_a_page_that_has_admitted_someone_never_speaks_for_another(nora, cast):
    page = open_admission(nora, cast.north, "77001")
    said = admission(page, **NEW)
    nora.post(reverse("admit", args=[cast.north.pk]), said)
    answer = nora.post(reverse("admit", args=[cast.north.pk]), said | {"number": "77002"})

    assert answer.status_code == 422
    assert "already admitted someone else" in answer.content.decode()


def test_only_the_whole_number_finds_a_person(nora, cast):
    for part in ("Rosa", "Martinez", "Rosa-Martine", "1990-05-17"):
        page = open_admission(nora, cast.north, part).content.decode()
        assert "Nobody is known here by the number" in page
    found = open_admission(nora, cast.north, "Rosa-Martinez")
    assert to_mend(found)[0].startswith("Record number: This person is on North since 2026-03-01.")


def test_somebody_known_comes_again_under_the_same_number(nora, cast):
    nora.post(
        reverse("discharge", args=[cast.rosa.pk]),
        {"entry_id": uuid7(), **moment(now() - timedelta(hours=2))},
    )
    page = open_admission(nora, cast.north, "Rosa-Martinez")
    assert "Rosa Martinez, born 1990-05-17" in page.content.decode()

    said = admission(page, patient=str(cast.rosa.patient_id), level="q30", why="Came back")
    nora.post(reverse("admit", args=[cast.north.pk]), said)
    assert Stay.objects.visible_to(cast.nora).filter(patient=cast.rosa.patient).count() == 2


def test_a_taken_bed_is_not_offered(nora, cast):
    bed = Bed.objects.get(room__unit=cast.north, room__name="01")
    nora.post(
        reverse("transfer", args=[cast.rosa.pk]),
        {"entry_id": uuid7(), "place": f"{cast.north.pk}:{bed.pk}", **moment(now())},
    )
    assert Stay.objects.visible_to(cast.nora).get(pk=cast.rosa.pk).standing.bed == bed
    assert str(bed.pk) not in open_admission(nora, cast.north, "77001").content.decode()


def test_a_unit_that_is_full_says_so_where_a_bed_is_chosen(nora, cast):
    words = "No bed is free on this unit. Move gives one later."
    assert words not in open_admission(nora, cast.north, "77001").content.decode()
    for number, bed in enumerate(free_beds([cast.north])):
        guest = cast.arrive("Guest", f"Number {number}")
        transfer(entry_id=uuid7(), stay=guest, unit=cast.north, bed=bed, at=now(), by=cast.nora)
    assert words in open_admission(nora, cast.north, "77001").content.decode()


def test_a_move_to_another_unit_leads_back_to_the_start(nora, cast):
    answer = nora.post(
        reverse("transfer", args=[cast.rosa.pk]),
        {"entry_id": uuid7(), "place": f"{cast.south.pk}:", **moment(now())},
    )
    assert answer["Location"] == reverse("home")
    assert nora.get(reverse("transfer", args=[cast.rosa.pk])).status_code == 404


@pytest.mark.parametrize(
    ("what", "state", "more"),
    [("leave", "leave", {}), ("discharge", "discharged", {"note": "Home with her sister"})],
)
def test_going_is_recorded_at_its_time(nora, cast, what, state, more):
    left = now().replace(second=0, microsecond=0) - timedelta(minutes=40)
    nora.post(reverse(what, args=[cast.rosa.pk]), {"entry_id": uuid7(), **moment(left), **more})
    standing = Stay.objects.visible_to(cast.nora).get(pk=cast.rosa.pk).standing
    assert (standing.state, standing.since) == (state, left)


def test_an_escort_is_named_and_expected_back_later_than_they_left(nora, cast):
    left, url = now() - timedelta(minutes=5), reverse("escort", args=[cast.rosa.pk])
    early = moment(left - timedelta(hours=1), "back_by")
    said = {"entry_id": uuid7(), **moment(left), "escort": str(cast.dana.pk)}

    assert to_mend(nora.post(url, said | {"escort": ""})) == ["Who goes with them: Choose one."]
    assert to_mend(nora.post(url, said | early)) == [
        "Expected back: This is before they left. Choose a later time."
    ]
    nora.post(url, said)
    standing = Stay.objects.visible_to(cast.nora).get(pk=cast.rosa.pk).standing
    assert (standing.state, standing.escort) == ("escort", cast.dana)


def test_who_comes_back_is_seen_again_from_then_on(nora, cast):
    cast.order(cast.rosa)
    left, returned = now() - timedelta(hours=3), now() - timedelta(hours=1)
    leave(entry_id=uuid7(), stay=cast.rosa, at=left, by=cast.nora)
    nora.post(reverse("back", args=[cast.rosa.pk]), {"entry_id": uuid7(), **moment(returned)})
    clock = Clock.objects.visible_to(cast.nora).get(stay=cast.rosa)
    assert clock.due_at == returned.replace(second=0, microsecond=0) + timedelta(minutes=15)


def test_a_time_that_has_not_come_is_refused_and_what_was_typed_stays(nora, cast):
    answer = nora.post(
        reverse("discharge", args=[cast.rosa.pk]),
        {"entry_id": uuid7(), **moment(now() + timedelta(hours=1)), "note": "With her sister"},
    )
    assert to_mend(answer) == ["Left: This time has not come yet. Choose an earlier one."]
    assert "With her sister" in answer.content.decode()


def test_what_cannot_follow_is_refused_with_what_was(nora, cast):
    answer = nora.post(reverse("back", args=[cast.rosa.pk]), {"entry_id": uuid7(), **moment(now())})
    assert answer.status_code == 422
    assert "At that time this person was on the unit." in answer.content.decode()


def test_sending_a_movement_twice_records_it_once(nora, cast):
    said = {"entry_id": uuid7(), **moment(now())}
    answers = [nora.post(reverse("leave", args=[cast.rosa.pk]), said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Movement.objects.as_system("a test").filter(what="leave").count() == 1


def test_a_movement_is_struck_out_with_a_reason_and_stays_in_the_record(nora, cast):
    entry = leave(entry_id=uuid7(), stay=cast.rosa, at=now() - timedelta(hours=1), by=cast.nora)
    url = reverse("cancel-movement", args=[entry.entry_id])
    said = {"entry_id": uuid7(), "reason": "It was John"}

    assert to_mend(nora.post(url, said | {"reason": ""})) == ["Why it is struck out: Fill this in."]
    for _ in range(2):  # sent twice, struck out once
        assert nora.post(url, said).status_code == 302
    assert Stay.objects.visible_to(cast.nora).get(pk=cast.rosa.pk).standing.state == "in"
    entries = Entry.objects.visible_to(cast.nora).filter(stay=cast.rosa, kind="stay.movement")
    assert entries.count() == 3


@pytest.mark.parametrize("what", ["leave", "discharge"])
def test_what_was_done_by_mistake_is_taken_back_from_the_page_that_says_it_was_done(
    nora, cast, what
):
    said = {"entry_id": uuid7(), **moment(now())}
    told = nora.post(reverse(what, args=[cast.rosa.pk]), said, follow=True).content.decode()
    link = reverse("cancel-movement", args=[said["entry_id"]])
    assert f'<a href="{link}">Take it back</a>' in told

    nora.post(link, {"entry_id": uuid7(), "reason": "It was John"})
    assert Stay.objects.visible_to(cast.nora).get(pk=cast.rosa.pk).standing.state == "in"


def test_a_move_to_a_unit_that_is_not_ones_own_is_not_offered_to_be_taken_back(nora, cast):
    said = {"entry_id": uuid7(), "place": f"{cast.south.pk}:", **moment(now())}
    told = nora.post(reverse("transfer", args=[cast.rosa.pk]), said, follow=True).content.decode()
    assert "Rosa has moved." in told
    assert "Take it back" not in told


@pytest.mark.parametrize("what", MOVES)
def test_a_technician_is_told_who_can(client, cast, what):
    client.force_login(cast.dana)
    answer = client.get(reverse(what, args=[cast.rosa.pk]))
    assert answer.status_code == 403
    assert "A nurse can do this here." in answer.content.decode()


@pytest.mark.parametrize("what", MOVES)
def test_a_person_of_another_unit_is_not_there(client, cast, what):
    client.force_login(cast.sana)
    assert client.get(reverse(what, args=[cast.rosa.pk])).status_code == 404


def test_admission_is_for_the_nurses_of_the_unit(client, cast):
    client.force_login(cast.dana)
    assert client.get(reverse("admit", args=[cast.north.pk])).status_code == 403
    client.force_login(cast.sana)
    assert client.get(reverse("admit", args=[cast.north.pk])).status_code == 404


@pytest.mark.parametrize("what", MOVES)
def test_no_title_names_a_person(nora, cast, what):
    page = nora.get(reverse(what, args=[cast.rosa.pk])).content.decode()
    (title,) = re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
    assert "Rosa" not in title
    assert "Rosa M." in page
