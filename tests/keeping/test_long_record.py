"""What is asked again and again costs the same after ten years as on the first day.

Whether the way to an answer leads through the whole record is a matter of how each question is
worded. PostgreSQL looks for one that suits the values, or any values where it is prepared, and how
much there is; SQLite, which is never told that, goes by the words. So every statement is explained
as it is planned.
"""

import re
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from milieu.keeping.lookout import LOOKS
from milieu.kernel import clock
from milieu.record.models import Entry
from milieu.rounds.contradicted import against
from milieu.rounds.models import SafetyCheck
from milieu.seals.models import Leaf
from milieu.seals.sealing import seal
from tests.cast import Cast
from tests.databases import new_database
from tests.routes import BACKEND, addresses

PEOPLE = 30
CHECKS = 1000  # of each
JOINED = 20  # tables that one question may join: PostgreSQL plans 46 of them for 0.2 s, each time
GROWING = "|".join(model._meta.db_table for model in (Entry, SafetyCheck, Leaf))


@pytest.fixture
def cast(long_record, db):
    """Return a cast whose record is long. SQLite plans the same for an empty one."""
    return long_record or Cast()


@pytest.fixture(scope="module")
def long_record(django_db_setup, django_db_blocker):
    """Work on a database of its own: many people have been here for three years."""
    if connection.vendor != "postgresql":
        yield None
        return
    usual = connection.settings_dict["NAME"]
    with new_database() as address, django_db_blocker.unblock():
        connections.close_all()
        connection.settings_dict["NAME"] = address.rpartition("/")[2]
        try:
            cast = Cast()
            _fill(cast)
            with psycopg.connect(address, autocommit=True) as owner:
                owner.execute("VACUUM ANALYZE")  # so that the planner knows how much there is
            yield cast
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = usual


def _fill(cast):
    """Copy a check of everybody into the past, many times, a day apart."""
    now = clock.now()
    stays = [cast.rosa, *(cast.arrive("Ada", str(number)) for number in range(PEOPLE))]
    cast.store(*(cast.check(stay, now) for stay in stays))
    seal(now)
    earlier = {
        name: f"{name} - n * interval '1 day'"
        for name in ("happened_at", "written_at", "stored_at", "counted_at")
    }
    number = "- n * 1000"
    copies = {
        Entry: {"seq": f"seq {number}", "entry_id": "gen_random_uuid()", **earlier},
        SafetyCheck: {"entry_id": f"entry_id {number}"},
        Leaf: {"entry_id": f"entry_id {number}", "number": f"number {number}"},
    }
    checks = Entry.objects.as_system("test").filter(kind="round.check")
    seqs = list(checks.values_list("seq", flat=True))
    with connection.cursor() as cursor:
        for model, instead in copies.items():
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                f"INSERT INTO {table} ({_columns(model)}) OVERRIDING SYSTEM VALUE "  # noqa: S608
                f"SELECT {_columns(model, **instead)} "
                f"FROM {table}, generate_series(1, %s) AS n WHERE {key} = ANY(%s)",
                [CHECKS, seqs],
            )


def contradicted(now):
    """Look for what contradicts one tap, as a person's page does."""
    against([SafetyCheck(pk=1, tag_uid="04" * 7, tag_counter=3, shown_at=now)])


@pytest.mark.parametrize("look", [*LOOKS, seal, contradicted], ids=lambda look: look.__qualname__)
def test_no_look_of_the_house_reads_a_record_from_end_to_end(cast, look):
    with _asked() as asked:
        look(clock.now())
        look(clock.now())  # the first may reach further back
    _hold_to_indexes(asked)


@pytest.mark.parametrize("role", ["nora", "mona"])
def test_no_page_of_a_unit_or_a_person_reads_a_record_from_end_to_end(cast, role):
    reader = Client()
    reader.force_login(getattr(cast, role), backend=BACKEND)
    opened = 0
    for address in addresses():
        for what in ({"unit_id": cast.north.pk}, {"stay_id": cast.john.pk}):
            try:
                url = reverse(address.name, kwargs=what)
            except NoReverseMatch:
                continue
            with _asked() as asked:
                opened += reader.get(url).status_code == 200
            _hold_to_indexes(asked)
    assert opened > 30


@contextmanager
def _asked():
    """Yield what is asked from now on: each statement, with its values where they are known."""
    said = []

    def noted(ask, sql, values, *more):
        said.append((sql, values))
        return ask(sql, values, *more)

    with connection.execute_wrapper(noted), CaptureQueriesContext(connection) as all_said:
        yield said
    # What PostgreSQL is asked together goes past the wrapper, and has its places still.
    said += [(each["sql"], None) for each in all_said if "%s" in each["sql"]]


def _hold_to_indexes(asked):
    for sql, values in asked:
        if sql.startswith("SELECT"):
            assert all(part.count(" JOIN ") <= JOINED for part in sql.split(" UNION ")), sql
            plan = _plan(sql, values)
            also = re.findall(rf'"(?:{GROWING})" ([A-Z]\d+)', sql)  # SQLite names them so
            walk = rf"(Seq Scan on|SCAN) ({'|'.join([GROWING, *also])})\b"
            assert not re.search(walk, plan), f"{sql}\n{plan}"


def _plan(sql, values):
    """Return how a statement is done: with its values, or for any where they are not known."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            return "\n".join(said for *_, said in cursor.fetchall())
    with connection.cursor() as cursor:
        if values is None:
            places = count(1)
            sql = "(GENERIC_PLAN) " + re.sub("%s", lambda _: f"${next(places)}", sql)
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


def _columns(model, **instead):
    names = [field.column for field in model._meta.concrete_fields]
    return ", ".join(instead.get(name, name) for name in names)
