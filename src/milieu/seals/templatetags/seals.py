"""``{% seal_warning unit %}``: what a page says when phones object to the record."""

from typing import Any

from django import template

from milieu.seals.alarms import warns

register = template.Library()


@register.inclusion_tag("seals/warning.html")
def seal_warning(unit: Any) -> dict[str, bool]:
    """Return whether to warn on a page of this unit."""
    return {"warns": warns(unit.pk)}
