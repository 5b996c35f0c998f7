"""Verify evidence that Milieu made: python3 -I verify.py [FOLDER or FILE.zip] [--key KEY]

Needs Python 3.8 or newer and nothing else; read it before you trust it. It ends with 0 when
everything in the evidence is as it was when it was made, else with 1, and says what is not.
"""

import base64
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

ITSELF = "verify.py"  # the only file that the manifest does not cover: compare it with the source
MANIFEST, KEYS, ENTRIES = "manifest.txt", "key.txt", "entries.jsonl"
CHECKPOINT, EARLIER, CONSISTENCY = "checkpoint.txt", "earlier.txt", "consistency.txt"
DASH = "\u2014 "  # what begins the line of a signature
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class Wrong(Exception):
    """Something is not as it was when this evidence was made."""


# Ed25519 (RFC 8032), as plain arithmetic.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point(raw):
    """Return the point that 32 bytes stand for, as (x, y, 1, x * y)."""
    number = int.from_bytes(raw, "little")
    odd, y = number >> 255, number & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if len(raw) != 32 or y >= P or (x * x - square) % P or (x == 0 and odd):
        raise Wrong("A key or a signature is not one at all.")
    if x & 1 != odd:
        x = P - x
    return x, y, 1, x * y % P


def added(one, other):
    """Return the sum of two points."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, base):
    """Return a point added to itself so many times."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = added(total, base)
        base, number = added(base, base), number >> 1
    return total


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def has_signed(public, message, signature):
    """Return whether this public key made this signature of this message."""
    number = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or number >= L:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    right = added(point(signature[:32]), times(int.from_bytes(hashed, "little") % L, point(public)))
    left = times(number, BASE)
    return not any((left[i] * right[2] - right[i] * left[2]) % P for i in (0, 1))


# Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).
def unbase64(text):
    """Return the bytes of strict base64: no two texts stand for the same bytes."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise Wrong("Some base64 here is not written as it is made.")
    return raw


def key_of(line):
    """Return the name, id and public key of ``name+id+key``."""
    name, key_id, key = line.split("+", 2)
    raw = unbase64(key)
    made = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != b"\x01" or len(raw) != 33 or made.hex() != key_id:
        raise Wrong("The key " + line + " is not whole.")
    return name, made, raw[1:]


def opened(note, keys, what):
    """Return the text of a note with one signature, by one of these keys."""
    text, _, line = note.rpartition("\n" + DASH)
    name, _, signature = line.partition(" ")
    if signature.endswith("\n"):
        raw = unbase64(signature[:-1])
        for key_name, key_id, public in keys:
            if (key_name, key_id) == (name, raw[:4]) and has_signed(public, text.encode(), raw[4:]):
                return text
    raise Wrong(what + " is not signed by the key of this evidence.")


def checkpoint_of(text):
    """Return whose log, how many leaves, and the root."""
    origin, size, root, end = text.split("\n")
    if end or str(int(size)) != size or len(unbase64(root)) != 32:
        raise Wrong("A checkpoint is not written as it is made.")
    return origin, int(size), unbase64(root)


# The Merkle tree (RFC 9162, section 2.1).
def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def climbed(place, last):
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def root_by(index, size, leaf, proof):
    """Return the root that a leaf and its proof lead to, or None."""
    place, last = index, size - 1
    for other in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            leaf = node(other, leaf)
            place, last = climbed(place, last)
        else:
            leaf = node(leaf, other)
        place, last = place >> 1, last >> 1
    return leaf if last == 0 and 0 <= index < size else None


def has_grown(old, new, proof, old_root, new_root):
    """Return whether the tree of ``new`` leaves begins with that of ``old``."""
    if not 0 < old <= new or (old == new) is bool(proof):
        return False
    if old == new:
        return old_root == new_root
    if old & (old - 1) == 0:
        proof = [old_root] + proof
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = proof[0]
    for other in proof[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node(other, before), node(other, after)
            place, last = climbed(place, last)
        else:
            after = node(after, other)
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, new_root)


# The evidence.
def files_of(path):
    """Return the files of a folder or a zip by name. A zip must be exactly as it is made."""
    if path.is_dir():
        found = (each for each in sorted(path.rglob("*")) if each.is_file())
        return {each.relative_to(path).as_posix(): each.read_bytes() for each in found}
    whole = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        files = [(each.filename, archive.read(each)) for each in archive.infolist()]
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content)
    if again.getvalue() != whole or len(dict(files)) != len(files):
        raise Wrong("The zip file itself was changed around its files.")
    return dict(files)


def verify(files, trusted):
    """Yield what is wrong, in words. Nothing: all is as it was made."""
    keys = [key_of(line) for line in files[KEYS].decode().splitlines()]
    if trusted:
        keys = [key for key in keys if key in [key_of(each) for each in trusted]]
    manifest = opened(files[MANIFEST].decode(), keys, "The manifest").strip("\n").split("\n")
    said = dict(line.split(" ", 1) for line in manifest if not line.startswith("file "))
    listed = {}
    for line in manifest:
        if line.startswith("file "):
            _, digest, name = line.split(" ", 2)
            listed[name] = digest
    for name in sorted({*listed, *files} - {ITSELF, MANIFEST}):
        if name not in files:
            yield name + " is missing: it was removed."
        elif name not in listed:
            yield name + " does not belong to this evidence: it was added."
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield name + " was altered."
    newest = checkpoint_of(opened(files[CHECKPOINT].decode(), keys, "The checkpoint"))
    yield from entries_wrong(files[ENTRIES].decode(), newest, int(said["entries"]))
    if EARLIER in listed:
        old = checkpoint_of(opened(files[EARLIER].decode(), keys, "The earlier checkpoint"))
        proof = [unbase64(line) for line in files[CONSISTENCY].decode().splitlines()]
        if not has_grown(old[1], newest[1], proof, old[2], newest[2]):
            yield "The log did not only grow since the earlier checkpoint: it was rewritten."


def entries_wrong(text, checkpoint, count):
    """Yield what is wrong with the entries: each is proved, and follows the one before."""
    lines, last, index_before = text.split("\n")[:-1], {}, {}
    if len(lines) != count:
        yield "There are %d entries, and %d were there." % (len(lines), count)
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            sealed, index = entry["leaf"].encode(), entry["index"]
            said = json.loads(sealed)
            leaf = hashlib.sha256(b"\x00" + bytes.fromhex(entry["salt"]) + sealed).digest()
            proof = [unbase64(each) for each in entry["proof"]]
            what = "Line %d of %s (%s of %s)" % (number, ENTRIES, said["kind"], said["happened_at"])
        except (ValueError, KeyError, TypeError, AttributeError, Wrong):
            yield "Line %d of %s was altered: it cannot be read." % (number, ENTRIES)
            continue
        if root_by(index, checkpoint[1], leaf, proof) != checkpoint[2]:
            yield what + " was altered: it is not in the log that was signed."
        whose = (said["patient_id"], entry["part"])
        if index <= index_before.get(whose, -1):
            yield what + " is not in its place: entries were reordered."
        if entry["part"] == "window" and whose in last and said["before"] != last[whose]:
            yield "Before " + what[0].lower() + what[1:] + " something was removed or reordered."
        last[whose], index_before[whose] = leaf.hex(), index


def main(words):
    trusted = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "--key"]
    places = [word for word in words if not word.startswith("--") and word not in trusted]
    path = Path(places[0]) if places else Path(__file__).resolve().parent
    try:
        files = files_of(path)
        wrong = list(verify(files, trusted))
    except Wrong as error:
        wrong = [str(error)]
    except KeyError as error:
        wrong = ["%s is missing: it was removed." % error]
    except Exception as error:  # noqa: BLE001 (whatever it is: unread is not verified)
        wrong = ["This evidence cannot be read: it was altered (%s)." % type(error).__name__]
    if wrong:
        sys.stdout.write("NOT AS IT WAS MADE\n%s\n" % "\n".join(wrong))
        return 1
    size = files[CHECKPOINT].decode().split("\n")[1]
    sys.stdout.write("Everything in this evidence is as it was when it was made.\n")
    sys.stdout.write(files[MANIFEST].decode().partition("file ")[0])
    sys.stdout.write("Its entries are in a log of %s that was signed by this key:\n" % size)
    sys.stdout.write(files[KEYS].decode())
    if not trusted:
        sys.stdout.write("Ask the facility, by another way, whether this is its key.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
