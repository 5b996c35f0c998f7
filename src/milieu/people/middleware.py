"""What stands between a request and its page, about people."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from milieu.kernel.errors import Refusal
from milieu.people.access import reach_of
from milieu.people.models import Person

Handler = Callable[[HttpRequest], HttpResponse]

STATUS = {"not-allowed": 403, "unknown-stay": 404, "unknown-alert": 404}


class SecondFactorMiddleware:
    """Lead people whose role must have a second factor to set one up, before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.roles = frozenset(settings.MFA_ROLES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.roles and self._must_set_up(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        person = request.user
        if not isinstance(person, Person) or request.path.startswith(("/accounts/", "/static/", "/look/")):
            return False
        held = {str(role) for roles in reach_of(person).values() for role in roles}
        return not self.roles.isdisjoint(held) and not is_mfa_enabled(person)


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
        return render(request, "shell/refused.html", {"refusal": error}, status=status)
