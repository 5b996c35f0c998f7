"""A plan at a desk: written with the person, read, printed, its versions; and what was tried."""

import pytest
from django.urls import reverse

from milieu.calm.models import OwnPlan, Tried
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from tests.calm.made import HOUR, ROSAS, planned, tried
from tests.cast import NIGHT
from tests.pages import send, text, to_mend

pytestmark = [pytest.mark.django_db, pytest.mark.alike]
GIVEN = {
    "helps": "A walk in the yard\r\n\r\n  Cold water  ",
    "touch": "Ask before you touch me",
    "talk": "My dog Biscuit",
    "agreement": "agreed",
}


def page(client, name, key):
    return text(client.get(reverse(name, args=[key])))


@pytest.fixture
def dana(client, cast):
    client.force_login(cast.dana)
    return client


def test_a_plan_is_written_one_line_for_each_thing_and_read(dana, cast):
    assert send(dana, "plan-write", cast.rosa.pk, **GIVEN).status_code == 302
    row = OwnPlan.objects.as_system("a test").get()
    assert row.lines("helps") == ["A walk in the yard", "Cold water"]
    shown = page(dana, "plan", cast.rosa.pk)
    for words in ("<li>Cold water</li>", "Ask before you touch me", "They agreed with all of it"):
        assert words in shown
    assert "Written by Dana R." in shown


def test_nothing_is_agreed_to_beforehand_and_a_new_plan_begins_as_the_one_that_stands(dana, cast):
    assert "checked" not in page(dana, "plan-write", cast.rosa.pk)
    cast.store(planned(cast))
    begun = page(dana, "plan-write", cast.rosa.pk)
    assert "checked" not in begun
    assert "A walk in the yard\nCold water</textarea>" in begun
    assert "This begins as the plan that Dana Reyes wrote" in begun


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"agreement": ""}, "Choose one."),
        ({"helps": "w" * 81}, "This line is too long"),
        ({"helps": "\n".join(f"Thing {n}" for n in range(9))}, "Keep the 8 most important lines."),
        ({"agreement": "part"}, "say what they see differently"),
        ({"helps": "", "touch": "", "talk": ""}, "Write at least one line."),
    ],
)
def test_what_has_to_be_put_right_is_said_and_what_was_typed_is_kept(dana, cast, given, said):
    answer = send(dana, "plan-write", cast.rosa.pk, **GIVEN | {"made_with": "her aunt"} | given)
    assert answer.status_code == 422
    assert any(said in each for each in to_mend(answer))
    assert 'value="her aunt"' in text(answer)
    assert not OwnPlan.objects.as_system("a test").exists()


def test_what_they_see_differently_is_kept_with_a_part_and_left_out_with_all(dana, cast):
    more = {"differs": "I talk loud", "made_with": "her sister"}
    send(dana, "plan-write", cast.rosa.pk, **GIVEN, **more)
    assert OwnPlan.objects.as_system("a test").get().differs == ""
    send(dana, "plan-write", cast.rosa.pk, **{**GIVEN, "agreement": "part"}, **more)
    shown = page(dana, "plan", cast.rosa.pk)
    assert "They agreed with a part of it: they see differently: I talk loud" in shown
    assert "together with her sister" in shown


def test_every_version_is_there_and_one_that_was_put_right_says_so(dana, cast):
    first, second = planned(cast), planned(cast, at=NIGHT + HOUR)
    cast.store(first, second)
    given = {**GIVEN, "reason": "The yard is closed"}
    assert send(dana, "plan-amend", second.entry_id, **given).status_code == 302
    shown = page(dana, "plan-versions", cast.rosa.pk)
    assert shown.count('<section class="panel">') == 3
    assert [shown.count(words) for words in ("stands now", "replaced by a newer one")] == [1, 1]
    assert "Put right by Dana R.: The yard is closed" in shown


def test_one_that_is_struck_out_stays_readable(dana, cast):
    plan = planned(cast)
    cast.store(plan)
    strike = {"strike": "1", "strike-reason": "John's plan", "strike-entry_id": uuid7()}
    assert send(dana, "plan-amend", plan.entry_id, **strike).status_code == 302
    assert "There is no plan yet" in page(dana, "plan", cast.rosa.pk)
    shown = page(dana, "plan-versions", cast.rosa.pk)
    assert "Struck out by Dana R.: John&#x27;s plan" in shown
    assert "A walk in the yard" in shown


def test_what_was_tried_is_chosen_from_their_lines_the_choices_and_the_ways(dana, cast):
    cast.store(planned(cast))
    form = page(dana, "plan-tried", cast.rosa.pk)
    for words in (
        "Their own plan",
        "My dog Biscuit",
        "With me, or with somebody else?",
        "Give them room",
    ):
        assert words in form
    given = {"what": "plan:a walk in the yard", "did": "calmer", "note": "Twice round"}
    assert send(dana, "plan-tried", cast.rosa.pk, **given).status_code == 302
    send(dana, "plan-tried", cast.rosa.pk, what="way:space", did="same")
    rows = (
        Tried.objects.as_system("a test").order_by("pk").values_list("of", "code", "words", "did")
    )
    assert list(rows) == [
        ("plan", "", "A walk in the yard", "calmer"),
        ("way", "space", "Give them room", "same"),
    ]
    shown = page(dana, "plan", cast.rosa.pk)
    assert "A walk in the yard <span" in shown
    assert "helped 1 of 1 time" in shown
    assert "Twice round" in page(dana, "stay", cast.rosa.pk)


def test_what_was_tried_is_put_right_by_its_author_also_when_its_line_is_gone(dana, cast):
    wrong = tried(cast)
    cast.store(wrong)
    form = page(dana, "tried-amend", wrong.entry_id)
    assert '<option value="plan:a walk in the yard" selected>' in form
    given = {"what": "plan:a walk in the yard", "did": "worse", "reason": "It was not so"}
    assert send(dana, "tried-amend", wrong.entry_id, **given).status_code == 302
    current = Entry.objects.as_system("test").current().get(kind="calm.tried")
    assert current.tried.did == "worse"


def test_the_persons_page_says_in_one_line_what_helps_and_the_board_says_nothing_of_it(nora, cast):
    cast.order(cast.rosa)
    cast.store(planned(cast), tried(cast))
    shown = page(nora, "stay", cast.rosa.pk)
    assert f'<a href="{reverse("plan", args=[cast.rosa.pk])}">A walk in the yard</a>' in shown
    assert "helped 1 of 1 time" in shown
    board = page(nora, "board", cast.north.pk)
    assert "R.M." in board
    for words in (*ROSAS.helps, *ROSAS.touch, "What helps", "Own plan"):
        assert words not in board


def test_without_a_plan_the_persons_page_has_no_such_line(nora, cast):
    cast.store(tried(cast))
    assert "What helps" not in page(nora, "stay", cast.rosa.pk)


def test_who_only_reads_finds_no_way_to_write(client, cast):
    client.force_login(cast.mona)
    shown = page(client, "plan", cast.rosa.pk)
    assert reverse("plan-write", args=[cast.rosa.pk]) not in shown
    assert reverse("plan-tried", args=[cast.rosa.pk]) not in shown


def test_a_person_of_another_unit_is_as_one_who_is_not_there(client, cast):
    plan = planned(cast)
    cast.store(plan)
    client.force_login(cast.sana)
    for name in ("plan", "plan-versions", "plan-write", "plan-tried"):
        assert client.get(reverse(name, args=[cast.rosa.pk])).status_code == 404
    assert client.get(reverse("plan-amend", args=[plan.entry_id])).status_code == 404


def test_the_page_speaks_spanish(client, cast):
    cast.store(planned(cast), tried(cast))
    client.force_login(cast.dana)
    answer = client.get(reverse("plan", args=[cast.rosa.pk]), headers={"accept-language": "es"})
    for words in ("Qué ayuda", "Estuvo de acuerdo con todo", "ayudó 1 de 1 vez"):
        assert words in text(answer)
