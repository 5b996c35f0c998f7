"""The installation's own secrets: made at first start, kept in files that only their owner reads.

One signs sessions and time anchors; the other signs the heads of the record, and is another one so
that it can be kept for years, or elsewhere.
"""

import base64
import binascii
import os
import secrets
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from milieu.config import environment

SEED_BYTES: Final = 32


def secret_key(home: Path) -> str:
    """Return what signs sessions and time anchors: from the environment, else from ``home``."""
    return environment.secret("MILIEU_SECRET_KEY") or _kept(
        home / "secret.key", secrets.token_urlsafe(48)
    )


def seal_seed(home: Path) -> bytes:
    """Return the Ed25519 seed that signs heads: from the environment, else from ``home``."""
    text = environment.secret("MILIEU_SEAL_KEY") or _kept(
        home / "seal.key", base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()
    )
    try:
        seed = base64.b64decode(text, validate=True)
    except binascii.Error:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise ImproperlyConfigured(
            "MILIEU_SEAL_KEY, or seal.key, is not 32 bytes in base64. See docs/settings.md."
        )
    return seed


def _kept(path: Path, new: str) -> str:
    """Return what a file holds; make it with ``new`` in it where there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(path, new)
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
