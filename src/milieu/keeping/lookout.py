"""The lookout: two loops beside the chores, so that a long backup holds up no alert.

One looks every two seconds for what is wrong and lets alerts climb; the other takes messages out.
On one database each runs in one process at a time; others stand by, and take over when it ends.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog
from django.db import close_old_connections

from milieu.alerts import outbox
from milieu.alerts.ladder import climb
from milieu.alerts.postman import Postman
from milieu.crisis.alarms import Alarms
from milieu.help.services import tell_again
from milieu.incident.alarms import raise_tellings
from milieu.keeping import readiness
from milieu.keeping.heartbeats import beat
from milieu.keeping.house import raise_for_the_house
from milieu.keeping.locks import Turn
from milieu.kernel import clock
from milieu.rounds.contradicted import Watch
from milieu.rounds.overdue import raise_missed
from milieu.rounds.staffing import tell_of_overload

LOOK_EVERY_S: Final = 2.0
POST_EVERY_S: Final = 0.5
SIGN_EVERY_S: Final = 60.0  # a sign of life to whoever watches from outside
BEAT_EVERY_S: Final = 20.0  # one for the doctor

log = structlog.get_logger(__name__)


LOOKS: Final[Sequence[Callable[[datetime], int]]] = (
    Alarms().raise_limits,
    raise_tellings,
    tell_of_overload,
    raise_missed,
    tell_again,
    Watch().raise_contradicted,
    raise_for_the_house,
    climb,
)


class Walker(Protocol):
    """Something done again and again."""

    def turn(self) -> None: ...


class Lookout:
    """Looks for what is wrong. Only a look that went well all through gives a sign of life."""

    def __init__(self, looks: Sequence[Callable[[datetime], int]] = LOOKS) -> None:
        self._looks = looks
        self._sign_at = self._beat_at = 0.0  # monotonic seconds

    def turn(self) -> None:
        """Look once."""
        now, seconds = clock.now(), time.monotonic()
        went_well = [self._well(look, now) for look in self._looks]
        if not all(went_well):
            return
        if seconds >= self._sign_at:
            self._sign_at = seconds + SIGN_EVERY_S
            outbox.send_sign_of_life(now)
        if seconds >= self._beat_at:
            self._beat_at = seconds + BEAT_EVERY_S
            beat(readiness.ALERTS, at=now)

    def _well(self, look: Callable[[datetime], int], now: datetime) -> bool:
        try:
            look(now)
        except Exception:  # whatever one look runs into, the others go on
            log.exception("A look for alerts did not succeed.", part=look.__name__)
            return False
        return True


class Post:
    """Takes messages out, until none is due that has a way to go."""

    def __init__(self) -> None:
        self._postman = Postman()

    def turn(self) -> None:
        """Walk while there is something to carry."""
        while self._postman.walk(clock.now(), patience_s=POST_EVERY_S):
            pass


def keep_looking(ending: threading.Event) -> list[threading.Thread]:
    """Start both loops; each ends with the process, or when ``ending`` is set."""
    loops: list[tuple[str, Callable[[], Walker], float]] = [
        ("lookout", Lookout, LOOK_EVERY_S),
        ("post", Post, POST_EVERY_S),
    ]
    threads = [
        threading.Thread(target=_again_and_again, args=(*each, ending), name=each[0], daemon=True)
        for each in loops
    ]
    for thread in threads:
        thread.start()
    return threads


def _again_and_again(
    name: str, make: Callable[[], Walker], every_s: float, ending: threading.Event
) -> None:
    turn, walker = Turn(name), make()
    while not ending.is_set():
        close_old_connections()  # one that broke is opened anew
        try:
            if turn.mine():
                walker.turn()
        except Exception:  # the database may be away for a while; nothing is lost
            log.exception("The lookout was disturbed. It goes on.", part=name)
        ending.wait(every_s)
    turn.end()


def forget_signs_of_life(now: datetime) -> str:
    """Forget signs of life that arrived a day ago."""
    return f"{outbox.forget_signs_of_life(now - timedelta(days=1))} signs of life"
