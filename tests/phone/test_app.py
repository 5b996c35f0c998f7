"""The phone's page: which modules it asks for at once, and what a phone keeps."""

import base64
import re
from hashlib import sha256
from pathlib import Path

import brotli

import milieu.phone
from milieu.people.services import BADGE_LENGTH_MIN
from milieu.phone.app import kept_files, packed_files, reader_files

STATIC = Path(milieu.phone.__file__).parent / "static"


def test_the_page_asks_at_once_for_what_the_start_needs_and_for_nothing_else(client):
    page = client.get("/phone/").content.decode()
    asked = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)"', page)
    assert asked[0] == "phone/app.js"
    assert len(asked) == len(set(asked))
    assert {"phone/store.js", "phone/screens/who.js", "vendor/preact/preact.js"} <= set(asked)
    assert "vendor/preact-signals-core/signals-core.js" in asked  # which only vendored code names
    assert {"phone/screens/list.js", "phone/unit.js", "phone/contact.js"}.isdisjoint(asked)


def test_a_phone_keeps_every_module_also_those_that_are_read_later():
    kept = {address for address, _ in kept_files().files} | set(packed_files().addresses)
    modules = {f"/static/{path.relative_to(STATIC)}" for path in STATIC.rglob("*.js")}
    workers = {f"/static/phone/{name}.js" for name in ("sw", "sw-off", "reader")}
    apart = {address for address, _ in reader_files().files}
    assert modules - kept - apart == workers
    assert "/phone/" in kept
    assert not kept & apart


def test_a_phone_takes_no_badge_that_is_too_short_for_the_server():
    who = (STATIC / "phone/screens/who.js").read_text()
    assert f"BADGE_MIN = {BADGE_LENGTH_MIN} " in who


def test_all_that_the_reader_of_codes_asks_for_is_kept_with_it(client):
    asked = re.findall(r'"(/static/[^"]+)"', (STATIC / "phone/reader.js").read_text())
    files = {address for address, _ in reader_files().files}
    assert {"/phone/reader.js", *asked} <= files
    told = client.get("/phone/sw.js").content.decode()
    assert all(address in told for address in files)


def test_what_makes_scripts_of_bytes_is_allowed_to_the_reader_of_codes_alone(client):
    reader = client.get("/phone/reader.js").headers["Content-Security-Policy"]
    policy = {part.strip() for part in reader.split(";")}
    assert policy == {
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "connect-src 'self'",
    }
    for page in ("/phone/", "/phone/sw.js"):
        assert "wasm" not in client.get(page).headers["Content-Security-Policy"]


def texts_of(packed: bytes) -> list[tuple[str, str, str]]:
    """Return address, type and content of each text of the pack, as sw.js reads it."""
    parts = packed.decode().split("\0")
    return list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))


def test_the_pack_holds_every_text_as_it_is_sent_alone(client):
    given = client.get("/phone/pack", headers={"Accept-Encoding": "gzip, br"})
    assert given.headers["Content-Encoding"] == "br"
    packed = brotli.decompress(given.content)
    assert client.get("/phone/pack").content == packed
    texts = texts_of(packed)
    assert [address for address, *_more in texts] == packed_files().addresses
    for address, kind, text in texts:
        alone = client.get(address)
        assert b"".join(alone).decode() == text
        if not address.endswith(".webmanifest"):  # which this machine's table may not know
            assert alone.headers["Content-Type"].split(";")[0] == kind.split(";")[0]


def test_the_worker_is_told_the_hash_of_the_pack(client):
    told = client.get("/phone/sw.js").content.decode()
    content = client.get("/phone/pack").content
    hashed = base64.b64encode(sha256(content).digest()).decode()
    assert f'const PACK = ["/phone/pack","sha256-{hashed}",' in told
