"""The board's styles stand on the tokens of the shell."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "src/milieu/board/static/board"


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.css")), ids=lambda path: path.name)
def test_only_the_tokens_hold_a_colour_or_a_size(path):
    rules = re.sub(r"/\*.*?\*/|@media[^{]*\{", "", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab)a?\(", rules) == []
    assert re.findall(r"[\d.]+(?:px|rem|pt|mm|cm|in)\b", rules) == []
