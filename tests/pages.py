"""What tests of pages read from them and put into them."""

import re
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from milieu.kernel.ids import uuid7


def now() -> datetime:
    """Return the time that a person at the desk sees."""
    return datetime.now(UTC)


def moment(at: datetime, name: str = "at") -> dict[str, str]:
    """Return a moment as it is typed on a unit whose zone is UTC."""
    return {f"{name}_day": f"{at:%Y-%m-%d}", f"{name}_time": f"{at:%H:%M}"}


def text(page: Any) -> str:
    """Return a page's markup."""
    return str(page.content.decode())


def hidden(page: Any, name: str = "entry_id") -> str:
    """Return what a hidden field carries."""
    (found,) = re.findall(rf'name="{name}" value="([^"]+)"', text(page))
    return str(found)


def to_mend(page: Any) -> list[str]:
    """Return what the summary at the top of a form says has to be put right."""
    summary = re.search(r'<div class="to-mend".*?</div>', text(page), re.DOTALL)
    return re.findall(r"<li>(?:<a [^>]*>)?([^<]*)", summary.group()) if summary else []


def send(client: Any, name: str, key: Any, **given: Any) -> Any:
    """Send the form of a page: an entry with an id of its own, of this minute."""
    at = now().replace(second=0, microsecond=0)
    return client.post(reverse(name, args=[key]), {"entry_id": uuid7(), **moment(at), **given})


def unchanged(form: Any) -> dict[str, Any]:
    """Return what a browser sends of a form that nobody changed."""
    sent: dict[str, Any] = {}
    for field in form:
        if field.name == "at":
            sent |= moment(field.value())
            continue
        parts = [each.data for each in field.subwidgets]
        values = [each["value"] for each in parts if each.get("selected", "selected" not in each)]
        sent[field.name] = [value for value in values if value is not None]
    return sent
