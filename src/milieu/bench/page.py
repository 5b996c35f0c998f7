"""``docs/speed.md`` from results: ``python -m milieu.bench.page RESULT.json … > docs/speed.md``.

``bin/speed`` takes the measurements and calls this.
"""

import json
import sys
from pathlib import Path
from typing import Any

from milieu.bench.goals import reached

HEAD = """\
# Speed

What Milieu claims about speed, measured. Made by `bin/speed`; run it to see your own machine:

    bin/milieu bench ingest|board|phone|feasibility|proof  --quick for a short run, --json for programs

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
second; `still_renders_per_s` is the page while nothing is stored. A rendering is shared: on each request the record is
asked again who reads, what they may see and what the board rests on. Only while all rows are as they were, and no
minute of the board has passed, are readers who want the same (unit, order, language, names) sent the same rendering;
the page around it is shared where navigation, theme and language are the same too, and each reader's name, address and
form token are filled in. So a change is on the very next page. `growth` is the median of the longest history over that
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
    "phone": """\
Headless Chromium with the page's processor slowed down four times, on a unit of 24. All times are the browser's own: of
an event, when the browser had it, before any script; of words on the screen, when the frame with them was shown (Element
Timing's `renderTime`). A cold start is the sum of two: in a browser that was started a moment ago, without network, from
the address being opened until the app asks who it is; and from the tap on *Open* after the PIN's last digit until the
list is shown. Typing does not count; the key from the PIN is made from the sixth digit on (600,000 rounds, beside the
page and so not slowed down). A tap: from the tap on a sentence until "Saved on this phone" is shown, the longest of the
run; then IndexedDB must hold one entry more. `app_kb` is everything that a phone keeps of the app, fonts and icons
included, as it travels over HTTPS. `lighthouse_min` is the lowest score of accessibility and best practices on sign-in,
board, list and check.
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
    return "\n".join([HEAD, *(_section(result) for result in results)])


def _section(result: dict[str, Any]) -> str:
    goals, figures = result["goals"], result["figures"]
    rows = ["| figure | measured | goal | |", "|---|---|---|---|"]
    for name in dict.fromkeys([*goals, *figures]):
        figure, goal = figures.get(name), goals.get(name)
        said = "not measured" if figure is None else f"{figure:,}"
        wanted = f"{goal[0]} {goal[1]:,}" if goal else ""
        verdict = ("met" if reached(goal, figure) else "**not met**") if goal else ""
        rows.append(f"| `{name}` | {said} | {wanted} | {verdict} |")
    where = f"Commit {result['commit']}, seed {result['seed']}, {result['machine']}."
    return "\n".join([f"## {result['bench']}\n", HOW[result["bench"]], *rows, "", where, ""])


if __name__ == "__main__":
    sys.stdout.write(page([json.loads(Path(name).read_text()) for name in sys.argv[1:]]))
