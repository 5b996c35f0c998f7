"""The pages of figures from results: ``python -m milieu.bench.page docs RESULT.json …``.

``docs/speed.md`` is written whole; in ``docs/evidence.md``, what stands between two marks.
Results of one bench that stand next to each other, one for each database, are one section.
``bin/speed`` takes the measurements and calls this.
"""

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from milieu.bench.goals import reached

SHOWN = ("proof", "feasibility", "sync-histories")  # in docs/evidence.md too
BEGIN, END = "<!-- figures, by bin/speed -->", "<!-- end of figures -->"
HEAD = """\
# Speed

What Milieu claims about speed, measured. Made by `bin/speed`; run it to see your own machine:

    bin/milieu bench ingest|board|phone|feasibility|proof|sync-histories|watch
                                                       --quick for a short run, --json for programs

Every run works on invented data in a folder of its own and touches nothing else. The goals are in
`src/milieu/bench/goals.toml`. Compare the ratios first: both sides of a ratio were measured in turn, in the same run.
"""  # noqa: E501
HOW = {
    "ingest": """\
Phones push batches of 24 checks, one walk of a unit, as fast as they can through the real endpoint of a running
`milieu serve`, over connections that stay open; every answer is read, and every entry must be "stored". The floor is
the same rows in the same tables with the same number of commits and as many connections by the bare driver: COPY of
headers and facts and one INSERT of all clocks (psycopg), or `executemany` (sqlite3). Commits are durable on both
sides: fsync, full_page_writes and synchronous_commit on; SQLite with synchronous=FULL. Four units of 24 people share
16 phones; the record holds two weeks of checks before, 1,344 of each person. Figures that end in `_1` are with one phone.
""",  # noqa: E501
    "board": """\
The page of a live board of 40 people, as a browser gets it, from the request to the last byte, on the same machine.
Three boards are read in turn, with 10, 1,000 and 100,000 entries of history for each person; new checks are stored in
between, so that the boards change. `renders_per_s` is what eight readers get of the whole page, and
`live_renders_per_s` of the board without the page around it, while each of the three units stores a check once a
second; `still_renders_per_s` is the page while nothing is stored. These three are of eight new readers eight times,
since which process of the server answers a connection is chance. A rendering is shared: on each request the record is
asked again who reads and what they may see, and the database whether anything at all was stored since; if so, what the
board rests on. Only while all rows are as they were, and no minute of the board has passed, are readers who want the
same (unit, order, language, names) sent the same rendering; the page around it is shared where navigation, theme and
language are the same too, and each reader's name, address and form token are filled in. So a change is on the very next
page. `growth` is the median of the longest history over that
of the shortest; `push_growth` the same of storing a check. `fanout_s` is the longest of five times from sending a check until the last
of 50 open boards showed its words. `kb_per_connection` is what all processes of the server grew by (proportional set
size), for each of 1,400 live feeds.
""",  # noqa: E501
    "proof": """\
A facility's log of 1,000,000 leaves is filled in; then checks that wait are sealed by the real sealer (`appends_per_s`:
read, made canonical, salted, hashed, stored with the tree's new nodes, a head signed and committed for each 500). A
proof is read from the database for one leaf at a time (`proof_ms` is the median, `proof_bytes` the longest), and verified from
the leaf's bytes to the root in Python (`verifications_per_s`). `consistency_ms`: the proof from 1,000,000 leaves to the newest
head. `witness_us`: what it costs a push to answer for the head that a phone saw.
""",  # noqa: E501
    "sync-histories": """\
Histories, each from a seed of its own: three phones, two servers on one SQLite database, and up to 50 things that happen.
Checks, lists and amendments are written, with clocks that are right, wrong and known, or wrong and unknown. Pushes are
cut off, come twice at once by both servers, come in another order; answers are lost or cut off; servers are killed (-9)
in the middle of a push and between two; phones are without network; a nurse orders levels and sends people on leave;
the log is sealed; backups are taken, and older ones put back by the code of `milieu restore`. Servers are processes that
answer by the real pages; only the web server and the network between are left out. In the end every phone comes online. `lost`:
an entry that was acknowledged, or still waits, and is not in the record, or says something else. `doubled`: an
id, a number of a device, or a concern that is there twice. `differing_projections`: stays whose projections are not what
the record says when it is read afresh, as `milieu rebuild --check` does; `unlike_the_seal`: what `milieu verify` would name. What was refused with a reason and kept on the phone is
not lost. A history that did not end well is named by its seed, and is the first of a run with that `--seed`; where in a push
a kill falls is the machine's to say.
""",  # noqa: E501
    "phone": """\
Headless Chromium with the page's processor slowed down four times, on a unit of 24. All times are the browser's own: of
an event, when the browser had it, before any script; of words on the screen, when the frame with them was shown (Element
Timing's `renderTime`). A cold start is the sum of two: in a browser that was started a moment ago, without network, from
the address being opened until the app asks who it is; and from the tap on *Open* after the PIN's last digit until the
list is shown. Typing does not count; the key from the PIN is made from the sixth digit on (600,000 rounds, beside the
page and so not slowed down). A tap: from the tap on a sentence until "Saved on this phone" is shown, the longest of the
run; then IndexedDB must hold one entry more. `app_kb` is everything that a phone keeps of the app, fonts and icons
included, as it travels over HTTPS; not in it is the reader of printed codes (377 kB), which only a phone whose browser
reads none fetches, once and later. `lighthouse_min` is the lowest score of accessibility and best practices on sign-in,
board, list and check.
""",  # noqa: E501
    "watch": """\
Ten streams of each of 500 people take in a look and are weighed, shift after shift (`updates_per_s`, of one stream of one
person); FOCuS (changepoint-online) takes in one series in turn. `budget_error_max`: by how much the notices of people to
whom nothing happens differ from those asked for, at worst of six families of streams. `delay_vs_oracle_30` and `_10`: the
median delay over that of a CUSUM that knows each person, the jump and the streams that moved, at worst of nine ways to move,
after so many shifts. F1 and cover are on series with changes that people marked. More, with all others: [Noticing](watch.md).
""",  # noqa: E501
    "feasibility": """\
Whether all can be seen in time, for a unit of 40 people at three levels and four who walk: every check that falls due
within an hour, and the load of the unit and of each list, for another state of the unit each time. No database is
asked. `brute_force_agreement` is the share of small units (up to five people, two pairs of hands) of which the next
cycle's answer is that of trying every walk that there is.
""",  # noqa: E501
}


def page(results: list[dict[str, Any]]) -> str:
    """Return the page of these results."""
    benches = groupby(results, key=lambda result: str(result["bench"]))
    return "\n".join([HEAD, *(_section(bench, list(group)) for bench, group in benches)])


def _section(bench: str, results: list[dict[str, Any]]) -> str:
    tables = [_table(result) for result in results]
    if len(tables) > 1:
        tables = [
            f"### On {result['machine'].rpartition(', ')[2]}\n\n{table}"
            for result, table in zip(results, tables, strict=True)
        ]
    return "\n".join([f"## {bench}\n", HOW[bench], *tables])


def _table(result: dict[str, Any]) -> str:
    goals, figures = result["goals"], result["figures"]
    rows = ["| figure | measured | goal | |", "|---|---|---|---|"]
    for name in dict.fromkeys([*goals, *figures]):
        figure, goal = figures.get(name), goals.get(name)
        said = "not measured" if figure is None else f"{figure:,}"
        wanted = f"{goal[0]} {goal[1]:,}" if goal else ""
        verdict = ("met" if reached(goal, figure) else "**not met**") if goal else ""
        rows.append(f"| `{name}` | {said} | {wanted} | {verdict} |")
    where = f"Commit {result['commit']}, seed {result['seed']}, {result['machine']}."
    return "\n".join([*rows, "", where, ""])


def with_figures(text: str, results: list[dict[str, Any]]) -> str:
    """Return a page with the tables of what shows that the record holds, between its marks."""
    before, rest = text.split(BEGIN)
    tables = (
        f"### {each['bench']}\n\n{_table(each)}" for each in results if each["bench"] in SHOWN
    )
    return "\n".join([f"{before}{BEGIN}\n", *tables, f"{END}{rest.split(END)[1]}"])


def write(docs: Path, results: list[dict[str, Any]]) -> None:
    """Write both pages."""
    evidence = docs / "evidence.md"
    told = with_figures(evidence.read_text(), results)
    (docs / "speed.md").write_text(page(results))
    evidence.write_text(told)


if __name__ == "__main__":
    folder, *names = map(Path, sys.argv[1:])
    write(folder, [json.loads(name.read_text()) for name in names])
