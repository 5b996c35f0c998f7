"""kill -9 of every part of the server at random moments, while phones push."""

import random
import subprocess
import threading
import time

from milieu.keeping.parts import workers as workers_wanted
from tests.faults.phones import Phone, acknowledged, batches
from tests.faults.processes import alive, kill, parts, workers
from tests.faults.unit import ask
from tests.running import PROGRAM, Server

BATCH = 5


def push_through(phone: Phone, over: threading.Event) -> None:
    """Push until nothing waits, whatever happens to the server; now and then send an old batch."""
    while phone.waiting and not over.is_set():
        said = phone.send()
        if said is None or said.status != 200:
            time.sleep(0.05)
        elif phone.chance.random() < 0.1:
            phone.push(phone.chance.choice(phone.batches))


def assert_whole(server: Server, phones: list[Phone]) -> None:
    """See to it that nothing acknowledged is missing, nothing is there twice, or in part."""
    found = ask(server, "look")
    there = set(found["ids"])
    assert acknowledged(phones) - there == set()
    assert found["twice"] == []
    assert found["without_fact"] == 0
    assert found["differing"] == []
    assert found["unlike_the_seal"] == []
    in_part = [ids for ids in batches(phones) if 0 < len(there & set(ids)) < len(ids)]
    assert in_part == []


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(server, phones, long):
    pushes, kills = (1000, 25) if long else (160, 3)
    chance = random.Random(11)
    for number in range(pushes):
        phones[number % len(phones)].write(BATCH)
    over = threading.Event()
    pushing = [threading.Thread(target=push_through, args=(phone, over)) for phone in phones]
    for thread in pushing:
        thread.start()
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 0.5))
            server.kill()
            assert_whole(server, phones)
            server.start()
        for thread in pushing:
            thread.join(120)
    finally:
        over.set()

    assert sum(phone.unanswered for phone in phones) > 0  # they were pushing when it was killed
    assert [phone.waiting for phone in phones if phone.waiting] == []
    assert_whole(server, phones)
    assert len(acknowledged(phones)) == pushes * BATCH


def test_a_part_that_is_killed_alone_is_started_again_by_the_supervisor(server, phones):
    phone = phones[0]
    phone.write(BATCH)
    phone.send_all()

    for pid in parts(server, "milieu pages"):
        kill(pid)
    phone.write(BATCH)
    patience = time.monotonic() + 30
    while phone.waiting and time.monotonic() < patience:
        said = phone.send()
        if said is None:
            time.sleep(0.1)

    assert phone.waiting == []
    assert_whole(server, phones)


def test_as_many_workers_answer_as_the_machine_has_cores_for(server):
    assert len(workers(server)) == workers_wanted()


def test_no_part_outlives_a_supervisor_that_was_killed(server):
    running = parts(server)
    assert len(running) >= 3  # web server, its worker, ticker
    kill(server.process.pid)

    patience = time.monotonic() + 15
    while alive(running) and time.monotonic() < patience:
        time.sleep(0.1)
    assert alive(running) == []


def test_a_sealer_that_is_killed_seals_no_entry_twice_and_none_in_part(server, phones, long):
    pushes, kills = (300, 40) if long else (60, 4)
    chance = random.Random(5)
    for number in range(pushes):
        phones[number % len(phones)].write(BATCH)
    for phone in phones:
        phone.send_all()

    for _ in range(kills):
        sealer = subprocess.Popen([PROGRAM, "seal"], env=server.environment)
        time.sleep(chance.uniform(0.6, 1.6))  # it takes about a second to begin
        kill(sealer.pid)
        sealer.wait()
    assert_whole(server, phones)

    server.milieu("seal", "--once")
    found = ask(server, "look")
    assert (found["unlike_the_seal"], found["unsealed"]) == ([], 0)
