"""A unit inside a server's own database, made and looked at from outside.

The server is another process with a database of its own. This module runs in a third one, with the
server's environment (``python -m tests.faults.inside``), and speaks JSON.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.running import Server

ROOT = Path(__file__).parents[2]


def ask(server: Server, what: str, said: Any = None) -> Any:
    """Run one of the functions of ``inside.py`` on the server's data; return what it answers."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.inside", what],
        env=server.environment,
        cwd=ROOT,
        input=json.dumps(said),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
