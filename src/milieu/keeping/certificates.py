"""Certificates: which one this server shows, whose it is, and for how long."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from milieu.kernel.errors import Refusal

HOST: Final = re.compile(
    r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
)


class Tls(msgspec.Struct, frozen=True):
    """How this server is reached over HTTPS, as ``milieu serve --tls`` was told."""

    name: str
    https_port: int = 443
    http_port: int = 80
    bind: str = ""  # the address to listen on; empty: every one of this machine
    certificate: str = ""  # the hospital's; empty: this unit's own authority
    key: str = ""

    @property
    def own_authority(self) -> bool:
        """Whether phones must first be told to trust this unit's own authority."""
        return not self.certificate

    @property
    def address(self) -> str:
        """The address that people use."""
        return f"https://{host_in_url(self.name)}" + port_in_url(self.https_port, 443)

    @property
    def trust_address(self) -> str:
        """The page where a phone gets the authority's certificate. HTTP: it trusts nothing yet."""
        return f"http://{host_in_url(self.name)}{port_in_url(self.http_port, 80)}/trust/"


@dataclass(frozen=True)
class Certificate:
    """What a certificate says."""

    names: frozenset[str]
    until: datetime
    fingerprint: str  # SHA-256, as phones show it: AB:CD:…


def host_in_url(name: str) -> str:
    """Write a host as an address does: an IPv6 address in brackets."""
    return f"[{name}]" if ":" in name else name


def port_in_url(port: int, usual: int) -> str:
    """Write a port where it is not the usual one."""
    return "" if port == usual else f":{port}"


def named(name: str) -> str:
    """Return the name in its plain form.

    Raises:
        Refusal ``not-a-name``: neither a host name nor an IP address.
    """
    name = name.strip().strip("[]").lower()
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        if HOST.fullmatch(name):
            return name
    raise Refusal(
        "not-a-name",
        f"{name!r} is not a name that phones can use. Write a host name or an IP address: "
        "milieu.north.example",
    )


def tls() -> Tls | None:
    """Return how this server is reached over HTTPS; None when it serves this machine alone."""
    path = _noted()
    return msgspec.json.decode(path.read_bytes(), type=Tls) if path.exists() else None


def note_tls(chosen: Tls | None) -> None:
    """Keep what ``serve`` was told, for the trust page and the doctor."""
    path = _noted()
    if chosen is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(msgspec.json.encode(chosen))


def authority_file() -> Path:
    """Return where the unit's own authority keeps its certificate."""
    return Path(settings.HOME) / "caddy" / "pki" / "authorities" / "local" / "root.crt"


def shown(chosen: Tls) -> Certificate | None:
    """Return the certificate that phones are shown, or None while there is none yet."""
    if chosen.certificate:
        return read(Path(chosen.certificate))
    folder = Path(settings.HOME) / "caddy" / "certificates" / "local"
    newest = sorted(folder.glob("*/*.crt"), key=lambda path: path.stat().st_mtime)
    return read(newest[-1]) if newest else None


def read(path: Path) -> Certificate:
    """Read a certificate in PEM.

    Raises:
        Refusal ``certificate-unreadable``.
    """
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise Refusal(
            "certificate-unreadable", f"{path} is not a certificate in PEM. Check the file."
        ) from fault
    return Certificate(
        names=_names(found),
        until=found.not_valid_after_utc,
        fingerprint=found.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def check_pair(chosen: Tls, *, now: datetime) -> None:
    """See to it that the hospital's certificate can be served.

    Raises:
        Refusal: it is for another name, has run out, or the key is another's.
    """
    path, key_path = Path(chosen.certificate), Path(chosen.key)
    certificate = read(path)
    if not any(_matches(chosen.name, name) for name in certificate.names):
        raise Refusal(
            "certificate-other-name",
            f"{path} is for {', '.join(sorted(certificate.names)) or 'no name'}, not for "
            f"{chosen.name}. Ask for one with this name.",
        )
    if certificate.until <= now:
        raise Refusal(
            "certificate-expired",
            f"{path} ran out on {certificate.until:%Y-%m-%d}. Ask for a new one.",
        )
    try:
        key = load_pem_private_key(key_path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as fault:
        raise Refusal(
            "key-unreadable", f"{key_path} is not an open private key in PEM. Check the file."
        ) from fault
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    public = x509.load_pem_x509_certificate(path.read_bytes()).public_key()
    if key.public_key().public_bytes(*spki) != public.public_bytes(*spki):
        raise Refusal(
            "key-of-another",
            f"{key_path} is not the key of {path}. Take the two that belong together.",
        )


def _noted() -> Path:
    return Path(settings.HOME) / "tls.json"


def _names(certificate: x509.Certificate) -> frozenset[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    hosts = names.get_values_for_type(x509.DNSName)
    addresses = names.get_values_for_type(x509.IPAddress)
    return frozenset([host.lower() for host in hosts] + [str(address) for address in addresses])


def _matches(name: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return name.partition(".")[2] == pattern[2:]
    return name == pattern
