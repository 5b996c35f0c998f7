"""Everything sealed, worked out again from entries and leaves; what differs is said in words.

Found: an entry, a leaf, a node or a head that was changed, removed, added or moved. That the whole
database was put back to an older state, nothing inside it can tell: the head beside the key does
(``beside.py``), phones do (``witness.py``), and whoever else kept a head.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from milieu.seals import beside, canonical, keys
from milieu.seals.log import Damaged, log_name
from milieu.seals.merkle import Frontier, Place, leaf_hash
from milieu.seals.models import Head, Leaf, Node
from milieu.seals.note import Checkpoint, Unsigned, Verifier, open_note
from milieu.seals.reading import Stored, stored

AT_ONCE: Final = 1000  # leaves
WHY: Final = "the whole log is checked, and only places in it are told"

Progress = Callable[[int], None]


def differences(facility: UUID, *, progress: Progress = lambda _: None) -> Iterator[str]:
    """Yield what is not as it was sealed in the log of this facility, in words without content."""
    check = _Check(facility)
    every = Leaf.objects.as_system(WHY).filter(facility=facility)
    after = -1
    while leaves := list(every.filter(index__gt=after).order_by("index")[:AT_ONCE]):
        yield from check.leaves(leaves)
        after = leaves[-1].index
        progress(len(leaves))
    yield from check.end()


class _Check:
    """One walk along a log, from its first leaf to its last."""

    def __init__(self, facility: UUID) -> None:
        self.facility = facility
        self.tree = Frontier()
        self.whole = True  # no leaf is missing so far: then roots can be compared
        self.last: dict[UUID, str] = {}  # the last leaf about each person
        self.nodes = 0
        self.keys: list[Verifier] = []

    def leaves(self, leaves: Sequence[Leaf]) -> Iterator[str]:
        first, last = leaves[0].index, leaves[-1].index + 1
        entries = {each.seq: each for each in stored([leaf.entry_id for leaf in leaves])}
        kept = self._nodes_kept(first, last)
        heads = {head.size: head for head in self._heads(first, last)}
        self.keys = keys.known()  # after the heads: the first of all may be signed meanwhile
        for leaf in leaves:
            if leaf.index != self.tree.size and self.whole:
                yield f"Leaf {self.tree.size} is missing."
                self.whole = False
            yield from self._leaf(leaf, entries.get(leaf.entry_id))
            if not self.whole:
                continue
            for place, node in self.tree.add(bytes(leaf.hash))[1:]:
                self.nodes += 1
                if kept.get(place) != node:
                    what = "was changed" if place in kept else "is missing"
                    yield f"Node {place.level}/{place.number} of the tree {what}."
            if head := heads.get(self.tree.size):
                yield from self._head(head)

    def end(self) -> Iterator[str]:
        size = self.tree.size
        try:
            beside.refuse_if_lost(self.facility)
        except Damaged as lost:
            yield str(lost)
        if not self.whole:
            return
        for head in Head.objects.filter(facility=self.facility, size__gt=size).order_by("size"):
            yield f"A head signed {head.size} leaves, and {size} are here."
        if size and not Head.objects.filter(facility=self.facility, size=size).exists():
            yield f"No head covers the last of the {size} leaves."
        if (kept := Node.objects.filter(facility=self.facility).count()) != self.nodes:
            yield f"The tree keeps {kept} nodes where its leaves make {self.nodes}."

    def _leaf(self, leaf: Leaf, entry: Stored | None) -> Iterator[str]:
        where = f"Leaf {leaf.index} (entry {leaf.entry_id})"
        if leaf_hash(leaf.sealed) != bytes(leaf.hash):
            yield f"{where} was changed: its bytes do not have its hash."
        try:
            said = json.loads(bytes(leaf.data))
            before = said["before"]
            again = None if entry is None else _again(entry, before)
        except (ValueError, KeyError, TypeError):
            yield f"{where} was changed: it cannot be read."
            return
        if entry is None or again is None:
            yield f"Entry {leaf.entry_id} is missing from the record; leaf {leaf.index} has it."
        elif again != bytes(leaf.data):
            yield f"Entry {leaf.entry_id} was changed since it was sealed: {_parts(said, again)}."
        if before != self.last.get(leaf.patient_id):
            yield f"{where} does not follow the last one about the same person."
        self.last[leaf.patient_id] = bytes(leaf.hash).hex()
        if said.get("patient_id") != str(leaf.patient_id):
            yield f"{where} was moved to another person."

    def _head(self, head: Head) -> Iterator[str]:
        expected = (head.size, self.tree.root)
        if bytes(head.root) != self.tree.root:
            yield f"The head of {head.size} leaves is not the root of the leaves that are here."
        try:
            signed = Checkpoint.read(open_note(head.note, self.keys))
        except Unsigned:
            yield f"The head of {head.size} leaves is not signed by a key of this installation."
            return
        ours = signed.origin.startswith(f"{log_name(self.facility)}/")
        if not ours or (signed.size, signed.root) != expected:
            yield f"What was signed at {head.size} leaves is not what is here."

    def _nodes_kept(self, first: int, last: int) -> dict[Place, bytes]:
        """Return the nodes that become complete with these leaves."""
        found = {}
        for level in range(1, last.bit_length()):
            span = (Place(level, first >> level).key, Place(level, last >> level).key - 1)
            rows = Node.objects.filter(facility=self.facility, place__range=span)
            for key, node in rows.values_list("place", "hash"):
                found[Place.at(key)] = bytes(node)
        return found

    def _heads(self, first: int, last: int) -> Any:
        return Head.objects.filter(facility=self.facility, size__gt=first, size__lte=last)


def _again(entry: Stored, before: str | None) -> bytes:
    return canonical.leaf(entry.header, entry.fact, bytes.fromhex(before) if before else None)


def _parts(sealed: dict[str, Any], again: bytes) -> str:
    """Return which parts differ, by name: never what they say."""
    now = json.loads(again)
    names = _differing(sealed, now)
    if sealed.get("fact") and now.get("fact"):
        names = names - {"fact"} | _differing(sealed["fact"], now["fact"])
    return ", ".join(sorted(names)) or "how it is written"


def _differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}
