"""What a phone is told of plans and of what helped, and what it sends."""

import msgspec
import pytest

from milieu.kernel import clock
from milieu.kernel.clock import rfc3339
from milieu.record.models import Entry
from tests.calm.made import HOUR, QUIET, ROSAS, WALK, planned, tried
from tests.cast import Cast
from tests.phone.test_push import Phone, outcomes

pytestmark = pytest.mark.django_db
WRITTEN = {"agreement": "agreed", "helps": ["A walk"]}
WALKED = {"of": "plan", "code": "", "words": "A walk in the yard", "did": "calmer"}


@pytest.fixture
def phone(db):
    return Phone(Cast())


def of(phone, stay, query=""):
    (found,) = [one for one in phone.pull(query).json()["stays"] if one["id"] == str(stay.pk)]
    return found


def store(phone, *drafts):
    assert {each.code for each in phone.cast.store(*drafts)} == {""}


def test_a_stay_brings_its_plan_and_what_helped_in_the_order_to_be_shown(phone):
    cast = phone.cast
    water = msgspec.structs.replace(WALK, words="Cold water")
    store(phone, planned(cast), tried(cast, water), tried(cast, QUIET))
    found = of(phone, cast.rosa)
    assert {**found["plan"], "entry": ""} == {
        "entry": "",
        "at": "2026-03-02T02:53:00.000Z",
        "day": "2026-03-02",
        "by": "Dana R.",
        "agreement": "agreed",
        "own": {"helps": [4, 3], "talk": [9]},
        "others": [],
    }
    shown = [row.get("head") or row.get("note") or row["thing"]["words"] for row in found["calm"]]
    assert shown == [
        *("touch", *ROSAS.touch),
        *("helps", "Cold water", "A walk in the yard", "Here, or in the quiet room?"),
        *("worsens", *ROSAS.worsens, "talk", *ROSAS.talk, "trusts", *ROSAS.trusts),
        *("early_signs", *ROSAS.early_signs, "sets_off", *ROSAS.sets_off),
    ]
    assert found["calm"][3]["did"] == [1, 1, 0, 0]
    assert found["tried"] == {"quiet-room": [1, 1, 0, 0]}


def test_what_they_see_differently_is_told_first(phone):
    fact = msgspec.structs.replace(ROSAS, agreement="part", differs="I talk loud")
    store(phone, planned(phone.cast, fact))
    found = of(phone, phone.cast.rosa)
    assert found["plan"]["agreement"] == "part"
    assert found["calm"][:2] == [{"head": "differs"}, {"note": "I talk loud"}]


def test_who_has_no_plan_has_none_and_the_pack_brings_choices_and_ways(phone):
    found = of(phone, phone.cast.rosa)
    assert (found["plan"], found["calm"], found["tried"]) == (None, [], {})
    pack = phone.pull().json()["pack"]
    assert pack["calm"]["choices"][0]["code"] == "quiet-room"
    assert [way["code"] for way in pack["ways"]][:2] == ["space", "calm-self"]
    assert set(pack["ways"][0]["how"]) == {"en", "es"}


def test_a_plan_that_was_written_since_comes_with_the_next_pull(phone):
    cursor = phone.pull().json()["cursor"]
    store(phone, planned(phone.cast, at=clock.now() - HOUR))
    assert of(phone, phone.cast.rosa, f"?since={cursor}")["plan"]["by"] == "Dana R."


def test_what_was_tried_is_sent_and_counts_for_everybody(phone):
    entry = phone.entry(kind="calm.tried", fact=WALKED)
    assert outcomes(phone.push(entry)) == ["stored"]
    assert outcomes(phone.push(entry)) == ["repeated"]
    (row,) = [row for row in of(phone, phone.cast.rosa)["calm"] if "thing" in row]
    assert (row["thing"]["words"], row["did"]) == ("A walk in the yard", [1, 1, 0, 0])


def test_the_whole_plan_can_be_told_from_what_is_shown_also_where_a_line_stands_twice(phone):
    fact = msgspec.structs.replace(ROSAS, talk=("Cold water", "My dog Biscuit"))
    store(phone, planned(phone.cast, fact), tried(phone.cast))
    found = of(phone, phone.cast.rosa)
    own = found["plan"]["own"]
    for part in ("helps", "talk"):
        told = [found["calm"][place]["thing"]["words"] for place in own[part]]
        assert told == list(getattr(fact, part))


def test_a_plan_that_is_written_on_a_phone_stands_and_is_sent_once(phone):
    entry = phone.entry(kind="calm.plan", fact=WRITTEN)
    assert outcomes(phone.push(entry)) == ["stored"]
    assert outcomes(phone.push(entry)) == ["repeated"]
    found = of(phone, phone.cast.rosa)
    assert found["plan"]["entry"] == entry["id"]
    assert found["calm"] == [
        {"head": "helps"},
        {"thing": {"of": "plan", "code": "", "words": "A walk"}, "did": [0, 0, 0, 0]},
    ]


def test_a_plan_that_says_nothing_or_not_what_differs_is_refused_alone(phone):
    nothing = phone.entry(kind="calm.plan", fact={"agreement": "agreed"})
    part = phone.entry(kind="calm.plan", fact=WRITTEN | {"agreement": "part"})
    right = phone.entry(kind="calm.plan", fact=WRITTEN)
    codes = ["nothing-said", "differs-missing", "stored"]
    assert outcomes(phone.push(nothing, part, right)) == codes


def test_of_two_that_were_written_meanwhile_the_later_is_shown_and_the_other_offered(phone):
    cast = phone.cast
    first = planned(cast, at=clock.now() - 3 * HOUR)
    store(phone, first)
    after = {"after": [str(first.entry_id)]}
    earlier = phone.entry(kind="calm.plan", fact=WRITTEN | after | {"touch": ["Steps back"]})
    later = phone.entry(kind="calm.plan", fact=WRITTEN | after | {"helps": ["Music"]})
    earlier["happened_at"] = earlier["written_at"] = rfc3339(clock.now() - HOUR)
    phone.push(later)
    phone.push(earlier)
    plan = of(phone, cast.rosa)["plan"]
    assert plan["entry"] == later["id"]
    (other,) = plan["others"]
    assert (other["entry"], other["by"], other["helps"]) == (earlier["id"], "Dana R.", ["A walk"])
    assert other["touch"] == ["Steps back"]

    both = {"after": [later["id"], earlier["id"]]}
    phone.push(phone.entry(kind="calm.plan", fact=WRITTEN | both))
    assert of(phone, cast.rosa)["plan"]["others"] == []


@pytest.mark.parametrize(
    "change", [{"did": "cured"}, {"of": "pill"}, {"words": ""}, {"code": "A B"}]
)
def test_what_is_not_of_the_shape_is_refused_alone(phone, change):
    wrong = phone.entry(kind="calm.tried", fact=WALKED | change)
    right = phone.entry(kind="calm.tried", fact=WALKED)
    assert outcomes(phone.push(wrong, right)) == ["wrong-shape", "stored"]
    assert Entry.objects.as_system("test").filter(kind="calm.tried").count() == 1


def test_a_line_that_stands_under_two_heads_is_offered_once_among_what_helps(phone):
    fact = msgspec.structs.replace(ROSAS, talk=("Cold water",))
    store(phone, planned(phone.cast, fact))
    shown = of(phone, phone.cast.rosa)["calm"]
    assert [row["thing"]["words"] for row in shown if "thing" in row] == list(ROSAS.helps)
    assert {"head": "talk"} not in shown
