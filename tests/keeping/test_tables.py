"""A new database: its tables are what all migrations lead to, made in one step."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from milieu.keeping.tables import empty, make_tables
from milieu.record.guards import AppendOnly
from tests.databases import drop

pytestmark = pytest.mark.database

EVERYTHING = """
SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length,
  is_identity, identity_generation, collation_name
  FROM information_schema.columns WHERE table_schema = 'public';
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, condeferred
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace;
SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public';
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
  WHERE NOT tgisinternal;
SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace;
SELECT sequencename, data_type, start_value, increment_by FROM pg_sequences
"""


@pytest.fixture(autouse=True)
def _other_databases(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let these tests use databases of their own."""
    with django_db_blocker.unblock():
        yield


@contextmanager
def nothing(folder: Any) -> Iterator[Any]:
    """Yield a connection to an empty database, as the one who makes its tables."""
    alias = f"empty_{uuid4().hex[:12]}"
    own: dict[str, Any] = {"NAME": str(folder / f"{alias}.sqlite3")}
    if connection.vendor == "postgresql":
        owner_url = os.environ["MILIEU_DATABASE_URL"]
        own = {"NAME": alias, "USER": conninfo_to_dict(owner_url)["user"]}
        with psycopg.connect(owner_url, autocommit=True) as link:
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(alias)))
    connections.databases[alias] = connections.databases["default"] | own
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias], connections.databases[alias]
        if connection.vendor == "postgresql":
            drop(owner_url, alias)


def described(database: Any) -> list[Any]:
    """Return all that a database has been told to keep and to refuse, in no order of its own."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            return [sorted(asked(cursor, question), key=str) for question in EVERYTHING.split(";")]
        made = "SELECT type, name, tbl_name, sql FROM sqlite_master"
        return sorted((*named, columns(words or "")) for *named, words in asked(cursor, made))


def asked(cursor: Any, question: str) -> list[Any]:
    cursor.execute(question)
    return list(cursor.fetchall())


def columns(words: str) -> list[str]:
    """Take a statement apart at its commas: SQLite keeps the order in which columns came."""
    return sorted(re.split(r", (?=[\"A-Z])", words.removesuffix(")")))


def rows(database: Any) -> dict[str, int]:
    """Return how many rows each table has."""
    with database.cursor() as cursor:
        return {
            name: asked(cursor, f'SELECT count(*) FROM "{name}"')[0][0]  # noqa: S608
            for name in database.introspection.table_names()
        }


def test_a_new_database_is_what_every_migration_since_the_first_leads_to(tmp_path):
    with nothing(tmp_path) as at_once, nothing(tmp_path) as step_by_step:
        said = StringIO()
        call_command("migrate", database=at_once.alias, stdout=said)
        assert said.getvalue().startswith("Made ")
        executor = MigrationExecutor(step_by_step)
        executor.migrate(executor.loader.graph.leaf_nodes())
        call_command("migrate", database=step_by_step.alias, verbosity=0)

        assert described(at_once) == described(step_by_step)
        assert rows(at_once) == rows(step_by_step)


def test_of_tables_that_cannot_all_be_made_none_is_there_and_the_next_try_makes_them(
    tmp_path, monkeypatch
):
    with nothing(tmp_path) as database:
        with monkeypatch.context() as patch:
            patch.setattr(AppendOnly, "put_on", full)
            with pytest.raises(OSError, match="full"):
                make_tables(database)
        assert empty(database)

        make_tables(database)
        assert not empty(database)


def full(*_: Any) -> None:
    raise OSError("The disk is full.")


def test_a_database_that_has_tables_is_left_to_migrations(tmp_path):
    with nothing(tmp_path) as database:
        call_command("migrate", "contenttypes", database=database.alias, verbosity=0)

        assert not empty(database)
        assert set(rows(database)) == {"django_migrations", "django_content_type"}
