"""Where the navigation leads whoever may see alerts: about people in care, or about the house."""

from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milieu.alerts.models import Alert
from milieu.people.access import may, units_where
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record import stamp
from milieu.record.stamp import Unmoved

# These say themselves how many wait, and bring that up to date while they are open; a number
# beside it that stood still would soon say something else.
SAY_THEMSELVES: Final = frozenset({"board", "concerns", "concern-answer"})

_waiting: Final = Unmoved({})


def alerts(request: HttpRequest) -> list[tuple[str, str | Promise, str]]:
    """Return the page of alerts; with how many wait, where the page does not say that itself."""
    person = request.user
    if not isinstance(person, Person):
        return []
    if not (may(person, Action.SEE) or may(person, Action.MEND)):
        return []
    match = request.resolver_match
    count = 0 if match and match.url_name in SAY_THEMSELVES else _count(request, person)
    return [(reverse("concerns"), f"{_('Alerts')} ({count})" if count else _("Alerts"), "bell")]


def _count(request: HttpRequest, person: Person) -> int:
    """Return how many alerts wait on this person's units; asked again once anything was stored."""
    about = tuple(units_where(person, Action.MEND)), tuple(units_where(person, Action.SEE))
    waiting = Alert.objects.visible_to(person).filter(waiting__isnull=False)
    count: int = _waiting.get(about, stamp.kept(request), waiting.count)
    return count
