"""Write and read the signs of life of the house's parts."""

from datetime import datetime, timedelta

from django.db.models import Q

from milieu.keeping.models import Heartbeat


def beat(part: str, *, at: datetime, said: str = "") -> None:
    """Write down that a part works, durably. This also proves that the database can be written.

    Raises:
        OperationalError: it cannot.
    """
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, beat_at=at, said=said[:300])],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["beat_at", "said"],
    )


def last(part: str) -> datetime | None:
    """Return when a part last showed that it works."""
    return Heartbeat.objects.filter(part=part).values_list("beat_at", flat=True).first()


def claim(chore: str, *, now: datetime, every: timedelta, again_after: timedelta) -> bool:
    """Take a chore on if it is due: not done within ``every``, nor begun within ``again_after``.

    Of several servers on one database, one gets it.
    """
    Heartbeat.objects.bulk_create([Heartbeat(part=chore)], ignore_conflicts=True)
    due = Q(beat_at=None) | Q(beat_at__lte=now - every) | Q(beat_at__gt=now)
    not_begun = Q(tried_at=None) | Q(tried_at__lte=now - again_after) | Q(tried_at__gt=now)
    return Heartbeat.objects.filter(due, not_begun, part=chore).update(tried_at=now) == 1
