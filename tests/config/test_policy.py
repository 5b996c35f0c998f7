"""The Content-Security-Policy is on every answer, and a page may still have one of its own."""

import pytest
from csp.constants import NONCE
from csp.decorators import csp_update
from django.http import HttpResponse
from django.test import Client

from milieu.config.policy import PolicyMiddleware

pytestmark = pytest.mark.django_db


def words(policy):
    return {part.strip() for part in policy.split(";")}


@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/", "/people/", "/nowhere/"])
def test_every_answer_carries_the_policy(path):
    policy = words(Client().get(path)["Content-Security-Policy"])
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= policy
    assert not any("unsafe" in part for part in policy)


def test_a_page_that_asks_for_its_own_policy_gets_it(rf):
    view = csp_update({"img-src": ["blob:"]})(lambda request: HttpResponse())
    policy = words(PolicyMiddleware(view)(rf.get("/"))["Content-Security-Policy"])
    assert "img-src 'self' data: blob:" in policy


def test_a_nonce_that_a_page_used_is_in_its_policy(rf):
    @csp_update({"script-src": [NONCE]})
    def view(request):
        return HttpResponse(str(request.csp_nonce))

    answer = PolicyMiddleware(view)(rf.get("/"))
    assert f"'nonce-{answer.content.decode()}'" in answer["Content-Security-Policy"]
