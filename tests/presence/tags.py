"""Tags as they are in a test: each remembers its counter, and says what a real one would."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from milieu.census.models import Facility
from milieu.presence import sun
from milieu.presence.keys import tag_keys
from milieu.presence.shape import Code, Tap
from tests.cast import LYING

UID = "04DE5F1EACC040"


@dataclass
class Door:
    """A tag at a door."""

    facility: Facility
    uid: str = UID
    counter: int = 0

    def tap(self, at: datetime, *, counter: int | None = None) -> Tap:
        """Tap it: its counter goes up by one."""
        self.counter = self.counter + 1 if counter is None else counter
        keys = tag_keys(self.facility.pk, self.uid)
        picc_data, cmac = sun.message(keys, sun.Read(self.uid, self.counter))
        return Tap(picc_data=picc_data, cmac=cmac, at=at)


def shown(presence: Tap | Code | object) -> object:
    """Return a check that says how presence was shown."""
    return msgspec.structs.replace(LYING, presence=presence)
