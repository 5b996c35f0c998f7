"""Notes are signed as C2SP says, and one changed sign is enough to be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.seals.merkle import EMPTY
from milieu.seals.note import Checkpoint, Signer, Unsigned, Verifier, open_note

SIGNER = Signer(bytes(range(32)))
OTHER = Signer(bytes(32))
HEAD = Checkpoint(origin="milieu/elm/1", size=20852163, root=EMPTY)
NOTE = SIGNER.sign(str(HEAD))


def test_a_checkpoint_is_three_lines_and_a_signature():
    lines = NOTE.split("\n")
    assert lines[:3] == ["milieu/elm/1", "20852163", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]
    assert lines[3] == ""
    assert lines[4].startswith(f"\u2014 {SIGNER.verifier.name} ")
    assert lines[5:] == [""]
    assert Checkpoint.read(open_note(NOTE, [OTHER.verifier, SIGNER.verifier])) == HEAD


def test_a_key_is_written_so_that_it_can_be_compared():
    key = SIGNER.verifier
    assert Verifier.read(str(key)) == key
    assert str(key).split("+")[1] == key.key_id.hex()
    with pytest.raises(Unsigned):
        Verifier.read(str(key).replace(key.key_id.hex(), OTHER.verifier.key_id.hex()))


def test_the_key_of_the_specification_of_notes_is_read():
    # The example of golang.org/x/mod/sumdb/note, which c2sp.org/signed-note grew out of.
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = Verifier.read(text)
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
        "ngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert open_note(note, [key]).startswith("If you think")


@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_one_changed_bit_is_found(bit):
    changed = bytearray(NOTE.encode())
    changed[bit // 8] ^= 1 << bit % 8
    try:
        text = changed.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(Unsigned):
        open_note(text, [SIGNER.verifier])


@given(st.text())
def test_what_is_no_note_is_refused(text):
    with pytest.raises(Unsigned):
        open_note(text, [SIGNER.verifier])


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\nx\nAA==\n", "a\n01\nAA==\n", "a\n1\nAA==\nmore\n", "a\n1\nAB==\n"]
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(Unsigned):
        Checkpoint.read(text)
