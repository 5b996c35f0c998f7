"""The installation's own secret: made at first start, kept in a file that only its owner reads."""

import os
import secrets
from pathlib import Path

from milieu.config import environment


def secret_key(home: Path) -> str:
    """Return what signs sessions and time anchors: from the environment, else from ``home``."""
    if key := environment.secret("MILIEU_SECRET_KEY"):
        return key
    path = home / "secret.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Write a file that only its owner may read; when two starts race, the first one's stays."""
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
