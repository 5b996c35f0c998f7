"""What every view receives once the middleware has run."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from milieu.people.models import Person


class Request(HttpRequest):
    """A request by a signed-in person. ``LoginRequiredMiddleware`` turns strangers away."""

    user: Person
    htmx: HtmxDetails
