"""Static files as they travel: without our comments, and packed with Brotli beforehand.

The sources stay as people read them. What is sent lies in ``LIGHT_FILES``, made from them whenever
it is not what they would make now. A line keeps its number: what a browser reports of it can
be found.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.files.storage import FileSystemStorage

from milieu.kernel.packing import BROTLI, keep

PACKED: Final = {".js", ".css", ".svg", ".webmanifest", ".wasm"}  # pictures and fonts are already
NOT_OURS: Final = "vendor"
# Lines that are nothing but a comment. One behind code stays: a text may look like it.
COMMENTS: Final = {
    ".js": re.compile(rb"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)$", re.MULTILINE),
    ".css": re.compile(rb"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*$", re.MULTILINE),
}


class LightStorage(FileSystemStorage):
    """The static files of one app; the path of a file is that of what travels."""

    def path(self, name: str) -> str:
        """Return where the file lies that is sent; a folder's is its own."""
        if name.endswith(BROTLI):
            return str(settings.LIGHT_FILES / name)
        source = Path(super().path(name))
        if source.suffix not in PACKED or not source.is_file():
            return str(source)
        return str(_made(source, settings.LIGHT_FILES / name))


class LightFinder(AppDirectoriesFinder):
    """Finds the light form of every app's static files."""

    storage_class = LightStorage

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Name each file, and its packed form behind it: Whitenoise asks only for what it knows."""
        for name, storage in super().list(ignore_patterns):
            yield name, storage
            if Path(name).suffix in PACKED:
                storage.path(name)  # both are made
                yield f"{name}{BROTLI}", storage


def without_comments(content: bytes, suffix: str) -> bytes:
    """Return a script or style of ours with its comments gone and its lines where they were."""
    comments = COMMENTS.get(suffix)
    if comments is None:
        return content
    return comments.sub(lambda found: b"\n" * found[0].count(b"\n"), content)


def _made(source: Path, light: Path) -> Path:
    content = source.read_bytes()
    if NOT_OURS not in source.parts:
        content = without_comments(content, source.suffix)
    keep(content, light)
    return light
