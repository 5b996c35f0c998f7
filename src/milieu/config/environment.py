"""The only module that reads ``os.environ``. Every name here is documented in docs/settings.md."""

import os
import pwd
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return the setting, or ``default``; without either, say what to set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. See docs/settings.md for what it means.")
    return value


def number(name: str, default: int) -> int:
    """Return a whole number."""
    value = os.environ.get(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}. Use a whole number, such as {default}.")
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    """Return whether the setting is ``yes``. Anything but yes or no is refused."""
    value = os.environ.get(name, "yes" if default else "no")
    if value not in ("yes", "no"):
        raise ImproperlyConfigured(f"{name} is {value!r}. Use 'yes' or 'no'.")
    return value == "yes"


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder; it need not exist yet."""
    return Path(os.environ.get(name) or default).expanduser().absolute()


def refuse_root(home: Path) -> None:
    """See to it that root does not write into another user's data: that user could not go on.

    Raises:
        ImproperlyConfigured: this is root, and ``home`` is another's.
    """
    owner = home.stat().st_uid if home.exists() else 0
    if os.geteuid() == 0 and owner != 0:
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = f"#{owner}"
        raise ImproperlyConfigured(
            f"{home} belongs to {name}, and what root writes there {name} could not open any more. "
            f"Run: sudo -u {name} env MILIEU_HOME={home} milieu …"
        )


def words(name: str) -> list[str]:
    """Return a list written with commas between."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def secret(name: str) -> str | None:
    """Read the file that ``NAME_FILE`` names if it is set (systemd, Docker), else ``NAME``."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name)


def secret_words(name: str) -> list[str]:
    """Return a secret list, written with spaces or line ends between: addresses hold commas."""
    return (secret(name) or "").split()


def single_sign_on() -> dict[str, Any]:
    """Return the hospital's OpenID Connect provider for django-allauth, where one is named."""
    server = os.environ.get("MILIEU_OIDC_SERVER", "")
    if not server:
        return {}
    app = {
        "provider_id": "hospital",
        "name": os.environ.get("MILIEU_OIDC_NAME", "Hospital sign-in"),
        "client_id": text("MILIEU_OIDC_CLIENT_ID"),
        "secret": secret("MILIEU_OIDC_CLIENT_SECRET") or "",
        "settings": {"server_url": server},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def be_the_demo() -> None:
    """Let ``milieu demo`` keep to invented people, and by default to a folder of its own."""
    os.environ.setdefault("MILIEU_DEMO", "yes")
    os.environ.setdefault("MILIEU_HOME", str(Path.home() / ".milieu-demo"))


def name_settings_module(module: str) -> None:
    """Tell Django which settings to use, unless the operator named others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)
