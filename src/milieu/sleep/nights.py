"""How often looks woke somebody, night by night."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import NamedTuple

from milieu.census.models import Stay
from milieu.record.models import Entry
from milieu.sleep.rules import evening_of
from milieu.sleep.services import LOOK

SHOWN_FOR = timedelta(days=7)
WHY = "the reader may see this stay: asked before"


class Night(NamedTuple):
    """One night: how many looks from the doorway there were, and how many woke them."""

    evening: date
    looks: int
    woken: int


def nights_of(stay: Stay, now: datetime) -> list[Night]:
    """Return the last week's nights with looks from the doorway, the newest first."""
    zone = stay.standing.unit.zone
    entries = Entry.objects.as_system(WHY).current().filter(stay=stay, kind=LOOK, struck=False)
    rows = entries.filter(counted_at__gte=now - SHOWN_FOR).values_list(
        "counted_at", "doorwaylook__woken"
    )
    looks, woken = Counter[date](), Counter[date]()
    for at, answer in rows:
        evening = evening_of(at, zone)
        looks[evening] += 1
        woken[evening] += answer == "yes"
    return [Night(evening, looks[evening], woken[evening]) for evening in sorted(looks)][::-1]
