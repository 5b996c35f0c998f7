"""What every view receives once the middleware has run, and what it may answer with."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django_htmx.middleware import HtmxDetails

from milieu.people.models import Person


class Request(HttpRequest):
    """A request by a signed-in person. ``LoginRequiredMiddleware`` turns strangers away."""

    user: Person
    htmx: HtmxDetails


class SharedPage(TemplateResponse):
    """A page that says the same to everyone who is shown the same facts.

    ``facts`` is a named tuple whose fields the template reads. They must be equal only where the
    page is: plain values, never a row of a model (two are equal that only have the same key).
    Whether this reader may see them was asked before. ``shell/shared.py`` draws it.
    """

    def __init__(self, request: HttpRequest, template: str, facts: NamedTuple) -> None:
        self.facts = facts
        context: dict[str, Any] = facts._asdict()
        super().__init__(request, template, context)
