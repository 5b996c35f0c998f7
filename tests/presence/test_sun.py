"""What a tag says is read and verified as the maker's papers ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.presence import sun
from milieu.presence.sun import Keys, Read

ZERO = bytes(16)
PICC_DATA, MAC = "EF963FF7828658A599F3041510671E88", "94EED9EE65337086"
FOUND = Read("04DE5F1EACC040", 61)


def test_the_vector_of_the_makers_paper_is_read_and_verified():
    assert sun.claimed(ZERO, PICC_DATA) == FOUND
    assert sun.proves(ZERO, FOUND, MAC)
    assert sun.proves(ZERO, FOUND, MAC.lower())


def test_a_tag_that_we_invent_says_the_same():
    keys = Keys(master=ZERO, meta=ZERO, file=ZERO)
    padding = bytes.fromhex("DA5CF60941")  # the chance bytes of the paper's tag
    assert sun.message(keys, FOUND, padding) == (PICC_DATA, MAC)


def test_keys_are_made_apart_as_the_paper_on_diversification_shows():
    """AN10922, 2.2.1: AES-128, UID and application and system of the example."""
    base = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
    card = bytes.fromhex("04782E21801D803042F54E585020416275")
    assert sun.diversified(base, card).hex() == "a8dd63a3b89d54b37ca802473fda9175"


def test_the_mac_is_the_one_of_the_standard():
    """NIST SP 800-38B, D.1, examples 1 and 2."""
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    assert sun.cmac(key, b"").hex() == "bb1d6929e95937287fa37d129b756746"
    block = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert sun.cmac(key, block).hex() == "070a16b46b4d4144f79bdd9dd04a287c"


@pytest.mark.parametrize("said", ["", "xyz", "EF96", PICC_DATA[:-2], PICC_DATA + "00", "é" * 32])
def test_what_is_no_message_is_none(said):
    assert sun.claimed(ZERO, said) is None
    assert not sun.proves(ZERO, FOUND, said)


@given(place=st.integers(0, 127))
def test_one_bit_anywhere_and_nothing_is_proved(place):
    flipped = bytearray(bytes.fromhex(PICC_DATA))
    flipped[place // 8] ^= 1 << (place % 8)
    read = sun.claimed(ZERO, flipped.hex())
    # Of the sixteen bytes five are the tag's own chance: the message says the same without them.
    assert read is None or read == FOUND or not sun.proves(ZERO, read, MAC)

    mac = bytearray(bytes.fromhex(MAC))
    mac[place // 16] ^= 1 << (place % 8)
    assert not sun.proves(ZERO, FOUND, mac.hex())


@given(key=st.binary(min_size=16, max_size=16), counter=st.integers(0, sun.COUNTER_MAX))
def test_every_tag_has_keys_of_its_own_and_is_known_by_them(key, counter):
    one, other = sun.keys_of(key, "04DE5F1EACC040"), sun.keys_of(key, "04DE5F1EACC041")
    assert one.meta == other.meta
    assert len({one.master, one.file, one.meta, other.master, other.file}) == 5
    picc_data, mac = sun.message(one, Read("04DE5F1EACC040", counter))
    read = sun.claimed(one.meta, picc_data)
    assert read == ("04DE5F1EACC040", counter)
    assert sun.proves(one.file, read, mac)
    assert not sun.proves(other.file, read, mac)
