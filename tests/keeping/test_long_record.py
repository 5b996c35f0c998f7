"""What the house asks again and again costs the same after ten years as on the first day.

On PostgreSQL a plan is made once for any values, so that it is quick for one question and slow for
the next is a matter of how each is worded. Every statement is explained as it would be planned.
"""

import re
from itertools import count

import psycopg
import pytest
from django.db import connection, connections

from milieu.keeping.lookout import LOOKS
from milieu.record.models import Entry
from milieu.rounds.contradicted import against
from milieu.rounds.models import SafetyCheck
from milieu.seals.models import Leaf
from milieu.seals.sealing import seal
from tests.cast import NIGHT, Cast
from tests.databases import new_database

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans each question anew"),
]
CHECKS = 30_000
GROWING = "|".join(model._meta.db_table for model in (Entry, SafetyCheck, Leaf))


@pytest.fixture(scope="module")
def long_record(django_db_setup, django_db_blocker):
    """Work on a database of its own, whose planner knows how much there is."""
    usual = connection.settings_dict["NAME"]
    with new_database() as address, django_db_blocker.unblock():
        connections.close_all()
        connection.settings_dict["NAME"] = address.rpartition("/")[2]
        try:
            _fill()
            with psycopg.connect(address, autocommit=True) as owner:
                owner.execute("VACUUM ANALYZE")
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = usual


def _fill():
    """Copy one check many times."""
    cast = Cast()
    cast.store(cast.check(cast.rosa))
    newest = Entry.objects.as_system("test").get(kind="round.check")
    seal(NIGHT)
    copies = {
        Entry: {"seq": "-n", "entry_id": "gen_random_uuid()", "device_seq": "n"},
        SafetyCheck: {"entry_id": "-n"},
        Leaf: {"entry_id": "-n", "number": "number + n"},
    }
    with connection.cursor() as cursor:
        for model, instead in copies.items():
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                f"INSERT INTO {table} ({_columns(model)}) OVERRIDING SYSTEM VALUE "  # noqa: S608
                f"SELECT {_columns(model, **instead)} "
                f"FROM {table}, generate_series(1, %s) AS n WHERE {key} = %s",
                [CHECKS, newest.seq],
            )


def contradicted(now):
    """Look for what contradicts one tap, as a person's page does."""
    against([SafetyCheck(pk=1, tag_uid="04" * 7, tag_counter=3, shown_at=now)])


@pytest.mark.parametrize("look", [*LOOKS, seal, contradicted], ids=lambda look: look.__qualname__)
def test_no_look_reads_a_record_from_end_to_end(long_record, look):
    asked = []

    def noted(ask, sql, *more):
        asked.append(sql)
        return ask(sql, *more)

    with connection.execute_wrapper(noted):
        look(NIGHT)
        look(NIGHT)  # the first may reach further back
    for sql in filter(re.compile("SELECT").match, asked):
        plan = _plan(sql)
        assert not re.search(rf"Seq Scan on ({GROWING})", plan), f"{sql}\n{plan}"


def _plan(sql):
    places = count(1)
    numbered = re.sub("%s", lambda _: f"${next(places)}", sql).encode()
    explain = b"EXPLAIN (GENERIC_PLAN) " + numbered
    link = connection.connection
    return "\n".join(line for (line,) in link.execute(explain, prepare=False))


def _columns(model, **instead):
    names = [field.column for field in model._meta.concrete_fields]
    return ", ".join(instead.get(name, name) for name in names)
