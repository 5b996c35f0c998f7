"""Somebody outside who takes messages: a web server on this machine that writes down what came."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Outside:
    """Answers each request with ``status``, after ``wait_s``, and keeps what it was sent."""

    def __init__(self):
        self.status = 200
        self.wait_s = 0.0
        self.came = []  # (path, headers, body) of each request that was answered
        self.at = []  # when each came, by this machine's clock
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                time.sleep(outside.wait_s)
                outside.came.append((self.path, self.headers, body))
                outside.at.append(time.time())
                self.send_response(outside.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self):
                self.do_POST()

            def log_message(self, *arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://{self.host}"

    def service(self, path=""):
        """Return the address of this as one of the facility's services, as Apprise writes it."""
        return f"json://{self.host}/{path}"

    def said(self):
        """Return what the services were sent, as title and text."""
        letters = [json.loads(body) for _, _, body in self.came if body]
        return [(each["title"], each["message"]) for each in letters]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
