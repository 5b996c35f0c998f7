"""Who owns the database can cut the log back and let it be sealed anew: only witnesses know."""

import pytest
from django.db import connection

from milieu.seals import log, witness
from milieu.seals.sealing import seal
from tests.cast import NIGHT
from tests.seals.test_checking import cast, found, run  # noqa: F401 (cast is a fixture)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="as in test_checking.py"),
]


def test_a_log_that_was_cut_back_and_sealed_anew_is_whole_and_a_phone_knows_better(cast):  # noqa: F811
    seen = log.newest_head(cast.facility.pk).note
    for table in ("seals_head", "seals_node", "seals_leaf"):
        run(f"DELETE FROM {table}")  # noqa: S608
    run("UPDATE rounds_safetycheck SET note = 'calm' WHERE entry_id = 9")
    seal(NIGHT, whole=True)

    assert found(cast) == []  # nothing inside the database tells
    for memory in (witness._told, witness._found, witness._noted):
        memory.clear()
    assert witness.told(cast.phone, seen, NIGHT)["head_found"] is False
