"""Where somebody is asked how they are: in the navigation of whoever is asked alone."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milieu.kernel import clock
from milieu.people.models import Person
from milieu.record import stamp
from milieu.record.stamp import Unmoved
from milieu.wellbeing.services import is_asked

_asked = Unmoved({})


def own(request: HttpRequest) -> list[tuple[str, str | Promise, str]]:
    """Return the page of one's own questions, while there are any."""
    person = request.user
    if not isinstance(person, Person):
        return []
    asked = _asked.get(
        person.pk,
        stamp.kept(request),
        lambda: is_asked(person, clock.now()),
    )
    return [(reverse("own-check-ins"), _("For you"), "hand-helping")] if asked else []
