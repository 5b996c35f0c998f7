"""What each law says, beside a table that was written without its files; and which law wins."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.crisis.law import NEXT_BUSINESS_DAY, SOON, Sort, figures, laws, read, strictest
from milieu.kernel.errors import Refusal

PERSONAL, MECHANICAL, SECLUSION = Sort
ANYBODY = (None, None)
ADULT, YOUTH, CHILD = (40, MECHANICAL), (12, SECLUSION), (5, MECHANICAL)
TRAINED = {"physician", "practitioner", "physician-assistant", "registered-nurse"}

# law, figure, (age, sort), what it says: from the research, not from the files.
TABLE = [
    ("cms-hospital", "order-minutes", ADULT, 240),
    ("cms-hospital", "order-minutes", YOUTH, 120),
    ("cms-hospital", "order-minutes", CHILD, 60),
    ("cms-hospital", "order-minutes", (18, PERSONAL), 240),
    ("cms-hospital", "order-minutes", (17, PERSONAL), 120),
    ("cms-hospital", "order-minutes", (9, PERSONAL), 120),
    ("cms-hospital", "order-minutes", (8, PERSONAL), 60),
    ("cms-hospital", "total-minutes", ANYBODY, 1440),
    ("cms-hospital", "face-to-face-minutes", ANYBODY, 60),
    ("cms-hospital", "face-to-face-by", ANYBODY, TRAINED),
    ("cms-hospital", "consult", ANYBODY, SOON),
    ("cms-hospital", "no-standing-orders", ANYBODY, "forbidden"),
    ("cms-hospital", "both-at-once", ANYBODY, "in-person-or-video"),
    ("cms-hospital", "check-minutes", ANYBODY, None),  # left to the hospital's policy
    ("cms-hospital", "debrief-person", ANYBODY, None),
    ("cms-hospital", "personal-total-minutes", ANYBODY, None),
    ("cms-hospital", "guardian", CHILD, None),
    ("cms-hospital", "competence-months", ANYBODY, None),  # the same: periodically
    ("cms-hospital", "attending-consulted", ANYBODY, SOON),
    ("facility-policy", "check-minutes", ANYBODY, 15),
    ("facility-policy", "competence-months", ANYBODY, 12),
    ("facility-policy", "cpr-months", ANYBODY, 24),
    ("prtf", "order-minutes", (20, MECHANICAL), 240),
    ("prtf", "order-minutes", YOUTH, 120),
    ("prtf", "order-minutes", CHILD, 60),
    ("prtf", "face-to-face-minutes", ANYBODY, 60),
    ("prtf", "both-at-once", ANYBODY, "forbidden"),
    ("prtf", "no-standing-orders", ANYBODY, "forbidden"),
    ("prtf", "observer", ANYBODY, "in-person"),
    ("prtf", "wellbeing", ANYBODY, SOON),
    ("prtf", "guardian", (17, None), SOON),
    ("prtf", "guardian", (18, None), None),
    ("prtf", "debrief-person", ANYBODY, 24 * 60),
    ("prtf", "debrief-staff", ANYBODY, 24 * 60),
    ("prtf", "competence-months", ANYBODY, 6),
    ("prtf", "cpr-months", ANYBODY, 12),
    ("texas-415", "order-minutes", (40, PERSONAL), 15),
    ("texas-415", "order-minutes", (5, PERSONAL), 15),
    ("texas-415", "order-minutes", ADULT, 240),
    ("texas-415", "order-minutes", YOUTH, 120),
    ("texas-415", "order-minutes", CHILD, 60),
    ("texas-415", "total-minutes", ADULT, 480),
    ("texas-415", "total-minutes", YOUTH, 240),
    ("texas-415", "total-minutes", CHILD, 120),
    ("texas-415", "total-minutes", (40, PERSONAL), None),
    ("texas-415", "total-restarts", ANYBODY, "never"),
    ("texas-415", "personal-total-minutes", (40, PERSONAL), 15),
    ("texas-415", "renewal-after-examination-by", ANYBODY, {"physician"}),
    ("texas-415", "order-by", ANYBODY, {"physician"}),
    ("texas-415", "guardian", (17, None), 12 * 60),
    ("texas-415", "guardian", (18, None), None),
    ("texas-415", "competence-months", ANYBODY, 12),
    ("oregon-309-033", "order-minutes", ADULT, 240),
    ("oregon-309-033", "order-minutes", YOUTH, 120),
    ("oregon-309-033", "order-minutes", CHILD, 60),
    ("oregon-309-033", "total-minutes", ANYBODY, 1440),
    ("oregon-309-033", "second-physician-minutes", ANYBODY, 1440),
    ("oregon-309-033", "nurse-exam-minutes", ANYBODY, 120),
    ("oregon-309-033", "physician-minutes", ANYBODY, 1440),
    ("oregon-309-033", "check-minutes", ANYBODY, 15),
    ("oregon-309-033", "order-within", ANYBODY, 60),
    ("oregon-309-033", "face-to-face-minutes", ANYBODY, 60),
    ("oregon-309-033", "consult", ANYBODY, SOON),
    ("tjc-bhc", "hold-is-restraint", ANYBODY, "yes"),
    ("corrections-ncchc", "check-minutes", ANYBODY, 15),
    ("corrections-ncchc", "checks-irregular", ANYBODY, "required"),
    ("corrections-ncchc", "observer", (30, SECLUSION), "in-person"),
    ("corrections-oregon", "order-minutes", (30, MECHANICAL), 12 * 60),
    ("corrections-oregon", "total-minutes", (30, MECHANICAL), 24 * 60),
    ("corrections-oregon", "second-physician-minutes", (30, MECHANICAL), 24 * 60),
    ("school-california", "forbidden-devices", (10, MECHANICAL), {"four-limb", "prone-hold"}),
    ("school-california", "forbidden-devices", (10, SECLUSION), {"locked-room"}),
    ("school-california", "observer", (10, SECLUSION), "in-person"),
    ("school-california", "observer", (10, PERSONAL), None),
    ("school-california", "guardian", ANYBODY, NEXT_BUSINESS_DAY),
    ("school-california", "order-minutes", ANYBODY, None),
]


@pytest.mark.parametrize(("law", "figure", "whom", "value"), TABLE)
def test_a_law_says_what_it_was_read_to_say(law, figure, whom, value):
    age, sort = whom
    rule = laws()[law].rule(figure, age=age, sort=sort)
    assert (rule.value if rule else None) == value


def test_every_figure_of_every_law_says_where_it_stands():
    rules = [rule for law in laws().values() for rule in law.rules]
    assert {rule.law for rule in rules} == set(laws())
    for rule in rules:
        assert re.search(r"\d|CTS", rule.paragraph), rule
        assert urlsplit(rule.source).netloc or rule.source.startswith("Product decision"), rule
        assert date(2026, 11, 1) <= rule.read_on <= date(2026, 12, 31), rule


def test_every_law_and_every_figure_has_a_name_in_both_languages():
    for words in [law.title for law in laws().values()] + [f.label for f in figures().values()]:
        assert set(words) == {"en", "es"}
        assert all(words.values())


def test_every_figure_is_used_by_some_law_and_is_called_in_the_readers_language():
    assert {rule.figure for law in laws().values() for rule in law.rules} == set(figures())
    assert laws()["prtf"].called("es").startswith("Tratamiento")
    assert laws()["prtf"].called("fr").startswith("Residential")
    assert figures()["guardian"].called("es").startswith("Aviso")


def test_what_rests_on_memory_says_so():
    cms = laws()["cms-hospital"]
    assert not cms.rule("order-minutes", age=8).sure
    assert cms.rule("order-minutes", age=9).sure
    assert not cms.rule("both-at-once").sure


FILE = """
id = "somewhere"
title = {{ en = "Somewhere", es = "En algún lugar" }}
cites = "Rule 1"
[sources.text]
url = "https://example.org/rule"
read_on = 2026-11-26
[[figures]]
figure = "{figure}"
value = {value}
{where}
"""
STANDS = 'paragraph = "1(a)"\nsource = "text"\nsure = true'


def file(figure="order-minutes", value="60", where=STANDS):
    return FILE.format(figure=figure, value=value, where=where)


def test_a_facility_can_read_its_own_law():
    assert read(file()).rule("order-minutes").value == 60


@pytest.mark.parametrize("gone", ["paragraph", "source", "sure"])
def test_a_figure_that_does_not_say_where_it_stands_is_refused(gone):
    where = "\n".join(line for line in STANDS.splitlines() if not line.startswith(gone))
    with pytest.raises(Refusal, match="does not say where it stands") as refused:
        read(file(where=where))
    assert refused.value.code == "law-unsourced"
    assert refused.value.field == "order-minutes"


def test_a_source_that_the_file_does_not_list_is_none():
    with pytest.raises(Refusal) as refused:
        read(file(where=STANDS.replace('"text"', '"hearsay"')))
    assert refused.value.code == "law-unsourced"


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("order-minutes", "-5"),
        ("order-minutes", "0"),
        ("order-minutes", '"long"'),
        ("order-by", '["warden"]'),
        ("order-by", "[]"),
        ("forbidden-devices", '["net"]'),
        ("both-at-once", '"sometimes"'),
        ("guardian", '"soon"'),
        ("check-minutes", '"as-soon-as-possible"'),
    ],
)
def test_a_value_that_no_clock_could_use_is_refused(figure, value):
    with pytest.raises(Refusal) as refused:
        read(file(figure, value))
    assert refused.value.code == "law-value"


def test_a_figure_that_nobody_knows_and_a_file_that_is_none_are_refused():
    for text, code in [(file("colour"), "law-figure-unknown"), ("= what", "law-unreadable")]:
        with pytest.raises(Refusal) as refused:
            read(text)
        assert refused.value.code == code


def test_a_report_needs_a_source_and_one_deadline():
    report = '[[reports]]\nwhat = ["death"]\nto = "cms"\nsince = "known"\n'
    for words, code in [
        ("due = 60", "law-unsourced"),
        (STANDS, "law-value"),
        (f"{STANDS}\ndue = 60\ndue_days = 7", "law-value"),
        (f'{STANDS}\ndue = "as-soon-as-possible"', "law-value"),
    ]:
        with pytest.raises(Refusal) as refused:
            read(file() + report + words)
        assert refused.value.code == code


def test_a_law_that_nobody_knows_is_refused():
    with pytest.raises(Refusal, match="There is no law called atlantis") as refused:
        strictest(["cms-hospital", "atlantis"], "order-minutes", age=40, sort=None)
    assert refused.value.code == "law-unknown"


def test_the_strictest_says_which_law_it_is():
    rule = strictest(["cms-hospital", "texas-415"], "order-minutes", age=40, sort=PERSONAL)
    assert (rule.law, rule.value, rule.also) == ("texas-415", 15, ())


def test_a_tie_goes_to_the_law_that_is_listed_first_and_names_the_others():
    names = ["oregon-309-033", "texas-415", "cms-hospital"]
    rule = strictest(names, "order-minutes", age=40, sort=MECHANICAL)
    assert rule.law == "oregon-309-033"
    assert [other.law for other in rule.also] == ["texas-415", "cms-hospital"]


def test_who_is_of_no_known_age_is_held_to_the_strictest_age():
    assert strictest(["cms-hospital"], "order-minutes", age=None, sort=None).value == 60


def test_where_laws_let_different_people_act_only_those_may_whom_all_let():
    rule = strictest(["cms-hospital", "texas-415"], "order-by", age=None, sort=None)
    assert rule.value == {"physician"}
    assert (rule.law, [other.law for other in rule.also]) == ("cms-hospital", ["texas-415"])


def test_what_each_law_forbids_is_forbidden_under_all_of_them():
    names = ["texas-415", "school-california"]
    rule = strictest(names, "forbidden-devices", age=10, sort=PERSONAL)
    assert rule.value == {"prone-hold", "supine-hold", "four-limb"}


def test_what_no_listed_law_speaks_of_is_absent():
    assert strictest(["cms-hospital"], "check-minutes", age=40, sort=None) is None
    assert strictest([], "order-minutes", age=40, sort=None) is None


@given(
    names=st.lists(st.sampled_from(sorted(laws())), min_size=1, max_size=5, unique=True),
    figure=st.sampled_from(sorted(figures())),
    age=st.none() | st.integers(0, 99),
    sort=st.none() | st.sampled_from(Sort),
)
def test_the_strictest_is_at_least_as_strict_as_each(names, figure, age, sort):
    found = strictest(names, figure, age=age, sort=sort)
    each = [laws()[name].rule(figure, age=age, sort=sort) for name in names]
    said = [rule for rule in each if rule]
    assert (found is None) == (not said)
    for rule in said:
        assert as_strict(found.value, rule.value, figures()[figure])
        assert rule.law in {found.law, *(other.law for other in found.also)} or (
            not as_strict(rule.value, found.value, figures()[figure])
        )


def as_strict(one, other, figure):
    if figure.strict == "common":
        return one <= other
    if figure.strict == "joined":
        return one >= other
    if figure.strict == "ranked":
        return figure.ranks.index(one) <= figure.ranks.index(other)
    shortest = {SOON: 10**9, NEXT_BUSINESS_DAY: 17 * 60}
    return shortest.get(one, one) <= shortest.get(other, other)


@given(age=st.integers(0, 98), sort=st.sampled_from(Sort))
def test_nobody_may_be_held_for_less_time_because_they_are_older(age, sort):
    for law in laws().values():
        for figure in ("order-minutes", "total-minutes"):
            young, old = (law.rule(figure, age=years, sort=sort) for years in (age, age + 1))
            assert (young is None) == (old is None)
            assert young is None or young.value <= old.value


def test_under_any_laws_together_somebody_may_still_order_and_evaluate():
    names = sorted(laws())
    for figure in ("order-by", "face-to-face-by", "start-by", "renewal-after-examination-by"):
        assert "physician" in strictest(names, figure, age=None, sort=None).value
