"""Whoever works in Spanish reads Spanish: on every page, and in every answer to a phone."""

import ast
import gettext
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation.template import templatize

from milieu.alerts.services import unanswered
from milieu.census.packs import names, pack
from milieu.kernel import clock
from milieu.people.access import not_allowed
from milieu.people.rules import Action
from milieu.people.services import enrol_for, start_session
from milieu.record.ledger import append
from tests.cast import LYING, Cast, outcomes
from tests.pages import text
from tests.watch.test_noticing import turn_on

pytestmark = pytest.mark.alike

HOUSE = Path(__file__).parents[2] / "src/milieu"
FOLDER = HOUSE / "locale/es/LC_MESSAGES"
SPANISH = {"HTTP_ACCEPT_LANGUAGE": "es-US,es;q=0.9,en;q=0.5"}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-zA-Z%]|\{\w+\}")
LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
MARKED = re.compile(rf"\b(?:n?gettext|_)\({LITERAL}|\bpgettext\({LITERAL}, {LITERAL}")


class Words(NamedTuple):
    """One entry of the catalogue: what is marked, by context, and each form of its Spanish."""

    context: str
    english: list[str]
    spanish: list[str]
    fuzzy: bool

    @property
    def key(self) -> str:
        return f"{self.context}\x04{self.english[0]}" if self.context else self.english[0]


def catalogue(path: Path) -> list[Words]:
    """Read a .po file as msgmerge writes it: entries with an empty line between them."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        parts: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith('"'):
                parts[name] += ast.literal_eval(line)
            elif line and not line.startswith("#"):
                name, words = line.split(" ", 1)
                parts[name] = ast.literal_eval(words)
        english = [parts[name] for name in ("msgid", "msgid_plural") if name in parts]
        spanish = [words for name, words in parts.items() if name.startswith("msgstr")]
        fuzzy = re.search("^#,.*fuzzy", block, re.MULTILINE) is not None
        found.append(Words(parts.get("msgctxt", ""), english, spanish, fuzzy))
    return found


HEADER, *CATALOGUE = catalogue(FOLDER / "django.po")
KNOWN = {words.english[0] for words in CATALOGUE}


def test_everything_is_said_in_spanish_and_nothing_is_left_to_guess():
    assert len(CATALOGUE) > 500
    for words in CATALOGUE:
        assert all(words.spanish), words.english
        assert not words.fuzzy, words.english
        assert len(words.spanish) == len(words.english), "Spanish has a form for one and for many."


def test_nothing_is_marked_twice_in_the_catalogue():
    keys = [words.key for words in CATALOGUE]
    assert len(keys) == len(set(keys))


def test_spanish_keeps_every_value_that_english_puts_in():
    for words in CATALOGUE:
        values = {form: sorted(PLACEHOLDER.findall(form)) for form in words.english + words.spanish}
        assert len({tuple(found) for found in values.values()}) == 1, values


def test_what_runs_is_what_is_written_down():
    """A fresh machine has no gettext: the compiled file is kept beside the one that people read."""
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    written: dict[Any, str] = {}
    for words in CATALOGUE:
        if len(words.english) == 1:
            written[words.key] = words.spanish[0]
        else:
            written |= {(words.key, form): said for form, said in enumerate(words.spanish)}
    kept = {key: said for key, said in compiled._catalog.items() if key != ""}  # type: ignore[attr-defined]
    assert kept == written, "Run bin/translate."
    assert [compiled.ngettext("%(count)s person", "", count) for count in (1, 2)] == [
        "%(count)s persona",
        "%(count)s personas",
    ]


def test_our_words_win_over_those_of_the_libraries():
    with translation.override("es"):
        for words in CATALOGUE:
            if len(words.english) > 1:
                said = translation.ngettext(*words.english, 2)
            elif words.context:
                said = translation.pgettext(words.context, words.english[0])
            else:
                said = translation.gettext(words.english[0])
            assert said == words.spanish[-1]


SOURCES = [
    path
    for path in sorted(HOUSE.rglob("*.py"))
    if not {"migrations", "static"} & set(path.relative_to(HOUSE).parts)
]
TEMPLATES = sorted(path for path in HOUSE.glob("*/templates/**/*") if path.is_file())
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"}


def marked_in(path: Path) -> set[str]:
    """Return the strings that a module marks for translation, wherever in it they stand."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            if node.func.id in MARKS and isinstance(first, ast.Constant):
                found.add(first.value)
    return found


def marked_in_template(path: Path) -> set[str]:
    """Return the strings that a template marks, in tags and in blocks, as makemessages reads it."""
    code = templatize(path.read_text(encoding="utf-8"))
    return {ast.literal_eval(groups[2] or groups[0]) for groups in MARKED.findall(code)}


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_every_string_that_is_marked_is_in_the_catalogue():
    marked = {words: path for path in SOURCES for words in marked_in(path)}
    marked |= {words: path for path in TEMPLATES for words in marked_in_template(path)}
    assert "Order" in marked
    assert "Board of %(unit)s" in marked
    assert len(marked) > 500
    missing = {named(path): words for words, path in marked.items() if words not in KNOWN}
    assert missing == {}, "Run bin/translate, and fill in what is new."


# What a template may say without being translated, and why.
SAID_AS_IT_IS = {
    "Milieu": "the name of the product",
    'class="page-wide"': "attributes of a tag that another template opens",
}
APART = {
    "phone/templates/phone/app.html": "one page for everyone: it says its few words in both",
    "shell/templates/allauth/elements/button.html": "a tag in pieces: it says what it is given",
}
READ_ALOUD = {"aria-label", "title", "alt", "placeholder", "data-label"}
TAGS = re.compile(
    r"\{#.*?#\}"
    r"|\{% blocktranslate.*?\{% endblocktranslate %\}"
    r"|\{%.*?%\}"
    r"|\{\{.*?\}\}",
    re.DOTALL,
)


class Bare(HTMLParser):
    """Gathers what a template says by itself, once its tags are taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0  # inside a script, whose words are not for people

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag == "script"
        self.said += [words for name, words in attrs if name in READ_ALOUD and words]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag == "script"

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def bare(template: str) -> list[str]:
    """Return the words that a template shows and does not mark; punctuation alone is none."""
    reader = Bare()
    reader.feed(TAGS.sub(" ", template))
    lines = [line.strip() for said in reader.said for line in said.splitlines()]
    words = [word.strip(" ·(),.;:/") for word in lines]
    return [word for word in words if re.search(r"[^\W\d_]", word) and word not in SAID_AS_IT_IS]


def test_bare_words_are_found_in_text_and_where_they_are_read_aloud():
    assert bare('<p>{% translate "Room" %} 12, Milieu</p>') == ["12, Milieu"]
    assert bare("<p>Room {{ room }}</p>") == ["Room"]
    assert bare('<a aria-label="Back" href="/x">{% translate "Back" %}</a>') == ["Back"]
    assert bare("{# Not shown. #}<p>{{ a }} · {{ b }}, Milieu</p>") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_says_anything_that_is_not_marked_for_translation(path):
    if named(path) not in APART:
        assert bare(path.read_text(encoding="utf-8")) == []


def test_every_word_of_a_setting_is_there_in_spanish():
    for name in names():
        chosen = pack(name)
        lists = (
            chosen.levels,
            chosen.places,
            chosen.positions,
            chosen.activities,
            chosen.eyes,
            chosen.breathing,
            chosen.why_not,
        )
        labels = [word.label for words in lists for word in words]
        for label in (chosen.title, chosen.person, chosen.people, *labels):
            assert label.get("es"), label


# Words that stand on these pages in English, and in no Spanish sentence of ours.
ENGLISH = re.compile(
    r"\b(?:the|and|with|not|nobody|this|they|check|level|room|bed|leave|nurse|record|answer|sign"
    r"|password|language|screen|night|day|since|admit|discharge|born|waits|seen|lying|closed)\b",
    re.IGNORECASE,
)
OWN_NAME = re.compile(r'<[^>]* lang="en"[^>]*>.*?</[^>]*>', re.DOTALL)  # a language's own name


def spoken(page: Any) -> str:
    """Return what a page says: its text and what is read aloud of it."""
    reader = Bare()
    reader.feed(OWN_NAME.sub("", text(page)))
    return " ".join(reader.said)


@pytest.fixture
def cast(db) -> Cast:
    """North, with a check that the nurse should know of. What people typed is Spanish here."""
    cast = Cast()
    for stay in (cast.rosa, cast.john):
        cast.order(stay)
    now = clock.now()
    concern = msgspec.structs.replace(LYING, nurse_should_know="Pide hablar", note="Tranquila")
    draft = cast.check(cast.rosa, now, fact=concern)
    assert outcomes(append([draft])) == ["stored"]
    assert unanswered(cast.nora)
    return cast


def pages(cast: Cast) -> dict[str, str]:
    return {
        "board": reverse("board", args=[cast.north.pk]),
        "person": reverse("stay", args=[cast.rosa.pk]),
        "concerns": reverse("concerns"),
        "admit": reverse("admit", args=[cast.north.pk]),
        "check": reverse("check", args=[cast.rosa.pk]),
        "level": reverse("level-order", args=[cast.rosa.pk]),
        "leave": reverse("leave", args=[cast.rosa.pk]),
        "me": reverse("me"),
    }


@pytest.mark.parametrize(
    "name", ["board", "person", "concerns", "admit", "check", "level", "leave", "me"]
)
def test_a_page_in_spanish_holds_no_english(cast, client: Client, name):
    client.force_login(cast.nora)
    page = client.get(pages(cast)[name], **SPANISH)
    assert page.status_code == 200
    assert '<html lang="es"' in text(page)
    assert sorted({word.lower() for word in ENGLISH.findall(spoken(page))}) == []


def test_the_sign_in_in_spanish_holds_no_english(client: Client, db):
    page = client.get(reverse("account_login"), **SPANISH)
    assert "Contraseña" in spoken(page)
    assert ENGLISH.findall(spoken(page)) == []


def test_both_steps_of_an_admission_and_what_has_to_be_put_right_are_in_spanish(cast, client):
    client.force_login(cast.nora)
    address = pages(cast)["admit"]
    asked = client.post(address, {"find": "1", "number": "77-1"}, **SPANISH)
    mended = client.post(address, {"number": "77-1"}, **SPANISH)
    assert mended.status_code == 422
    assert "Complete esto." in spoken(mended)
    for page in (asked, mended):
        assert ENGLISH.findall(spoken(page)) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_two_places_of_the_menu_are_called_the_same(cast, client: Client, language):
    turn_on(cast.north)
    client.force_login(cast.nora)
    page = text(client.get(pages(cast)["board"], HTTP_ACCEPT_LANGUAGE=language))
    menu = re.search('<nav class="navigation".*?</nav>', page, re.DOTALL)
    assert menu
    labels = re.findall(r"</svg>([^<(]+)", menu[0])
    assert len(labels) > 2
    assert len({label.strip() for label in labels}) == len(labels)


def test_the_same_page_is_english_for_whoever_reads_english(cast, client: Client):
    client.force_login(cast.nora)
    page = client.get(pages(cast)["board"], HTTP_ACCEPT_LANGUAGE="en-US")
    assert '<html lang="en"' in text(page)
    assert "By time" in spoken(page)


def test_a_refusal_says_who_can_in_the_language_of_who_asks(cast, client: Client):
    english = not_allowed(Action.ORDER_LEVEL).message
    assert english == "A nurse or a prescriber can do this here. Ask one on your shift."
    client.force_login(cast.dana)
    page = client.get(pages(cast)["level"], **SPANISH)
    assert page.status_code == 403
    assert "Esto lo puede hacer aquí enfermería o quien receta." in spoken(page)


def pushed(cast: Cast, client: Client, **changes: Any) -> dict[str, Any]:
    """Send one check of Rosa from a phone that speaks Spanish; return its answer."""
    device, token = enrol_for(cast.north, "Teléfono 2", by=None, at=clock.now())
    _session, said = start_session(cast.dana, device, how="password", at=clock.now())
    draft = cast.check(cast.rosa, clock.now())
    now = clock.rfc3339(clock.now())
    entry = {
        "id": str(draft.entry_id),
        "kind": draft.kind,
        "stay": str(cast.rosa.pk),
        "author": str(cast.dana.pk),
        "happened_at": now,
        "written_at": now,
        "fact": msgspec.to_builtins(LYING),
    }
    body = {"wire": 1, "device": str(device.pk), "sent_at": now, "entries": [entry | changes]}
    answer = client.post(
        reverse("phone-push"),
        msgspec.json.encode(body),
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {token}",
            "Milieu-Session": said,
            "Accept-Language": "es",
        },
    )
    (found,) = answer.json()["answers"]
    return dict(found)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stay": "01890000-0000-7000-8000-000000000000"}, "unknown-stay"),
        ({"happened_at": "1969-01-01T00:00:00Z"}, "wrong-shape"),
        ({"kind": "round.tea"}, "unknown-kind"),
        ({"fact": {"outcome": "seen"}}, "place-missing"),
        ({"fact": {"outcome": "refused"}}, "why-missing"),
        ({"fact": {"outcome": "seen", "place": "moon"}}, "unknown-code"),
        ({"reason": "x"}, "amends-unknown"),
        ({"fact": {"outcome": "seen", "place": "hall", "note": "a\x00"}}, "text-unusable"),
    ],
)
def test_what_the_record_refuses_is_said_to_a_phone_in_its_own_language(
    cast, client: Client, changes, code
):
    answer = pushed(cast, client, **changes)
    assert (answer["outcome"], answer["code"]) == ("refused", code)
    assert answer["message"]
    assert ENGLISH.findall(answer["message"]) == []


def test_a_phone_that_nobody_enrolled_hears_so_in_its_own_language(client: Client, db):
    answer = client.get(reverse("phone-pull"), headers={"Accept-Language": "es"})
    assert answer.json()["message"].startswith("Este teléfono no está inscrito.")
