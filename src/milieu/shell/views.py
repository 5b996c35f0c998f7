"""The first page, the look of pages, and what is said when a page cannot be given."""

import sys
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from milieu.census.models import Unit
from milieu.people.access import units_where
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.shell.context import THEME_COOKIE, THEMES

THEME_DAYS: Final = 400  # the longest that browsers keep a cookie
RETRY_AFTER_S: Final = 30


@require_safe
def home(request: Request) -> HttpResponse:
    """Lead a person to the board of their unit; with several units, let them choose."""
    units = Unit.objects.filter(pk__in=units_where(request.user, Action.SEE))
    if len(units) == 1:
        return redirect("board", units[0].pk)
    return render(request, "shell/home.html", {"units": units})


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie: the server sends each page in it, and nothing flashes."""
    response = redirect(_back(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=THEME_DAYS * 24 * 60 * 60,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    """Return the page that the form stood on; never an address elsewhere."""
    page = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if safe else reverse("home")


def cannot_answer(request: HttpRequest) -> HttpResponse:
    """``handler500``: say that this page did not work; 503 when the database does not answer.

    Rendered without context processors, because they may be what does not work.
    """
    if isinstance(sys.exception(), OperationalError):
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
    return HttpResponse(render_to_string("500.html"), status=500)
