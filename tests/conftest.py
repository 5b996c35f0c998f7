"""What every test stands on: the database, the calendar of chance, and no network."""

import gc
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from whitenoise.middleware import WhiteNoiseMiddleware

from tests.cast import Cast
from tests.databases import as_application, emptying, new_database, tables_copied
from tests.running import Server
from tests.tables import give_tables

hypothesis.settings.register_profile(
    "house",
    derandomize=True,  # the same cases on every machine: a failure can be repeated
    deadline=None,  # a busy machine is no reason to fail
    max_examples=100,
)
hypothesis.settings.load_profile("house")

USES_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "server", "server_home"}


def pytest_report_header() -> str:
    """Say which database this run is about."""
    return f"database: {connection.vendor}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database, so that a second one need not repeat the rest."""
    for item in items:
        if item.get_closest_marker("alike"):
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & USES_DATABASE:
            item.add_marker("database")


def pytest_collection_finish() -> None:
    """Let the collector pass over what every test needs: an eighth of the time went into it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(autouse=True)
def _as_in_a_new_process() -> None:
    """Forget what a process keeps: tries of codes and names, and the language of who came last."""
    cache.clear()
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise PermissionError(
                f"A test tried to reach {address[0]}: tests stay on this machine."
            )
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", local_only)
        yield


@pytest.fixture(autouse=True, scope="session")
def _files_found_once() -> Iterator[None]:
    """Look for the files that browsers ask for once in a process, as a server does.

    Every ``Client`` has a server's middleware of its own, which would read some 500 files anew.
    """
    find, known = WhiteNoiseMiddleware.add_files_from_finders, {}

    def find_once(self: WhiteNoiseMiddleware) -> None:
        if settings.LIGHT_FILES not in known:
            find(self)
            known[settings.LIGHT_FILES] = dict(self.files)
        self.files.update(known[settings.LIGHT_FILES])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Have the tables copied, where they would be made anew for each process."""
    with tables_copied():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the tables as their owner; on PostgreSQL the tests go on as the application's role."""
    owner = connection.settings_dict["USER"]
    with ExitStack() as stack:
        stack.enter_context(emptying(owner))
        if connection.vendor == "postgresql":
            with django_db_blocker.unblock():
                stack.enter_context(as_application(owner))
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the people of two units. A file whose people need more has a fixture of its own."""
    return Cast()


@pytest.fixture
def nora(client: Client, cast: Cast) -> Client:
    """Return the browser of a nurse of North, signed in."""
    client.force_login(cast.nora)
    return client


@pytest.fixture
def server_home(tmp_path: Path) -> Path:
    """Return a data folder for a server, with its tables where they are on SQLite."""
    home = tmp_path / "home"
    home.mkdir()
    give_tables(home)
    return home


@pytest.fixture
def server(server_home: Path) -> Iterator[Server]:
    """Yield a real server with an empty database: SQLite, or a new one on this run's PostgreSQL."""
    with ExitStack() as stack:
        environment = {}
        if connection.vendor == "postgresql":
            environment["MILIEU_DATABASE_URL"] = stack.enter_context(new_database())
        running = Server(server_home, **environment)
        stack.callback(running.kill)
        running.start()
        yield running
