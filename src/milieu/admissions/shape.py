"""A movement as it comes in at any door."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct


class Movement(Struct, frozen=True, forbid_unknown_fields=True):
    """Where someone in care went. ``unit`` is set for admit and transfer, and only then."""

    what: Literal["admit", "transfer", "leave", "escort", "return", "discharge"]
    unit: UUID | None = None
    bed: UUID | None = None
    escort: UUID | None = None
    back_by: datetime | None = None
    note: Annotated[str, Meta(max_length=500)] = ""
