"""Backups taken while phones push, and a server put back to an older one."""

import threading
from pathlib import Path

import pytest

from tests.faults.phones import Phone, acknowledged
from tests.faults.test_kill import assert_whole, push_through
from tests.faults.unit import ask
from tests.running import Server, free_port


def backup(server: Server, folder: Path) -> Path:
    """Take a backup and return its file."""
    return Path(server.milieu("backup", "--to", str(folder)).splitlines()[0])


def restore(server: Server, file: Path) -> str:
    """Put a backup back; the server must not run."""
    return server.milieu("restore", str(file), "--yes")


def test_every_backup_taken_while_phones_push_restores_whole(server, phones, tmp_path, long):
    over = threading.Event()
    for phone in phones:
        for _ in range(400):
            phone.write(5)
    pushing = [threading.Thread(target=push_through, args=(phone, over)) for phone in phones]
    for thread in pushing:
        thread.start()
    taken: list[tuple[Path, set[str]]] = []
    try:
        for _ in range(25 if long else 2):
            known = acknowledged(phones)
            taken.append((backup(server, tmp_path / "backups"), known))
    finally:
        over.set()
        for thread in pushing:
            thread.join(30)
    server.stop()

    for file, known in taken:
        restore(server, file)
        found = ask(server, "look")
        assert known - set(found["ids"]) == set()  # whatever was answered before it began
        assert found["without_fact"] == 0
        assert found["twice"] == found["differing"] == []


def test_after_an_older_backup_is_restored_phones_send_again_and_nothing_is_lost(
    server, phones: list[Phone], tmp_path
):
    epoch = phones[0].ask("GET", "/phone/pull").body["epoch"]
    for phone in phones:
        phone.write(5)
        phone.send_all()
    file = backup(server, tmp_path)
    for phone in phones:
        phone.write(5)
        phone.send_all()
    server.stop()

    said = restore(server, file)
    server.start()

    assert "20 entries" not in said  # levels and movements are entries too
    assert phones[0].ask("GET", "/phone/pull").body["epoch"] != epoch
    lost = acknowledged(phones) - set(ask(server, "look")["ids"])
    assert len(lost) == 20
    for phone in phones:
        phone.keep_all()
        phone.send_all()
    assert_whole(server, phones)


def test_two_servers_started_at_once_on_one_folder_are_one_server_and_a_plain_no(server, tmp_path):
    second = Server(server.home, port=free_port(), **settings_of(server))
    with pytest.raises(AssertionError, match=rf"Another server \(process {server.process.pid}\)"):
        second.start()
    assert server.ready()


def settings_of(server: Server) -> dict[str, str]:
    """Return what a second server must be told to use the same database."""
    name = "MILIEU_DATABASE_URL"
    return {name: server.environment[name]} if name in server.environment else {}


def test_a_backup_is_not_restored_under_a_running_server(server, tmp_path):
    file = backup(server, tmp_path)
    with pytest.raises(AssertionError, match=r"Nothing was changed\. Another server"):
        restore(server, file)
    assert server.ready()
