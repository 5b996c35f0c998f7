"""The doctor says in one line each what is so, and what to do."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from milieu.keeping.clocks import check_clock, check_phones
from milieu.keeping.doctor import look_over
from milieu.keeping.findings import to_mend
from milieu.keeping.heartbeats import beat
from milieu.keeping.readiness import unreachable
from milieu.kernel import clock
from tests.cast import NIGHT, Cast
from tests.running import free_port


def of(name, findings):
    return [str(finding) for finding in findings if finding.name == name]


def test_it_looks_at_everything(db):
    names = {finding.name for finding in look_over(clock.now())}
    assert names >= {
        "configuration",
        "storage",
        "database",
        "tables",
        "guards",
        "disk",
        "backup",
        "ticker",
        "clock",
        "phones",
        "https",
    }


def test_tables_of_a_newer_version_must_be_mended_and_no_server_starts_on_them(
    transactional_db, settings
):
    MigrationRecorder(connection).record_applied("census", "9999_what_is_to_come")
    try:
        (said,) = of("tables", look_over(clock.now()))
        assert "A newer Milieu changed these tables (census.9999_what_is_to_come" in said
        settings.PORT = free_port()
        with pytest.raises(CommandError, match="A newer Milieu made these tables"):
            call_command("serve")
    finally:
        MigrationRecorder(connection).record_unapplied("census", "9999_what_is_to_come")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no such table: record_entry", "milieu migrate"),
        ('relation "record_entry" does not exist\nLINE 1: SELECT', "milieu migrate"),
        ('connection failed: FATAL:  database "milleu" does not exist', "Look at the name"),
        ("file is not a database", "The file of the database is damaged"),
        ("database is locked", "another program holds it"),
        ("something else", "Check that it runs."),
    ],
)
@pytest.mark.alike
def test_what_a_database_says_is_told_in_words(said, told):
    assert told in str(unreachable(DatabaseError(said)))


def test_without_a_backup_of_the_last_day_something_must_be_mended(db):
    now = clock.now()
    beat("backup", at=now - timedelta(hours=27))
    assert [finding.name for finding in to_mend(look_over(now))] == ["backup"]

    beat("backup", at=now - timedelta(minutes=20))
    assert to_mend(look_over(now)) == []


def test_a_folder_that_takes_no_backup_must_be_mended(db, settings, tmp_path):
    beat("backup", at=clock.now())
    settings.BACKUPS = tmp_path / "a-file" / "backups"
    (tmp_path / "a-file").touch()

    (said,) = [each for each in to_mend(look_over(clock.now())) if each.name == "backup"]

    assert f"No backup can be written to {settings.BACKUPS}: Not a directory." in str(said)


def test_a_backup_whose_manifest_is_torn_is_noted(db, settings, tmp_path):
    settings.BACKUPS = tmp_path
    for name in ("milieu-1.sqlite3", "milieu-1.sqlite3.json"):
        (tmp_path / name).touch()

    said = " ".join(of("backup", look_over(clock.now())))

    assert f"{tmp_path}/milieu-1.sqlite3.json cannot be read" in said


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="On PostgreSQL the application's role cannot remove one"
)
def test_a_guard_of_the_record_that_somebody_removed_is_named(db):
    connection.cursor().execute("DROP TRIGGER record_entry_no_update")

    (said,) = of("guards", look_over(clock.now()))

    assert "would let the record be changed: record_entry_no_update" in said


def test_a_clock_that_is_behind_what_was_stored_must_be_mended(db):
    now = clock.now()
    beat("ticker", at=now + timedelta(hours=3))

    (finding,) = to_mend(check_clock(now))

    assert "3 h in its future" in finding.says
    assert "timedatectl" in finding.do


def test_a_phone_whose_clock_was_far_off_is_told_and_its_people_are_not(db):
    cast = Cast()
    cast.store(cast.check(cast.rosa, clock_offset_ms=-3 * 3_600_000))

    finding = check_phones(NIGHT + timedelta(hours=1))

    assert finding.level == "note"
    assert "off by 3 h" in finding.says
    assert "Rosa" not in str(finding)


def test_a_phone_a_second_off_is_well(db):
    cast = Cast()
    cast.store(cast.check(cast.rosa, clock_offset_ms=900))
    assert check_phones(NIGHT + timedelta(hours=1)).level == "ok"


def test_as_a_program_it_ends_with_1_and_says_why_in_json(db):
    written = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=written)

    assert ended.value.code == 1
    report = json.loads(written.getvalue())
    assert report["well"] is False
    assert {"name", "level", "says", "do"} == set(report["findings"][0])


def test_each_line_says_what_to_do_where_something_is_to_be_done(db):
    for finding in look_over(clock.now()):
        assert finding.do or finding.level == "ok" or finding.name == "configuration"
