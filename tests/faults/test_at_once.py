"""The same entry comes several times at once: by page, by service worker, by a second try."""

import threading
from collections import Counter

import pytest

from tests.faults.phones import Phone, Said
from tests.faults.test_kill import assert_whole
from tests.faults.unit import ask

AT_ONCE = 8


def all_at_once(phone: Phone, batches: list[list[dict]]) -> list[Said]:
    """Push each batch from a thread of its own, begun in the same moment."""
    gate, answers = threading.Barrier(len(batches)), []

    def push(batch: list[dict]) -> None:
        gate.wait()
        answers.append(phone.push(batch))

    pushing = [threading.Thread(target=push, args=(batch,)) for batch in batches]
    for thread in pushing:
        thread.start()
    for thread in pushing:
        thread.join(60)
    return answers


def test_the_same_batch_sent_many_times_at_once_is_stored_once(server, phones):
    phone = phones[0]
    for _ in range(6):
        phone.write(20)
        batch = phone.waiting.pop()
        answers = all_at_once(phone, [batch] * AT_ONCE)

        assert {said.status for said in answers} <= {200, 503}  # or told to come back
        outcomes = Counter(
            each["outcome"]
            for said in answers
            if said.status == 200
            for each in said.body["answers"]
        )
        assert outcomes["stored"] == 20
        assert set(outcomes) <= {"stored", "repeated"}
    assert_whole(server, phones)


def test_batches_that_overlap_or_come_in_any_order_are_stored_once(server, phones):
    phone = phones[1]
    phone.write(60)
    written = phone.waiting.pop()
    parts = [written[start : start + 30] for start in (0, 10, 20, 30)]
    turned = [part[::-1] for part in parts]
    answers = all_at_once(phone, [*parts, *turned])

    assert {said.status for said in answers} <= {200, 503}
    phone.waiting = [written]
    phone.send_all()
    found = ask(server, "look")
    assert {entry["id"] for entry in written} <= set(found["ids"])
    assert found["twice"] == found["differing"] == []


@pytest.mark.parametrize("cut", [1, 200, 2000])
def test_a_push_that_breaks_off_half_way_stores_nothing(server, phones, cut):
    phone = phones[2]
    phone.write(20)
    batch = phone.waiting.pop()
    phone.push_broken(batch, cut=cut)
    assert set(ask(server, "look")["ids"]).isdisjoint(entry["id"] for entry in batch)

    phone.waiting = [batch]
    phone.send_all()
    assert {*phone.acknowledged.values()} == {"stored"}


def test_one_person_on_two_phones_keeps_both_checks(server, phones):
    one, other = phones[2:4]
    for phone in (one, other):
        phone.stays = phone.stays[:1]
        phone.write(1)
    answers = [phone.send() for phone in (one, other)]
    assert [said.body["answers"][0]["outcome"] for said in answers] == ["stored", "stored"]
    assert_whole(server, phones)
