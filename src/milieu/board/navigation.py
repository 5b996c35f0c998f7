"""Where the board leads: one place in the navigation for each unit that this person may see."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from milieu.board.units import address, units_seen

UNITS_MAX = 6  # more do not fit a line; the first page lists them all


def boards(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Return address, name and icon of the board of each unit.

    Of the only one "Board": its unit stands beside it, at the head of every page.
    """
    units = units_seen(request)[:UNITS_MAX]
    return [
        (address("board", unit.pk), unit.name if len(units) > 1 else _("Board"), "layout-grid")
        for unit in units
    ]
