"""Evidence as one zip: report, entries with proofs, checkpoints, key, manifest, verifier."""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from milieu.evidence.choosing import Asked, Chosen, choose, refuse_unless_all, stays_of
from milieu.evidence.report import report_files
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.seals import keys
from milieu.seals.log import consistency_proof, inclusion_proofs, newest_head
from milieu.seals.models import Head
from milieu.seals.sealing import seal

VERIFIER: Final = Path(__file__).with_name("verify.py")
ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is made: see verify.py
READ_ME: Final = """\
Evidence from a record of Milieu. To see whether anything in it was altered, removed or reordered:

    python3 -I verify.py

It needs Python 3.8 or newer, no network and nothing else, and is short enough to be read first.
Verified with --key and the key that the facility published, it also shows whose record it is.

report.html, report.pdf  what was written down, for people (the PDF where it could be made)
entries.jsonl            every entry as it was sealed, with its salt and its proof
checkpoint.txt           the signed state of the log in which all of these entries are
earlier.txt              an earlier signed state; consistency.txt shows that the log only grew
key.txt                  the public keys that sign here
manifest.txt             the hash of every file, signed

What this proves and what it does not: docs/evidence.md of Milieu.
"""


def write(
    asked: Asked,
    out: IO[bytes],
    *,
    by: str,
    now: datetime,
    language: str,
    seen: Any = None,
) -> int:
    """Write the evidence. Return how many entries it holds.

    With ``seen``, a queryset of stays, nothing about any other stay may be in it.

    Raises:
        Refusal: nothing is there, too much, or not all to be seen; see ``choose``.
    """
    seal(now)
    head = newest_head(asked.facility.pk)
    if head is None:
        raise Refusal("nothing-there", _("Nothing was written down in this facility yet."))
    chosen = choose(asked, head.size)
    if seen is not None:
        refuse_unless_all(stays_of(chosen), seen)
    files: dict[str, bytes] = {
        "READ-ME.txt": READ_ME.encode(),
        **report_files(asked, chosen, by=by, now=now, language=language),
        "entries.jsonl": b"".join(_lines(asked, chosen, head)),
        "checkpoint.txt": head.note.encode(),
        **_earlier(asked, head),
        "key.txt": "".join(f"{key}\n" for key in keys.known()).encode(),
    }
    files["manifest.txt"] = _manifest(asked, files, len(chosen), by, now).encode()
    files["verify.py"] = VERIFIER.read_bytes()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content)
    return len(chosen)


def _lines(asked: Asked, chosen: Sequence[Chosen], head: Head) -> Iterator[bytes]:
    """Yield one line of JSON for each entry: as it was sealed, and that it is in the log."""
    indexes = [each.leaf.index for each in chosen]
    proofs = inclusion_proofs(asked.facility.pk, indexes, head.size)
    for each in chosen:
        line = {
            "index": each.leaf.index,
            "part": each.part,
            "salt": bytes(each.leaf.salt).hex(),
            "leaf": bytes(each.leaf.data).decode(),
            "proof": [_base64(node) for node in proofs[each.leaf.index]],
        }
        yield json.dumps(line).encode() + b"\n"  # ASCII: no letter of a note ends a line


def _earlier(asked: Asked, head: Head) -> dict[str, bytes]:
    """Return an earlier head, and the proof that the log only grew since.

    The first that was signed after the window ended, since somebody may have kept it from then.
    """
    older = Head.objects.filter(facility=asked.facility, size__lt=head.size)
    after = older.filter(at__gte=asked.end).order_by("size").first()
    found = after or older.order_by("-size").first()
    if found is None:
        return {}
    proof = consistency_proof(asked.facility.pk, found.size, head.size)
    lines = "".join(f"{_base64(node)}\n" for node in proof)
    return {"earlier.txt": found.note.encode(), "consistency.txt": lines.encode()}


def _manifest(asked: Asked, files: dict[str, bytes], count: int, by: str, now: datetime) -> str:
    """Return the signed manifest. It covers every file but itself and the verifier."""
    text = (
        f"evidence {'of invented people' if settings.DEMO else 'of a record'}\n"
        f"facility {asked.facility.pk} {asked.facility.code}\n"
        f"about {asked.whom}\n"
        f"from {clock.rfc3339(asked.start)}\n"
        f"to {clock.rfc3339(asked.end)}\n"
        f"made {clock.rfc3339(now)}\n"
        f"by {' '.join(by.split())}\n"  # no name ends a line
        f"entries {count}\n"
    )
    for name in sorted(files):
        text += f"file {hashlib.sha256(files[name]).hexdigest()} {name}\n"
    return keys.signer().sign(text)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
