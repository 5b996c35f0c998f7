"""A real server with a unit in it, shared by the tests of one file, and phones that speak to it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection

from tests.databases import new_database
from tests.faults.phones import Phone, phones_of
from tests.faults.unit import ask
from tests.running import Server
from tests.tables import give_files, give_tables


@pytest.fixture
def long() -> bool:
    """Whether there is time: ``MILIEU_FAULTS=long`` repeats what is random more often."""
    return os.environ.get("MILIEU_FAULTS") == "long"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Any]]:
    """Yield a server and the unit in it. Starting one takes seconds."""
    with ExitStack() as stack:
        environment, home = {}, tmp_path_factory.mktemp("home")
        if connection.vendor == "postgresql":
            environment["MILIEU_DATABASE_URL"] = stack.enter_context(new_database())
        else:
            give_tables(home)
        give_files(home)
        server = Server(home, **environment)
        stack.callback(server.kill)
        server.start()
        yield server, ask(server, "make")


@pytest.fixture
def server(house: tuple[Server, Any]) -> Server:
    """Return the server, running, whatever the test before did to it."""
    running, _ = house
    if not running.ready():
        running.kill()
        running.start()
    return running


@pytest.fixture
def phones(server: Server, house: tuple[Server, Any]) -> list[Phone]:
    """Return four phones of North with Dana at work on each; they have written nothing yet."""
    return phones_of(server, house[1])
