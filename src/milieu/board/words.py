"""What was seen, in the words of the unit."""

from functools import lru_cache

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.board.cards import Seen
from milieu.census.sentences import parts
from milieu.people.rules import Role

ROLES = {
    Role.TECHNICIAN: gettext_lazy("technician"),
    Role.LEAD: gettext_lazy("lead technician"),
    Role.NURSE: gettext_lazy("nurse"),
    Role.PRESCRIBER: gettext_lazy("prescriber"),
    Role.THERAPIST: gettext_lazy("therapist"),
    Role.MANAGER: gettext_lazy("unit manager"),
    Role.PRIVACY: gettext_lazy("privacy officer"),
    Role.IT: gettext_lazy("system administrator"),
}


@lru_cache(maxsize=4096)
def sentence(seen: Seen, pack_name: str, language: str) -> str:
    """Return what a check says: ``Own room, lying, eyes closed, breathing seen``.

    ``language`` must be the active one. A code that the pack no longer has is shown as it is.
    """
    text = parts(seen, pack_name, language)
    match seen.outcome:
        case "refused":
            return _("Did not want to be seen: %(why)s") % {"why": text}
        case "not-seen":
            return _("Could not be seen: %(why)s") % {"why": text}
    return str(capfirst(text))
