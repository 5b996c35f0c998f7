"""kill -9 of the lookout at random moments: no message is lost, none comes late after a restart."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from tests.alerts.browser import Browser
from tests.databases import new_database
from tests.tables import give_tables

ROOT = Path(__file__).parents[2]
LATE_S = 5.0
EACH = 2  # messages of an alert: one to the service, one to the browser


class Inside:
    """Talks to ``inside.py``, which works on a database of its own."""

    def __init__(self, home, **environment):
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.alerts.inside"],
            cwd=ROOT,
            env={
                **os.environ,
                "MILIEU_HOME": str(home),
                "DJANGO_SETTINGS_MODULE": "milieu.config.settings",
                **environment,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what, how=None):
        print(json.dumps([what, how]), file=self._program.stdin, flush=True)
        return json.loads(self._program.stdout.readline())

    def kill(self, pid):
        os.kill(pid, signal.SIGKILL)
        self.ask("buried", pid)

    def close(self):
        self._program.kill()
        self._program.wait()
        self._program.stdin.close()
        self._program.stdout.close()


@pytest.fixture
def inside(db, tmp_path, outside):
    with ExitStack() as stack:
        environment = {
            "MILIEU_ALERT_SERVICES": outside.service(),
            "MILIEU_PUSH_HOSTS": "127.0.0.1",
        }
        if connection.vendor == "postgresql":
            environment["MILIEU_DATABASE_URL"] = stack.enter_context(new_database())
        else:
            give_tables(tmp_path)
        program = Inside(tmp_path, **environment)
        stack.callback(program.close)
        program.ask("make", Browser(f"{outside.url}/push/1").said())
        yield program


def test_no_message_is_lost_or_late_when_the_lookout_is_killed(inside, outside):
    """Each round kills twice: at a random moment, and as soon as the messages have come."""
    rounds = 250 if os.environ.get("MILIEU_FAULTS") == "long" else 10
    chance, waits = random.Random(7), []
    outside.wait_s = 0.05  # so that some are killed with a message on its way
    for number in range(rounds):
        inside.ask("concern", number)
        pid = inside.ask("start")
        time.sleep(chance.uniform(0, 0.6))
        inside.kill(pid)

        restarted = time.monotonic()
        pid = inside.ask("start")
        while (found := inside.ask("look"))["arrived"] < EACH * (number + 1):
            assert time.monotonic() - restarted < LATE_S, found
            time.sleep(0.02)
        waits.append(time.monotonic() - restarted)
        inside.kill(pid)

    paths = [path for path, _, _ in outside.came]
    assert found["without_step"] == 0
    assert found["waiting"] == found["alerts"] == rounds  # nothing closed by itself
    assert found["messages"] == found["arrived"] == EACH * rounds
    assert paths.count("/") >= rounds
    assert paths.count("/push/1") >= rounds
    said = f"{2 * rounds} kills: slowest {max(waits):.2f} s, {len(paths) - EACH * rounds} twice\n"
    sys.stdout.write(said)  # pytest -rP shows it
