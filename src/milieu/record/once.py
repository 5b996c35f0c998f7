"""What is kept beside the record under an id of its sender's: once, however often it is sent."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Manager, Model
from django.utils.translation import gettext as _

from milieu.kernel.errors import Refusal

Row = TypeVar("Row", bound=Model)


def keep_once(rows: Manager[Row], key: UUID, said: Mapping[str, Any], **around: Any) -> Row:
    """Store a row under this id, or find it; return it.

    Args:
        rows: of one model.
        key: made by whoever sends it, so that the same sent twice is stored once.
        said: what it says, by field. A foreign key by its id.
        around: what may differ when it is sent again, such as when it came.

    Raises:
        Refusal ``entry-id-reused``: something else was said under this id.
    """
    row, new = rows.get_or_create(pk=key, defaults={**said, **around})
    if not new and any(getattr(row, name) != value for name, value in said.items()):
        raise reused()
    return row


def reused() -> Refusal:
    """Return the refusal of what is sent under an id that something else has."""
    words = _("This was already sent, with other content. Open the page again and say it there.")
    return Refusal("entry-id-reused", words, field="id")
