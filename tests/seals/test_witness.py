"""A phone shows the head that it saw: a record that does not contain it is found out."""

import time
from datetime import timedelta

import pytest
from django.core.management import call_command

from milieu.keeping.findings import to_mend
from milieu.keeping.sealed import look
from milieu.kernel.ids import uuid7
from milieu.seals import alarms, keys, log, witness
from milieu.seals.merkle import leaf_hash
from milieu.seals.models import Contradiction, Sighting
from milieu.seals.note import Checkpoint, Signer
from milieu.seals.sealing import seal
from tests.cast import NIGHT, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget(monkeypatch):
    """Begin each test as a process that has just started."""
    for memory in (witness._told, witness._found, witness._noted, alarms._warned):
        memory.clear()
    monkeypatch.setattr(witness, "TOLD_FOR_S", 0.0)


@pytest.fixture
def cast(db):
    return Cast()


def told(cast, seen=None):
    return witness.told(cast.phone, seen, NIGHT)


def signed(cast, size, root, signer=None, origin=None):
    head = Checkpoint(origin=origin or log.origin(cast.facility.pk), size=size, root=root)
    return (signer or keys.signer()).sign(str(head))


def test_before_anything_is_sealed_there_is_no_head(cast):
    assert told(cast) == {"head": None, "head_found": None}


def test_a_phone_is_told_the_newest_head_and_finds_it_again(cast):
    seal(NIGHT)
    first = told(cast)["head"]
    cast.store(cast.check(cast.rosa))
    seal(NIGHT)
    second = told(cast, first)
    assert second["head_found"] is True
    assert second["head"] != first
    assert told(cast, second["head"])["head_found"] is True
    assert Sighting.objects.get().device == cast.phone


def test_a_head_of_another_history_of_the_same_size_is_found_out(cast):
    seal(NIGHT)
    size = log.newest_head(cast.facility.pk).size
    forked = signed(cast, size, leaf_hash(b"another history"))
    assert told(cast, forked)["head_found"] is False
    assert told(cast, forked)["head_found"] is False
    assert Contradiction.objects.get().size == size


def test_a_head_beyond_what_is_here_is_found_out_and_stays_so_when_the_record_grows(cast):
    seal(NIGHT)
    size = log.newest_head(cast.facility.pk).size
    lost = signed(cast, size + 1, leaf_hash(b"lost"))
    assert told(cast, lost)["head_found"] is False
    cast.store(cast.check(cast.rosa))
    seal(NIGHT)
    assert log.newest_head(cast.facility.pk).size == size + 1
    assert told(cast, lost)["head_found"] is False


def test_a_size_at_which_no_head_was_signed_is_worked_out_from_the_tree(cast):
    cast.store(cast.check(cast.rosa))
    seal(NIGHT)
    tree = log.frontier_at(cast.facility.pk, 2)
    assert told(cast, signed(cast, 2, tree.root))["head_found"] is True
    assert told(cast, signed(cast, 2, leaf_hash(b"")))["head_found"] is False


def test_a_head_of_an_earlier_life_of_the_record_is_still_looked_for(cast):
    seal(NIGHT)
    root = bytes(log.newest_head(cast.facility.pk).root)
    size = log.newest_head(cast.facility.pk).size
    earlier = f"{log.log_name(cast.facility.pk)}/{uuid7()}"
    assert told(cast, signed(cast, size, root, origin=earlier))["head_found"] is True
    assert told(cast, signed(cast, size, bytes(32), origin=earlier))["head_found"] is False


@pytest.mark.parametrize("seen", ["", "nonsense", {"size": 1}, 7, "x" * 5000, [], "\u2014 a b\n"])
def test_what_is_no_head_of_ours_raises_no_alarm(cast, seen):
    seal(NIGHT)
    assert told(cast, seen)["head_found"] is None
    assert not Contradiction.objects.exists()


def test_nobody_else_can_raise_an_alarm_with_a_head_of_their_own(cast):
    seal(NIGHT)
    stranger = Signer(b"stranger" * 4)
    assert told(cast, signed(cast, 1, bytes(32), signer=stranger))["head_found"] is None
    other = f"milieu/{uuid7()}/{uuid7()}"
    assert told(cast, signed(cast, 1, bytes(32), origin=other))["head_found"] is None
    assert not Contradiction.objects.exists()


def test_an_objection_is_said_until_a_person_has_explained_it(cast, capsys):
    seal(NIGHT)
    assert to_mend(look(NIGHT)) == []
    told(cast, signed(cast, 99, bytes(32)))
    (finding,) = to_mend(look(NIGHT))
    assert "Phone 1 of North" in finding.says
    assert alarms.warns(cast.north.pk)

    call_command("objections")
    listed = capsys.readouterr().out
    assert "saw 99 sealed entries" in listed
    call_command(
        "objections",
        explain=Contradiction.objects.get().pk,
        by="ivan",
        words="Restored after the disk failed; phones have sent again.",
    )
    assert to_mend(look(NIGHT)) == []
    assert not alarms.warns(cast.north.pk)
    assert Contradiction.objects.count() == 1


def test_a_seal_that_is_late_is_said(cast):
    seal(NIGHT)
    cast.store(cast.check(cast.rosa))
    (note,) = look(NIGHT + timedelta(minutes=30))
    assert note.level == "note"
    (mend,) = to_mend(look(NIGHT + timedelta(hours=3)))
    assert "waited for its seal" in mend.says
    seal(NIGHT)
    assert [finding.level for finding in look(NIGHT + timedelta(hours=3))] == ["ok"]


def test_it_costs_a_push_next_to_nothing(cast, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(witness, "TOLD_FOR_S", 60.0)
    seal(NIGHT)
    seen = told(cast)["head"]
    told(cast, seen)
    with django_assert_num_queries(0):
        began = time.process_time()
        for _ in range(1000):
            told(cast, seen)
        assert (time.process_time() - began) / 1000 < 0.000_05
