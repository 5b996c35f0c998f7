"""The messages of NTAG 424 DNA tags, and the keys in them. Plain: bytes in, answers out.

A tag answers each tap with a new message (Secure Unique NFC; NXP AN12196, "NTAG 424 DNA features
and hints", SDM with encrypted PICC data): its UID and a counter, encrypted, and a MAC over both.
The counter goes up by one with every reading and nothing sets it back.
"""

import hmac
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

KEY_BYTES: Final = 16
UID_BYTES: Final = 7
COUNTER_MAX: Final = 2**24 - 1
MIRRORS_BOTH: Final = 0xC7  # PICCDataTag: UID of seven bytes and counter are there
SESSION_MAC: Final = bytes.fromhex("3CC300010080")  # SV2, before UID and counter
AES128: Final = b"\x01"  # the constant of AN10922 for a key of AES-128
DIVERSIFIED_MAX: Final = 31  # bytes that may tell keys apart


class Read(NamedTuple):
    """What a message says, once its MAC was found right."""

    uid: str  # as hex, upper case
    counter: int


class Keys(NamedTuple):
    """What a tag is written with: the numbers of the keys are those that docs/presence.md gives."""

    master: bytes  # key 0: whoever holds it can write the tag anew
    meta: bytes  # key 1: encrypts UID and counter; the same for every tag of a facility
    file: bytes  # key 2: makes the MAC; this tag's own


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the AES-CMAC of a message (NIST SP 800-38B)."""
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def diversified(key: bytes, told_apart_by: bytes) -> bytes:
    """Return the key that AN10922 (2.2) makes of ``key`` for one card, or one use."""
    assert 0 < len(told_apart_by) <= DIVERSIFIED_MAX, "AN10922 takes 1 to 31 bytes."
    return cmac(key, AES128 + told_apart_by)


def keys_of(facility_key: bytes, uid: str) -> Keys:
    """Return what a tag of this facility is written with: worked out, never stored."""
    card = bytes.fromhex(uid)
    return Keys(
        master=diversified(facility_key, card + b"\x00"),
        meta=meta_key(facility_key),
        file=diversified(facility_key, card + b"\x02"),
    )


def meta_key(facility_key: bytes) -> bytes:
    """Return what UID and counter are encrypted with: before they are read, no tag is known."""
    return diversified(facility_key, b"picc" + b"\x01")


def claimed(meta: bytes, picc_data: str) -> Read | None:
    """Return the UID and counter that a message claims, or None where it is none of this key."""
    try:
        sealed = bytes.fromhex(picc_data)
    except ValueError:
        return None
    if len(sealed) != KEY_BYTES:
        return None
    opening = Cipher(algorithms.AES(meta), modes.CBC(bytes(KEY_BYTES))).decryptor()
    said = opening.update(sealed) + opening.finalize()
    if said[0] != MIRRORS_BOTH:
        return None
    uid, counter = said[1 : 1 + UID_BYTES], said[1 + UID_BYTES : 4 + UID_BYTES]
    return Read(uid.hex().upper(), int.from_bytes(counter, "little"))


def proves(file_key: bytes, read: Read, mac: str) -> bool:
    """Return whether this MAC is what a tag with this key answers for this counter."""
    try:
        given = bytes.fromhex(mac)
    except ValueError:
        return False
    return hmac.compare_digest(given, short_mac(file_key, read))


def short_mac(file_key: bytes, read: Read) -> bytes:
    """Return the eight bytes that a tag sends: every second one of the MAC over nothing."""
    counter = read.counter.to_bytes(3, "little")
    session = cmac(file_key, SESSION_MAC + bytes.fromhex(read.uid) + counter)
    return cmac(session, b"")[1::2]


def message(keys: Keys, read: Read, padding: bytes = bytes(5)) -> tuple[str, str]:
    """Return what a tag would say, as (picc_data, cmac) in hex: for tests and invented tags."""
    said = bytes([MIRRORS_BOTH]) + bytes.fromhex(read.uid) + read.counter.to_bytes(3, "little")
    sealing = Cipher(algorithms.AES(keys.meta), modes.CBC(bytes(KEY_BYTES))).encryptor()
    sealed = sealing.update(said + padding) + sealing.finalize()
    return sealed.hex().upper(), short_mac(keys.file, read).hex().upper()
