"""The demo is forgotten only where no server works on it."""

import fcntl

import pytest

from tests.running import Server

pytestmark = pytest.mark.alike


def test_a_demo_that_is_served_is_not_forgotten(tmp_path):
    (tmp_path / "invented").touch()
    database = tmp_path / "milieu.sqlite3"
    database.write_text("before")
    server = Server(tmp_path, MILIEU_DEMO="yes", MILIEU_DATABASE_URL="")
    with (tmp_path / "serve.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AssertionError, match=r"A server works on .*\. End that one first"):
            server.milieu("demo", "--fresh", "--no-serve")
    assert database.read_text() == "before"
