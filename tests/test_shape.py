"""The rules of the house that no linter knows. CONTRIBUTING.md says them in words."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db import models

from milieu.board.said import SAYS
from milieu.record.kinds import kinds
from milieu.record.models import Fact

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "src" / "milieu"
ROOMS = [room for room in sorted(HOUSE.iterdir()) if any(room.glob("*.py"))]


def ours(*patterns: str) -> list[Path]:
    """Return the files that we wrote; not what was vendored, nor what Django generated."""
    found = [path for pattern in patterns for path in sorted(HOUSE.rglob(pattern))]
    return [path for path in found if not {"vendor", "migrations"} & set(path.parts)]


SOURCES = ours("*.py")
TEMPLATES = ours("*.html")
SCRIPTS = ours("*.js", "*.mjs")
TESTS = [path for path in sorted((ROOT / "tests").rglob("*")) if path.suffix in (".py", ".mjs")]

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
NOWHERE = Path()
BANNED = {  # what is not written, the one file that may, and why
    "models.signals": (NOWHERE, "Call a function by its name."),
    "django.dispatch": (NOWHERE, "Call a function by its name."),
    "os.environ": (
        Path("config/environment.py"),
        "Read it there; document it in docs/settings.md.",
    ),
    "os.getenv": (NOWHERE, "Read it in config/environment.py; document it in docs/settings.md."),
    "datetime.now(": (Path("kernel/clock.py"), "Take the time as an argument, or ask clock.now."),
    "timezone.now(": (NOWHERE, "Take the time as an argument, or ask kernel.clock.now."),
    "datetime.utcnow(": (NOWHERE, "It has no zone. Ask kernel.clock.now."),
    "GenericForeignKey": (NOWHERE, "Point at the one table that you mean."),
    "mark_safe": (NOWHERE, "Write markup in a template; use format_html for a fragment."),
    "csrf_exempt": (Path("phone/http.py"), "Only a door with tokens of its own does without."),
}
CALLED_ONLY_BY_THE_CARELESS = re.compile(r"(?<![\w.])(?:eval|exec)\(")
PLAIN_SPEECH = re.compile(
    r"\b(invalid|errors?|please|oops|failed to|non-compliant|non-compliance)\b", re.IGNORECASE
)
UNSAFE_MARKUP = {
    r"\|\s*safe\b": "Escaping is not switched off.",
    r"\{%\s*autoescape off": "Escaping is not switched off.",
    r"<script(?![^>]*\ssrc=)(?![^>]*application/json)": "The policy allows no script in a page.",
    r"<style\b": "The policy allows no style in a page.",
    r"\sstyle=": "The policy allows no style in a page.",
    r"\son[a-z]+=": "The policy allows no script in a page.",
    r"\shx-on[:=]": "The policy allows no script in a page.",
}
A_MACHINE_OF_SOMEONE = re.compile(r"(?<![\w/.])/(?:root|home|work|Users)/\w")


def short(path: Path) -> str:
    return str(path.relative_to(HOUSE if path.is_relative_to(HOUSE) else ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def test_every_file_can_be_read_in_one_sitting():
    files = SOURCES + SCRIPTS + TESTS
    lengths = {short(path): len(path.read_text().splitlines()) for path in files}
    assert {path: length for path, length in lengths.items() if length > FILE_LINES_MAX} == {}


def test_every_function_fits_a_screen():
    assert {
        f"{short(path)}: {node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES + [path for path in TESTS if path.suffix == ".py"]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    } == {}


def test_no_file_uses_what_we_banned():
    sources = {path: path.read_text() for path in SOURCES}
    assert {
        f"{short(path)}: {word}": why
        for path, source in sources.items()
        for word, (home, why) in BANNED.items()
        if word in source and path != HOUSE / home
    } == {}
    careless = CALLED_ONLY_BY_THE_CARELESS
    assert [short(path) for path, source in sources.items() if careless.search(source)] == []


def test_no_template_breaks_the_content_security_policy():
    assert {
        f"{short(path)}: {pattern}": why
        for path in TEMPLATES
        for pattern, why in UNSAFE_MARKUP.items()
        if re.search(pattern, path.read_text())
    } == {}


def test_what_is_refused_is_said_in_plain_words():
    refused = [
        [short(path), *map(said, call.args)]
        for path in SOURCES
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Refusal"
    ]
    assert len(refused) > 100
    assert [one for one in refused if not re.fullmatch(r"[a-z0-9-]*", one[1])] == []
    assert [one for one in refused if PLAIN_SPEECH.search(" ".join(one[2:]))] == []


def said(argument: ast.expr) -> str:
    """Return the words in an argument, whether plain, formatted or marked for translation."""
    parts = [node.value for node in ast.walk(argument) if isinstance(node, ast.Constant)]
    return "".join(part for part in parts if isinstance(part, str))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_says_what_it_is_for(room):
    assert ast.get_docstring(tree(room / "__init__.py"))


def test_the_architecture_names_every_room():
    page = (ROOT / "ARCHITECTURE.md").read_text()
    assert [room.name for room in ROOMS if f"`{room.name}`" not in page] == []


def test_every_kind_of_entry_has_its_words():
    """Where a kind that settings list is still to be named; ARCHITECTURE.md says so too."""
    pages = {name: (ROOT / "docs" / name).read_text() for name in ("words.md", "wire.md")}
    missing = [
        (kind.name, where)
        for kind in kinds().values()
        for where, has in {
            "board/said.py": kind.name in SAYS,
            "docs/words.md": f"`{kind.name}`" in pages["words.md"],
            "docs/wire.md": not kind.from_phone or f"`{kind.name}`" in pages["wire.md"],
        }.items()
        if not has
    ]
    assert missing == []


def test_facts_are_typed_columns():
    facts = [model for model in apps.get_models() if issubclass(model, Fact)]
    assert facts, "The house records nothing."
    blobs = [
        f"{model.__name__}.{field.name}"
        for model in facts
        for field in model._meta.fields
        if isinstance(field, models.JSONField)
    ]
    assert blobs == []


def test_no_model_hides_work_in_saving():
    hooks = [
        f"{model.__name__}.{hook}"
        for model in apps.get_models()
        if model.__module__.startswith("milieu.")
        for hook in ("save", "delete")
        if hook in vars(model)
    ]
    assert hooks == []


def test_settings_that_are_read_are_the_settings_that_are_documented():
    read = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"MILIEU_[A-Z_]+[A-Z]", node.value)
    }
    headings = re.findall(
        r"^\| `(MILIEU_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE
    )
    assert sorted(headings) == sorted(read)


def commands() -> list[tuple[str, str]]:
    return sorted((n, app) for n, app in get_commands().items() if str(app).startswith("milieu."))


@pytest.mark.parametrize(("name", "app"), commands())
def test_every_command_and_each_of_its_arguments_has_help(name, app):
    command = load_command_class(app, name)
    assert command.help

    parser = command.create_parser("milieu", name)
    assert [action.dest for action in parser._actions if not action.help] == []


def written() -> list[Path]:
    """Return every file that someone wrote, not what programs leave behind or what was vendored."""
    left_behind = {"__pycache__", "vendor", "build", "dist", "site"}
    tops = [top for top in ROOT.iterdir() if not top.name.startswith(".") or top.name == ".ci"]
    paths = [path for top in tops for path in (top, *top.rglob("*")) if path.is_file()]
    return [path for path in paths if not left_behind & set(path.relative_to(ROOT).parts)]


def test_nothing_in_the_repository_knows_the_machine_that_it_was_written_on():
    knowing = {
        short(path): found
        for path in written()
        if (found := A_MACHINE_OF_SOMEONE.findall(path.read_text(errors="ignore")))
    }
    assert knowing == {}


def test_nothing_is_left_to_be_done_later_in_the_code():
    unfinished = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    assert [
        short(p) for p in SOURCES + SCRIPTS + TEMPLATES if unfinished.search(p.read_text())
    ] == []


@pytest.mark.parametrize("lock", ["run.txt", "test.txt", "uv.txt"])
def test_a_lock_holds_for_any_package_index(lock):
    text = (ROOT / "requirements" / lock).read_text()
    assert "://" not in text
    assert "--hash=sha256:" in text
