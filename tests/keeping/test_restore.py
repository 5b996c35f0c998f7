"""What a restore on SQLite takes, its last step, and what happens when the machine stops in it."""

import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from milieu.keeping import opened, sqlite
from milieu.kernel.errors import Refusal
from tests.running import PROGRAM, Server

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite's files")
AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return where the database is: one of before, and a draft laid ready beside it."""
    here = tmp_path / "milieu.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(here))
    monkeypatch.setattr(connection, "close", lambda: None)
    here.write_text("before")
    Path(sqlite.draft_name(AT)).write_text("restored")
    return here


def test_what_was_there_is_kept_and_the_backup_is_in_its_place(here):
    aside = Path(sqlite.swap_in(sqlite.draft_name(AT), at=AT))

    assert (here.read_text(), (aside / here.name).read_text()) == ("restored", "before")
    sqlite.refuse_halfway()


def test_a_restore_that_was_cut_off_between_two_files_is_not_taken_for_a_new_server(
    here, monkeypatch
):
    rename = Path.rename

    def cut_off(path, target):
        if path.name.startswith("restoring-"):
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as power:
        power.setattr(Path, "rename", cut_off)
        with pytest.raises(KeyboardInterrupt):
            sqlite.swap_in(sqlite.draft_name(AT), at=AT)

    with pytest.raises(Refusal) as refusal:
        sqlite.refuse_halfway()
    assert refusal.value.code == "restore-again"

    again = AT.replace(minute=5)
    Path(sqlite.draft_name(again)).write_text("restored")
    sqlite.swap_in(sqlite.draft_name(again), at=again)
    sqlite.refuse_halfway()
    assert sorted(path.name for path in here.parent.iterdir()) == ["aside", here.name]


def test_tables_of_a_newer_version_are_refused(db):
    opened.refuse_newer("this backup")
    MigrationRecorder(connection).record_applied("census", "9999_what_is_to_come")

    with pytest.raises(Refusal, match=r"does not know census\.9999_what_is_to_come"):
        opened.refuse_newer("this backup")


def refused(home: Path, *arguments: str) -> str:
    """Return what ``milieu`` says in place of doing this, in a line."""
    with pytest.raises(AssertionError) as said:
        Server(home).milieu(*arguments)
    assert "Traceback" not in str(said.value)
    return str(said.value)


@pytest.mark.parametrize("made", ["nothing", "CREATE TABLE letter (said TEXT)"])
def test_what_holds_no_record_takes_no_records_place_whatever_was_said(server_home, tmp_path, made):
    file = tmp_path / "letters.sqlite3"
    file.touch()
    if made != "nothing":
        with closing(sqlite3.connect(file)) as link:
            link.execute(made)
    before = (server_home / "milieu.sqlite3").read_bytes()

    said = refused(server_home, "restore", str(file), "--unverified", "--yes")

    assert "Nothing was changed. This file holds no record of Milieu." in said
    assert (server_home / "milieu.sqlite3").read_bytes() == before
    assert not list(server_home.glob("restoring-*"))


def test_nothing_is_restored_under_a_part_that_runs_alone(server_home, tmp_path):
    server = Server(server_home)
    file = server.milieu("backup", "--to", str(tmp_path)).splitlines()[0]
    ticker = subprocess.Popen([PROGRAM, "ticker"], env=server.environment)
    try:
        patience = time.monotonic() + 30
        while not (server_home / "work.lock").exists() and time.monotonic() < patience:
            time.sleep(0.05)
        time.sleep(0.1)  # from making it to holding it
        said = refused(server_home, "restore", file, "--yes")
    finally:
        ticker.terminate()
        ticker.wait(20)
    assert "Nothing was changed. A part of Milieu (pages, ticker or seal) still works" in said

    assert "Restored" in server.milieu("restore", file, "--yes")
