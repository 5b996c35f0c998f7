"""A restore on PostgreSQL leaves no spare database behind, however it ends."""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.databases import new_database
from tests.running import Server

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL's databases"),
]


@pytest.fixture
def address(django_db_setup):
    with new_database() as address:
        yield address


def beginning_with(name: str, address: str) -> list[str]:
    with psycopg.connect(address) as link:
        found = link.execute("SELECT datname FROM pg_database ORDER BY datname").fetchall()
    return [other for (other,) in found if other.startswith(name)]


def test_nobody_is_cut_off_and_what_was_cut_off_before_is_cleared_away(
    address: str, tmp_path: Path
):
    name = urlsplit(address).path.lstrip("/")
    server = Server(tmp_path / "home", MILIEU_DATABASE_URL=address)
    server.milieu("migrate", "--verbosity=0")
    file = server.milieu("backup", "--to", str(tmp_path)).splitlines()[0]

    with psycopg.connect(address, autocommit=True) as link:
        left = sql.Identifier(f"{name}_restoring_20260302T030000Z")
        link.execute(sql.SQL("CREATE DATABASE {}").format(left))
        with pytest.raises(AssertionError, match=r"Nothing was changed\. Another program is"):
            server.milieu("restore", file, "--yes")

    said = server.milieu("restore", file, "--yes")
    now, aside = beginning_with(name, address)
    assert now == name
    assert f"kept at {aside}" in said
    with psycopg.connect(address.replace(name, "milieu"), autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(aside)))
