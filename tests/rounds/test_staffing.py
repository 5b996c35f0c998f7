"""Too few people on the floor: told before anybody is missed, and said first when somebody is."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from milieu.alerts.ladder import climb
from milieu.alerts.models import Alert, Delivery
from milieu.alerts.services import acknowledge, unanswered
from milieu.alerts.shortage import ahead
from milieu.board.day import day_named
from milieu.board.said import Speech
from milieu.board.timeline import lines, read
from milieu.rounds.models import Spell
from milieu.rounds.overdue import raise_missed
from milieu.rounds.shape import Take
from milieu.rounds.staffing import tell_of_overload
from tests.alerts.work import begin, leave
from tests.cast import NIGHT, Cast
from tests.pages import text
from tests.rounds.test_workload import crowd, hold

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
MINUTE = 60 * SECOND
DUE = NIGHT + 15 * MINUTE


@pytest.fixture
def cast(db):
    return Cast()


def told():
    alerts = Alert.objects.as_system("test").filter(kind="feasibility").order_by("raised_at")
    return [(alert.happened_at, alert.unit.name) for alert in alerts]


def spells():
    whole = Spell.objects.filter(holder=None).order_by("began_at")
    return [(spell.began_at, spell.ended_at) for spell in whole]


def test_the_nurse_is_told_before_the_miss_with_the_size_of_the_gap(cast):
    crowd(cast, 19, holder=cast.dana)
    assert tell_of_overload(NIGHT) == 1
    (alert,) = unanswered(cast.nora)
    assert (alert.kind, alert.owner_role, alert.raised_at) == ("feasibility", "nurse", NIGHT)
    assert ahead(alert.shortage) == (
        "The list needs 19 minutes in every 15; there are 15. 1 person is missing. "
        "The worst check would come 4 min late."
    )
    assert raise_missed(DUE - SECOND) == 0  # nobody has been missed yet


def test_it_climbs_its_ladder_and_a_lead_or_a_nurse_answers_it(cast):
    crowd(cast, 19, holder=cast.dana)
    tell_of_overload(NIGHT)
    begin(cast, cast.lena, at=NIGHT)
    climb(NIGHT + SECOND)
    assert list(Delivery.objects.values_list("person__name", flat=True)) == ["Lena Ott"]
    (alert,) = unanswered(cast.lena)
    acknowledge(alert.pk, by=cast.lena, words="Two more are coming", at=NIGHT + MINUTE)


def test_one_spell_is_told_once_however_long_it_lasts(cast):
    crowd(cast, 19, holder=cast.dana)
    counts = [tell_of_overload(NIGHT + n * 2 * SECOND) for n in range(40)]
    assert (sum(counts), counts[0]) == (1, 1)
    assert spells() == [(NIGHT, None)]


def test_what_comes_back_within_a_quarter_of_an_hour_is_not_told_anew_and_later_it_is(cast):
    stays = crowd(cast, 19, holder=cast.dana)
    tell_of_overload(NIGHT)
    at = NIGHT
    for calm in (5 * MINUTE, 20 * MINUTE):
        cast.store(*(cast.check(stay, at + SECOND) for stay in stays))
        begin(cast, cast.lena, at=at + MINUTE)
        tell_of_overload(at + MINUTE)
        leave(cast.lena, at=at + MINUTE + calm)
        tell_of_overload(at + 2 * MINUTE + calm)
        at += 2 * MINUTE + calm
    assert [began for began, _ in spells()] == [NIGHT, NIGHT + 7 * MINUTE, NIGHT + 29 * MINUTE]
    assert Spell.objects.exclude(holder=None).count() == 2  # Lena held nobody: told with the first
    assert [since for since, _ in told()] == [NIGHT, NIGHT + 29 * MINUTE]


def test_one_list_that_is_too_long_is_told_where_the_unit_has_enough_people(cast):
    crowd(cast, 19, holder=cast.dana)
    begin(cast, cast.lena, at=NIGHT)
    assert tell_of_overload(NIGHT) == 1
    (spell,) = Spell.objects.all()
    assert spell.holder == cast.dana


def test_somebody_due_sooner_than_anyone_gets_there_is_no_matter_of_people(cast):
    cast.order(cast.rosa)
    cast.store(cast.check(cast.rosa))
    hold(cast, cast.rosa, cast.dana)
    assert tell_of_overload(DUE - 10 * SECOND) == 0
    assert spells() == []


def page(cast, stay, now):
    day, speech = day_named("", now, cast.north.zone), Speech(cast.north, "en")
    return [line for line in lines(read(stay, day, now, speech), speech, now, set()) if line.gap]


def test_a_miss_while_it_lasts_is_a_staffing_event_first_and_names_no_technician(cast):
    first, *_rest = crowd(cast, 19, holder=cast.dana)
    tell_of_overload(NIGHT)
    line, *_before = page(cast, first, DUE + 3 * MINUTE)
    assert line.staffing == (
        "1 person on the floor for a list that needed 19 minutes in every 15. Told at 02:53: nurse."
    )
    assert line.words.startswith("Not seen for 18 min so far")
    assert "Dana" not in line.staffing + line.words + line.by


def test_a_miss_after_it_was_over_is_none(cast):
    first, *_rest = crowd(cast, 19, holder=cast.dana)
    tell_of_overload(NIGHT)
    begin(cast, cast.lena, at=NIGHT + MINUTE)
    tell_of_overload(NIGHT + MINUTE)
    for spell in Spell.objects.filter(end=None):  # Dana's own list is still too long
        assert spell.holder == cast.dana
    taken = Take(without=cast.dana.pk)  # who was not there to hand over
    hold(cast, first, cast.lena, fact=taken, at=NIGHT + 2 * MINUTE)
    line, *_before = page(cast, first, DUE + 3 * MINUTE)
    assert line.staffing == ""


def unit_page(cast, client):
    client.force_login(cast.lena)
    return text(client.get(reverse("staffing", args=[cast.north.pk])))


def test_the_units_page_shows_what_was_told_who_answered_and_who_was_missed(
    cast, client, monkeypatch
):
    first, *_rest = crowd(cast, 19, holder=cast.dana)
    tell_of_overload(NIGHT)
    (alert,) = unanswered(cast.nora)
    acknowledge(alert.pk, by=cast.nora, words="Asked South for help", at=NIGHT + MINUTE)
    now = DUE + 3 * MINUTE
    monkeypatch.setattr("milieu.board.staffing.clock", SimpleNamespace(now=lambda: now))
    shown = unit_page(cast, client)
    assert "needed 19 minutes in every 15" in shown
    assert "Asked South for help (Nora L.)" in shown
    assert f"/stay/{first.pk}/" in shown
    assert "Dana" not in shown


def test_a_calm_unit_says_so(cast, client):
    shown = unit_page(cast, client)
    assert "There were enough people" in shown


def test_looking_costs_the_same_while_it_lasts(cast, django_assert_max_num_queries):
    crowd(cast, 19, holder=cast.dana)
    tell_of_overload(NIGHT)
    with django_assert_max_num_queries(4):  # spells, units, and who is due on each
        tell_of_overload(NIGHT + 2 * SECOND)
