"""A unit inside a server's own database, made and looked at from outside.

The server is another process with a database of its own. ``inside.py`` runs in a third one, beside
it, with the server's environment.
"""

import json
from typing import Any

from tests.running import Server


def ask(server: Server, what: str) -> Any:
    """Run one of the functions of ``inside.py`` on the server's data; return what it answers."""
    return json.loads(
        server.printed(
            f"import json\nfrom tests.faults import inside\nprint(json.dumps(inside.{what}()))"
        )
    )
