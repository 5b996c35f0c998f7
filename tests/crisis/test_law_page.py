"""docs/crisis-law.md says what the laws' files say."""

from milieu.crisis.law import figures, laws
from tests.crisis.law_page import PAGE, page


def test_the_page_has_every_figure_as_it_is_now():
    assert page() == PAGE.read_text(), "Run: python -m tests.crisis.law_page"


def test_the_page_names_every_law_and_every_figure_that_rests_on_memory():
    text = PAGE.read_text()
    for law in laws().values():
        assert f"`{law.id}`" in text
        for rule in law.rules:
            assert rule.paragraph in text
            assert figures()[rule.figure].called("en") in text
    unsure = [rule for law in laws().values() for rule in law.rules if not rule.sure]
    told = [each for law in laws().values() for each in law.reports if not each.sure]
    assert text.count("| **memory** |") == len(unsure) + len(told)
