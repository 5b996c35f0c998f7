"""Work the projections out again, and compare them with what stands."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from milieu.census.models import Stay
from milieu.record.kinds import projections
from milieu.record.known import LOCK

AT_ONCE: Final = 500  # stays
WHY: Final = "the keeper compares the projections with the record"

Progress = Callable[[int, int], None]  # stays done, of how many
Rows = dict[str, tuple[Any, ...]]  # one row, by table


def rebuild(*, progress: Progress | None = None) -> int:
    """Throw every projection away and work it out again from the record. Return the count of stays.

    All or nothing: readers see the old rows until the new ones are there, and writers wait.
    """
    with transaction.atomic():
        stays = _stays()
        LOCK.rows(stays)  # else a phone's entry could go on from a row that is thrown away here
        for projection in projections():
            projection.clear()
        for start in range(0, len(stays), AT_ONCE):
            some = stays[start : start + AT_ONCE]
            for projection in projections():
                projection.project(some)
            if progress:
                progress(start + len(some), len(stays))
    return len(stays)


def differing(*, sample: int | None = None) -> list[UUID]:
    """Return the stays whose projections are not what the record says. Nothing is changed.

    With ``sample``, only that many stays are looked at: the newest, where work goes on.
    """
    with transaction.atomic():
        stays = _stays()[-sample:] if sample else _stays()
        stand = _rows(stays)
        for start in range(0, len(stays), AT_ONCE):
            for projection in projections():
                projection.project(stays[start : start + AT_ONCE])
        again = _rows(stays)
        transaction.set_rollback(True)
    return sorted(stay for stay in stays if stand.get(stay) != again.get(stay))


def projected_models() -> list[type[models.Model]]:
    """Return the tables that projections keep: one row for each stay, with the stay as its key."""
    return [
        model
        for model in apps.get_models()
        if model._meta.pk is not None and model._meta.pk.related_model is Stay
    ]


def _stays() -> list[UUID]:
    every = Stay.objects.as_system(WHY)
    return list(every.order_by("pk").values_list("pk", flat=True))


def _rows(stays: Sequence[UUID]) -> dict[UUID, Rows]:
    found: dict[UUID, Rows] = {}
    for model in projected_models():
        columns = [field.attname for field in model._meta.concrete_fields]
        for start in range(0, len(stays), AT_ONCE):
            some = model._base_manager.filter(  # noqa: SLF001 (whatever its manager leaves out)
                pk__in=stays[start : start + AT_ONCE]
            )
            for row in some.values_list("pk", *columns):
                found.setdefault(row[0], {})[model._meta.db_table] = row
    return found
