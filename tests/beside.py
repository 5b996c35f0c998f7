"""Runs pieces of code on a server's data, one after the other, in one process beside the server.

Starting a process takes more than a second. A line holds a piece of code as JSON, and is answered
by a line: what it printed, or what went wrong.
"""

import contextlib
import io
import json
import sys
import traceback

import django
from django.db import connections


def main() -> None:
    django.setup()
    for line in sys.stdin:
        printed, fault = io.StringIO(), ""
        with contextlib.redirect_stdout(printed):
            try:
                exec(json.loads(line), {})  # noqa: S102 (the code is the test's own)
            except Exception:  # noqa: BLE001 (said again in the test)
                fault = traceback.format_exc()
        connections.close_all()  # a restored database is another file
        print(json.dumps([printed.getvalue(), fault]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
