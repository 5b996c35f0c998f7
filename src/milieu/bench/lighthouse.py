"""Lighthouse beside a running Chromium: one process for all pages, since it is slow to start."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, Final

from milieu.bench.browser import CACHE, NODE
from milieu.bench.load import Unexpected

SCRIPT: Final = Path(__file__).with_suffix(".mjs")
AUDIT_WITHIN_S: Final = 180
KEPT: Final = 2000  # characters of what it says when it ends


class Lighthouse:
    """A process that is asked about one page after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def look(self, port: int, address: str, mode: str) -> dict[str, Any]:
        """Return the scores of a page that is open, and what they were lowered by.

        ``port`` is where its Chromium listens for debugging.

        Raises:
            Unexpected: it ended, or did not answer in time.
        """
        assert self.process.stdin
        assert self.process.stdout
        patience = Timer(AUDIT_WITHIN_S, self.process.kill)
        patience.start()
        try:
            self.process.stdin.write(
                json.dumps({"port": port, "address": address, "mode": mode}) + "\n"
            )
            self.process.stdin.flush()
            said = self.process.stdout.readline()
        finally:
            patience.cancel()
        if not said:
            raise Unexpected(f"Lighthouse ended with {self.process.wait()}: {self._last_words()}")
        found: dict[str, Any] = json.loads(said)
        return found

    def _last_words(self) -> str:
        assert self.process.stderr
        return self.process.stderr.read()[-KEPT:]


@contextmanager
def lighthouse() -> Iterator[Lighthouse]:
    """Start Lighthouse; end it afterwards. It does nothing until it is asked."""
    words = [str(each) for each in (NODE, SCRIPT, CACHE)]
    process = subprocess.Popen(  # noqa: S603
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield Lighthouse(process)
        finally:
            process.kill()
