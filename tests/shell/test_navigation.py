"""Where a person can go depends on what they may do."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from milieu.people.rules import Role
from milieu.shell.navigation import navigation
from tests.cast import employ


def places(person, path="/"):
    request = RequestFactory().get(path)
    request.user = person
    return [(item.label, item.current) for item in navigation(request)]


def boards(request):
    return [("/unit/7/", "North", "layout-grid")]


@pytest.fixture
def two_places(settings):
    settings.NAVIGATION = [
        ("account_login", "Board", "layout-grid", "see"),
        ("account_logout", "Admit", "user-plus", "admit"),
    ]


@pytest.mark.usefixtures("two_places")
def test_a_nurse_sees_admit_and_a_technician_does_not(cast):
    assert [label for label, _ in places(cast.nora)] == ["Board", "Admit"]
    assert [label for label, _ in places(cast.dana)] == ["Board"]


@pytest.mark.usefixtures("two_places")
def test_a_person_without_a_role_sees_nothing(cast):
    assert places(employ("new", "New Person", Role.TECHNICIAN)) == []


@pytest.mark.usefixtures("two_places")
def test_the_page_where_one_is_says_so(cast):
    assert places(cast.dana, reverse("account_login")) == [("Board", "page")]


def test_a_room_may_name_places_that_depend_on_the_person(cast, settings):
    settings.NAVIGATION = [f"{__name__}.boards"]
    assert places(cast.dana, "/unit/7/person/3/") == [("North", "true")]


def test_of_several_units_each_board_has_its_name_and_the_only_one_is_called_a_board(cast):
    assert "Board" in [label for label, _ in places(cast.nora)]
    of_both = employ("both", "Bo Both", Role.NURSE, cast.north, cast.south)
    labels = {label for label, _ in places(of_both)}
    assert "Board" not in labels
    assert {"North", "South"} <= labels


@pytest.mark.usefixtures("two_places")
def test_a_signed_in_page_names_the_person_and_offers_to_sign_out(cast, client):
    client.force_login(cast.nora, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("mfa_index")).content.decode()
    assert "Nora Lind" in page
    assert f'action="{reverse("account_logout")}"' in page
    assert 'aria-label="Main"' in page


@pytest.mark.usefixtures("two_places")
def test_a_person_without_a_role_is_told_whom_to_ask(cast, client):
    stranger = employ("new", "New Person", Role.TECHNICIAN)
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/").content.decode()
    assert "You have no role on a unit yet" in page
    assert "Ask the unit manager" in page


def test_a_page_lets_the_browser_name_its_origin_or_every_form_would_be_turned_away(client, db):
    """Browsers send ``Origin: null`` with a form of a page whose policy is ``no-referrer``."""
    assert client.get(reverse("account_login"))["Referrer-Policy"] == "same-origin"
