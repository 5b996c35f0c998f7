"""What was declined or slept through is tried again: on the page of alerts, and told to phones."""

from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.alerts.models import Alert
from milieu.alerts.quiet import quiet
from milieu.keeping.projected import differing, rebuild
from milieu.kernel import clock
from milieu.vitals.again import again, for_phones
from milieu.vitals.models import Latest
from milieu.vitals.services import SET
from milieu.vitals.shape import VitalSigns
from tests.cast import NIGHT
from tests.pages import text
from tests.vitals.test_rules import WELL

HOUR = timedelta(hours=1)
DECLINED = VitalSigns(outcome="declined", why="Not now")
ASLEEP = VitalSigns(outcome="asleep")


def said(cast, fact=WELL, *, at=NIGHT, stay=None, **more):
    return cast.check(stay or cast.rosa, at, kind=SET, fact=fact, **more)


def due(cast, hours, reader=None):
    """Return whom the page lists so many hours after the night's first set."""
    return [each.stay.pk for each in quiet(reader or cast.nora, NIGHT + hours * HOUR)]


@pytest.fixture
def watched(cast):
    """Somebody of whom vital signs are tried again within a day."""
    cast.order(cast.rosa, "q15", at=NIGHT)
    return cast


@pytest.mark.parametrize("fact", [DECLINED, ASLEEP])
def test_it_is_listed_once_its_time_has_come_and_not_before(watched, fact):
    watched.store(said(watched, fact))
    assert due(watched, 23.9) == []
    assert due(watched, 24) == [watched.rosa.pk]
    assert due(watched, 200) == [watched.rosa.pk]


def test_it_says_who_since_when_and_what_was_said(watched):
    watched.store(said(watched, DECLINED))
    (line,) = quiet(watched.nora, NIGHT + 30 * HOUR)
    assert (line.at, line.since) == (NIGHT, NIGHT + 24 * HOUR)
    assert (line.said, line.by) == ("Vital signs declined: Not now", watched.dana.short_name)
    assert line.url == reverse("vitals-take", args=[watched.rosa.pk])


def test_it_goes_when_a_set_is_taken_and_comes_back_when_that_was_not_so(watched):
    watched.store(said(watched, DECLINED))
    taken = said(watched, at=NIGHT + 25 * HOUR)
    watched.store(taken)
    assert due(watched, 26) == []
    struck = said(
        watched, None, at=NIGHT + 25 * HOUR, amends=taken.entry_id, reason="Another person"
    )
    watched.store(struck)
    assert due(watched, 26) == [watched.rosa.pk]


def test_a_set_that_comes_late_does_not_end_what_was_declined_after_it(watched):
    watched.store(said(watched, DECLINED))
    watched.store(said(watched, at=NIGHT - HOUR), received_at=NIGHT + 2 * HOUR)
    assert due(watched, 24) == [watched.rosa.pk]


def test_declining_again_begins_the_time_anew(watched):
    watched.store(said(watched, DECLINED), said(watched, ASLEEP, at=NIGHT + 20 * HOUR))
    assert due(watched, 30) == []
    assert due(watched, 44) == [watched.rosa.pk]


def test_nobody_is_rung_for_it(watched):
    watched.store(said(watched, DECLINED))
    assert due(watched, 30) == [watched.rosa.pk]
    assert not Alert.objects.as_system("test").exists()


def test_who_may_not_see_the_unit_is_shown_nothing_and_who_may_not_take_them_no_button(watched):
    watched.store(said(watched, DECLINED))
    assert due(watched, 30, watched.ivan) == []
    (line,) = quiet(watched.mona, NIGHT + 30 * HOUR)
    assert (line.stay.pk, line.step) == (watched.rosa.pk, "")


def test_the_page_of_alerts_lists_it_beside_them_and_sends_it_to_an_open_page(nora, cast):
    at = clock.now() - 8 * 24 * HOUR
    page = reverse("concerns")
    before = nora.get(page, headers={"HX-Request": "true"}).context["shown"]
    cast.store(said(cast, DECLINED, at=at), received_at=at)
    shown = text(nora.get(page))
    assert "Nothing waits for an answer." in shown
    assert "Due, without an alarm" in shown
    assert "Vital signs declined: Not now" in shown
    sent = nora.get(f"{page}?shown={before}", headers={"HX-Request": "true"})
    assert sent.status_code == 200
    same = nora.get(f"{page}?shown={sent.context['shown']}", headers={"HX-Request": "true"})
    assert same.status_code == 204
    assert nora.get(reverse("concerns-ring")).json() == {"waiting": []}


def test_phones_are_told_what_was_not_taken_and_work_the_time_out_themselves(watched):
    assert for_phones([watched.rosa]) == {}
    watched.store(said(watched, DECLINED))
    watched.rosa.refresh_from_db()
    assert for_phones([watched.rosa])[watched.rosa.pk]["outcome"] == "declined"


def test_it_can_be_rebuilt_to_the_same_rows(watched):
    watched.store(said(watched), said(watched, DECLINED, at=NIGHT + HOUR))
    rows = list(Latest.objects.as_system("test").values())
    assert differing() == []
    rebuild()
    assert list(Latest.objects.as_system("test").values()) == rows
    assert rows[0]["outcome"] == "declined"


def test_the_page_of_a_person_says_the_same(watched):
    watched.store(said(watched, DECLINED))
    assert again(watched.rosa, NIGHT + HOUR, "en").late is False
    assert again(watched.rosa, NIGHT + 25 * HOUR, "en").late is True
