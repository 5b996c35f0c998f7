"""SQLite on a disk that remembers every write and sync, so that its power can be cut at any moment.

A write may be lost, torn at a sector or overtaken by a later one until a sync of its file has
returned. A deleted file may come back until its folder was synced, by itself or with a new file.
"""

import random
from pathlib import Path
from typing import Any, NamedTuple

import apsw

SECTOR = 512  # bytes that a disk writes whole or not at all


class Operation(NamedTuple):
    """One thing that was asked of the disk. ``what``: write, sync, cut (truncate), remove."""

    what: str
    file: str
    offset: int = 0
    data: bytes = b""


class Disk(apsw.VFS):
    """A file system that works as usual, and keeps a list of what was asked of it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "unix")
        self.name = name
        self.operations: list[Operation] = []

    def xOpen(self, name: Any, flags: list[int]) -> "Watched":  # noqa: N802 (SQLite's word)
        return Watched(self, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:  # noqa: N802, FBT001 (SQLite's)
        super().xDelete(name, sync_folder)
        what = "remove" if sync_folder else "remove, some time"
        self.operations.append(Operation(what, Path(name).name))


class Watched(apsw.VFSFile):
    """One open file."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        self.disk = disk
        self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name).name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 (SQLite's word)
        super().xWrite(data, offset)
        self.disk.operations.append(Operation("write", self.name, offset, bytes(data)))

    def xSync(self, flags: int) -> None:  # noqa: N802 (SQLite's word)
        super().xSync(flags)
        self.disk.operations.append(Operation("sync", self.name))

    def xTruncate(self, size: int) -> None:  # noqa: N802 (SQLite's word)
        super().xTruncate(size)
        self.disk.operations.append(Operation("cut", self.name, size))


class Medium:
    """What of all that was asked has reached the medium for certain, and what is on its way."""

    def __init__(self) -> None:
        self.durable: dict[str, bytearray] = {}
        self.pending: dict[str, list[Operation]] = {}
        self.ghosts: dict[str, bytearray] = {}  # removed, but their folder was not synced

    def ask(self, one: Operation) -> None:
        """Take one operation in."""
        if one.what == "sync":
            self._sync(one.file)
        elif one.what.startswith("remove"):
            removed = self.durable.pop(one.file, None)
            self.pending.pop(one.file, None)
            if removed is not None and one.what != "remove":
                self.ghosts[one.file] = removed
        else:
            self.pending.setdefault(one.file, []).append(one)

    def _sync(self, file: str) -> None:
        if file not in self.durable:  # SQLite syncs the folder with a new journal
            self.ghosts.clear()
        for one in self.pending.pop(file, []):
            apply(self.durable.setdefault(file, bytearray()), one)

    def after_power_cut(self, chance: random.Random) -> dict[str, bytes]:
        """Return the files as they may be found when power goes now."""
        back = {file: content for file, content in self.ghosts.items() if chance.random() < 0.5}
        found = {file: bytearray(content) for file, content in (back | self.durable).items()}
        for file, waiting in self.pending.items():
            for one in survivors(waiting, chance):
                apply(found.setdefault(file, bytearray()), one)
        return {file: bytes(content) for file, content in found.items()}


def survivors(waiting: list[Operation], chance: random.Random) -> list[Operation]:
    """Return what of the writes that were not synced reached the disk: none, some, or all."""
    fate = chance.random()
    if fate < 0.25:
        return []
    if fate > 0.6:
        return [part for one in waiting for part in torn(one, chance)]
    return [part for one in waiting if chance.random() < 0.5 for part in torn(one, chance)]


def torn(one: Operation, chance: random.Random) -> list[Operation]:
    """Return a write, or now and then only some of its sectors."""
    if one.what != "write" or chance.random() > 0.2:
        return [one]
    return [
        Operation("write", one.file, one.offset + start, one.data[start : start + SECTOR])
        for start in range(0, len(one.data), SECTOR)
        if chance.random() < 0.5
    ]


def apply(content: bytearray, one: Operation) -> None:
    """Do one operation to a file's content."""
    if one.what == "cut":
        del content[one.offset :]
        return
    if len(content) < one.offset:
        content.extend(bytes(one.offset - len(content)))
    content[one.offset : one.offset + len(one.data)] = one.data
