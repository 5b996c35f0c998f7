"""What the safety pages say, read as data; and which tests there are, without running any.

Both pages are plain Markdown of one strict shape: a heading for each hazard or person, perhaps a
table of two columns, then points under bold words. A test stands below its point, as code.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOG = ROOT / "docs" / "safety" / "hazards.md"
CASE = ROOT / "docs" / "safety" / "index.md"
THREATS = ROOT / "docs" / "threat-model.md"

NODE_TEST = re.compile(r'^\s*(?:test|it)\(\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
SWITCHED_OFF = re.compile(r"\bmark\.(skip|xfail)\b")


@dataclass
class Point:
    """One line of a list, and the tests that stand below it."""

    words: str
    tests: list[str] = field(default_factory=list)


@dataclass
class Section:
    """What stands below one heading."""

    title: str
    table: dict[str, str] = field(default_factory=dict)
    points: dict[str, list[Point]] = field(default_factory=dict)  # by the bold words above them

    def all_points(self) -> list[Point]:
        return [point for points in self.points.values() for point in points]


def sections(page: str) -> list[Section]:
    """Return what stands below each heading of the second level."""
    return [
        _section(*part.split("\n", 1)) for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    ]


def _section(title: str, text: str) -> Section:
    found = Section(title.strip())
    under = ""
    for line in text.splitlines():
        if row := re.fullmatch(r"\| (?!-)(\S[^|]*?) \| (.+) \|", line):
            found.table[row[1]] = row[2]
        elif bold := re.fullmatch(r"\*\*(.+)\*\*", line):
            under = bold[1]
            found.points[under] = []
        elif test := re.fullmatch(r"    - `(.+)`", line):
            found.points[under][-1].tests.append(test[1])
        elif point := re.fullmatch(r"- (.+)", line):
            found.points.setdefault(under, []).append(Point(point[1]))
        elif more := re.fullmatch(r"  (\S.*)", line):
            found.points[under][-1].words += f" {more[1]}"
    return found


def rows(page: str) -> list[list[str]]:
    """Return the cells of every row of every table on a page."""
    lines = re.findall(r"^\|(.+)\|$", page, re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def matrix(page: str) -> dict[tuple[str, str], int]:
    """Return the rating for each severity and likelihood, from the page that explains it."""
    table = rows(page)
    head = next(row for row in table if row[0] == "likelihood")
    return {
        (severity, row[0].lower()): int(rating)
        for row in table
        if len(row) == len(head) and row[1].isdigit()
        for severity, rating in zip(head[1:], row[1:], strict=True)
    }


@cache
def known_tests() -> frozenset[str]:
    """Return ``path::name`` of every test that is not switched off."""
    return frozenset([*_of_python(), *_of_node()])


def _of_python() -> Iterator[str]:
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.parse(path.read_text()).body:
            off = any(SWITCHED_OFF.search(ast.unparse(each)) for each in _decorators(node))
            if not off and getattr(node, "name", "").startswith("test_"):
                yield f"{path.relative_to(ROOT)}::{node.name}"


def _decorators(node: ast.stmt) -> list[ast.expr]:
    return getattr(node, "decorator_list", [])


def _of_node() -> Iterator[str]:
    for path in (ROOT / "tests").rglob("*.test.mjs"):
        for name in NODE_TEST.findall(path.read_text()):
            yield f"{path.relative_to(ROOT)}::{name}"
