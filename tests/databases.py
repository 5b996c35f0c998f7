"""What the two databases need from the tests: another role, and emptying tables that refuse it."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management.commands import flush
from django.db import connection, connections
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from tests import tables

APP_ROLE = "milieu_app"  # made by postgres.py: owns nothing, may read and write rows
VACUUM_S = 30
# What Django writes into new tables. Written anew after each test, it took nine tenths of emptying.
COME_WITH_TABLES = ("django_content_type", "auth_permission")


@contextmanager
def as_application(owner: str) -> Iterator[None]:
    """Go on as the application's role where there is one, and as ``owner`` again afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        role = APP_ROLE if cursor.fetchone() else owner
    connections.close_all()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["USER"] = owner


def elsewhere(act: Callable[[], Any]) -> Any:
    """Do this over a connection of its own, as another process would; return what it gave."""

    def acted() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(acted).result()


@contextmanager
def another_connection() -> Iterator[psycopg.Connection[Any]]:
    """Yield a second connection to this PostgreSQL, with the rights of the first."""
    known = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name in ("host", "port", "dbname", "user")
    }
    with psycopg.connect(**known) as link:
        yield link


@contextmanager
def tables_copied() -> Iterator[None]:
    """Let Django find the tables in the test's database when it makes them: they are copied."""
    creation = connection.creation
    plain = creation._create_test_db

    def create(*given: Any, **more: Any) -> str:
        name: str = plain(*given, **more)
        kept.append(sqlite3.connect(name, uri=True))  # it is in memory while somebody has it open
        tables.fill(name)
        return name

    kept: list[sqlite3.Connection] = []
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setattr(creation, "_create_test_db", create)
        else:
            template = tables.postgresql(os.environ["MILIEU_DATABASE_URL"])
            patch.setitem(connection.settings_dict["TEST"], "TEMPLATE", template)
        yield
    for link in kept:
        link.close()


@contextmanager
def emptying(owner: str) -> Iterator[None]:
    """Let Django empty the tables after a test that commits, though the record refuses deletion.

    Only the tests can do this: on PostgreSQL it takes the owner of the tables, on SQLite a change
    of the schema.
    """
    plain = connection.ops.execute_sql_flush

    def empty(statements: Sequence[str]) -> None:
        if connection.vendor == "sqlite":
            _empty_sqlite(plain, statements)
        else:
            _empty_postgresql(owner)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "execute_sql_flush", empty)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_given: None)
        yield


def _empty_sqlite(plain: Callable[[Sequence[str]], None], statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        plain([each for each in statements if not any(name in each for name in COME_WITH_TABLES)])
        for _, guard in guards:
            cursor.execute(guard)


def _empty_postgresql(owner: str) -> None:
    """Delete row by row: TRUNCATE makes a new file of each table and index, a thousand of them."""
    parameters = {**connection.get_connection_params(), "user": owner}
    known = {
        name: parameters[name] for name in ("host", "port", "dbname", "user") if name in parameters
    }
    with psycopg.connect(**known) as link:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        any_row = sql.SQL(" UNION ALL ").join(
            sql.SQL("(SELECT {} WHERE EXISTS (SELECT 1 FROM {}))").format(
                name, sql.Identifier(name)
            )
            for name in set(names).difference(COME_WITH_TABLES)
        )
        filled = [sql.Identifier(name) for (name,) in link.execute(any_row)]
        link.execute("SET session_replication_role = replica")  # no guard and no reference is asked
        for table in filled:
            link.execute(sql.SQL("DELETE FROM {}").format(table))


@contextmanager
def new_database() -> Iterator[str]:
    """Yield the address of a PostgreSQL database of a server's own, with its tables; drop it."""
    owner_url = os.environ["MILIEU_DATABASE_URL"]
    name = f"milieu_{uuid4().hex[:12]}"
    tables.copy_postgresql(owner_url, name)
    try:
        yield f"{owner_url.rpartition('/')[0]}/{name}"
    finally:
        drop(owner_url, name)


def drop(owner_url: str, name: str) -> None:
    """Drop a database, whoever is connected to it.

    The server's own vacuum may not be ended by its owner: then it is waited for.
    """
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    patience = time.monotonic() + VACUUM_S
    with psycopg.connect(owner_url, autocommit=True) as link:
        while True:
            try:
                link.execute(drop)
            except InsufficientPrivilege:
                if time.monotonic() > patience:
                    raise
                time.sleep(0.2)
            else:
                return
