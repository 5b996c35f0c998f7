"""Evidence holds what was asked for and nothing of anyone else; a stranger can verify it."""

import json
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from msgspec.structs import replace

from milieu.census.models import Stay
from milieu.census.services import merge
from milieu.evidence import verify
from milieu.evidence.choosing import Asked, same_person, stays_in
from milieu.evidence.package import VERIFIER
from milieu.kernel.errors import Refusal
from milieu.kernel.pdf import _printer
from milieu.seals import keys
from milieu.seals.merkle import is_included, leaf_hash
from milieu.seals.note import Checkpoint, Signer, open_note
from tests.cast import LYING, NIGHT
from tests.evidence.conftest import END, START, evidence, unpacked

pytestmark = pytest.mark.django_db


def lines(files):
    return [json.loads(line) for line in files["entries.jsonl"].splitlines()]


def said(line):
    return json.loads(line["leaf"])


def wrong_with(files, trusted=()):
    return list(verify.verify(files, list(trusted)))


def stranger(place, *words):
    """Run the verifier as a stranger would: without this environment, from the files alone."""
    return subprocess.run(
        [sys.executable, "-I", str(place / "verify.py"), *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env={},
    )


def lay_out(place, files):
    for name, content in files.items():
        (place / name).write_bytes(content)


def test_a_stranger_verifies_it_with_python_alone(cast, tmp_path):
    packed = evidence(cast, cast.rosa)
    lay_out(tmp_path, unpacked(packed))
    whole = tmp_path.with_name("evidence.zip")
    whole.write_bytes(packed)

    for words in ([], [str(whole)], [str(whole), "--key", str(keys.signer().verifier)]):
        done = stranger(tmp_path, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "as it was when it was made" in done.stdout

    another = Signer(b"another!" * 4).verifier
    assert stranger(tmp_path, "--key", str(another)).returncode == 1


def test_letters_that_some_readers_take_for_the_end_of_a_line_end_none(cast, tmp_path):
    said = replace(LYING, note="One line\u2028and another\u0085and a third")
    cast.store(cast.check(cast.rosa, NIGHT + timedelta(minutes=210), fact=said))

    path = tmp_path / "evidence.zip"
    lay_out(tmp_path, unpacked(evidence(cast, cast.rosa)))
    path.write_bytes(evidence(cast, cast.rosa, by="Priya\u2028file 00 x"))

    done = stranger(tmp_path, str(path))

    assert done.returncode == 0, done.stdout


def test_the_verifier_is_short_and_needs_nothing_but_python():
    source = VERIFIER.read_text()
    assert len(source.splitlines()) < 300
    begins = ("import ", "from ")
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(begins)}
    assert imported <= set(sys.stdlib_module_names)


def test_what_differs_is_said_in_plain_words(cast, tmp_path):
    files = unpacked(evidence(cast, cast.rosa))
    files["report.html"] = files["report.html"].replace(b"eyes closed", b"eyes open", 1)
    lay_out(tmp_path, files)
    done = stranger(tmp_path)
    assert done.returncode == 1
    assert done.stdout == "NOT AS IT WAS MADE\nreport.html was altered.\n"


def entries_without(files, *numbers):
    kept = [
        line
        for place, line in enumerate(files["entries.jsonl"].splitlines(keepends=True))
        if place not in numbers
    ]
    return {**files, "entries.jsonl": b"".join(kept)}


def test_an_entry_that_was_removed_is_missed_by_the_next_one_about_the_same_person(cast):
    files = unpacked(evidence(cast, cast.rosa))
    words = " ".join(wrong_with(entries_without(files, 8)))
    assert "entries.jsonl was altered" in words
    assert "something was removed" in words
    assert "were there" in words


def test_entries_that_changed_places_are_found(cast):
    files = unpacked(evidence(cast, cast.rosa))
    moved = files["entries.jsonl"].splitlines(keepends=True)
    moved[7], moved[8] = moved[8], moved[7]
    words = " ".join(wrong_with({**files, "entries.jsonl": b"".join(moved)}))
    assert "reordered" in words


def test_an_entry_that_was_altered_is_named_by_kind_and_time(cast):
    files = unpacked(evidence(cast, cast.rosa))
    altered = files["entries.jsonl"].replace(b"own-room", b"own-roof")
    words = " ".join(wrong_with({**files, "entries.jsonl": altered}))
    assert "(round.check of 2026-03-02T" in words
    assert "not in the log that was signed" in words


def test_a_file_that_was_added_or_removed_is_found(cast):
    files = unpacked(evidence(cast, cast.rosa))
    assert wrong_with({**files, "note.txt": b"x"}) == [
        "note.txt does not belong to this evidence: it was added."
    ]
    without = {name: content for name, content in files.items() if name != "report.html"}
    assert wrong_with(without) == ["report.html is missing: it was removed."]


def test_every_entry_is_proved_by_our_own_verifier_too(cast):
    files = unpacked(evidence(cast, cast.rosa))
    head = Checkpoint.read(open_note(files["checkpoint.txt"].decode(), keys.known()))
    for line in lines(files):
        leaf = leaf_hash(bytes.fromhex(line["salt"]) + line["leaf"].encode())
        proof = [verify.unbase64(each) for each in line["proof"]]
        assert is_included(leaf, line["index"], head.size, proof, head.root)


def test_nothing_of_anyone_else_is_in_it(cast):
    files = unpacked(evidence(cast, cast.rosa))
    assert {said(line)["patient_id"] for line in lines(files)} == {str(cast.rosa.patient_id)}
    whole = b"".join(files.values()).decode(errors="replace")
    for secret in ("John", "Tate", str(cast.john.pk), str(cast.john.patient_id)):
        assert secret not in whole


def test_the_chain_in_the_window_is_whole_and_what_it_rests_on_is_there_too(cast):
    found = lines(unpacked(evidence(cast, cast.rosa)))
    window = [line for line in found if line["part"] == "window"]
    for before, after in pairwise(window):
        leaf = leaf_hash(bytes.fromhex(before["salt"]) + before["leaf"].encode())
        assert said(after)["before"] == leaf.hex()
    kinds = sorted(said(line)["kind"] for line in found if line["part"] == "before")
    assert kinds == ["round.check", "round.level", "round.take", "stay.movement"]


def test_about_anybody_is_everybody_of_the_facility(cast):
    files = unpacked(evidence(cast))
    assert {said(line)["patient_id"] for line in lines(files)} == {
        str(cast.rosa.patient_id),
        str(cast.john.patient_id),
    }
    assert wrong_with(files) == []


def test_the_earlier_checkpoint_is_shown_to_have_only_grown(cast):
    files = unpacked(evidence(cast, cast.rosa))
    old = Checkpoint.read(open_note(files["earlier.txt"].decode(), keys.known()))
    forged = Checkpoint(origin=old.origin, size=old.size, root=leaf_hash(b"x"))
    changed = {**files, "earlier.txt": keys.signer().sign(str(forged)).encode()}
    assert "it was rewritten" in " ".join(wrong_with(changed))


def test_two_numbers_that_are_one_person_are_one_persons_evidence(cast):
    twin = cast.arrive("Rosa", "M", at=NIGHT)
    merge(cast.rosa.patient, twin.patient, at=NIGHT, by=cast.nora)
    assert same_person(twin.patient) == {cast.rosa.patient_id, twin.patient_id}
    files = unpacked(evidence(cast, cast.rosa))
    assert {said(line)["stay_id"] for line in lines(files)} == {str(cast.rosa.pk), str(twin.pk)}
    assert wrong_with(files) == []


def test_the_report_tells_gaps_late_and_amended_entries_levels_and_who_held_the_person(cast):
    page = unpacked(evidence(cast, cast.rosa))["report.html"].decode()
    for words in (
        "Rosa Martinez",
        "Not seen for",
        "late entry: written 38 min afterwards",
        "It was the dayroom",
        "Admission",
        "Dana Reyes",
        "nobody by name",
        "eyes closed",
    ):
        assert words in page, words


def test_a_gap_that_still_lasts_is_the_longest_where_it_is(cast):
    page = unpacked(evidence(cast, cast.john))["report.html"].decode()
    assert "Not seen for 22 h 22 min so far" in page
    assert "<dt>Longest gap</dt><dd>22 h 22 min so far</dd>" in page


@pytest.mark.skipif(_printer() is None, reason="Pango is not here: docs/evidence.md")
def test_the_report_is_there_as_a_pdf(cast):
    files = unpacked(evidence(cast, cast.rosa))
    assert files["report.pdf"].startswith(b"%PDF-")
    assert "report.pdf" in files["manifest.txt"].decode()


def test_who_may_not_see_all_of_it_gets_none_of_it(cast):
    with pytest.raises(Refusal) as refused:
        evidence(cast, cast.rosa, seen=Stay.objects.visible_to(cast.sana))
    assert refused.value.code == "not-all-yours"


def test_where_nothing_was_written_there_is_no_evidence(cast):
    early = START - timedelta(days=400)
    with pytest.raises(Refusal) as refused:
        evidence(cast, cast.rosa, start=early, end=early + timedelta(hours=1))
    assert refused.value.code == "nothing-there"


def test_the_command_finds_a_person_by_id_or_number_and_reads_times_of_the_unit(cast, tmp_path):
    out = tmp_path / "evidence.zip"
    for named in (str(cast.rosa.patient_id), "Rosa-Martinez", "any"):
        call_command(
            "evidence",
            "--person",
            named,
            "--from",
            START.replace(tzinfo=None).isoformat(),
            "--to",
            END.isoformat(),
            "--out",
            str(out),
        )
        assert wrong_with(unpacked(out.read_bytes())) == []
        assert out.stat().st_mode & 0o077 == 0
    asked = Asked(
        facility=cast.facility, people=same_person(cast.rosa.patient), start=START, end=END
    )
    assert stays_in(asked) == [cast.rosa.pk]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("nobody", "2026-03-01", "2026-03-02"), "Nobody is known"),
        (("any", "yesterday", "2026-03-02"), "is not a time"),
        (("any", "0001-01-01T00:00+14:00", "2026-03-02"), "is not a time"),
        (("any", "2026-03-02", "2026-03-01"), "must come after"),
    ],
)
def test_the_command_says_what_it_cannot_use(cast, tmp_path, asked, says):
    person, start, end = asked
    out = str(tmp_path / "evidence.zip")
    with pytest.raises(CommandError, match=says):
        call_command("evidence", person=person, start=start, end=end, out=out)
    assert list(tmp_path.iterdir()) == []
