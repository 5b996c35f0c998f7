"""How an alert climbs its ladder, and when a message is tried. Plain: times in, answers out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

RETRY_FIRST: Final = timedelta(seconds=1)
RETRY_MAX: Final = timedelta(
    minutes=1
)  # a message that does not go out is tried this often at least
STUCK_AFTER: Final = timedelta(minutes=2)  # then someone must look why it does not go out
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Rung:
    """Whom an alert reaches when nobody has answered it for this long."""

    after: timedelta
    role: str


@dataclass(frozen=True)
class Reached:
    """A rung that an alert has come to, and since when: its time, or at once."""

    rung: int
    at: datetime


def reached(
    ladder: Sequence[Rung],
    *,
    raised_at: datetime,
    now: datetime,
    nobody: Collection[int],
) -> list[Reached]:
    """Return every rung that an alert which waits has reached, in order. None is skipped.

    A rung is reached when its time has come, or at once when the one before it found nobody on
    shift.

    Args:
        ladder: the rungs, by time.
        raised_at: when the alert was raised.
        now: up to when to look.
        nobody: the rungs at which nobody of the role was on shift.
    """
    found: list[Reached] = []
    for number, rung in enumerate(ladder):
        at_once = found and number - 1 in nobody
        at = found[-1].at if at_once else raised_at + rung.after
        if at > now:
            break
        found.append(Reached(number, at))
    return found


def due_again(answers: Sequence[datetime | None], *, again_after: timedelta, now: datetime) -> bool:
    """Return whether what is wrong must be told: at first, and when it goes on after an answer.

    Args:
        answers: when each alert about it was answered; None while it waits.
        again_after: how long after the last answer it is told anew.
        now: up to when to look.
    """
    given = [answer for answer in answers if answer is not None]
    if len(given) < len(answers):
        return False
    return not given or now - max(given) >= again_after


def retry_after(tries: int) -> timedelta:
    """Return how long to wait after this many tries that did not succeed: longer each time."""
    doubled: timedelta = RETRY_FIRST * 2 ** min(max(tries - 1, 0), 10)
    return min(doubled, RETRY_MAX)


def may_push_to(endpoint: str, hosts: Iterable[str]) -> bool:
    """Return whether a browser's push address is of a service that we may speak to.

    A browser names the address, so without this anyone who signs in could make the server call
    any machine inside the hospital. Plain HTTP only to this machine itself, and only if named.
    """
    try:
        parts = urlsplit(endpoint)
        host, named = parts.hostname or "", parts.username or parts.password
    except ValueError:
        return False
    known = any(host == each or host.endswith(f".{each}") for each in hosts)
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    return known and safe and not named
