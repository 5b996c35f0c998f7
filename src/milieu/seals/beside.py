"""The newest head that this server signed, in a file beside its key: not in the database.

Who owns the database can cut a log back, change what they like and have it sealed anew, and
nothing inside the database tells. Phones tell (``witness.py``), and this file does, without waiting
for one.
"""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from milieu.kernel.files import write_whole
from milieu.seals import keys
from milieu.seals.log import Damaged, frontier_at, log_name
from milieu.seals.merkle import Frontier
from milieu.seals.note import Checkpoint, Unsigned, open_note


def keep(facility: UUID, note: str) -> None:
    """Keep a signed head in the place of the one before; what is read is one or the other."""
    path = _path(facility)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, note.encode())


def refuse_if_lost(facility: UUID, edge: Frontier | None = None) -> None:
    """See to it that the log still begins with what this server signed last.

    ``edge`` is the log's right edge, from whoever has read it already. Mostly it lies where this
    server signed last, and nothing is read again.

    Raises:
        Damaged: it does not, or the file cannot be read with a key of this installation.
    """
    kept = _kept(facility)
    if kept is None:
        return
    tree = edge if edge and edge.size == kept.size else frontier_at(facility, kept.size)
    if tree is None or tree.root != kept.root:
        raise Damaged(
            f"This server signed {kept.size} leaves of the log of {facility}, and the log does not "
            "begin with them. If an older database was put back on purpose, move "
            f"{_path(facility)} away; milieu restore does it by itself."
        )


def set_aside(name: str) -> None:
    """Rename all that is kept: another record takes the place of this one."""
    for path in _folder().glob("*.txt"):
        path.replace(path.with_suffix(f".{name}"))


def _kept(facility: UUID) -> Checkpoint | None:
    path = _path(facility)
    try:
        found = Checkpoint.read(open_note(path.read_text(), keys.trusted()))
    except FileNotFoundError:
        return None
    except (Unsigned, ValueError) as wrong:
        raise Damaged(f"{path} holds no head that this installation signed.") from wrong
    if not found.origin.startswith(f"{log_name(facility)}/"):
        raise Damaged(f"{path} holds a head of another log.")
    return found


def _path(facility: UUID) -> Path:
    return _folder() / f"{facility}.txt"


def _folder() -> Path:
    folder: Path = settings.SEAL_HEADS
    return folder
