"""Screens on the wall: enrolled once by a code, like phones, and then nobody's.

A screen holds a token in a cookie that no script can read. All that it opens is the board of its
unit, with initials, as ``board/screens.py`` shows it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from milieu.people.access import require
from milieu.people.models import Person, Screen
from milieu.people.rules import Action
from milieu.people.services import NAME_MAX, own_name, token_sha256, use_code

COOKIE: Final = "__Host-screen" if settings.HTTPS else "screen"
COOKIE_LIFE: Final = timedelta(days=400)  # browsers keep none longer; each page begins it anew
MINUTE: Final = timedelta(minutes=1)


@transaction.atomic
def enrol_screen(code: str, name: str, *, at: datetime) -> tuple[Screen, str]:
    """Enrol a screen by a code. Return it with its token, which is given out this once.

    Raises:
        Refusal ``code-unknown``: those of ``services.use_code``.
    """
    found = use_code(code, enrols="screen", at=at)
    token = secrets.token_urlsafe(32)
    screen = Screen.objects.create(
        unit=found.unit,
        name=own_name(found.unit.screens.all(), name.strip()[:NAME_MAX] or _("Wall")),
        token_sha256=token_sha256(token),
        enrolled_by=found.made_by,
        enrolled_at=at,
    )
    return screen, token


def screen_of(request: HttpRequest) -> Screen | None:
    """Return the screen that asks, while it is enrolled."""
    token = request.COOKIES.get(COOKIE)
    if not token:
        return None
    enrolled = Screen.objects.filter(token_sha256=token_sha256(token), retired_at=None)
    return enrolled.select_related("unit").first()


def keep_token(response: HttpResponse, token: str) -> None:
    """Leave the token with the screen, for as long as a browser keeps one."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_LIFE,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def seen(screen: Screen, *, at: datetime) -> None:
    """Keep when this screen was last here, to the minute."""
    before = Q(seen_at=None) | Q(seen_at__lt=at - MINUTE)
    Screen.objects.filter(before, pk=screen.pk).update(seen_at=at)


def retire_screen(screen: Screen, *, by: Person, at: datetime) -> None:
    """Stop a screen: taken down, moved or sold. It shows nothing more after about a minute.

    Raises:
        Refusal ``not-allowed``: a lead or the manager of its unit does this.
    """
    require(by, Action.ENROL_PHONE, screen.unit_id)
    Screen.objects.filter(pk=screen.pk, retired_at=None).update(retired_at=at)
