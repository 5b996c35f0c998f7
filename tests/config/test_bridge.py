"""From the async server to the sync pages: limits, order, and nothing that is half a request."""

import asyncio
import itertools
import json
import threading

import pytest

from milieu.config.bridge import BODY_MAX, PIECE, Bridge


def ask(app, *, headers=(), messages=None, path="/", method="POST", **limits):
    """Send one request through a bridge; return the messages that come back."""
    said = []
    coming = iter([part(b"", last=True)] if messages is None else messages)

    async def receive():
        return next(coming)

    async def send(message):
        said.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"a=b",
        "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(Bridge(app, **limits)(scope, receive, send))
    return said


def part(body, *, last=False):
    return {"type": "http.request", "body": body, "more_body": not last}


def status(said):
    return said[0]["status"]


def content(said):
    return b"".join(message.get("body", b"") for message in said)


def hello(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"read ", str(len(environ["wsgi.input"].read())).encode()]


def never(environ, start):
    raise AssertionError("This request must not reach the pages.")


def telling(key):
    def app(environ, start):
        start("200 OK", [])
        return [str(environ.get(key)).encode()]

    return app


def test_a_page_goes_out_whole_in_one_message():
    said = ask(hello, messages=[part(b"abc"), part(b"de", last=True)])

    assert [message["type"] for message in said] == ["http.response.start", "http.response.body"]
    assert content(said) == b"read 5"
    assert said[0]["headers"] == [(b"content-type", b"text/plain")]


def test_what_is_large_goes_out_in_pieces_and_in_order():
    pieces = [bytes([n]) * (PIECE // 2 + 1) for n in range(7)]

    def large(environ, start):
        start("200 OK", [])
        yield from pieces

    said = ask(large)

    assert content(said) == b"".join(pieces)
    assert len(said) > 3


def test_a_body_that_says_it_is_too_large_is_refused_unread():
    said = ask(never, headers=[("content-length", str(BODY_MAX + 1))], messages=[])
    assert status(said) == 413
    assert b"too-large" in content(said)


def test_a_body_that_turns_out_too_large_is_refused_at_the_limit():
    endless = itertools.repeat({"type": "http.request", "body": b"x" * 1000, "more_body": True})
    assert status(ask(never, messages=endless)) == 413


def test_a_request_that_breaks_off_reaches_no_page():
    assert ask(never, messages=[part(b"half an entry"), {"type": "http.disconnect"}]) == []


def test_a_compressed_body_is_refused_because_its_size_is_not_known():
    assert status(ask(never, headers=[("content-encoding", "gzip")])) == 415


def test_a_header_with_underscores_does_not_pass_for_one_with_hyphens():
    forged = [("x_forwarded_proto", "https")]
    assert content(ask(telling("HTTP_X_FORWARDED_PROTO"), headers=forged)) == b"None"


def test_cookies_that_came_in_pieces_are_put_together_as_cookies():
    halves = [("cookie", "a=1"), ("cookie", "b=2")]
    assert content(ask(telling("HTTP_COOKIE"), headers=halves)) == b"a=1; b=2"


def test_a_path_keeps_letters_of_every_language():
    assert content(ask(telling("PATH_INFO"), path="/ñ")).decode() == "/ñ".encode().decode("latin-1")


def test_when_too_many_wait_the_next_is_told_to_come_back():
    said = ask(never, threads=1, readers=1, waiting=-2)
    assert status(said) == 503
    assert json.loads(content(said))["code"] == "busy"
    assert (b"retry-after", b"1") in said[0]["headers"]


def test_requests_are_worked_on_side_by_side():
    meeting = threading.Barrier(2, timeout=10)

    def meet(environ, start):
        meeting.wait()
        start("200 OK", [])
        return [b"met"]

    async def twice():
        bridge = Bridge(meet)
        said = [[], []]
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "http_version": "1.1",
            "headers": [],
        }

        async def receive():
            return {"type": "http.request"}

        async def send_first(message):
            said[0].append(message)

        async def send_second(message):
            said[1].append(message)

        await asyncio.gather(
            bridge(scope, receive, send_first), bridge(scope, receive, send_second)
        )
        return said

    assert [content(each) for each in asyncio.run(twice())] == [b"met", b"met"]


def test_whoever_reads_does_not_wait_behind_those_who_write():
    def who(environ, start):
        start("200 OK", [])
        return [threading.current_thread().name.encode()]

    assert content(ask(who, method="GET")).startswith(b"readers")
    assert content(ask(who, method="POST")).startswith(b"pages")


def test_what_a_page_opened_is_closed_even_when_it_fails_half_way():
    closed = []

    class Half:
        def __iter__(self):
            yield b"first"
            raise RuntimeError

        def close(self):
            closed.append(True)

    def app(environ, start):
        start("200 OK", [])
        return Half()

    with pytest.raises(RuntimeError):
        ask(app)
    assert closed == [True]
