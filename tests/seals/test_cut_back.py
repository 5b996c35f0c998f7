"""Who owns the database can cut the log back and have it sealed anew: only who is outside knows."""

import pytest
from django.conf import settings
from django.db import connection

from milieu.alerts.kinds import RECORD_DISPUTED
from milieu.alerts.models import Alert
from milieu.keeping.house import raise_for_the_house
from milieu.seals import beside, log, witness
from milieu.seals.alarms import damaged
from milieu.seals.log import Damaged
from milieu.seals.sealing import seal
from tests.cast import NIGHT
from tests.seals.test_checking import cast, found, run  # noqa: F401 (cast is a fixture)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="as in test_checking.py"),
]


@pytest.fixture
def cut(cast):  # noqa: F811
    """A record of which the log was thrown away and a note changed. Return the head of before."""
    seen = log.newest_head(cast.facility.pk).note
    for table in ("seals_head", "seals_node", "seals_leaf"):
        run(f"DELETE FROM {table}")  # noqa: S608
    run("UPDATE rounds_safetycheck SET note = 'calm' WHERE entry_id = 9")
    return seen


def test_the_head_beside_the_key_lets_nothing_be_sealed_anew(cast, cut):  # noqa: F811
    with pytest.raises(Damaged, match="does not begin with them"):
        seal(NIGHT, whole=True)
    assert list(damaged()) == [cast.facility.code]
    assert "does not begin with them" in found(cast)[-1]
    raise_for_the_house(NIGHT)
    assert RECORD_DISPUTED in {alert.kind for alert in Alert.objects.as_system("a test")}


def test_a_log_that_grew_as_long_again_is_not_the_one_that_was_signed(cast, cut):  # noqa: F811
    kept = settings.SEAL_HEADS / f"{cast.facility.pk}.txt"
    signed = kept.read_text()
    kept.unlink()
    seal(NIGHT, whole=True)
    kept.write_text(signed)
    with pytest.raises(Damaged):
        beside.refuse_if_lost(cast.facility.pk)


def test_a_head_that_somebody_wrote_themselves_is_none(cast):  # noqa: F811
    kept = settings.SEAL_HEADS / f"{cast.facility.pk}.txt"
    kept.write_text(kept.read_text().replace("26", "10"))
    assert list(damaged()) == [cast.facility.code]


def test_after_a_restore_the_log_may_begin_again(cast, cut):  # noqa: F811
    beside.set_aside("before-a-restore")
    assert seal(NIGHT, whole=True)
    assert list(damaged()) == []


def test_a_phone_knows_even_where_nothing_of_it_is_left_on_the_server(cast, cut):  # noqa: F811
    beside.set_aside("taken-away")
    seal(NIGHT, whole=True)

    assert found(cast) == []
    for memory in (witness._told, witness._found, witness._noted):
        memory.clear()
    assert witness.told(cast.phone, cut, NIGHT)["head_found"] is False
