"""The installation's own secrets: made at first start, in files that only their owner reads."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from milieu.config import environment

P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SP 800-186


def secret_key(home: Path) -> str:
    """Return what signs sessions and time anchors: from the environment, else from ``home``."""
    given = environment.secret("MILIEU_SECRET_KEY")
    return given or _kept(home / "secret.key", lambda: secrets.token_urlsafe(48))


def push_key(home: Path) -> str:
    """Return what signs messages to browsers (VAPID, RFC 8292): a P-256 private key in base64url.

    Browsers that asked to be told are bound to it: with another key they must ask again.
    """
    return environment.secret("MILIEU_PUSH_KEY") or _kept(home / "push.key", _new_push_key)


def _new_push_key() -> str:
    number = secrets.randbelow(P256_ORDER - 1) + 1
    return base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(path, make())
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
