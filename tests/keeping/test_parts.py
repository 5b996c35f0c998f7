"""The supervisor keeps its parts running, and ends only what it started; HTTPS stands in front."""

import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.core.management import BaseCommand

from milieu.keeping.certificates import Tls, authority_file, read, shown
from milieu.keeping.front import front
from milieu.keeping.management.commands.serve import Telling
from milieu.keeping.parts import program
from milieu.keeping.supervisor import Supervisor
from tests.running import Server, free_port
from tests.tables import give_files, give_tables


def part(tmp_path, code, name="part"):
    return program(name, sys.executable, "-c", code.format(diary=tmp_path / "diary"))


LINE = "import os; open('{diary}', 'a').write(str(os.getpid()) + chr(10));"


@contextmanager
def ended_after(enough):
    """Send this process SIGTERM, as an operator would, as soon as ``enough`` says so."""

    def wait():
        patience = time.monotonic() + 20
        while not enough() and time.monotonic() < patience:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    waiting = threading.Thread(target=wait)
    waiting.start()
    yield
    waiting.join()


def pids(tmp_path):
    diary = tmp_path / "diary"
    return [int(line) for line in diary.read_text().split()] if diary.exists() else []


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_part_that_ended_is_started_again(tmp_path):
    with ended_after(lambda: len(pids(tmp_path)) >= 2):
        Supervisor([part(tmp_path, LINE)]).run()
    assert len(pids(tmp_path)) >= 2


def test_when_it_ends_its_parts_have_ended(tmp_path):
    sleeps = part(tmp_path, LINE + "import time; time.sleep(60)")
    with ended_after(lambda: len(pids(tmp_path)) == 2):
        Supervisor([sleeps, sleeps]).run()
    assert [pid for pid in pids(tmp_path) if runs(pid)] == []


def test_ctrl_c_in_a_terminal_is_the_supervisors_to_answer(tmp_path):
    code = (
        LINE + "import signal; signal.raise_signal(signal.SIGINT); open('{diary}2', 'w').close();"
    )
    with ended_after((tmp_path / "diary2").exists):
        Supervisor([part(tmp_path, code + "import time; time.sleep(60)")]).run()
    assert len(pids(tmp_path)) == 1


def test_it_ends_nothing_that_it_did_not_start(tmp_path):
    code = "import time; time.sleep(60)"
    other = subprocess.Popen([sys.executable, "-c", code])
    try:
        with ended_after(lambda: len(pids(tmp_path)) == 1):
            Supervisor([part(tmp_path, LINE + code)]).run()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


class Pages(BaseHTTPRequestHandler):
    """What stands behind the front in these tests: says how it was asked."""

    def do_GET(self):
        said = f"{self.headers['X-Forwarded-Proto']} {self.headers['Host']} {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args):
        pass


def shows_its_certificate(chosen):
    """Return whether the front shows who it is: its file is there a moment before it does."""
    try:
        ssl.get_server_certificate(("localhost", chosen.https_port))
    except OSError:
        return False
    return True


@pytest.fixture
def fronted(tmp_path, settings):
    """Yield how a server with a unit's own authority is reached."""
    pages = HTTPServer(("127.0.0.1", 0), Pages)
    settings.HOME, settings.PORT = tmp_path, pages.server_port
    serving = threading.Thread(target=pages.serve_forever)
    serving.start()
    chosen = Tls(name="localhost", https_port=free_port(), http_port=free_port(), bind="127.0.0.1")
    log = (tmp_path / "log").open("wb")
    caddy = subprocess.Popen(front(chosen), env={"HOME": str(tmp_path)}, stdout=log, stderr=log)
    patience = time.monotonic() + 20
    while not shows_its_certificate(chosen) and time.monotonic() < patience:
        time.sleep(0.05)
    yield chosen
    caddy.terminate()
    caddy.wait(20)
    log.close()
    pages.shutdown()
    serving.join()
    pages.server_close()


def ask(link, path, **headers):
    with closing(link):
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        answer.body = answer.read().decode()
    return answer


def test_phones_that_trust_the_units_authority_reach_the_pages_over_https(fronted):
    trusting = ssl.create_default_context(cafile=str(authority_file()))
    link = http.client.HTTPSConnection("localhost", fronted.https_port, context=trusting)

    answer = ask(link, "/phone/", **{"X-Forwarded-Proto": "gopher"})

    assert answer.body == f"https localhost:{fronted.https_port} /phone/"
    assert "localhost" in shown(fronted).names
    assert read(authority_file()).fingerprint.count(":") == 31


def test_a_server_with_https_tells_browsers_so_and_gives_them_cookies_for_https_alone(
    tmp_path, settings
):
    give_tables(tmp_path)
    give_files(tmp_path)
    settings.HOME = tmp_path
    server, https, http_port = Server(tmp_path), free_port(), free_port()
    server.start(
        *("--tls", "localhost", "--bind", "127.0.0.1"),
        *("--https-port", str(https), "--http-port", str(http_port)),
    )
    try:
        chosen = Tls(name="localhost", https_port=https, http_port=http_port, bind="127.0.0.1")
        patience = time.monotonic() + 20
        while not shows_its_certificate(chosen) and time.monotonic() < patience:
            time.sleep(0.05)
        trusting = ssl.create_default_context(cafile=str(authority_file()))
        link = http.client.HTTPSConnection("localhost", https, context=trusting)
        answer = ask(link, "/accounts/login/")
    finally:
        server.stop()
    assert answer.status == 200
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "Secure" in answer.headers["Set-Cookie"]


def test_without_https_only_the_page_that_leads_there_is_given(fronted):
    link = http.client.HTTPConnection("localhost", fronted.http_port)  # opens again by itself

    assert ask(link, "/trust/").body == f"http localhost:{fronted.http_port} /trust/"
    elsewhere = ask(link, "/phone/?a=b")
    assert elsewhere.status == 308
    assert elsewhere.headers["Location"] == f"{fronted.address}/phone/?a=b"


def test_a_phone_that_does_not_trust_it_yet_is_not_connected(fronted):
    link = http.client.HTTPSConnection(
        "localhost", fronted.https_port, context=ssl.create_default_context()
    )
    with closing(link), pytest.raises(ssl.SSLCertVerificationError):
        link.request("GET", "/")


def test_the_hospitals_certificate_makes_a_configuration_that_caddy_accepts(tmp_path, settings):
    settings.HOME = tmp_path
    chosen = Tls(
        name="elm.example", certificate=str(tmp_path / "a.crt"), key=str(tmp_path / "a.key")
    )
    caddy, _, _, *rest = front(chosen)
    done = subprocess.run(
        [caddy, "adapt", *rest, "--adapter", "caddyfile"],
        env={"HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "a.crt" in done.stdout


def test_where_milieu_is_is_said_once_https_answers_and_before_that_what_is_not_served():
    out, err = StringIO(), StringIO()
    command = BaseCommand(stdout=out, stderr=err, no_color=True)
    chosen = Tls(name="localhost", https_port=free_port(), bind="127.0.0.1")
    telling = Telling(command, chosen, "Milieu is here.", patience_s=0)

    telling.look()
    telling.look()
    assert out.getvalue() == ""
    assert err.getvalue().count(f"Not served: HTTPS on port {chosen.https_port}.") == 1

    with socket.create_server(("127.0.0.1", chosen.https_port)):
        telling.look()
        telling.look()
    assert out.getvalue() == "Milieu is here.\n"
