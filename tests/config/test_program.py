"""What the program says of what its operator can mend: a line, and no stack of calls."""

import os
import pwd
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from django.core.management import get_commands

from milieu.config.program import HELP
from milieu.keeping.ports import refuse_port
from milieu.kernel.errors import Refusal
from tests.tables import give_tables

MILIEU = Path(sys.executable).with_name("milieu")


@pytest.mark.parametrize(
    ("command", "changed", "said"),
    [
        ("doctor", {"MILIEU_PORT": "abc"}, "MILIEU_PORT is 'abc'. Use a whole number"),
        ("doctor", {"MILIEU_DATABASE_URL": "mysql://x"}, "must begin with postgresql://"),
        ("doctor", {"MILIEU_PORT": "99999"}, "Use a whole number from 1 to 65535, such as 8000."),
        ("doctor", {"MILIEU_BACKUPS_KEPT": "0"}, "MILIEU_BACKUPS_KEPT is '0'. Use a whole"),
        ("doctor", {"MILIEU_DATABASE_URL": "postgresql://a:b/c@host/d"}, "in a password @ as %40"),
        ("doctor", {"MILIEU_DATABASE_URL": "postgresql://a:b#c@host/d"}, "in a password @ as %40"),
        ("doctor", {"MILIEU_DATABASE_URL": "postgresql://a@host"}, "host:5432/database"),
        ("doctor", {"MILIEU_DATABASE_URL_FILE": "{file}/x"}, "which cannot be read: Not a dir"),
        ("doctor", {"MILIEU_MFA_ROLES": "manager,nures"}, "holds 'nures', which is none of: tech"),
        ("doctor", {"MILIEU_SECRET_KEY": "hello"}, "MILIEU_SECRET_KEY has 5 letters"),
        (
            "doctor",
            {"MILIEU_HEARTBEAT_URL": "hc.elm.example/1"},
            "MILIEU_HEARTBEAT_URL is no whole",
        ),
        ("doctor", {"MILIEU_OIDC_SERVER": "elm.example"}, "MILIEU_OIDC_SERVER is no whole address"),
        ("doctor", {"MILIEU_ALERT_SERVICES": "jsons://a b"}, "number 2 of its addresses"),
        ("doctor", {"MILIEU_PUSH_CONTACT": "it@elm.example"}, "Write it so: mailto:it@"),
        ("doctor", {"MILIEU_HOSTS": "https://north.example"}, "without https://, port or path"),
        ("doctor", {"MILIEU_HOSTS": "north.example south.example"}, "with commas between"),
        ("doctor", {"MILIEU_PUSH_KEY": "abc"}, "MILIEU_PUSH_KEY, or push.key, is not"),
        ("serve", {"MILIEU_HOME": "{file}"}, "a-file: File exists."),
        ("changepassword mona", {}, "not in this database"),
        ("enrol --unit N --name a", {}, "not in this database. Is it the one that MILIEU_HOME"),
        ("backup --to {file}/below", {}, "a-file/below: Not a directory."),
    ],
)
@pytest.mark.alike
def test_what_cannot_be_is_said_in_a_line(tmp_path, command, changed, said):
    file = tmp_path / "a-file"
    file.touch()
    settings = {name: value.format(file=file) for name, value in changed.items()}
    home = tmp_path / "home"
    home.mkdir()
    (home / "milieu.sqlite3").touch()
    done = milieu(home, *command.format(file=file).split(), **settings)

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def own_settings(home):
    return {
        "DJANGO_SETTINGS_MODULE": "milieu.config.settings",
        "MILIEU_DATABASE_URL": "",
        "MILIEU_HOME": str(home),
    }


def milieu(home, *arguments, **settings):
    """Run a command on SQLite in ``home``."""
    return subprocess.run(
        [MILIEU, *arguments],
        stdin=subprocess.DEVNULL,
        env={**os.environ, **own_settings(home), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["doctor", "unit", "seal"])
@pytest.mark.alike
def test_in_a_mistyped_folder_nothing_is_made(tmp_path, command):
    done = milieu(tmp_path / "hoem", command)

    assert done.returncode == 2
    assert "does not exist. Start the server once first: milieu serve. Or put" in done.stderr
    assert not (tmp_path / "hoem").exists()


@pytest.mark.parametrize("part", ["pages", "ticker", "seal"])
@pytest.mark.alike
def test_no_part_works_alone_on_the_tables_of_a_newer_version(tmp_path, part):
    give_tables(tmp_path)
    with sqlite3.connect(tmp_path / "milieu.sqlite3") as tables:
        tables.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)",
            ["census", "9999_what_is_to_come", "2099-01-01"],
        )
    tables.close()
    done = milieu(tmp_path, part)

    assert done.returncode == 1
    assert done.stderr.startswith("milieu: A newer Milieu made these tables: this one does not")


@pytest.mark.alike
def test_help_lists_our_commands_and_the_version_is_ours(tmp_path):
    named = {word for line in HELP.splitlines() if line.startswith("  ") for word in line.split()}
    ours = {name for name, app in get_commands().items() if str(app).startswith("milieu.")}
    assert ours - named == set()

    assert milieu(tmp_path / "none", "--help").stdout == HELP == milieu(tmp_path / "none").stdout
    assert milieu(tmp_path / "none", "--version").stdout == f"milieu {version('milieu')}\n"
    assert not (tmp_path / "none").exists()


@pytest.mark.alike
def test_ctrl_c_leaves_a_line(tmp_path):
    give_tables(tmp_path)
    waiting = subprocess.Popen(
        [MILIEU, "seal"],
        env={**os.environ, **own_settings(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    patience = time.monotonic() + 30
    while not (tmp_path / "work.lock").exists() and time.monotonic() < patience:
        time.sleep(0.05)
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=20)
    assert (said, waiting.returncode) == ("milieu: Stopped.\n", 130)


@pytest.mark.skipif(os.geteuid() != 0, reason="about root")
@pytest.mark.alike
def test_root_leaves_the_data_of_another_user_as_it_is_and_is_told_how(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)

    done = milieu(home, "doctor")

    name = pwd.getpwuid(65534).pw_name
    assert done.returncode == 1
    assert f"Run: sudo -u {name} env MILIEU_HOME={home} milieu" in done.stderr
    assert list(home.iterdir()) == []


@pytest.mark.alike
def test_names_that_mean_nothing_are_told_with_the_one_that_was_meant(tmp_path):
    give_tables(tmp_path)
    done = milieu(tmp_path, "doctor", MILIEU_BACKUP="/mnt", MILIEU_IMAGE="3")

    assert "MEND  configuration  MILIEU_BACKUP is set and means nothing" in done.stdout
    assert "Was MILIEU_BACKUPS meant?" in done.stdout
    assert "note  configuration  MILIEU_IMAGE is set and means nothing" in done.stdout


@pytest.mark.alike
def test_a_key_that_is_empty_is_not_used(tmp_path):
    for name in ("milieu.sqlite3", "secret.key"):
        (tmp_path / name).touch()
    done = milieu(tmp_path, "doctor")

    assert done.returncode == 1
    assert "secret.key is empty. Put the copy back" in done.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("--tls localhost --https-port 99999", "Use a whole number from 1 to 65535"),
        ("--tls localhost --https-port 8000", "must be three different ports"),
        ("--workers 0", "Use a whole number from 1 to 64"),
    ],
)
@pytest.mark.alike
def test_ports_and_workers_that_cannot_be_are_said_before_anything_begins(tmp_path, asked, said):
    done = milieu(tmp_path / "home", "serve", *asked.split(), MILIEU_PORT="8000")

    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.alike
def test_https_on_a_port_that_is_taken_anywhere_on_the_machine_is_refused(tmp_path):
    with socket.create_server(("127.0.0.2", 0)) as taken:
        number = taken.getsockname()[1]
        asked = ("--tls", "localhost", "--https-port", str(number), "--http-port", "8081")
        done = milieu(tmp_path / "home", "serve", *asked)

    assert done.returncode != 0
    assert f"Another program listens on port {number}." in done.stderr
    assert "Milieu" not in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user here")
@pytest.mark.alike
def test_https_on_a_port_that_this_user_may_not_have_is_refused():
    def refused_as_nobody():
        os.seteuid(65534)
        try:
            refuse_port(81, "--http-port", address="", by_caddy=True)
        finally:
            os.seteuid(0)

    with pytest.raises(Refusal, match="may not listen on port 81"):
        refused_as_nobody()
