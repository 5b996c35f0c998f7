"""Where the navigation leads whoever may see alerts: about people in care, or about the house."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milieu.people.access import may
from milieu.people.models import Person
from milieu.people.rules import Action


def alerts(request: HttpRequest) -> list[tuple[str, str | Promise, str]]:
    """Return the page of alerts."""
    person = request.user
    if isinstance(person, Person) and (may(person, Action.SEE) or may(person, Action.MEND)):
        return [(reverse("concerns"), _("Alerts"), "bell")]
    return []
