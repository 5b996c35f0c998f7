"""The lookout: what it finds out about the house, who looks, and what is said when nobody does."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from milieu.alerts import outbox
from milieu.alerts.ladder import climb
from milieu.alerts.models import Delivery, Way
from milieu.alerts.services import acknowledge, unanswered
from milieu.keeping import backup, doctor, readiness
from milieu.keeping.heartbeats import beat
from milieu.keeping.house import raise_for_the_house
from milieu.keeping.locks import Turn
from milieu.keeping.lookout import Lookout
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.record.models import Entry
from milieu.seals import keys, log, witness
from milieu.seals.merkle import leaf_hash
from milieu.seals.note import Checkpoint
from milieu.seals.sealing import seal
from tests.cast import NIGHT, Cast

MIN = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def cast(db):
    return Cast()


def test_a_backup_that_did_not_come_is_an_alert_for_each_facility(cast):
    beat(backup.CHORE, at=NIGHT)
    assert raise_for_the_house(NIGHT + 2 * HOUR - MIN) == 0
    assert raise_for_the_house(NIGHT + 2 * HOUR) == 1
    assert raise_for_the_house(NIGHT + 3 * HOUR) == 0
    (alert,) = unanswered(cast.ivan)
    assert (alert.kind, alert.facility, alert.stay) == ("backup-late", cast.facility, None)


def test_it_is_seen_and_answered_by_those_who_keep_the_house_alone(cast):
    beat(backup.CHORE, at=NIGHT)
    raise_for_the_house(NIGHT + 2 * HOUR)
    (alert,) = unanswered(cast.ivan)
    assert unanswered(cast.mona) == [alert]
    for person in (cast.nora, cast.dana, cast.lena, cast.petra, cast.priya):
        assert unanswered(person) == []
        with pytest.raises(Refusal, match="not on your unit's list"):
            acknowledge(alert.pk, by=person, words="Done", at=NIGHT)
    acknowledge(alert.pk, by=cast.ivan, words="The disk was full", at=NIGHT + 3 * HOUR)
    assert unanswered(cast.ivan) == []


def test_who_keeps_the_house_sees_nothing_of_anyone_in_care(cast):
    cast.order(cast.rosa)
    beat(backup.CHORE, at=NIGHT)
    Lookout().turn()
    assert {alert.kind for alert in unanswered(cast.ivan)} == {"backup-late"}


def test_it_climbs_like_any_other(cast, settings):
    settings.ALERT_SERVICES = ["json://one.example/"]
    beat(backup.CHORE, at=NIGHT)
    raise_for_the_house(NIGHT + 2 * HOUR)
    climb(NIGHT + 2 * HOUR)
    assert Delivery.objects.filter(way=Way.OUTSIDE).count() == 2  # nobody of IT or management


def test_a_look_that_went_well_gives_a_sign_of_life_and_one_that_did_not_gives_none(db, settings):
    settings.HEARTBEAT_URL = "http://127.0.0.1:9/"
    done = []

    def breaks(now):
        raise OSError("Rosa")

    Lookout([breaks, done.append]).turn()
    assert len(done) == 1
    assert not Delivery.objects.filter(way=Way.WATCHDOG).exists()
    look = Lookout([lambda now: 0])
    look.turn()
    look.turn()
    assert Delivery.objects.filter(way=Way.WATCHDOG).count() == 1


def test_the_doctor_says_when_nobody_looks_and_when_messages_do_not_go_out(db, settings):
    now = clock.now()
    assert "Nobody looks for alerts" in readiness.alerts(now).says
    beat(readiness.ALERTS, at=now)
    assert readiness.alerts(now).level == "ok"

    settings.HEARTBEAT_URL = "http://127.0.0.1:9/"
    outbox.send_sign_of_life(now - 10 * MIN)
    outbox.try_again(Delivery.objects.get(), "ConnectionError", at=now)
    found = readiness.alerts(now)
    assert (found.level, found.says) == (
        "note",
        "1 messages of alerts do not go out, the oldest for 10 min: ConnectionError.",
    )
    assert [each.level for each in doctor.look_over(now) if each.name == "alerts"] == ["mend"]
    assert readiness.look(now)["alerts_unsent"] == 1
    assert readiness.look(now)["alerts_unsent_s"] == 600


@pytest.mark.django_db(transaction=True)
def test_one_process_has_the_turn_and_another_gets_it_when_that_ends():
    first, answers = Turn("post"), []

    def another():
        answers.append(Turn("post").mine())
        connection.close()

    assert first.mine()
    assert first.mine()
    thread = threading.Thread(target=another)
    thread.start()
    thread.join()
    assert answers == [False]
    first.end()
    thread = threading.Thread(target=another)
    thread.start()
    thread.join()
    assert answers == [False, True]


def test_an_entry_that_waits_for_its_seal_is_told_to_who_keeps_the_house(cast):
    cast.store(cast.check(cast.rosa))
    stored_at = Entry.objects.as_system("when it was stored").latest("seq").stored_at
    beat(backup.CHORE, at=stored_at)
    assert raise_for_the_house(stored_at + 9 * MIN) == 0
    assert raise_for_the_house(stored_at + 11 * MIN) == 1
    seal(stored_at + 12 * MIN)
    assert [alert.kind for alert in unanswered(cast.ivan)] == ["seal-late"]  # a person closes it


def test_a_phone_that_saw_another_record_is_told_of_until_somebody_answers(cast):
    beat(backup.CHORE, at=NIGHT)
    seal(NIGHT)
    head = Checkpoint(origin=log.origin(cast.facility.pk), size=9, root=leaf_hash(b"another"))
    witness.told(cast.phone, keys.signer().sign(str(head)), NIGHT)
    assert raise_for_the_house(NIGHT + MIN) == 1
    assert raise_for_the_house(NIGHT + 2 * MIN) == 0
    (alert,) = unanswered(cast.mona)
    assert alert.kind == "record-disputed"
