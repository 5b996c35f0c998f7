"""What another site makes a browser send is not taken, whoever is signed in there."""

import pytest
from django.test import Client

from milieu.kernel.ids import uuid7
from tests.cast import Cast
from tests.routes import ARGUMENT, BACKEND, addresses

WITHOUT_COOKIES = ("/phone/", "/live/phone/")  # these doors take tokens and no cookies


@pytest.fixture
def browser(db):
    """Return a browser in which a nurse who also manages is signed in."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(Cast().nora, backend=BACKEND)
    return browser


def filled_in(pattern: str) -> dict[str, object]:
    return dict.fromkeys((a or b for a, b in ARGUMENT.findall(pattern)), uuid7())


def test_no_form_is_taken_that_another_site_made(browser):
    asked = {
        address.name: browser.post(address.url(**filled_in(address.pattern)), {"sent": "yes"})
        for address in addresses()
        if not address.url(**filled_in(address.pattern)).startswith(WITHOUT_COOKIES)
    }
    refused = [name for name, answer in asked.items() if answer.status_code == 403]
    closed = [name for name, answer in asked.items() if answer.status_code == 404]

    assert {*asked} - {*refused} - {*closed} == set()
    assert len(refused) > 60


def test_a_page_is_not_shown_inside_another_sites(browser):
    page = browser.get("/")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
