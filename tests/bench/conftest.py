"""Runs of the bench find their tables and packed files made: making them is no part of a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from milieu.bench import board, histories, ingest, proof
from milieu.bench.serving import new_home
from tests.tables import give_files, give_tables


@contextmanager
def home_with_tables() -> Iterator[Path]:
    with new_home() as folder:
        give_tables(folder)
        give_files(folder)
        yield folder


@pytest.fixture(autouse=True)
def _homes_with_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    for bench in (board, histories, ingest, proof):
        monkeypatch.setattr(bench, "new_home", home_with_tables)
