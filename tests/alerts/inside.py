"""Runs with data of its own: raises alerts there, looks for them in processes that may be killed.

Speaks JSON, a line for each question and each answer. It is started once, and each lookout is a
fork of it: a process of its own, there in milliseconds.
"""

import json
import os
import sys
import threading
from datetime import timedelta
from typing import Any

import apprise
import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from milieu.alerts.browsers import subscribe  # noqa: E402
from milieu.alerts.models import Alert, Delivery, Outcome, Way  # noqa: E402
from milieu.keeping.lookout import keep_looking  # noqa: E402
from milieu.keeping.parts import end_with_parent  # noqa: E402
from milieu.kernel import clock  # noqa: E402
from tests.alerts.work import begin, tell  # noqa: E402
from tests.cast import Cast  # noqa: E402

MADE: dict[str, Cast] = {}


def make(browser: dict[str, str]) -> None:
    """Make the tables and the cast; Nora is at work, and told in a browser."""
    apprise.Apprise().add("json://127.0.0.1/")  # loads its parts once, before the forks
    call_command("migrate", verbosity=0, interactive=False)
    cast = MADE["cast"] = Cast()
    begin(cast, cast.nora, at=clock.now() - timedelta(minutes=1))
    subscribe(cast.nora, **browser, language="en", at=clock.now())


def concern(number: int) -> None:
    """Let something be written that the nurse should know."""
    tell(MADE["cast"], at=clock.now() - timedelta(seconds=1), words=f"Number {number}")


def start(_: Any) -> int:
    """Start a lookout, the loops of ``milieu ticker``, in a process of its own."""
    pid = os.fork()
    if pid == 0:
        end_with_parent()
        for thread in keep_looking(threading.Event()):
            thread.join()
    return pid


def buried(pid: int) -> None:
    """Wait until a process has ended."""
    os.waitpid(pid, 0)


def look(_: Any) -> dict[str, int]:
    """Count what was raised, and what of the first rung has arrived.

    Nobody answers. So after five minutes the first ones are told to the next rung too, and a
    message of that must not pass for one that is still awaited.
    """
    alerts = Alert.objects.as_system("a test counts")
    out = Delivery.objects.filter(way__in=[Way.PUSH, Way.OUTSIDE], rung=0)
    return {
        "alerts": alerts.count(),
        "without_step": alerts.filter(steps=None).count(),
        "waiting": alerts.filter(waiting__isnull=False).count(),
        "messages": out.count(),
        "arrived": out.filter(outcome=Outcome.ARRIVED).count(),
    }


if __name__ == "__main__":
    asked = {each.__name__: each for each in (make, concern, start, buried, look)}
    for line in sys.stdin:
        what, how = json.loads(line)
        answer = asked[what](how)
        connections.close_all()  # a fork must not share one
        print(json.dumps(answer), flush=True)  # noqa: T201
