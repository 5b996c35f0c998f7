"""Where the navigation leads those who fix tags at doors."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milieu.people.access import may
from milieu.people.models import Person
from milieu.people.rules import Action


def tags(request: HttpRequest) -> list[tuple[str, str | Promise, str]]:
    """Return the page of tags, for whoever may fix them."""
    person = request.user
    if isinstance(person, Person) and may(person, Action.FIX_TAGS):
        return [(reverse("tags"), _("Tags at doors"), "door-open")]
    return []
