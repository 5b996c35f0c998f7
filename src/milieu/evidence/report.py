"""The report for people: as a page that prints well, and as a PDF where that can be made."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from django.template.loader import render_to_string
from django.utils.translation import override

from milieu.evidence.choosing import Asked, Chosen, stays_in, stays_named, stays_of
from milieu.evidence.story import tell
from milieu.kernel import clock
from milieu.kernel.pdf import as_pdf

COMMAND: Final = "python3 -I verify.py"
STYLE: Final = Path(__file__).parent / "static/evidence/report.css"


def report_files(
    asked: Asked, chosen: Sequence[Chosen], *, by: str, now: datetime, language: str
) -> dict[str, bytes]:
    """Return the report's files by name."""
    involved = set(stays_in(asked)) & set(stays_of(chosen))
    with override(language):
        stories = [tell(stay, asked, now, language) for stay in stays_named(sorted(involved))]
        page = render_to_string(
            "evidence/report.html",
            {
                "asked": asked,
                "stories": stories,
                "by": by,
                "made_at": clock.rfc3339(now),
                "entries": len(chosen),
                "language": language,
                "command": COMMAND,
            },
        )
    files = {"report.html": page.encode(), "report.css": STYLE.read_bytes()}
    if pdf := as_pdf(page, STYLE):
        files["report.pdf"] = pdf
    return files
