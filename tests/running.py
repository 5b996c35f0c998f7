"""A real ``milieu serve`` in a process of its own, for tests that talk to one or kill one."""

import json
import os
import signal
import subprocess
import sys
import time
import weakref
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from milieu.bench.serving import free_port
from tests.tables import PROGRAM, ROOT, SETTINGS

START_WITHIN_S = 60
STOP_WITHIN_S = 20


class Server:
    """One server with its own data folder and port. It can be killed and started again."""

    def __init__(self, home: Path, *, port: int | None = None, **environment: str) -> None:
        self.home = home
        self.port = port or free_port()
        self.environment = {
            **os.environ,
            "MILIEU_HOME": str(home),
            "MILIEU_PORT": str(self.port),
            "MILIEU_DEMO": "no",
            **SETTINGS,
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._beside: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Return the address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Return the file that holds what the server wrote to its outputs."""
        return self.home / "serve.log"

    def milieu(self, *arguments: str) -> str:
        """Run another ``milieu`` command on the same data; return what it printed."""
        done = subprocess.run(
            [PROGRAM, *arguments],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=START_WITHIN_S,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def printed(self, code: str) -> str:
        """Run a piece of code on the same data, served or not; return what it printed."""
        if self._beside is None:
            self._beside = subprocess.Popen(
                [sys.executable, "-m", "tests.beside"],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            # It outlives the server, which is killed over and over, and ends when its input does.
            weakref.finalize(self, self._beside.communicate)
        assert self._beside.stdin
        assert self._beside.stdout
        self._beside.stdin.write(json.dumps(code) + "\n")
        self._beside.stdin.flush()
        said, fault = json.loads(self._beside.stdout.readline())
        assert not fault, fault
        return str(said)

    def start(self, *options: str) -> None:
        """Start serving, and return when ``/healthz`` says ready."""
        assert self.process is None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", *options],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that kill() reaches every part of it, and only it
            )
        patience = time.monotonic() + START_WITHIN_S
        while not self.ready():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < patience, self.log.read_text()
            time.sleep(0.05)

    def ready(self) -> bool:
        """Return whether the server says that it is ready."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            link.request("GET", "/healthz")
            return link.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            link.close()

    def kill(self) -> None:
        """End every part at once, as a power cut would. Nothing is flushed or said."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the server to end, as ``systemctl stop`` does, and wait until it has."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        group = self.process.pid
        if self.process.poll() is None:
            if number == signal.SIGKILL:
                os.killpg(group, number)
            else:
                self.process.send_signal(number)
        try:
            self.process.wait(STOP_WITHIN_S)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)  # whatever part outlived its supervisor
            self.process = None
