"""The Content-Security-Policy of every answer, put into words once."""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    """django-csp's. A page that asks for a policy of its own, or for a nonce, is left to it."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.policy = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the policy, unless the answer brings one."""
        own = any(name.startswith("_csp") for name in (*vars(response), *vars(request)))
        if own or not self.policy:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response
