"""The tree against one made by brute force, and against the public vectors of transparency-dev."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.seals.merkle import (
    EMPTY,
    Frontier,
    Place,
    consistency,
    hashes,
    inclusion,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    places,
    root_of,
)

VECTORS = Path(__file__).parent / "vectors"  # docs/evidence.md says how to get them
SIZE_MAX = 130


def brute(leaves):
    """Return the root as RFC 9162 section 2.1.1 words it, one half after the other."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(brute(leaves[:half]), brute(leaves[half:]))


def leaves(count):
    return [leaf_hash(number.to_bytes(4)) for number in range(count)]


def grown(count):
    """Return a tree's every complete subtree."""
    tree, known = Frontier(), {}
    for leaf in leaves(count):
        known |= dict(tree.add(leaf))
    return tree, known


@given(st.integers(0, SIZE_MAX))
def test_the_root_is_that_of_the_standard(size):
    assert root_of(leaves(size)) == brute(leaves(size))
    tree, known = grown(size)
    assert tree.root == brute(leaves(size))
    for place, node in known.items():
        first = place.number << place.level
        assert node == brute(leaves(size)[first : first + 2**place.level])


@given(st.integers(1, SIZE_MAX), st.data())
def test_every_leaf_is_proved_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    tree, known = grown(size)
    leaf = leaves(size)[index]
    proof = hashes(inclusion(index, size), known)
    assert is_included(leaf, index, size, proof, tree.root)
    assert not is_included(leaf_hash(b"another"), index, size, proof, tree.root)
    other = data.draw(st.integers(-1, size + 1).filter(lambda number: number != index))
    assert not is_included(leaf, other, size, proof, tree.root)
    assert not is_included(leaf, index, size, [*proof, leaf], tree.root)
    if proof:
        broken = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:broken], leaf_hash(b"another"), *proof[broken + 1 :]]
        assert not is_included(leaf, index, size, changed, tree.root)
        assert not is_included(leaf, index, size, proof[:broken] + proof[broken + 1 :], tree.root)


@given(st.integers(1, SIZE_MAX), st.data())
def test_growth_is_proved_and_nothing_else(new, data):
    old = data.draw(st.integers(1, new))
    (now, known), before = grown(new), root_of(leaves(old))
    proof = hashes(consistency(old, new), known)
    assert is_consistent(old, new, proof, before, now.root)
    rewritten = root_of([*leaves(old)[:-1], leaf_hash(b"another")])
    assert not is_consistent(old, new, proof, rewritten, now.root)
    assert not is_consistent(old, new, [*proof, before], before, now.root)
    assert not is_consistent(old, new, proof, before, leaf_hash(b"another"))
    if old < new:
        assert not is_consistent(new, old, proof, now.root, before)
        assert not is_consistent(old, new, [], before, now.root)


@given(st.integers(1, SIZE_MAX))
def test_a_tree_is_kept_as_few_complete_subtrees(size):
    tree, known = grown(size)
    edge = list(places((0, size)))
    assert len(edge) == size.bit_count()
    assert [known[place] for place in edge] == tree.peaks
    assert len(known) < 2 * size
    again = Frontier(size, tree.peaks)
    assert again.add(leaf_hash(b"next"))[0] == (Place(0, size), leaf_hash(b"next"))


def test_what_is_no_hash_is_no_leaf_and_an_empty_tree_proves_nothing():
    assert not is_included(b"", 0, 1, [], b"")
    assert not is_consistent(0, 0, [], EMPTY, EMPTY)
    assert is_consistent(1, 1, [], leaf_hash(b"one"), leaf_hash(b"one"))


def vectors(kind):
    found = sorted((VECTORS / kind).rglob("*.json"))
    return found or [pytest.param(None, marks=pytest.mark.skip("no vectors: docs/evidence.md"))]


def raw(text):
    return base64.b64decode(text or "")


def proof_of(said):
    return [raw(each) for each in said["proof"] or []]


@pytest.mark.parametrize("path", vectors("inclusion"), ids=str)
def test_the_public_vectors_of_inclusion_get_their_verdicts(path):
    said = json.loads(path.read_text())
    found = is_included(
        raw(said["leafHash"]), said["leafIdx"], said["treeSize"], proof_of(said), raw(said["root"])
    )
    assert found is not said["wantErr"], said["desc"]


@pytest.mark.parametrize("path", vectors("consistency"), ids=str)
def test_the_public_vectors_of_consistency_get_their_verdicts(path):
    said = json.loads(path.read_text())
    found = is_consistent(
        said["size1"], said["size2"], proof_of(said), raw(said["root1"]), raw(said["root2"])
    )
    assert found is not said["wantErr"], said["desc"]
