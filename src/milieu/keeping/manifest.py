"""What stands beside a backup and makes it one: what it holds, and the hash to know it by."""

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from milieu.kernel.errors import Refusal
from milieu.kernel.files import write_whole

SUFFIX = ".json"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Written when a backup has been verified, and only then."""

    milieu: str  # the version that made it
    database: str  # sqlite or postgresql
    server: str  # SQLite's or PostgreSQL's version
    made_at: datetime
    epoch: str
    entries: int
    log_position: int
    bytes: int
    sha256: str
    took_s: float


def manifest_path(backup: Path) -> Path:
    """Return where the manifest of a backup stands."""
    return backup.with_name(backup.name + SUFFIX)


def write(backup: Path, manifest: Manifest) -> None:
    """Put the manifest beside its backup, whole or not at all."""
    said = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    write_whole(manifest_path(backup), said)


def read(backup: Path) -> Manifest | None:
    """Return a backup's manifest; None when there is none.

    Raises:
        Refusal ``manifest-unreadable``.
    """
    try:
        return msgspec.json.decode(manifest_path(backup).read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as fault:
        raise Refusal(
            "manifest-unreadable",
            f"{manifest_path(backup)} cannot be read. Take another backup, or name --unverified.",
        ) from fault


def sha256(path: Path) -> str:
    """Return a file's hash."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def listed(folder: Path) -> list[tuple[Path, Manifest]]:
    """Return the backups in a folder, oldest first. What has no readable manifest is not one."""
    found, _ = _looked_through(folder)
    return sorted(found, key=lambda pair: pair[1].made_at)


def unreadable(folder: Path) -> list[Path]:
    """Return the manifests in a folder that cannot be read: nobody knows what they stand beside."""
    return sorted(_looked_through(folder)[1])


def _looked_through(folder: Path) -> tuple[list[tuple[Path, Manifest]], list[Path]]:
    found, lost = [], []
    for path in folder.glob(f"milieu-*{SUFFIX}") if folder.is_dir() else ():
        backup = path.with_name(path.name.removesuffix(SUFFIX))
        try:
            manifest = read(backup) if backup.exists() else None
        except (Refusal, OSError):
            lost.append(path)
            continue
        if manifest:
            found.append((backup, manifest))
    return found, lost
