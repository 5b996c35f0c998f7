"""The postman: takes what is due out of the outbox, several at once, and marks what has arrived.

Marked only after the outside said yes, so a message may arrive twice and is never lost. One postman
works on a database at a time; whoever starts him sees to that.
"""

from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import Final

import structlog

from milieu.alerts import outbox, ways
from milieu.alerts.models import Delivery, Outcome

HANDS: Final = 16  # messages on their way at once
TO_ONE_ADDRESS: Final = 4  # of these, so that a service that hangs does not hold up the others

log = structlog.get_logger(__name__)


class Postman:
    """Sends in threads, and touches the database only in his own."""

    def __init__(self) -> None:
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="postman")
        self._out: dict[Future[Outcome], Delivery] = {}

    def walk(self, now: datetime, *, patience_s: float = 0.0) -> int:
        """Take out what is due, and note what has come back. Return how many messages are out.

        ``patience_s``: wait this long for the first to come back. What it makes room for goes out.
        """
        self._note(now)
        self._take_out(now)
        if self._out and patience_s:
            wait(self._out, timeout=patience_s, return_when=FIRST_COMPLETED)
            self._note(now)
            self._take_out(now)
        return len(self._out)

    def _take_out(self, now: datetime) -> None:
        for delivery in outbox.due(now, besides=[each.pk for each in self._out.values()]):
            if delivery.alert and not hasattr(delivery.alert, "waiting"):
                outbox.close(delivery, Outcome.ANSWERED, at=now)
            elif self._hand_free(delivery):
                self._out[self._hands.submit(ways.send, delivery)] = delivery

    def _hand_free(self, delivery: Delivery) -> bool:
        busy = Counter(_door(each) for each in self._out.values())
        return len(self._out) < HANDS and busy[_door(delivery)] < TO_ONE_ADDRESS

    def _note(self, now: datetime) -> None:
        for future in [future for future in self._out if future.done()]:
            delivery = self._out.pop(future)
            fault = future.exception()
            if fault is None:
                outbox.close(delivery, future.result(), at=now)
                continue
            said = str(fault) if isinstance(fault, ways.NotSent) else type(fault).__name__
            outbox.try_again(delivery, said, at=now)
            log.warning("A message did not go out.", part=delivery.way, says=said)


def _door(delivery: Delivery) -> str:
    """Return what a message has to come through: messages to one door wait for each other."""
    if delivery.subscription:
        return delivery.subscription.endpoint.split("/")[2]
    return f"{delivery.way} {delivery.address}"
