"""``vitals.Latest``: somebody's newest set of vital signs, and the scale ordered for them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from milieu.census.models import Standing
from milieu.record.kinds import Projection
from milieu.record.models import Entry, told_at
from milieu.record.rows import insert_or_replace
from milieu.vitals.models import Latest
from milieu.vitals.ordering import SCALE
from milieu.vitals.services import SET

WHY = "a projection reads all"


def _newest(kind: str, value: str) -> Subquery:
    """Return a value of the newest entry of a kind that stands. Its time as the record has it."""
    standing = Entry.objects.as_system(WHY).current().filter(stay=OuterRef("stay"), kind=kind)
    ordered = standing.annotate(at=told_at()).order_by("-at", "-seq")
    return Subquery(ordered.values(value)[:1])


def project(stays: Sequence[UUID]) -> None:
    """Work out afresh what stands of these stays, in two statements. Of nothing, no row."""
    rows = list(_rows(stays))
    left = set(stays) - {row["stay_id"] for row in rows}
    Latest.objects.as_system(WHY).filter(stay__in=left).delete()
    insert_or_replace(Latest, rows)


def _rows(stays: Sequence[UUID]) -> Iterable[dict[str, Any]]:
    found = (
        Standing.objects.as_system("a projection reads all")
        .filter(stay__in=stays)
        .values_list(
            "stay_id",
            _newest(SET, "seq"),
            _newest(SET, "at"),
            _newest(SET, "vitalsigns__outcome"),
            _newest(SCALE, "seq"),
            _newest(SCALE, "oxygenscale__scale"),
        )
    )
    for stay, newest, at, outcome, ordered, scale in found:
        if newest or ordered:
            yield {
                "stay_id": stay,
                "newest_id": newest,
                "newest_at": at,
                "outcome": outcome or "",
                "ordered_id": ordered,
                "scale": scale,
            }


def clear() -> None:
    """Forget every row."""
    Latest.objects.as_system("rebuilding").delete()


LATEST = Projection("latest vital signs", frozenset({SET, SCALE}), project, clear)
