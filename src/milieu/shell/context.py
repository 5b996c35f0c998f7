"""What every template can ask for, besides what its view gives it."""

from importlib import metadata
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from milieu.shell.navigation import navigation

VERSION: Final = metadata.version("milieu")
THEMES: Final = ("day", "night", "contrast")
THEME_COOKIE: Final = "theme"


def theme_of(request: HttpRequest) -> str:
    """Return the chosen theme, or nothing: then the device decides between day and night."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def everywhere() -> dict[str, Any]:
    """``demo`` and ``version``: the same on every page."""
    return {"demo": settings.DEMO, "version": VERSION}


def shell(request: HttpRequest) -> dict[str, Any]:
    """``demo``, ``version``, ``theme`` and ``navigation``, for ``shell/base.html``."""
    return everywhere() | {
        "theme": theme_of(request),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }
