"""The phone's one page and its workers: nothing of anyone is in what they send."""

import base64
import re
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from csp.constants import NONE, SELF, WASM_UNSAFE_EVAL
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from milieu.kernel.packing import keep

HERE = Path(__file__).parent / "static"
PAGE = "phone/app.html"
START = "phone/app.js"
WORKER = "phone/sw.js"
READER = "phone/reader.js"
READS = "vendor/zxing-wasm/"  # what it is made of
NOT_KEPT = {WORKER, "phone/sw-off.js", READER}
# WebAssembly is compiled in the reader alone, a worker that is given pictures and gives texts: the
# pages, which have names and keys, keep the policy that lets no script be made of anything.
READER_POLICY: Final = {
    "default-src": [NONE],
    "script-src": [SELF, WASM_UNSAFE_EVAL],
    "connect-src": [SELF],
}
IMPORT = re.compile(r"""\b(?:from|import)\s*["'](\.[^"']+)["']""")  # not import("…"): that is later
BETWEEN = "\0"  # the texts of the pack: no text has one
FROM_SHELL = (
    "shell/tokens.css",
    "shell/fonts.css",
    "shell/base.css",
    "shell/parts.css",
    "vendor/atkinson-hyperlegible-next/latin-400.woff2",
    "vendor/atkinson-hyperlegible-next/latin-700.woff2",
    "vendor/lucide/icons.svg",
)
KEPT_KINDS = {  # PNG icons are asked for at installing only
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


class Shell(NamedTuple):
    """Files that a phone keeps together, each with its hash, and one version for them all."""

    version: str
    files: list[tuple[str, str]]


class Packed(NamedTuple):
    """Files that travel as one: a third less than one by one.

    Address, type and content of each, with a NUL between any two: a hundredth less than as JSON.
    """

    content: bytes
    addresses: list[str]


@login_not_required
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """Give the page that the phone keeps. What it shows of people is kept on the phone, sealed."""
    response = _sent(request, "app", _page().encode(), "text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker; its first lines say its version and the files that it keeps.

    With ``PHONE_OFF`` set, a worker that removes itself and leaves what the phone wrote. The page
    then asks for none: asked for while it goes, a browser would keep it.
    """
    if settings.PHONE_OFF:
        source = (HERE / "phone/sw-off.js").read_text()
    else:
        shell, reader = kept_files(), reader_files()
        source = (
            f'const VERSION = "{shell.version}";\n'
            f"const FILES = {msgspec.json.encode(shell.files).decode()};\n"
            f"const PACK = {msgspec.json.encode(_told_of_pack()).decode()};\n"
            f"const READER = {msgspec.json.encode(reader).decode()};\n" + _content(WORKER).decode()
        )
    response = _sent(request, "worker", source.encode(), KEPT_KINDS[".js"])
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_safe
def pack(request: HttpRequest) -> HttpResponse:
    """Give all scripts, styles and icons at once, for the service worker to keep one by one."""
    response = _sent(request, "pack", packed_files().content, "text/plain; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _sent(request: HttpRequest, name: str, content: bytes, content_type: str) -> HttpResponse:
    """Answer with a content that is the same for everyone, packed where the browser reads that."""
    encodings = request.headers.get("Accept-Encoding", "").replace(" ", "").split(",")
    packs = "br" in encodings
    response = HttpResponse(_packed(name, content) if packs else content, content_type=content_type)
    if packs:
        response["Content-Encoding"] = "br"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@lru_cache(maxsize=8)
def _packed(name: str, content: bytes) -> bytes:
    return keep(content, settings.LIGHT_FILES / f"phone-{name}").read_bytes()


@login_not_required
@require_safe
@csp(READER_POLICY)
def reader(request: HttpRequest) -> HttpResponse:
    """Give the worker that reads codes where a browser cannot; see ``READER_POLICY``."""
    response = HttpResponse(_content(READER), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def kept_files() -> Shell:
    """Return what a phone keeps and fetches by itself: the page, and what is no text.

    Its version is of all that a phone keeps. Worked out once: files do not change while a server
    runs.
    """
    names = [name for name in FROM_SHELL if Path(name).suffix not in KEPT_KINDS]
    files = [("/phone/", _hash(_page().encode()))]
    files += [(settings.STATIC_URL + name, _hash(_content(name))) for name in names]
    everything = [files, _told_of_pack(), reader_files(), _hash(_content(WORKER))]
    return Shell(_version(repr(everything)), files)


@cache
def packed_files() -> Packed:
    """Return all texts that a phone keeps. What is alike in them lies close, and travels once."""
    names = [*_own_files(), *(name for name in FROM_SHELL if Path(name).suffix in KEPT_KINDS)]
    names.sort(key=lambda name: Path(name).suffix)
    addresses = [settings.STATIC_URL + name for name in names]
    texts = [_content(name).decode() for name in names]
    kinds = [KEPT_KINDS[Path(name).suffix] for name in names]
    parts = [part for file in zip(addresses, kinds, texts, strict=True) for part in file]
    return Packed(BETWEEN.join(parts).encode(), addresses)


def _told_of_pack() -> list[object]:
    """Return what the worker is told: where the pack is, its hash, and what is in it."""
    packed = packed_files()
    return ["/phone/pack", _hash(packed.content), packed.addresses]


@cache
def reader_files() -> Shell:
    """Return what a phone that cannot read codes by itself keeps besides: 377 kB packed."""
    files = [("/phone/reader.js", _hash(_content(READER)))]
    folder = HERE / READS
    parts = sorted(path for path in folder.rglob("*") if path.suffix in {".js", ".wasm"})
    names = [str(path.relative_to(HERE)) for path in parts]
    files += [(settings.STATIC_URL + name, _hash(_content(name))) for name in names]
    return Shell(_version(repr(files)), files)


def _version(everything: str) -> str:
    return sha256(everything.encode()).hexdigest()[:12]


@cache
def _page() -> str:
    """Write the page. It names the modules of the start, so that a browser reads them at once."""
    modules = [settings.STATIC_URL + name for name in _needed_by(START)]
    context = {"modules": modules, "demo": settings.DEMO, "off": settings.PHONE_OFF}
    return render_to_string(PAGE, context)


def _needed_by(start: str) -> list[str]:
    """Return a module and what it imports, and what that imports; not what it reads later."""
    needed = [start]
    for name in needed:  # grows while it is walked
        folder = (HERE / name).parent
        for path in IMPORT.findall((HERE / name).read_text()):
            found = str((folder / path).resolve().relative_to(HERE))
            if found not in needed:
                needed.append(found)
    return needed


def _own_files() -> list[str]:
    names = (str(path.relative_to(HERE)) for path in HERE.rglob("*") if path.suffix in KEPT_KINDS)
    return sorted(name for name in names if name not in NOT_KEPT and not name.startswith(READS))


def _content(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), f"{name} is not among the static files."
    return Path(found).read_bytes()


def _hash(content: bytes) -> str:
    """Write a hash as subresource integrity does, so that the worker can check what it keeps."""
    return "sha256-" + base64.b64encode(sha256(content).digest()).decode()
