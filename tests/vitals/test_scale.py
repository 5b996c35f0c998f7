"""On which SpO2 scale somebody's NEWS2 is worked out: an order, in the record, with its time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from milieu.kernel import clock
from milieu.record.models import Entry
from milieu.vitals.models import Latest
from milieu.vitals.ordering import SCALE
from milieu.vitals.said import lines_of
from milieu.vitals.services import SET
from milieu.vitals.shape import OxygenScale
from tests.cast import NIGHT, outcomes
from tests.pages import send, text
from tests.vitals.test_rules import change

HOUR = timedelta(hours=1)
TWO = OxygenScale(scale=2, why="Hypercapnic failure confirmed, Dr. Ito")
ONE = OxygenScale(scale=1, why="It was not confirmed")


@pytest.fixture(autouse=True)
def _of_age(cast):
    cast.rosa.patient.birth_date = NIGHT.date().replace(year=1990)
    cast.rosa.patient.save()


def order(cast, fact=TWO, *, at=NIGHT, by=None, **more):
    author = (by or cast.nora).pk
    return cast.check(
        cast.rosa, at, kind=SCALE, fact=fact, author_id=author, device_id=None, **more
    )


def measured(cast, at, **changes):
    return cast.check(cast.rosa, at, kind=SET, fact=change(**{"oxygen": 90, **changes}))


def scores(cast):
    """Return total and scale of each set, the oldest first."""
    lines = lines_of(cast.rosa, NIGHT - 24 * HOUR, "en")[::-1]
    return [(line.score.total, line.score.scale) for line in lines]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        *(("nora", "stored"), ("petra", "stored")),
        *((name, "not-allowed") for name in ("dana", "lena", "thea", "mona")),
    ],
)
def test_a_nurse_or_a_prescriber_orders_it_and_nobody_else(cast, who, expected):
    assert outcomes(cast.store(order(cast, by=getattr(cast, who)))) == [expected]


def test_each_set_is_worked_out_by_the_order_that_stood_at_its_time(cast):
    cast.store(
        measured(cast, NIGHT - HOUR),
        order(cast),
        measured(cast, NIGHT + HOUR),
        order(cast, ONE, at=NIGHT + 2 * HOUR),
        measured(cast, NIGHT + 3 * HOUR),
    )
    assert scores(cast) == [(3, 1), (0, 2), (3, 1)]


def test_a_set_that_arrives_after_an_order_it_did_not_know_keeps_the_scale_of_its_time(cast):
    cast.store(order(cast))
    late = measured(cast, NIGHT - HOUR)
    assert outcomes(cast.store(late, received_at=NIGHT + 4 * HOUR)) == ["stored"]
    assert scores(cast) == [(3, 1)]


def test_too_much_oxygen_counts_on_scale_2_alone(cast):
    cast.store(measured(cast, NIGHT - HOUR, oxygen=97, air="oxygen"), order(cast))
    cast.store(measured(cast, NIGHT + HOUR, oxygen=97, air="oxygen"))
    assert scores(cast) == [(2, 1), (5, 2)]


def test_an_order_that_was_about_someone_else_is_struck_out_and_the_score_is_as_before(cast):
    wrong = order(cast)
    cast.store(wrong, measured(cast, NIGHT + HOUR))
    assert scores(cast) == [(0, 2)]
    cast.store(order(cast, None, amends=wrong.entry_id, reason="Meant for another person"))
    assert scores(cast) == [(3, 1)]
    assert Entry.objects.as_system("test").filter(kind=SCALE).count() == 2
    assert Latest.objects.as_system("test").get().scale is None


def test_it_cannot_be_ordered_from_a_time_that_has_not_come(cast):
    tomorrow = order(cast, at=NIGHT + 24 * HOUR, written_at=NIGHT)
    assert outcomes(cast.store(tomorrow, received_at=NIGHT)) == ["in-the-future"]


def test_the_database_knows_no_third_scale(cast):
    cast.store(order(cast))
    entry = Entry.objects.as_system("test").get(kind=SCALE)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(entry.oxygenscale).objects.create(entry=measured_entry(cast), scale=3, why="x")


def measured_entry(cast):
    cast.store(measured(cast, NIGHT + HOUR))
    return Entry.objects.as_system("test").get(kind=SET)


def test_at_a_desk_it_is_ordered_read_and_said_with_every_score(nora, cast):
    page = reverse("vitals", args=[cast.rosa.pk])
    assert "Scale 1: no other was ordered." in text(nora.get(page))
    answer = send(nora, "vitals-scale", cast.rosa.pk, scale="2", why="Confirmed by Dr. Ito")
    assert answer.status_code == 302
    later = clock.now() + timedelta(seconds=5)
    cast.store(measured(cast, later), received_at=later)
    shown = text(nora.get(page))
    for words in ("oxygen target 88 to 92 %", "Confirmed by Dr. Ito", "Nora", "scale 2"):
        assert words in shown
    assert "NEWS2 on SpO2 scale 2" in text(nora.get(reverse("stay", args=[cast.rosa.pk])))


def test_neither_scale_nor_reason_is_chosen_beforehand(nora, cast):
    assert send(nora, "vitals-scale", cast.rosa.pk, scale="2").status_code == 422
    assert send(nora, "vitals-scale", cast.rosa.pk, why="Confirmed").status_code == 422
    page = nora.get(reverse("vitals-scale", args=[cast.rosa.pk])).content.decode()
    assert "checked" not in page


def test_there_is_a_score_from_the_16th_birthday_on_by_the_units_clock(cast):
    cast.north.time_zone = "America/New_York"
    cast.north.save()
    cast.rosa.patient.birth_date = NIGHT.date().replace(year=2010)
    cast.rosa.patient.save()
    cast.store(measured(cast, NIGHT), measured(cast, NIGHT + 3 * HOUR))
    lines = lines_of(cast.rosa, NIGHT - HOUR, "en")
    assert [bool(line.score) for line in lines] == [True, False]


def test_who_may_not_order_it_is_not_offered_it(client, cast):
    client.force_login(cast.dana, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("vitals", args=[cast.rosa.pk]))
    assert "Order the SpO2 scale" not in text(page)
