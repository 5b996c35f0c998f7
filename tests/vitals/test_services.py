"""Who may write vital signs, what is refused, what is kept, and the streams that follow."""

from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, transaction

from milieu.alerts.models import Alert
from milieu.record.models import Entry
from milieu.vitals.again import again
from milieu.vitals.models import Latest
from milieu.vitals.models import VitalSigns as Row
from milieu.vitals.said import lines_of, of_set
from milieu.vitals.series import series
from milieu.vitals.services import SET
from milieu.vitals.shape import VitalSigns
from tests.cast import NIGHT, outcomes
from tests.vitals.test_rules import WELL, change

HOUR = timedelta(hours=1)


def said(cast, fact=WELL, *, at=NIGHT, **more):
    return cast.check(cast.rosa, at, kind=SET, fact=fact, **more)


def test_a_set_is_kept_as_it_was_typed(cast):
    fact = change(temperature_tenths=986, temperature_unit="f", note="Cold hands")
    assert outcomes(cast.store(said(cast, fact))) == ["stored"]
    row = Row.objects.as_system("a test").get()
    assert (row.temperature_tenths, row.temperature_unit) == (986, "f")
    assert row.said() == fact
    assert of_set(row, "en").startswith("Vital signs: temperature 98.6 °F, pulse 72 /min")
    assert "blood pressure 124/78 sitting" in of_set(row, "en")


def test_a_number_that_looks_mistyped_is_asked_about_and_kept_once_confirmed(cast):
    (answer,) = cast.store(said(cast, change(pulse=7)))
    assert (answer.outcome, answer.code, answer.field) == ("refused", "looks-mistyped", "pulse")
    assert "7 /min" in answer.message
    assert outcomes(cast.store(said(cast, change(pulse=7, confirmed=("pulse",))))) == ["stored"]


def test_who_declined_or_slept_has_an_entry_with_its_reason(cast):
    for fact in (VitalSigns(outcome="declined", why="Not today"), VitalSigns(outcome="asleep")):
        assert outcomes(cast.store(said(cast, fact))) == ["stored"]
    assert [of_set(row, "en") for row in Row.objects.as_system("a test").order_by("pk")] == [
        "Vital signs declined: Not today",
        "Vital signs not taken: asleep, not woken",
    ]


def test_what_a_phone_dates_ahead_is_never_newer_than_what_comes_after_it(cast):
    years = {"clock_offset_ms": None, "clock_age_s": None}
    ahead = said(cast, change(pulse=90), at=NIGHT + 400 * 24 * HOUR, **years)
    now = said(cast, change(pulse=72), at=NIGHT + HOUR)
    assert outcomes(cast.store(ahead, received_at=NIGHT)) == ["stored"]
    cast.store(now)

    lines = lines_of(cast.rosa, NIGHT - HOUR, "en")
    assert [line.at for line in lines] == [NIGHT + HOUR, NIGHT]
    newest = Latest.objects.as_system("a test").get(stay=cast.rosa)
    assert (newest.newest_at, newest.newest.entry_id) == (NIGHT + HOUR, now.entry_id)


@pytest.mark.parametrize("change_of", [{"outcome": "taken", "why": "x"}, {"outcome": "declined"}])
def test_the_database_itself_refuses_what_does_not_go_together(cast, change_of):
    cast.store(cast.check(cast.rosa, NIGHT))
    entry = Entry.objects.as_system("test").get(kind="round.check")
    with pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.as_system("a test").create(entry=entry, **change_of)


def test_the_nurse_is_told_at_once(cast):
    cast.store(said(cast, change(nurse_should_know="Faint when standing")))
    alert = Alert.objects.as_system("test").get()
    assert alert.words == "Faint when standing"


def test_it_is_put_right_by_an_entry_beside_it(cast):
    wrong = said(cast)
    cast.store(wrong)
    right = said(cast, change(pulse=74), amends=wrong.entry_id, reason="Typed 72 for 74")
    assert outcomes(cast.store(right)) == ["stored"]
    (line,) = lines_of(cast.rosa, NIGHT - HOUR, "en")
    assert line.cells[1] == ("Pulse", "74")
    assert series([cast.rosa.pk], NIGHT - HOUR)["pulse"][cast.rosa.pk][0][1] == 74


def test_a_score_is_shown_with_its_set(cast):
    cast.rosa.patient.birth_date = NIGHT.date().replace(year=1990)
    cast.rosa.patient.save()
    cast.store(said(cast, change(oxygen=91)), said(cast, change(awareness=""), at=NIGHT + HOUR))
    newer, older = lines_of(cast.rosa, NIGHT - HOUR, "en")
    assert newer.score is None
    assert (older.score.total, older.band) == (3, "low to medium")


def test_streams_have_no_number_where_it_was_declined_and_no_point_where_not_measured(cast):
    cast.store(
        said(cast, VitalSigns(outcome="taken", pulse=80)),
        said(cast, VitalSigns(outcome="declined", why="No"), at=NIGHT + HOUR),
    )
    found = series([cast.rosa.pk, cast.john.pk], NIGHT - HOUR)
    assert [value for _, value, _ in found["pulse"][cast.rosa.pk]] == [80, None]
    assert [value for _, value, _ in found["weight"][cast.rosa.pk]] == [None]
    assert cast.john.pk not in found["pulse"]


def test_what_was_declined_is_tried_again_sooner_where_more_is_watched(cast):
    declined = VitalSigns(outcome="declined", why="Not now")
    cast.store(said(cast, declined))
    assert again(cast.rosa, NIGHT + HOUR, "en").by == NIGHT + timedelta(hours=168)
    cast.order(cast.rosa, "q15", at=NIGHT)
    found = again(cast.rosa, NIGHT + 25 * HOUR, "en")
    assert (found.by, found.late) == (NIGHT + timedelta(hours=24), True)
    cast.store(said(cast, at=NIGHT + 26 * HOUR))
    assert again(cast.rosa, NIGHT + 27 * HOUR, "en") is None


def test_every_part_of_the_shape_has_its_column():
    columns = {field.attname for field in Row._meta.concrete_fields} - {"entry_id"}
    assert columns == {field.name for field in msgspec.structs.fields(VitalSigns)}
