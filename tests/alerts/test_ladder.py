"""An alert reaches whoever is on shift, one role after the other, until somebody answers."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from milieu.alerts.ladder import climb
from milieu.alerts.models import Alert, Delivery, Step, Way
from milieu.alerts.services import acknowledge, raise_alerts, raise_found, unanswered
from milieu.kernel import clock
from milieu.people.models import Grant, Person
from milieu.people.rules import Role
from milieu.rounds.handing import OFFER, REPLY, TAKE
from milieu.rounds.shape import Offer, Reply, Take
from tests.alerts.work import begin, leave, sign_in, tell
from tests.cast import LONG_AGO, NIGHT

pytestmark = pytest.mark.django_db
MIN = timedelta(minutes=1)


def steps():
    return list(Step.objects.order_by("at", "rung").values_list("rung", "role", "nobody"))


def told(way=Way.PAGE):
    found = Delivery.objects.filter(way=way).order_by("made_at", "person__name")
    return list(found.values_list("rung", "person__name"))


def test_each_role_on_shift_is_told_in_its_turn(cast):
    for person in (cast.nora, cast.lena, cast.mona, cast.petra):
        begin(cast, person, at=NIGHT)
    raised = tell(cast, at=NIGHT)

    seen = {}
    for minute in range(20):
        climb(raised + minute * MIN)
        seen.setdefault(len(told()), minute)

    assert seen == {1: 0, 2: 5, 3: 10, 4: 15}
    assert told() == [(0, "Nora Lind"), (1, "Lena Ott"), (2, "Mona Quist"), (3, "Petra Holm")]
    assert steps() == [
        (0, "nurse", False),
        (1, "lead", False),
        (2, "manager", False),
        (3, "prescriber", False),
    ]


def test_where_nobody_of_a_role_is_on_shift_the_next_is_told_at_once_and_it_says_so(cast):
    begin(cast, cast.lena, at=NIGHT)
    raised = tell(cast, at=NIGHT)

    climb(raised)

    assert steps() == [(0, "nurse", True), (1, "lead", False)]
    assert told() == [(1, "Lena Ott")]


def test_with_nobody_at_work_all_rungs_are_gone_through_and_the_alert_waits(cast):
    raised = tell(cast, at=NIGHT)
    climb(raised)
    assert [nobody for _, _, nobody in steps()] == [True] * 4
    assert [alert.words for alert in unanswered(cast.nora)] == ["Says her hand hurts"]


def test_who_comes_on_shift_later_is_told_then(cast):
    raised = tell(cast, at=NIGHT)
    climb(raised)
    begin(cast, cast.nora, at=raised + MIN)
    climb(raised + MIN)
    assert told() == [(0, "Nora Lind")]


def test_nobody_is_told_twice_by_one_way_also_who_holds_two_roles(cast):
    Grant.objects.create(person=cast.nora, role=Role.LEAD, unit=cast.north, starts_at=LONG_AGO)
    begin(cast, cast.nora, at=NIGHT)
    raised = tell(cast, at=NIGHT)
    for minute in range(20):
        climb(raised + minute * MIN)
    assert told() == [(0, "Nora Lind")]


def test_who_left_or_works_on_another_unit_or_may_not_sign_in_is_not_told(cast):
    begin(cast, cast.nora, at=NIGHT - 60 * MIN)
    leave(cast.nora, at=NIGHT - MIN)
    begin(cast, cast.sana, at=NIGHT)
    begin(cast, cast.lena, at=NIGHT)
    Person.objects.filter(pk=cast.lena.pk).update(is_active=False)
    climb(tell(cast, at=NIGHT))
    assert told() == []


def test_who_uses_the_pages_is_on_shift_until_they_are_idle(cast, client: Client):
    sign_in(client, cast.nora)
    client.get(reverse("concerns"))
    now = clock.now()
    raised = tell(cast, at=now)
    climb(raised)
    assert told() == [(0, "Nora Lind")]

    tell(cast, at=now + 40 * MIN, words="Would like to talk")
    climb(now + 41 * MIN)
    assert told() == [(0, "Nora Lind")]


def test_who_is_on_a_break_is_not_told_until_it_is_over(cast):
    begin(cast, cast.nora, at=NIGHT - 60 * MIN)
    begin(cast, cast.lena, at=NIGHT - 60 * MIN)
    until = NIGHT + 20 * MIN
    asked = Offer(purpose="break", sharps="none", to=cast.lena.pk, until=until)
    for kind, person, fact in ((TAKE, cast.nora, Take()), (OFFER, cast.nora, asked)):
        draft = cast.check(cast.rosa, NIGHT - MIN, kind=kind, fact=fact, author_id=person.pk)
        cast.store(draft)
    says = Reply(offer=draft.entry_id, says="accept")
    cast.store(cast.check(cast.rosa, NIGHT, kind=REPLY, fact=says, author_id=cast.lena.pk))
    raised = tell(cast, at=NIGHT)
    climb(raised)
    assert told() == [(1, "Lena Ott")]  # no nurse is there to be asked: the next one is, at once
    climb(until + MIN)
    assert (0, "Nora Lind") in told()


def test_after_an_outage_every_step_is_caught_up_with(cast):
    for person in (cast.nora, cast.lena):
        begin(cast, person, at=NIGHT)
    raised = tell(cast, at=NIGHT)
    climb(raised + 17 * MIN)
    assert [rung for rung, _, _ in steps()] == [0, 1, 2, 3]
    assert list(Step.objects.values_list("at", flat=True))[:3] == [
        raised,
        raised + 5 * MIN,
        raised + 10 * MIN,
    ]


def test_an_answered_alert_climbs_no_further(cast):
    for person in (cast.nora, cast.lena):
        begin(cast, person, at=NIGHT)
    raised = tell(cast, at=NIGHT)
    climb(raised)
    (alert,) = unanswered(cast.nora)
    acknowledge(alert.pk, by=cast.nora, words="Ice given", at=raised + MIN)
    climb(raised + 60 * MIN)
    assert told() == [(0, "Nora Lind")]


def test_the_facilitys_services_hear_of_each_step(cast, settings):
    settings.ALERT_SERVICES = ["json://one.example/", "json://two.example/"]
    raised = tell(cast, at=NIGHT)
    begin(cast, cast.nora, at=NIGHT)
    climb(raised)
    climb(raised + 5 * MIN)
    rungs = Delivery.objects.filter(way=Way.OUTSIDE).order_by("rung", "address")
    assert [each.rung for each in rungs] == [0, 0, 1, 1, 2, 2, 3, 3][: rungs.count()]
    assert rungs.count() % 2 == 0
    assert all("example" not in each.address for each in rungs)


def test_while_nothing_waits_a_look_is_one_question(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        climb(NIGHT)


def test_the_number_of_questions_does_not_grow_with_the_alerts(cast, django_assert_max_num_queries):
    for person in (cast.nora, cast.lena):
        begin(cast, person, at=NIGHT)
    for number in range(30):
        tell(cast, at=NIGHT + timedelta(seconds=number), words=f"Number {number}")
    with django_assert_max_num_queries(16):
        climb(NIGHT + 6 * MIN)
    assert Step.objects.count() == 60
    with django_assert_max_num_queries(9):
        climb(NIGHT + 6 * MIN)


def test_raising_costs_nothing_but_the_alert_itself(cast, django_assert_num_queries):
    begin(cast, cast.nora, at=NIGHT)
    alerts = [
        Alert(
            id=UUID(int=number),
            kind="concern",
            stay=cast.rosa,
            words="Hurts",
            happened_at=NIGHT,
            raised_at=NIGHT,
            owner_role="nurse",
            answer_by=NIGHT,
        )
        for number in range(1, 51)
    ]
    with django_assert_num_queries(3):
        raise_alerts(alerts)


def test_of_what_is_wrong_nothing_is_asked_while_nothing_is(cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert raise_found([], NIGHT) == []
