"""Rows about a person in care: none, until it is said who is asking."""

from typing import Any, TypeVar

from django.db import models

from milieu.people.access import units_where
from milieu.people.models import Person
from milieu.people.rules import Action

M = TypeVar("M", bound=models.Model)


class InCareManager(models.Manager[M]):
    """The default manager of anything about a person in care. Unnarrowed, it gives no rows.

    It does not stop raw SQL, ``_base_manager`` or following a foreign key from a row that one
    may see; ``tests/test_shape.py`` bans the first two outside the rooms that need them.
    """

    unit_path = ""  # how to reach the unit from this model
    rows: type[models.QuerySet[Any, Any]] = models.QuerySet

    def get_queryset(self) -> models.QuerySet[M, M]:
        return self._whole().none()

    def visible_to(self, person: Person) -> Any:
        """Return the rows of the units where this person may see people in care."""
        units = units_where(person, Action.SEE)
        return self._whole().filter(**{f"{self.unit_path}__in": units})

    def as_system(self, reason: str) -> Any:
        """Return every row. ``reason`` tells the reader of the code why no one's view applies."""
        assert reason, "Say why."
        return self._whole()

    def _whole(self) -> models.QuerySet[M, M]:
        return self.rows(self.model, using=self._db)
