"""A page as a PDF, where the machine has what that takes."""

from functools import cache
from pathlib import Path
from typing import Any


def as_pdf(page: str, style: Path) -> bytes | None:
    """Return a page as a PDF, or None where this machine lacks what it takes (docs/evidence.md)."""
    weasyprint = _printer()
    if weasyprint is None:
        return None
    sheet = weasyprint.CSS(string=style.read_text())
    document = weasyprint.HTML(string=page, url_fetcher=_nothing)
    made: bytes = document.write_pdf(stylesheets=[sheet])
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
    """Fetch nothing: what is printed stands alone."""
    raise ValueError("What is printed fetches nothing.")
