"""The installation's own secrets: made at first start, kept in files that only their owner reads.

One signs sessions and time anchors; one signs the heads of the record, and is another so that it
can be kept for years, or elsewhere; one signs messages to browsers; from one the keys of door tags
are made.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from milieu.config import environment

SECRET_LETTERS_MIN: Final = 32
SEED_BYTES: Final = 32
TAG_KEY_BYTES: Final = 16
PUSH_KEY_BYTES: Final = 32
P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SP 800-186


def secret_key(home: Path) -> str:
    """Return what signs sessions and time anchors: from the environment, else from ``home``."""
    given = environment.secret("MILIEU_SECRET_KEY")
    if given and len(given) < SECRET_LETTERS_MIN:
        raise ImproperlyConfigured(
            f"MILIEU_SECRET_KEY has {len(given)} letters, and could be guessed. Use "
            f"{SECRET_LETTERS_MIN} or more by chance, or leave it out: Milieu makes one itself."
        )
    return given or _kept(home / "secret.key", lambda: secrets.token_urlsafe(48))


def seal_seed(home: Path) -> bytes:
    """Return the Ed25519 seed that signs heads: from the environment, else from ``home``."""
    text = environment.secret("MILIEU_SEAL_KEY") or _kept(home / "seal.key", _new_seal_seed)
    try:
        seed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # ValueError: letters beyond ASCII
        seed = b""
    if len(seed) != SEED_BYTES:
        raise ImproperlyConfigured(
            "MILIEU_SEAL_KEY, or seal.key, is not 32 bytes in base64. See docs/settings.md."
        )
    return seed


def tag_key(home: Path) -> bytes:
    """Return the AES-128 key from which the keys of door tags are made.

    Tags are written with what follows from it: with another key, every tag must be written anew.
    """
    text = environment.secret("MILIEU_TAG_KEY") or _kept(home / "tag.key", _new_tag_key)
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != TAG_KEY_BYTES:
        raise ImproperlyConfigured(
            "MILIEU_TAG_KEY, or tag.key, is not 32 signs of hex. See docs/settings.md."
        )
    return key


def push_key(home: Path) -> str:
    """Return what signs messages to browsers (VAPID, RFC 8292): a P-256 private key in base64url.

    Browsers that asked to be told are bound to it: with another key they must ask again.
    """
    text = environment.secret("MILIEU_PUSH_KEY") or _kept(home / "push.key", _new_push_key)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != PUSH_KEY_BYTES or not 0 < int.from_bytes(key) < P256_ORDER:
        raise ImproperlyConfigured(
            "MILIEU_PUSH_KEY, or push.key, is not the 32 bytes of a P-256 private key in "
            "base64url. See docs/settings.md."
        )
    return text


def _new_seal_seed() -> str:
    return base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()


def _new_tag_key() -> str:
    return secrets.token_bytes(TAG_KEY_BYTES).hex()


def _new_push_key() -> str:
    number = secrets.randbelow(P256_ORDER - 1) + 1
    return base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Return what a file holds; make it where there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(path, make())
    text = path.read_text().strip()
    if not text:
        raise ImproperlyConfigured(
            f"{path} is empty. Put the copy back that you keep elsewhere; if there is none, remove "
            "the file, and Milieu makes another. docs/run/backup.md says what is lost with it."
        )
    return text


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
