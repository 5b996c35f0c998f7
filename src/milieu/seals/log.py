"""The log of a facility as it is kept: its heads, its subtrees, and proofs from them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from milieu.record import epoch
from milieu.seals import merkle
from milieu.seals.merkle import Frontier, Place
from milieu.seals.models import Head, Leaf, Node

ASKED_MAX: Final = 300  # subtrees in one statement
WHY: Final = "a proof holds hashes, and hashes tell nothing of anyone"


class Damaged(Exception):
    """The log is not what its newest head says: nothing more is signed."""


def origin(facility: UUID) -> str:
    """Return the name of a facility's log. A restored record is another log, and says so."""
    return f"{log_name(facility)}/{epoch.current()}"


def log_name(facility: UUID) -> str:
    """Return what the names of a facility's logs begin with, in every life of the record."""
    return f"milieu/{facility}"


def newest_head(facility: UUID) -> Head | None:
    """Return the newest head, or None before anything is sealed."""
    return Head.objects.filter(facility=facility).order_by("-size").first()


def frontier(facility: UUID) -> Frontier:
    """Return the right edge of the tree, as the newest head says it is.

    Raises:
        Damaged: the subtrees that are kept are not those that were signed.
    """
    head = newest_head(facility)
    if head is None:
        return Frontier()
    found = frontier_at(facility, head.size)
    if found is None or found.root != bytes(head.root):
        raise Damaged(f"The log of {facility} is not what its head of {head.size} leaves says.")
    return found


def frontier_at(facility: UUID, size: int) -> Frontier | None:
    """Return the right edge of the tree when it had this many leaves, or None if it never did."""
    edge = list(merkle.places((0, size)))
    known = subtrees(facility, edge)
    if len(known) < len(edge):
        return None
    return Frontier(size, [known[place] for place in edge])


def inclusion_proofs(facility: UUID, indexes: Iterable[int], size: int) -> dict[int, list[bytes]]:
    """Return a proof for each of these leaves, in the tree of this size."""
    ranges = {index: merkle.inclusion(index, size) for index in indexes}
    needed = {place for spans in ranges.values() for span in spans for place in merkle.places(span)}
    known = subtrees(facility, sorted(needed))
    return {index: merkle.hashes(spans, known) for index, spans in ranges.items()}


def consistency_proof(facility: UUID, old: int, new: int) -> list[bytes]:
    """Return a proof that the tree of ``new`` leaves begins with that of ``old``."""
    ranges = merkle.consistency(old, new)
    needed = {place for span in ranges for place in merkle.places(span)}
    return merkle.hashes(ranges, subtrees(facility, sorted(needed)))


def subtrees(facility: UUID, places: Sequence[Place]) -> Mapping[Place, bytes]:
    """Return the hashes of these complete subtrees, as far as they are kept."""
    found: dict[Place, bytes] = {}
    leaves = [place.number for place in places if place.level == 0]
    above = [place.key for place in places if place.level]
    for numbers in _some(leaves):
        rows = Leaf.objects.as_system(WHY).filter(facility=facility, index__in=numbers)
        found |= {Place(0, index): bytes(node) for index, node in rows.values_list("index", "hash")}
    for keys in _some(above):
        nodes = Node.objects.filter(facility=facility, place__in=keys)
        found |= {Place.at(key): bytes(node) for key, node in nodes.values_list("place", "hash")}
    return found


def _some(numbers: Sequence[int]) -> Iterable[list[int]]:
    rest = iter(numbers)
    while some := list(islice(rest, ASKED_MAX)):
        yield some
