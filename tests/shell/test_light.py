"""What travels says what the source says, only shorter."""

import re
import subprocess
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from milieu.phone.app import packed_files
from milieu.shell.light import LightStorage, without_comments
from tests.test_shape import SCRIPTS, ours, short

SENT = [path for path in SCRIPTS if path.suffix == ".js"]
COMMENTS = re.compile(r"(\s*(//.*|/\*[\s\S]*?\*/)\s*)*")
PARSED = """
import { readFileSync } from "node:fs"
import { SourceTextModule } from "node:vm"
for (const path of process.argv.slice(1)) {
  new SourceTextModule(readFileSync(path, "utf8"), { identifier: path })
}
"""


def light_of(source: Path) -> Path:
    return Path(finders.find(source.as_posix().rpartition("/static/")[2]))


@pytest.mark.parametrize("source", SENT + ours("*.css"), ids=short)
def test_only_comments_are_left_out_and_every_line_keeps_its_number(source):
    written, sent = source.read_text().split("\n"), light_of(source).read_text().split("\n")
    assert len(written) == len(sent)
    changed = [(was, now) for was, now in zip(written, sent, strict=True) if was != now]
    assert {now for _, now in changed} <= {""}
    assert COMMENTS.fullmatch("\n".join(was for was, _ in changed))


def test_every_script_can_still_be_read():
    paths = [str(light_of(source)) for source in SENT]
    command = ["node", "--no-warnings", "--experimental-vm-modules", "--input-type=module"]
    done = subprocess.run([*command, "-e", PARSED, "--", *paths], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_what_looks_like_a_comment_behind_code_stays():
    source = b'const address = "http://x" // where\n// gone\nfetch(address) /* stays */\n'
    kept = b'const address = "http://x" // where\n\nfetch(address) /* stays */\n'
    assert without_comments(source, ".js") == kept


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_browser_gets_what_it_can_read(encoding):
    answer = Client().get("/static/phone/app.js", headers={"Accept-Encoding": encoding})
    sent = b"".join(answer.streaming_content)
    assert answer.headers.get("Content-Encoding") == ("br" if encoding == "br" else None)
    plain = brotli.decompress(sent) if encoding == "br" else sent
    assert plain == light_of(next(path for path in SENT if path.name == "app.js")).read_bytes()


def test_a_source_that_changed_is_sent_as_it_is_now(tmp_path, settings):
    settings.LIGHT_FILES = tmp_path / "light"
    (tmp_path / "source").mkdir()
    source = tmp_path / "source" / "a.js"
    for words in (b"// one\nfirst()\n", b"// two\nsecond()\n"):
        source.write_bytes(words)
        sent = Path(LightStorage(tmp_path / "source").path("a.js"))
        assert sent.read_bytes() == words[6:]
        assert brotli.decompress(Path(f"{sent}.br").read_bytes()) == words[6:]


def test_the_phone_keeps_what_is_sent():
    parts = packed_files().content.decode().split("\0")
    told = dict(zip(parts[::3], parts[2::3], strict=True))
    sent = light_of(next(path for path in SENT if path.name == "app.js")).read_bytes()
    assert told["/static/phone/app.js"] == sent.decode()
