"""The phone's page: which modules it asks for at once, and what a phone keeps."""

import re
from pathlib import Path

import milieu.phone
from milieu.phone.app import kept_files

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
    kept = {address for address, _ in kept_files().files}
    modules = {f"/static/{path.relative_to(STATIC)}" for path in STATIC.rglob("*.js")}
    assert modules - kept == {"/static/phone/sw.js", "/static/phone/sw-off.js"}
    assert "/phone/" in kept
