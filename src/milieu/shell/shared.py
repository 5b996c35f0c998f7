"""Pages that are drawn once for all who are shown the same.

Such a page is made from its facts and from ``Around``, and is given nothing else: no request, no
person, no session. So two readers get the same drawing only where nothing on it differs. What is
each reader's or each request's own (the token of forms, a name, an address) is left open when the
page is drawn, and filled in when it is sent.
"""

import re
import secrets
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.translation import get_language

from milieu.people.http import SharedPage
from milieu.people.models import Person
from milieu.shell.context import everywhere, theme_of
from milieu.shell.navigation import Item, navigation

DRAWN_MAX: Final = 128


class Around(NamedTuple):
    """What ``shell/base.html`` shows around a page; how, by whom and where it is read."""

    language: str
    theme: str
    navigation: tuple[Item, ...]


class Own(NamedTuple):
    """What only this reader is sent, on this page alone."""

    token: str
    name: str
    path: str


Drawing = tuple[tuple[bytes, int], ...]  # a piece, and which of a reader's own follows it


class SharedPageMiddleware:
    """Gives a shared page its drawing. One that has a message to show is drawn for its reader."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = self.get_response(request)
        return answer

    def process_template_response(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        if isinstance(response, SharedPage) and not len(get_messages(request)):
            assert isinstance(request.user, Person), "Only people who are signed in share pages."
            around = Around(get_language() or "", theme_of(request), tuple(navigation(request)))
            own = Own(get_token(request), request.user.name, request.get_full_path())
            drawing = _drawn(str(response.template_name), response.facts, around)
            response.content = _filled(drawing, own)
        return response


@lru_cache(maxsize=DRAWN_MAX)
def _drawn(template: str, facts: NamedTuple, around: Around) -> Drawing:
    """Draw a page. The language must be the active one."""
    open_ = Own(*(secrets.token_hex(16) for _ in Own._fields))  # nobody can have written these
    context = (
        facts._asdict()
        | everywhere()
        | {
            "theme": around.theme,
            "navigation": around.navigation,
            "csrf_token": open_.token,
            "user": {"is_authenticated": True, "name": open_.name},
            "request": {"get_full_path": open_.path},
        }
    )
    text = get_template(template).render(context)
    *pieces, end = re.split(f"({'|'.join(open_)})", text)
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    return (*((piece.encode(), open_.index(mark)) for piece, mark in pairs), (end.encode(), -1))


def _filled(drawing: Drawing, own: Own) -> bytes:
    """Put in what was left open."""
    values = [*(escape(value).encode() for value in own), b""]
    return b"".join(part for piece, number in drawing for part in (piece, values[number]))
