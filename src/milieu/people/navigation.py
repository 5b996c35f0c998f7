"""Where the navigation leads those who look after accounts or phones."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milieu.people.access import may
from milieu.people.models import Person
from milieu.people.rules import Action


def people(request: HttpRequest) -> list[tuple[str, str | Promise, str]]:
    """Return the page of people, for whoever may manage them or enrol phones."""
    person = request.user
    if not isinstance(person, Person):
        return []
    if may(person, Action.MANAGE_PEOPLE) or may(person, Action.ENROL_PHONE):
        return [(reverse("people"), _("People and phones"), "users")]
    return []
