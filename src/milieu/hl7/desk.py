"""What is decided once for every message: who takes it in, where people go, when it is."""

from dataclasses import dataclass
from datetime import datetime

from milieu.census.destinations import Destinations
from milieu.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who takes messages in, where people go, and when it is."""

    destinations: Destinations
    by: Person
    received_at: datetime
