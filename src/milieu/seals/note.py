"""Signed notes and checkpoints, as C2SP defines them. Plain.

A note is text that ends in a line end, an empty line, and lines of signatures
(c2sp.org/signed-note). A checkpoint is a note of three lines: whose log, how many leaves, which
root (c2sp.org/tlog-checkpoint).
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
ID_BYTES = 4
SEED_BYTES = 32
DASH = "\u2014 "  # what begins the line of a signature


class Unsigned(Exception):
    """A note that cannot be read, or that no key given has signed."""


@dataclass(frozen=True)
class Verifier:
    """A public key by its name, written ``name+id+key``."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        named = f"{self.name}\n".encode() + ED25519 + self.public
        return sha256(named).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a key from how it is written.

        Raises:
            Unsigned: it is not a key, or not whole.
        """
        name, _, rest = text.partition("+")
        found = cls(name, _bytes(rest.partition("+")[2])[1:])
        if str(found) != text or len(found.public) != SEED_BYTES:
            raise Unsigned(f"{text!r} is not a verifier key.")
        return found

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Return whether this key made this signature of this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private key. Its name follows from the key, so that two are never called the same."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.verifier = Verifier(f"milieu/{sha256(public).hexdigest()[:16]}", public)

    def sign(self, text: str) -> str:
        """Return the text as a signed note."""
        assert text.endswith("\n"), "The text of a note ends its last line."
        signature = self.verifier.key_id + self._private.sign(text.encode())
        return f"{text}\n{DASH}{self.verifier.name} {_base64(signature)}\n"


def open_note(note: str, keys: Iterable[Verifier]) -> str:
    """Return the text of a note with one signature, by one of these keys.

    It must be written exactly as ``Signer.sign`` writes it: so no bit of it can differ.

    Raises:
        Unsigned: it is not.
    """
    text, _, line = note.rpartition(f"\n{DASH}")
    name, _, signature = line.removesuffix("\n").partition(" ")
    raw = _bytes(signature)
    for key in keys:
        if key.name == name and key.key_id == raw[:ID_BYTES]:
            as_written = f"{text}\n{DASH}{name} {_base64(raw)}\n"
            if note == as_written and key.has_signed(text, raw[ID_BYTES:]):
                return text
    raise Unsigned("No key that is known here has signed this note.")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What is signed about a log: whose it is, how many leaves it has, and its root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a checkpoint from the text of its note.

        Raises:
            Unsigned: the text is not a checkpoint.
        """
        try:
            origin, size, root = text.removesuffix("\n").split("\n")
            found = cls(origin=origin, size=int(size), root=_bytes(root))
        except ValueError as error:
            raise Unsigned("This note is not a checkpoint.") from error
        if str(found) != text:
            raise Unsigned("This note is not a checkpoint.")
        return found


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unsigned("This is not base64.") from error
