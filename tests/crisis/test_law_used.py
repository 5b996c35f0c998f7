"""Every figure of every law is used: without it, or with another word, something says otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from milieu.crisis import asked, limits, ordering
from milieu.crisis.law import Law, figures, laws, strictest
from milieu.crisis.limits import Application
from tests.crisis.applications import (
    ADULT,
    CHILD,
    MECHANICAL,
    PERSONAL,
    SECLUSION,
    START,
    YOUTH,
    held,
    order,
    seen,
    spell,
)

DAY = 24 * 60
EVERY = [
    (law.id, figure)
    for law in laws().values()
    for figure in dict.fromkeys(rule.figure for rule in law.rules)
]
DEVICES = ("prone-hold", "supine-hold", "four-limb", "two-point-soft-wrist", "locked-room")


def courses() -> Iterator[Application]:
    """Yield what can go on so that any clock begins, is met, is missed, or begins anew."""
    late = spell(MECHANICAL, 0, 3 * DAY, device="four-limb")
    written = order(20, minutes=900, role="psychologist", signed=False)
    renewed = [order(DAY * n + 5, role="physician", renews=True) for n in range(1, 3)]
    started_it = replace(seen("face-to-face", 50, "physician"), began_it=True)
    did = [
        started_it,
        seen("face-to-face", 55, "registered-nurse"),
        seen("face-to-face", 57, "technician"),
        seen("second-physician", DAY - 5),
    ]
    by_nurse = [seen("face-to-face", 30, "registered-nurse"), seen("second-physician", DAY - 5)]
    anew = [order(1, role="physician"), order(DAY + 5, role="physician")]
    for born in (ADULT, YOUTH, CHILD):
        yield held(born=born)
        examined = [*by_nurse, seen("physician", DAY)]
        yield held(late, born=born, orders=anew, did=examined, ended=3 * DAY)
        yield held(late, born=born, orders=[written, *renewed], did=did, ended=3 * DAY)
        yield held(late, born=born, orders=[order(1, role="physician"), *renewed], ended=3 * DAY)
        for sort in (PERSONAL, SECLUSION):
            yield held(spell(sort, 0, 500), born=born, orders=[order(5, minutes=999)], ended=500)
        for device in DEVICES:
            sort = SECLUSION if device == "locked-room" else PERSONAL
            yield held(spell(sort, 0, 30, device=device), born=born, ended=30)
        both = (spell(MECHANICAL, 0, 90), spell(SECLUSION, 30, 60))
        yield held(*both, born=born, ended=90, observed=[(0, 20)])


def said(law: Law) -> list[object]:
    """Return all that the program makes of a law: its clocks, what it forbids, what pages say."""
    now = START + timedelta(days=9)
    found: list[object] = []
    for course in courses():
        found.append([_bare(each) for each in limits._under(course, law, now)])
        found.append([(each.what, each.since) for each in limits._forbidden(course, law)])
    shown = {figure for figures in asked.SAID_ON.values() for figure in figures}
    found.append([law.rule(figure, age=16) for figure in sorted(shown)])
    return found


def _bare(limit: limits.Limit) -> object:
    return limit.what, limit.since, limit.due, limit.met_at, limit.sort


def otherwise(law: Law, figure: str) -> Iterator[Law]:
    """Yield a law without a figure; and with each other word, where it is one of some words."""
    others = tuple(rule for rule in law.rules if rule.figure != figure)
    yield replace(law, rules=others)
    for word in figures()[figure].ranks:
        changed = [replace(rule, value=word) for rule in law.rules if rule.figure == figure]
        yield replace(law, rules=(*others, *changed))


@pytest.mark.parametrize(("name", "figure"), EVERY)
def test_a_figure_that_is_taken_out_is_missed(name, figure):
    law = laws()[name]
    as_it_is = said(law)
    assert any(said(other) != as_it_is for other in otherwise(law, figure)), (
        f"Nothing uses {figure} of {name}."
    )


def test_what_pages_say_is_the_strictest_with_its_paragraph():
    (first, *_) = asked.asked(["cms-hospital", "texas-415"], asked.START, age=30)
    assert (first.figure, first.paragraph) == ("start-by", "25 TAC 415.260(a)(2)")
    assert [each.figure for each in asked.asked(["cms-hospital"], asked.ORDER, age=30)] == [
        "no-standing-orders"
    ]
    assert list(asked.asked(["cms-hospital"], asked.CHECK, age=30)) == []
    assert list(asked.asked(["texas-415"], "release", age=30)) == []


def test_who_may_sign_is_who_may_order():
    assert ordering.BY_LAW["order-signed"] == "order-by"
    assert strictest(["texas-415"], "order-by", age=None, sort=None)
