"""The only module that reads ``os.environ``. Every name here is documented in docs/settings.md."""

import difflib
import ipaddress
import os
import pwd
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

OURS: Final = "MILIEU_"
HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")

_known: set[str] = set()  # the names that were asked for


def _given(name: str) -> str | None:
    _known.add(name)
    return os.environ.get(name)


def unknown() -> dict[str, str]:
    """Return the names of ours that are set and mean nothing, each with the nearest that does.

    Only once everything was read: what was not asked for is not known.
    """
    strange = sorted(name for name in os.environ if name.startswith(OURS) and name not in _known)
    near = {name: difflib.get_close_matches(name, _known, n=1, cutoff=0.8) for name in strange}
    return {name: "".join(found) for name, found in near.items()}


def text(name: str, default: str | None = None) -> str:
    """Return the setting, or ``default``; without either, say what to set."""
    value = _given(name)
    if value is None:
        value = default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. See docs/settings.md for what it means.")
    return value


def number(name: str, default: int, *, least: int = 1, most: int) -> int:
    """Return a whole number within bounds."""
    value = text(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Use a whole number from {least} to {most}, such as {default}."
        )
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    """Return whether the setting is ``yes``. Anything but yes or no is refused."""
    value = text(name, "yes" if default else "no")
    if value not in ("yes", "no"):
        raise ImproperlyConfigured(f"{name} is {value!r}. Use 'yes' or 'no'.")
    return value == "yes"


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder; it need not exist yet."""
    return Path(_given(name) or default).expanduser().absolute()


def home() -> Path:
    """Return the folder of the data."""
    return folder("MILIEU_HOME", Path.home() / ".milieu")


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


def words(name: str, among: Collection[str] = ()) -> list[str]:
    """Return a list written with commas between; each ``among`` these, where there are any."""
    found = [word.strip() for word in (_given(name) or "").split(",") if word.strip()]
    for word in found:
        if among and word not in among:
            raise ImproperlyConfigured(
                f"{name} holds {word!r}, which is none of: {', '.join(among)}. Put it right."
            )
    return found


def hosts(name: str) -> list[str]:
    """Return names of hosts and IP addresses, written with commas between; no brackets are kept."""
    found = [word.removeprefix("[").removesuffix("]") for word in words(name)]
    for word in found:
        if not HOST.fullmatch(word) and not _is_address(word):
            raise ImproperlyConfigured(
                f"{name} holds {word!r}. Write names of hosts alone, with commas between and "
                "without https://, port or path: milieu.north.example,10.0.4.2"
            )
    return found


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def secret(name: str) -> str | None:
    """Read the file that ``NAME_FILE`` names if it is set (systemd, Docker), else ``NAME``."""
    path = _given(f"{name}_FILE")
    value = _given(name)
    if not path:
        return value
    try:
        return Path(path).read_text().strip()
    except OSError as fault:
        raise ImproperlyConfigured(
            f"{name}_FILE names {path}, which cannot be read: {fault.strerror}."
        ) from fault
    except UnicodeDecodeError as fault:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which is no text.") from fault


def secret_addresses(name: str) -> list[str]:
    """Return secret addresses, written with spaces or line ends between: they hold commas."""
    found = (secret(name) or "").split()
    for place, each in enumerate(found, 1):
        if "://" not in each:
            raise ImproperlyConfigured(
                f"{name}: number {place} of its addresses does not begin with a kind of service. "
                "Write each whole, with spaces between: jsons://host/path"
            )
    return found


def web_address(name: str, value: str) -> str:
    """Return an address of the web that was set, or nothing where none is. It may be a secret."""
    if value and not _is_web_address(value):
        raise ImproperlyConfigured(f"{name} is no whole address. Write it so: https://host/path")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        return False


def contact(name: str, default: str) -> str:
    """Return where somebody may be written to: ``mailto:`` and an address, or a page."""
    value = text(name, default)
    if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", value) and not _is_web_address(value):
        raise ImproperlyConfigured(f"{name} is {value!r}. Write it so: mailto:it@elm.example")
    return value


def single_sign_on() -> dict[str, Any]:
    """Return the hospital's OpenID Connect provider for django-allauth, where one is named."""
    server = web_address("MILIEU_OIDC_SERVER", text("MILIEU_OIDC_SERVER", ""))
    app = {
        "provider_id": "hospital",
        "name": text("MILIEU_OIDC_NAME", "Hospital sign-in"),
        "client_id": text("MILIEU_OIDC_CLIENT_ID", None if server else ""),
        "secret": secret("MILIEU_OIDC_CLIENT_SECRET") or "",
        "settings": {"server_url": server},
    }
    if not server:
        return {}
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def be_the_demo() -> None:
    """Let ``milieu demo`` keep to invented people, and by default to a folder of its own."""
    os.environ.setdefault("MILIEU_DEMO", "yes")
    os.environ.setdefault("MILIEU_HOME", str(Path.home() / ".milieu-demo"))


def name_settings_module(module: str) -> None:
    """Tell Django which settings to use, unless the operator named others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)
