"""What every page stands in: who sees it, how it looks at night, and what it never holds."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.test import Client, RequestFactory
from django.urls import reverse

from milieu.shell.context import shell, theme_of
from milieu.shell.views import cannot_answer

SHELL = Path(__file__).parents[2] / "src/milieu/shell"
ROOMS = SHELL.parent
OURS = sorted(ROOMS.glob("*/templates/**/*.html"))
APART = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"]
BANNED_WORDS = r"\b(please|oops|invalid|error|failed to|non-compliant)\b"


def named(path: Path) -> str:
    return str(path.relative_to(ROOMS))


def test_every_template_of_ours_and_of_the_sign_in_compiles():
    folders = [folder for folder in get_app_template_dirs("templates") if folder.is_dir()]
    names = {
        str(path.relative_to(folder))
        for folder in folders
        if "allauth" in folder.parts or "milieu" in folder.parts
        for path in folder.rglob("*.html")
    }
    assert len(names) > 60
    for name in sorted(names):
        get_template(name)


@pytest.mark.parametrize("path", OURS, ids=named)
def test_no_template_holds_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
        assert "src=" in attributes or 'type="application/json"' in attributes, body


@pytest.mark.parametrize("path", OURS, ids=named)
def test_every_icon_that_a_template_names_is_in_the_sprite(path):
    sprite = Path(finders.find("vendor/lucide/icons.svg")).read_text()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    assert set(re.findall(r'{% icon "([^"]+)" %}', path.read_text())) <= drawn


@pytest.mark.parametrize("path", OURS, ids=named)
def test_no_sentence_blames_or_begs(path):
    said = re.findall(r'translate "([^"]*)"', path.read_text())
    assert [words for words in said if re.search(BANNED_WORDS, words, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", APART)
def test_a_page_that_says_what_is_wrong_needs_no_database_and_no_person(name):
    page = get_template(name).render()
    assert page.count("<h1>") == 1
    assert 'href="/"' in page


def test_a_stranger_is_led_to_the_sign_in(client, db):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("account_login")).status_code == 200


def test_the_page_comes_in_the_chosen_theme_so_that_nothing_flashes(client, db):
    client.post(reverse("set-theme"), {"theme": "night", "next": reverse("account_login")})
    page = client.get(reverse("account_login")).content.decode()
    assert 'data-theme="night"' in page
    assert '<meta name="color-scheme" content="dark">' in page


def test_without_a_choice_the_device_decides(client, db):
    client.cookies["theme"] = "night"
    client.post(reverse("set-theme"), {"theme": ""})
    page = client.get(reverse("account_login")).content.decode()
    assert "data-theme" not in page
    assert '<meta name="color-scheme" content="light dark">' in page


def test_a_theme_that_we_do_not_have_is_not_believed():
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = 'night"><script>'
    assert theme_of(request) == ""


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example", "", "\\\\x"])
def test_a_choice_of_theme_leads_back_to_our_own_pages_only(client, db, page):
    answer = client.post(reverse("set-theme"), {"theme": "day", "next": page})
    assert answer["Location"] == "/"


def test_a_theme_can_only_be_sent_from_our_own_page(db):
    answer = Client(enforce_csrf_checks=True).post(reverse("set-theme"), {"theme": "day"})
    assert answer.status_code == 403


def test_the_language_can_be_chosen_before_signing_in(client, db):
    client.post(reverse("set-language"), {"language": "es", "next": "/"})
    assert '<html lang="es"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("demo", [True, False])
def test_a_demonstration_says_so_on_every_page(client, db, settings, demo):
    settings.DEMO = demo
    page = client.get(reverse("account_login")).content.decode()
    assert ("Invented people. Nothing here is real." in page) is demo


def test_navigation_costs_a_stranger_nothing_and_shows_nothing():
    assert shell(RequestFactory().get("/"))["navigation"] == []


def answer_to(fault: Exception) -> HttpResponse:
    try:
        raise fault
    except type(fault):
        return cannot_answer(RequestFactory().get("/"))


def test_what_a_page_could_not_do_is_told_apart_from_a_database_that_is_away():
    away = answer_to(OperationalError("database is locked"))
    fault = answer_to(ValueError("a fault of ours"))
    assert (away.status_code, away["Retry-After"]) == (503, "30")
    assert fault.status_code == 500
