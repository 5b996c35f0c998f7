"""A Merkle tree over the leaves of a log, as RFC 9162 section 2.1 defines it. Plain.

Only complete subtrees have a name that never changes, so only those are kept: a ``Place`` is one
of them, ``level`` above the leaves and ``number`` from the left. Whatever else a proof needs is
folded from at most ``log2`` of them.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple, Self

EMPTY: Final = sha256(b"").digest()  # the root of a log without leaves
LEVEL_BITS: Final = 56  # room for 2 ** 56 leaves and for their 56 levels in 63 bits


class Place(NamedTuple):
    """A complete subtree of ``2 ** level`` leaves, the first of them ``number << level``."""

    level: int
    number: int

    @property
    def key(self) -> int:
        """The place as one number, so that a database finds many of them in one index."""
        return self.level << LEVEL_BITS | self.number

    @classmethod
    def at(cls, key: int) -> Self:
        """Return the place of a key."""
        return cls(key >> LEVEL_BITS, key & ((1 << LEVEL_BITS) - 1))


Range = tuple[int, int]  # leaves from .. before


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees under one node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: its complete subtrees from left to right, largest first.

    All that is needed to add leaves, and to know the root.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        assert len(peaks) == size.bit_count(), "One complete subtree for each bit of the size."
        self.size, self.peaks = size, list(peaks)

    def add(self, leaf: bytes) -> list[tuple[Place, bytes]]:
        """Add a leaf's hash. Return every subtree that is complete with it, the leaf first."""
        place, node = Place(0, self.size), leaf
        found = [(place, node)]
        while place.number & 1:
            place = Place(place.level + 1, place.number >> 1)
            node = node_hash(self.peaks.pop(), node)
            found.append((place, node))
        self.peaks.append(node)
        self.size += 1
        return found

    @property
    def root(self) -> bytes:
        """The tree's root as it stands."""
        return fold(self.peaks) if self.peaks else EMPTY


def fold(peaks: Sequence[bytes]) -> bytes:
    """Return the hash of a range from its complete subtrees, left to right."""
    *rest, node = peaks
    for peak in reversed(rest):
        node = node_hash(peak, node)
    return node


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root of a tree with these leaves' hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root


def places(span: Range) -> Iterator[Place]:
    """Yield the complete subtrees that make up a range which a proof names, left to right."""
    start, end = span
    while start < end:
        level = (end - start).bit_length() - 1
        yield Place(level, start >> level)
        start += 1 << level


def inclusion(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove that a leaf is in a tree (RFC 9162, 2.1.3.1)."""
    assert 0 <= index < size, "Only a leaf of the tree can be proved to be in it."
    found: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency(old: int, new: int) -> list[Range]:
    """Return the ranges whose hashes prove that a tree only grew (RFC 9162, 2.1.4.1)."""
    assert 0 < old <= new, "A tree grows from one leaf on."
    found: list[Range] = []
    start, end, from_start = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, from_start = middle, False
    if not from_start:
        found.append((start, end))
    return found[::-1]


def hashes(ranges: Iterable[Range], known: Mapping[Place, bytes]) -> list[bytes]:
    """Return the hash of each range, from the subtrees that ``places`` names."""
    return [fold([known[place] for place in places(span)]) for span in ranges]


def _split(count: int) -> int:
    """Return the largest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether a proof shows that a leaf is in a tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != sha256().digest_size:
        return False
    place, last, node = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(other, node)
            place, last = _climbed(place, last)
        else:
            node = node_hash(node, other)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(node, root)


def is_consistent(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Return whether a proof shows that a tree only grew (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new or (old == new) is bool(proof):
        return False
    if old == new:
        return hmac.compare_digest(old_root, new_root)
    if old.bit_count() == 1:
        proof = [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = proof[0]
    for other in proof[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(other, before), node_hash(other, after)
            place, last = _climbed(place, last)
        else:
            after = node_hash(after, other)
        place, last = place >> 1, last >> 1
    same = hmac.compare_digest(before, old_root) and hmac.compare_digest(after, new_root)
    return last == 0 and same


def _climbed(place: int, last: int) -> Range:
    """Pass the levels at which a subtree of the right edge stands alone."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last
