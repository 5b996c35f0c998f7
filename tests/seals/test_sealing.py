"""What is stored becomes leaves, each once, in the background; and nobody changes them again."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import F

from milieu.census.models import Facility
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from milieu.seals import keys, log
from milieu.seals.canonical import FORMAT
from milieu.seals.log import Damaged, frontier, newest_head
from milieu.seals.merkle import Frontier, Place, is_consistent, is_included, leaf_hash
from milieu.seals.models import APPEND_ONLY, Head, Leaf, Node
from milieu.seals.note import Checkpoint, open_note
from milieu.seals.reading import unsealed
from milieu.seals.sealing import BATCH, SETTLED, seal, settled
from tests.cast import NIGHT, Cast, unit_named
from tests.presence.tags import Door, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    return Cast()


def leaves_of(facility):
    return list(Leaf.objects.as_system("test").filter(facility=facility).order_by("index"))


def said(leaf):
    return json.loads(bytes(leaf.data))


def night(cast, checks=5):
    """Store some checks of both people."""
    for number in range(checks):
        at = NIGHT + timedelta(minutes=10 * number)
        cast.store(cast.check(cast.rosa, at), cast.check(cast.john, at))


def test_how_presence_was_shown_is_sealed_and_a_check_without_it_is_as_before(cast):
    tap = Door(cast.facility).tap(NIGHT)
    cast.store(cast.check(cast.rosa, fact=shown(tap)), cast.check(cast.john))
    seal(NIGHT + timedelta(hours=1))
    tapped, plain = (said(leaf)["fact"] for leaf in leaves_of(cast.facility)[-2:])
    given = {"presence", "presence_said", "presence_at"}
    worked_out = {"doubt", "tag_uid", "tag_counter", "shown_at"}
    assert tapped["presence_said"] == f"{tap.picc_data} {tap.cmac}"
    assert tapped.keys() - plain.keys() == given | worked_out


def test_every_entry_becomes_one_leaf_and_a_head_is_signed(cast):
    night(cast)
    stored = list(Entry.objects.as_system("test").order_by("seq"))
    assert seal(NIGHT) == len(stored)
    assert seal(NIGHT) == 0
    found = leaves_of(cast.facility)
    assert [leaf.entry_id for leaf in found] == [entry.seq for entry in stored]
    assert [leaf.index for leaf in found] == list(range(len(stored)))

    head = newest_head(cast.facility.pk)
    checkpoint = Checkpoint.read(open_note(head.note, keys.known()))
    tree = Frontier()
    for leaf in found:
        assert bytes(leaf.hash) == leaf_hash(leaf.sealed)
        tree.add(bytes(leaf.hash))
    assert (checkpoint.size, checkpoint.root) == (len(found), tree.root)
    assert checkpoint.origin == log.origin(cast.facility.pk)


def test_a_leaf_says_all_that_the_entry_says_and_names_the_last_one_of_the_same_person(cast):
    night(cast)
    seal(NIGHT)
    last = {}
    for leaf in leaves_of(cast.facility):
        words = said(leaf)
        before = last.get(words["patient_id"])
        assert words["before"] == before
        last[words["patient_id"]] = bytes(leaf.hash).hex()
    assert len(last) == 2
    assert words["format"] == FORMAT
    assert words["author_id"] == str(cast.dana.pk)
    assert words["happened_at"] == "2026-03-02T03:33:00.000000Z"
    assert words["fact"] == {
        "outcome": "seen",
        "place": "own-room",
        "position": "lying",
        "eyes": "closed",
        "breathing": "seen",
    }


def test_the_same_words_never_have_the_same_hash(cast):
    seal(NIGHT)
    salts = [bytes(leaf.salt) for leaf in leaves_of(cast.facility)]
    assert len(set(salts)) == len(salts) > 1
    assert {len(salt) for salt in salts} == {16}


def test_each_facility_has_a_log_of_its_own(cast):
    other = Facility.objects.create(name="Oak", code="OAK")
    cast.arrive("Ada", "Ruiz")  # on North, of Elm
    seal(NIGHT)
    unit_named(other, "West")
    assert newest_head(other.pk) is None
    assert newest_head(cast.facility.pk).note.startswith(f"milieu/{cast.facility.pk}/")


def test_growing_piece_by_piece_is_the_same_as_at_once_and_every_head_contains_the_one_before(cast):
    for number in range(9):
        cast.store(cast.check(cast.rosa, NIGHT + timedelta(minutes=number)))
        seal(NIGHT + timedelta(minutes=number))
    facility = cast.facility.pk
    heads = list(Head.objects.order_by("size"))
    assert len(heads) == 9
    tree, known = Frontier(), {}
    for leaf in leaves_of(facility):
        known |= dict(tree.add(bytes(leaf.hash)))
    kept = {Place.at(node.place): bytes(node.hash) for node in Node.objects.order_by("pk")}
    assert kept == {place: node for place, node in known.items() if place.level}
    for old in heads:
        for new in heads[heads.index(old) :]:
            proof = log.consistency_proof(facility, old.size, new.size)
            assert is_consistent(old.size, new.size, proof, bytes(old.root), bytes(new.root))
    newest = heads[-1]
    proofs = log.inclusion_proofs(facility, range(newest.size), newest.size)
    for leaf in leaves_of(facility):
        proof = proofs[leaf.index]
        assert is_included(bytes(leaf.hash), leaf.index, newest.size, proof, bytes(newest.root))


def test_more_than_one_batch_is_sealed_in_one_go(cast, monkeypatch):
    monkeypatch.setattr("milieu.seals.sealing.BATCH", 3)
    night(cast, 6)
    waiting = unsealed(0).count()
    assert seal(NIGHT) == waiting
    assert unsealed(0).count() == 0
    assert Head.objects.count() == -(-waiting // 3)


def test_between_two_batches_others_may_write_where_only_one_can_at_a_time(cast, monkeypatch):
    monkeypatch.setattr("milieu.seals.sealing.BATCH", 3)
    night(cast, 6)
    batches = -(-unsealed(0).count() // 3)
    breaths = []
    monkeypatch.setattr("milieu.seals.sealing.time.sleep", breaths.append)

    seal(NIGHT, breath_s=0.5)

    one_at_a_time = connection.vendor == "sqlite"
    assert breaths in ([0.5] * n if one_at_a_time else [] for n in (batches - 1, batches))


def test_a_whole_number_that_some_readers_would_round_is_sealed_as_text(cast):
    cast.store(cast.check(cast.rosa, device_seq=2**53))
    seal(NIGHT)
    assert said(leaves_of(cast.facility)[-1])["device_seq"] == str(2**53)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_the_database_refuses_to_change_the_log(cast, model):
    seal(NIGHT)
    rows, column = model._base_manager.all(), model._meta.concrete_fields[-1].name
    changes = [lambda: rows.update(**{column: F(column)}), lambda: rows._raw_delete("default")]
    if connection.vendor == "sqlite" and not rows.exists():
        return  # its guard looks at rows, and there is none here
    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_tree_that_is_not_what_was_signed_is_not_signed_again(cast):
    night(cast)
    seal(NIGHT)
    head = newest_head(cast.facility.pk)
    Head.objects.create(
        facility=cast.facility, size=head.size + 1, root=bytes(32), note="", up_to=0, at=NIGHT
    )
    cast.store(cast.check(cast.rosa, NIGHT + timedelta(hours=5)))
    with pytest.raises(Damaged):
        seal(NIGHT)


def insert(cast, seq):
    """Store an entry under a number of its own, as the database would have given it."""
    Entry.objects.bulk_create(
        [
            Entry(
                seq=seq,
                entry_id=uuid7(),
                kind="round.take",
                stay=cast.rosa,
                author=cast.dana,
                happened_at=NIGHT,
                written_at=NIGHT,
                stored_at=NIGHT,
                content_sha256=b"",
            )
        ]
    )


def test_a_lower_number_that_appears_after_a_higher_one_is_sealed_by_the_next_pass(cast):
    seal(NIGHT)
    newest = Entry.objects.as_system("test").order_by("-seq").first().seq
    insert(cast, newest + 2)
    assert seal(NIGHT + timedelta(seconds=15)) == 1
    insert(cast, newest + 1)
    assert seal(NIGHT + timedelta(seconds=30)) == 1
    assert [leaf.entry_id for leaf in leaves_of(cast.facility)][-2:] == [newest + 2, newest + 1]


def test_only_the_last_minutes_are_looked_through_again_and_the_whole_when_asked(cast):
    seal(NIGHT)
    newest = Entry.objects.as_system("test").order_by("-seq").first().seq
    insert(cast, newest + 2)
    seal(NIGHT)
    later = NIGHT + SETTLED + timedelta(seconds=1)
    assert settled(later) == newest + 2
    insert(cast, newest + 1)
    assert seal(later) == 0
    assert seal(later, whole=True) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_a_transaction_that_commits_late_is_not_skipped():
    cast = Cast()
    seal(NIGHT)
    numbered, over = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            cast.store(cast.check(cast.rosa))
            numbered.set()
            over.wait(20)
        connections.close_all()

    writing = threading.Thread(target=slow)
    writing.start()
    assert numbered.wait(20)
    cast.store(cast.check(cast.john))  # a higher number, committed first
    assert seal(NIGHT) == 1
    assert seal(NIGHT) == 0
    over.set()
    writing.join()
    assert seal(NIGHT) == 1
    first, second = leaves_of(cast.facility)[-2:]
    assert first.entry_id > second.entry_id


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_sealing_does_not_wait_for_writers_nor_they_for_it():
    cast = Cast()
    with transaction.atomic():
        cast.store(cast.check(cast.rosa))
        sealing = threading.Thread(target=lambda: (seal(NIGHT), connections.close_all()))
        sealing.start()
        sealing.join(20)
        assert not sealing.is_alive()
    assert unsealed(0).count() == 1


def test_the_edge_is_read_and_not_the_whole_tree(cast, django_assert_max_num_queries):
    assert BATCH > 100
    night(cast, 40)
    seal(NIGHT)
    with django_assert_max_num_queries(3):
        frontier(cast.facility.pk)
