"""What stands between a request and its page, about people."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import needs_second_factor
from milieu.people.models import Person

SETTING_UP = "/accounts/"  # where one sets up how one signs in
LIVE = "/live/"  # where an open board asks again, whether anybody looks at it or not
Handler = Callable[[HttpRequest], HttpResponse]

MINUTE_S = 60
STATUS = {"not-allowed": 403, "reaches-further": 403, "unknown-stay": 404, "unknown-alert": 404}


class IdleMiddleware:
    """Sign a person out of the pages who left them alone: a desk on a unit is passed by many.

    Parts of a page that refresh themselves are no sign of a person, so they do not count.
    """

    SEEN = "seen_at"  # seconds since 1970, to the minute, so that not every page writes the session

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.idle_s = settings.IDLE_MINUTES * 60

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(clock.now().timestamp())
            seen = request.session.get(self.SEEN, now)
            if now - seen > self.idle_s:
                logout(request)
                messages.info(request, _("You were signed out after a time without use."))
                return redirect_to_login(request.get_full_path())
            new = now - seen >= MINUTE_S or self.SEEN not in request.session
            if new and not _by_itself(request):
                request.session[self.SEEN] = now
        return self.get_response(request)


def _by_itself(request: HttpRequest) -> bool:
    part = request.headers.get("HX-Request") or request.path.startswith(LIVE)
    return request.method == "GET" and bool(part)


class SettingUpMiddleware:
    """Lead people to what they must set up before anything else: a password of their own in the
    place of the first one, and a second factor where their role must have one.

    What a stranger may open, they may too: phones, which show tokens of their own, are among it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_arguments: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        person = request.user
        if not isinstance(person, Person) or request.path.startswith(SETTING_UP):
            return None
        if person.password_is_first:
            return redirect("account_change_password")
        lacks_factor = needs_second_factor(person) and not is_mfa_enabled(person)
        return redirect("mfa_index") if lacks_factor else None


class RefusalMiddleware:
    """Show a refusal that no form caught as a page in the product's own voice."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        status = STATUS.get(error.code, 422)
        response = render(request, "shell/refused.html", {"refusal": error}, status=status)
        if request.headers.get("HX-Request"):  # a part of a page asked: only the notice goes in
            response["HX-Retarget"] = "#messages"
            response["HX-Reswap"] = "innerHTML"
            response["HX-Reselect"] = ".notice"
        return response
