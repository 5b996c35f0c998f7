"""What is noticed is off until turned on, told once to the nurse, and stays as it was told."""

import re
from datetime import timedelta
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation

from milieu.intake.services import MEAL
from milieu.intake.shape import Meal
from milieu.kernel.errors import Refusal
from milieu.record.models import Entry
from milieu.watch import noticing
from milieu.watch.choices import a_week, choose, turned_on
from milieu.watch.models import Behind, Choice, Mark, Notice, Part
from milieu.watch.picture import picture
from milieu.watch.said import told, whole
from milieu.watch.sources import SOURCES, read
from tests.cast import LONG_AGO, NIGHT
from tests.pages import text

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SINCE = NIGHT - 30 * DAY
MEALS = ("breakfast", "lunch", "dinner")


def meals(cast, stay, shares, *, at=SINCE):
    """Store three meals a day from ``at`` on. A share of None was declined."""
    drafts = []
    for number, share in enumerate(shares):
        said = {"outcome": "declined", "why": "not-hungry"} if share is None else {}
        fact = Meal(
            meal=MEALS[number % 3],
            outcome=said.get("outcome", "eaten"),
            share=share,
            why=said.get("why", ""),
        )
        moment = at + number // 3 * DAY + number % 3 * 5 * HOUR
        drafts.append(cast.check(stay, moment, kind=MEAL, fact=fact))
    for start in range(0, len(drafts), 200):
        assert {each.outcome for each in cast.store(*drafts[start : start + 200])} == {"stored"}
    return drafts


@pytest.fixture
def unit(cast):
    """North with four people who eat well for a month; Rosa eats little for two days."""
    chance = Random(1)
    people = [cast.arrive(name, "Vale", at=LONG_AGO) for name in ("Ada", "Bo", "Cy")]
    cast.eater = cast.arrive("Rosa", "Quiet", at=LONG_AGO)
    for stay in people:
        meals(cast, stay, [chance.choice((75, 100, 75, 50)) for _ in range(90)])
    well = [chance.choice((75, 100, 75)) for _ in range(84)]
    cast.meals = meals(cast, cast.eater, [*well, 25, 0, 25, 0, 25, 0])
    return cast.north


def turn_on(unit, *streams, at=SINCE):
    choose(unit, streams or ["meals"], weekly=1, by=None, at=at)


def notices():
    return list(whole(Notice.objects.as_system("test")).order_by("at"))


def words_of(notice, cast):
    points = read([notice.stay_id], SINCE, NIGHT, cast.north.zone)
    own = {code: found.get(notice.stay_id, []) for code, found in points.items()}
    return [line.words for line in told(notice, cast.north.zone, own).lines]


def test_every_stream_is_off_until_the_unit_turns_it_on(cast, unit):
    assert turned_on(unit) == {}
    assert noticing.notice(unit, NIGHT) == 0
    assert notices() == []


def test_who_eats_little_is_told_of_once_with_every_entry_behind_it(cast, unit):
    turn_on(unit)
    assert noticing.notice(unit, NIGHT) == 1
    assert noticing.notice(unit, NIGHT) == 0
    (notice,) = notices()
    assert notice.stay_id == cast.eater.pk
    behind = Behind.objects.as_system("test").select_related("entry")
    written = {draft.entry_id for draft in cast.meals}
    assert behind
    assert {each.entry.entry_id for each in behind} <= written
    assert all(each.value <= 0.25 for each in behind)


def test_it_says_what_changed_from_what_in_plain_words(cast, unit):
    turn_on(unit)
    noticing.notice(unit, NIGHT)
    (notice,) = notices()
    (english,) = words_of(notice, cast)
    assert english.startswith("Meals, share eaten: 25 % or less at ")
    assert english.endswith("usually 75 %.")
    with translation.override("es"):
        (spanish,) = words_of(notice, cast)
    assert spanish.startswith("Comidas, parte comida: 25 % o menos en ")


def test_who_declines_is_told_of_as_well(cast, unit):
    turn_on(unit)
    john = cast.arrive("John", "Declines", at=LONG_AGO)
    meals(cast, john, [*[75] * 84, *[None] * 6])
    noticing.notice(unit, NIGHT)
    parts = Part.objects.as_system("test").filter(notice__stay=john)
    assert [part.missing >= 2 for part in parts] == [True]


def test_what_was_told_stays_though_the_entries_are_put_right(cast, unit):
    turn_on(unit)
    noticing.notice(unit, NIGHT)
    for draft in cast.meals[-6:]:
        right = Meal(meal="lunch", outcome="eaten", share=100)
        cast.store(
            cast.check(
                cast.eater,
                draft.happened_at,
                kind=MEAL,
                fact=right,
                amends=draft.entry_id,
                reason="Another tray",
            )
        )
    noticing.notice(unit, NIGHT + HOUR)
    assert len(notices()) == 1


def test_what_is_old_when_it_is_found_out_is_no_news(cast, unit):
    turn_on(unit)
    assert noticing.notice(unit, NIGHT + 10 * DAY) == 0


def test_what_happened_before_a_stream_was_turned_on_is_not_told(cast, unit):
    turn_on(unit, at=NIGHT + HOUR)
    assert noticing.notice(unit, NIGHT + 2 * HOUR) == 0


@pytest.mark.parametrize("model", [Choice, Notice, Part, Behind, Mark])
def test_the_database_refuses_to_change_or_delete_any_of_it(cast, unit, model):
    turn_on(unit)
    noticing.notice(unit, NIGHT)
    (notice,) = notices()
    marks = Mark.objects.as_system("test")
    marks.create(notice=notice, said="known", by=cast.nora, at=NIGHT)
    table, key = model._meta.db_table, model._meta.pk.column
    for act in (f"DELETE FROM {table}", f"UPDATE {table} SET {key} = {key}"):  # noqa: S608
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)


def test_a_unit_reads_one_notice_a_day_for_24_people_unless_it_chooses(cast):
    assert a_week(cast.north, 24) == 7
    assert a_week(cast.north, 12) == 3.5
    choose(cast.north, ["meals"], weekly=3, by=cast.nora, at=NIGHT)
    assert a_week(cast.north, 24) == 3
    with pytest.raises(Refusal, match="between 1 and 70"):
        choose(cast.north, ["meals"], weekly=500, by=cast.nora, at=NIGHT)
    with pytest.raises(Refusal, match="no stream"):
        choose(cast.north, ["mood"], weekly=1, by=cast.nora, at=NIGHT)


def test_turning_off_and_on_is_appended(cast):
    choose(cast.north, ["meals", "sleep"], weekly=None, by=cast.nora, at=NIGHT)
    choose(cast.north, ["meals"], weekly=None, by=cast.nora, at=NIGHT + HOUR)
    choose(cast.north, ["meals", "sleep"], weekly=None, by=cast.nora, at=NIGHT + 2 * HOUR)
    assert turned_on(cast.north) == {"meals": NIGHT, "sleep": NIGHT + 2 * HOUR}
    assert Choice.objects.count() == 4


def test_a_nurse_reads_and_marks_and_the_share_is_seen(cast, unit, nora, monkeypatch):
    turn_on(unit)
    noticing.notice(unit, NIGHT)
    (notice,) = notices()
    monkeypatch.setattr("milieu.watch.views.clock.now", lambda: NIGHT)
    monkeypatch.setattr("milieu.watch.views.LEAST", 1)
    page = text(nora.get(reverse("notices", args=[unit.pk])))
    assert "Rosa Q." in page
    assert "25 % or less at" in page
    assert nora.post(
        reverse("notice-mark", args=[notice.pk]), {"said": "useful", "words": "Saw it"}
    )
    page = text(nora.get(reverse("notices", args=[unit.pk])))
    assert "Useful</strong>: Saw it" in page
    assert "Of 1 notices that were marked in three months, 1 were useful." in page


def test_a_mark_is_one_of_three(cast, unit, nora):
    turn_on(unit)
    noticing.notice(unit, NIGHT)
    (notice,) = notices()
    nora.post(reverse("notice-mark", args=[notice.pk]), {"said": "dangerous"})
    assert not Mark.objects.as_system("test").exists()


def test_a_technician_sees_the_days_and_no_notice(cast, unit, client, monkeypatch):
    turn_on(unit)
    noticing.notice(unit, NIGHT)
    monkeypatch.setattr("milieu.watch.views.clock.now", lambda: NIGHT)
    client.force_login(cast.dana)
    assert client.get(reverse("notices", args=[unit.pk])).status_code == 403
    page = text(client.get(reverse("glance", args=[cast.eater.pk])))
    assert "Meals, share eaten" in page
    assert "or less at" not in page
    client.force_login(cast.nora)
    assert "or less at" in text(client.get(reverse("glance", args=[cast.eater.pk])))


def test_pictures_are_the_same_in_every_language(cast, unit, client, monkeypatch):
    """Numbers of a picture are read by a browser: never with a comma, as people write them."""
    turn_on(unit)
    monkeypatch.setattr("milieu.watch.views.clock.now", lambda: NIGHT)
    client.force_login(cast.nora)
    address = reverse("unit-glance", args=[unit.pk])

    def pictures(language):
        page = text(client.get(address, HTTP_ACCEPT_LANGUAGE=language))
        return re.findall("<svg class=.spark.*?</svg>", page)

    assert pictures("es") == pictures("en")
    assert 'viewBox="0 0 240.0 48.0"' in pictures("es")[0]


def test_another_unit_s_nurse_sees_none_of_it(cast, unit, client):
    turn_on(unit)
    noticing.notice(unit, NIGHT)
    client.force_login(cast.sana)
    assert Notice.objects.visible_to(cast.sana).count() == 0
    assert client.get(reverse("notices", args=[unit.pk])).status_code == 404
    assert client.get(reverse("unit-glance", args=[unit.pk])).status_code == 404
    (notice,) = notices()
    url = reverse("notice-mark", args=[notice.pk])
    assert client.post(url, {"said": "useful"}).status_code == 404


def test_notices_are_of_nobody_until_it_is_said_who_asks():
    assert Notice.objects.get_queryset().query.is_empty()


def test_a_unit_chooses_in_the_page(cast, nora):
    url = reverse("notices-settings", args=[cast.north.pk])
    given = {"entry_id": cast.rosa.pk, "streams": ["meals", "sleep"], "a_week": "5"}
    assert nora.post(url, given).status_code == 302
    assert set(turned_on(cast.north)) == {"meals", "sleep"}
    assert a_week(cast.north, 24) == 5
    assert "Notices" in text(nora.get(reverse("home"), follow=True))


def test_a_day_that_is_not_over_is_no_short_day(cast):
    found = read([cast.rosa.pk], SINCE, NIGHT, cast.north.zone)
    assert set(found) == set(SOURCES)


def test_a_picture_shows_values_the_band_and_what_could_not_be_had(cast):
    entry = Entry(entry_id=cast.rosa.pk).entry_id
    points = [(NIGHT - 2 * DAY, 0.75, entry), (NIGHT - DAY, None, entry), (NIGHT, 0.25, entry)]
    shown = picture(points, until=NIGHT, band=(0.5, 1.0), since=NIGHT - HOUR)
    assert shown.dots.count("M") == shown.lately.count("M") == shown.gaps.count("M") == 1
    assert float(shown.lately.partition(" ")[2].removesuffix("h0")) > sum(shown.band)
    assert picture([], until=NIGHT, band=(0, 1)) is None
