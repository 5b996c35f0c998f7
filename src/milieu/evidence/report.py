"""The report for people: as a page that prints well, and as a PDF where that can be made."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.translation import override

from milieu.evidence.choosing import Asked, Chosen, stays_in, stays_named, stays_of
from milieu.evidence.story import tell
from milieu.kernel import clock

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
    if pdf := as_pdf(page):
        files["report.pdf"] = pdf
    return files


def as_pdf(page: str) -> bytes | None:
    """Return a page as a PDF, or None where this machine lacks what it takes (docs/evidence.md)."""
    weasyprint = _printer()
    if weasyprint is None:
        return None
    style = weasyprint.CSS(string=STYLE.read_text())
    document = weasyprint.HTML(string=page, url_fetcher=_nothing)
    made: bytes = document.write_pdf(stylesheets=[style])
    return made


@cache
def _printer() -> Any:
    """Return WeasyPrint; None without it, or without the system's Pango.

    Imported here because it loads system libraries, which a server that makes no PDF lacks.
    """
    try:
        import weasyprint  # noqa: PLC0415
    except (ImportError, OSError):
        return None
    return weasyprint


def _nothing(url: str, *args: Any, **options: Any) -> Any:
    """Fetch nothing: a report stands alone."""
    raise ValueError("A report fetches nothing.")
