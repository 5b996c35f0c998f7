"""Whatever is changed in evidence, at random, is found: one bit, one line, one file."""

import random

import pytest

from milieu.evidence import verify
from tests.evidence.conftest import evidence, unpacked
from tests.seals.conftest import tamperings  # noqa: F401 (a fixture)

# What is made of the record is tested on both; here a finished file is changed, over and over.
pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def is_found(files):
    try:
        return bool(list(verify.verify(files, [])))
    except Exception:  # noqa: BLE001 (main says of each that it cannot be read, and ends with 1)
        return True


def test_one_changed_bit_anywhere_in_the_files_is_found(cast, tamperings):  # noqa: F811
    files = unpacked(evidence(cast, cast.rosa))
    assert not is_found(files)
    chance = random.Random(5)
    names = [name for name in files if name != "verify.py"]
    for number in range(tamperings):
        name = names[number % len(names)]
        changed = bytearray(files[name])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        assert is_found({**files, name: bytes(changed)}), name


def test_every_bit_of_what_the_manifest_does_not_cover_itself_counts(cast):
    files = unpacked(evidence(cast, cast.rosa))
    manifest = files["manifest.txt"]
    for bit in range(0, len(manifest) * 8, 7):
        changed = bytearray(manifest)
        changed[bit // 8] ^= 1 << bit % 8
        assert is_found({**files, "manifest.txt": bytes(changed)}), bit


def test_one_changed_bit_anywhere_in_the_zip_is_found(cast, tmp_path, capsys):
    packed = evidence(cast, cast.rosa)
    chance = random.Random(6)
    path = tmp_path / "evidence.zip"
    path.write_bytes(packed)
    assert verify.main([str(path)]) == 0
    directory = packed.index(b"PK\x01\x02")
    places = [chance.randrange(len(packed)) for _ in range(40)]
    places += range(64)  # what stands before the first file
    places += range(directory, len(packed), 5)  # what stands after the last
    for place in places:
        changed = bytearray(packed)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        assert verify.main([str(path)]) == 1, place
    assert "Traceback" not in capsys.readouterr().out


def test_lines_that_are_cut_doubled_or_moved_are_found(cast, tamperings):  # noqa: F811
    files = unpacked(evidence(cast))
    chance = random.Random(7)
    for _ in range(tamperings):
        name = chance.choice(["entries.jsonl", "key.txt", "checkpoint.txt", "report.html"])
        lines = files[name].splitlines(keepends=True)
        place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.choice(["cut", "double", "move"]):
            case "cut":
                del lines[place]
            case "double":
                lines.insert(other, lines[place])
            case "move":
                lines.insert(other, lines.pop(place))
        if b"".join(lines) != files[name]:
            assert is_found({**files, name: b"".join(lines)})
