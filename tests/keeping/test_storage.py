"""A server refuses to start on storage that would lose what phones were told is stored."""

import pytest
from django.conf import settings as house
from django.core.management import CommandError, call_command
from django.db import connection

from milieu.keeping.findings import to_mend
from milieu.keeping.rules import journal_mode, synchronous_needed
from milieu.keeping.storage import check_storage


def told_to_mend():
    return " ".join(str(finding) for finding in to_mend(check_storage()))


def test_as_it_is_shipped_nothing_must_be_mended(transactional_db):
    assert told_to_mend() == ""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite's settings")
@pytest.mark.parametrize(
    ("change", "back", "said"),
    [
        ("synchronous = NORMAL", "synchronous = FULL", "syncs too little"),
        ("synchronous = OFF", "synchronous = FULL", "syncs too little"),
    ],
)
def test_sqlite_that_syncs_too_little_is_named(transactional_db, change, back, said):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {change}")
        try:
            assert said in told_to_mend()
        finally:
            cursor.execute(f"PRAGMA {back}")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL's settings")
def test_postgresql_that_answers_before_it_wrote_is_named(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            assert "synchronous_commit off" in told_to_mend()
        finally:
            cursor.execute("RESET synchronous_commit")


@pytest.mark.parametrize("name", ["secret", "seal", "tag", "push"])
def test_a_secret_that_others_can_read_is_named(transactional_db, name):
    key = house.HOME / f"{name}.key"
    key.chmod(0o644)
    try:
        assert f"chmod 600 {key}" in told_to_mend()
    finally:
        key.chmod(0o400)


def test_debugging_is_named(transactional_db, settings):
    settings.DEBUG = True
    assert "DEBUG is on" in told_to_mend()


def test_serve_does_not_start_on_what_must_be_mended(transactional_db, settings):
    settings.DEBUG = True
    with pytest.raises(CommandError, match=r"Not started\. DEBUG is on"):
        call_command("serve")


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 40, 1), "TRUNCATE"), ((3, 51, 2), "TRUNCATE"), ((3, 51, 3), "WAL"), ((4, 0, 0), "WAL")],
)
def test_wal_is_used_only_where_it_cannot_corrupt(version, journal):
    assert journal_mode(version) == journal


def test_a_deleted_journal_needs_its_folder_synced_too():
    assert synchronous_needed("delete") > synchronous_needed("truncate")
