"""The board on a screen that hangs on the wall: nobody is signed in, and nothing can be pressed."""

from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from milieu.board import rows
from milieu.board.render import Wanted, board
from milieu.board.views import order_of
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.forms import WithRefusals
from milieu.people.models import Screen
from milieu.people.screens import COOKIE, enrol_screen, keep_token, screen_of, seen


class ScreenForm(WithRefusals):
    """A code that a lead gave, and where the screen hangs."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Eight letters and digits"))
    name = forms.CharField(label=_("Where it hangs"), max_length=60, required=False)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def wall(request: HttpRequest) -> HttpResponse:
    """Show the unit of this screen; a screen that is not enrolled yet asks for its code."""
    form = ScreenForm(request.POST or None)
    if form.is_valid():
        try:
            _screen, token = enrol_screen(**form.cleaned_data, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            hung = redirect("wall")
            keep_token(hung, token)
            return hung
    screen = None if request.method == "POST" else screen_of(request)
    if screen:
        return _shown(request, screen)
    status = 422 if form.errors or request.method == "POST" else 200
    return render(request, "board/screen.html", {"form": form}, status=status)


def _shown(request: HttpRequest, screen: Screen) -> HttpResponse:
    if request.user.is_authenticated:
        logout(request)  # a screen is nobody's, whoever hung it
    wanted = _wanted(request, screen)
    [unit] = rows.units([screen.unit_id], None)
    newest = board(unit, wanted, clock.now())
    context = {
        "unit": unit,
        "wanted": wanted,
        "markup": newest.markup,
        "clock": newest.clock,
        "live_url": f"{reverse('wall-live')}?{urlencode({'order': wanted.order})}",
    }
    page = render(request, "board/wall.html", context)
    keep_token(page, request.COOKIES[COOKIE])
    return page


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say what this screen's feed shows: ``live.py`` asks, on its behalf, once a minute."""
    screen = screen_of(request)
    if screen is None:
        return HttpResponse(status=401)
    seen(screen, at=clock.now())
    return HttpResponse(_wanted(request, screen).encoded(), content_type="application/json")


def _wanted(request: HttpRequest, screen: Screen) -> Wanted:
    return Wanted(
        unit_id=screen.unit_id,
        language=get_language() or "en",
        order=order_of(request),
        wall=True,
    )
