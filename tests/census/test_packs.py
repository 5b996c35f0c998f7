"""Setting packs: every word has its languages, every number its source."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.conf import settings

from milieu.alerts.kinds import ANSWERED_BY
from milieu.census.packs import names, pack, words
from milieu.census.sentences import parts_said
from milieu.kernel.clock import now
from milieu.kernel.errors import Refusal
from milieu.people.rules import GRANTED, Role
from milieu.rounds.shape import SafetyCheck

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LISTS = ("places", "positions", "activities", "eyes", "breathing", "why_not")

each_pack = pytest.mark.parametrize("name", names())


def test_there_are_packs():
    assert "inpatient" in names()


@each_pack
def test_a_pack_can_be_read_and_is_called_by_its_file(name):
    assert pack(name).name == name


@each_pack
def test_every_word_is_there_in_every_language(name):
    chosen = pack(name)
    labels = [word.label for kind in LISTS for word in getattr(chosen, kind)]
    labels += [level.label for level in chosen.levels]
    labels += [chosen.title, chosen.person, chosen.people]
    for label in labels:
        assert sorted(label) == sorted(LANGUAGES)
        assert all(text.strip() for text in label.values())


@each_pack
@pytest.mark.parametrize("kind", LISTS)
def test_no_code_means_two_things(name, kind):
    listed = [word.code for word in getattr(pack(name), kind)]
    assert len(listed) == len(set(listed)) > 0


@each_pack
def test_every_code_that_a_tile_uses_exists(name):
    chosen = pack(name)
    kinds = {
        "place": "places",
        "position": "positions",
        "activity": "activities",
        "eyes": "eyes",
        "breathing": "breathing",
    }
    for tile in chosen.tiles:
        for field, kind in kinds.items():
            code = getattr(tile, field)
            assert not code or code in words(name, kind)
    assert chosen.own_place in words(name, "places")


@each_pack
def test_eyes_and_breathing_are_the_words_that_a_check_may_hold(name):
    kept = {
        field: set(SafetyCheck.__annotations__[field].__args__) for field in ("eyes", "breathing")
    }
    for field in ("eyes", "breathing"):
        assert set(words(name, field)) <= kept[field]


@each_pack
def test_every_hour_of_the_day_offers_six_tiles(name):
    for hour in range(24):
        assert len(list(pack(name).tiles_at(hour))) >= 6, hour


@each_pack
def test_every_level_has_its_source_its_date_and_a_gap(name):
    for level in pack(name).levels:
        assert level.source.strip()
        assert date.fromisoformat(level.as_of) <= now().date()
        assert 0 < level.gap_s <= 4 * 60 * 60
        assert level.short in level.meaning()


@each_pack
def test_a_named_observer_belongs_to_a_continuous_level_only(name):
    assert all(level.continuous for level in pack(name).levels if level.named_observer)


@each_pack
def test_what_protects_sleep_has_its_sources_and_words_and_the_levels_stand_in_order(name):
    chosen = pack(name)
    sleep = chosen.protected_sleep
    for each in (sleep, *sleep.criteria):
        assert each.source.strip()
        assert date.fromisoformat(each.as_of) <= now().date()
    for each in sleep.criteria:
        assert sorted(each.label) == sorted(LANGUAGES)
    assert all(not chosen.level(code).continuous for code in sleep.levels)
    gaps = [(not level.continuous, level.gap_s) for level in chosen.levels]
    assert gaps == sorted(gaps)


@each_pack
def test_shifts_follow_each_other_round_the_day(name):
    begins = [shift.begins_h for shift in pack(name).shifts]
    assert begins == sorted(set(begins))
    assert set(begins) <= set(range(24))
    for shift in pack(name).shifts:
        assert sorted(shift.label) == sorted(LANGUAGES)
        assert shift.source
        assert date.fromisoformat(shift.as_of)


@each_pack
def test_every_limit_is_a_length_of_time(name):
    limits = pack(name).limits
    assert all(getattr(limits, field) > 0 for field in limits.__struct_fields__)


def test_a_level_that_is_not_in_the_pack_is_refused_and_those_that_are_named():
    with pytest.raises(Refusal, match="Choose 1:1, LOS, Q15, Q30, Q60"):
        pack("inpatient").level("q5")


def test_a_pack_that_is_not_there_is_refused():
    with pytest.raises(Refusal, match="no setting pack 'moonbase'"):
        pack("moonbase")


@dataclass
class Seen:
    place: str = "own-room"
    position: str = "lying"
    activity: str = ""
    eyes: str = "closed"
    breathing: str = "seen"
    why: str = ""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Own room, lying, eyes closed, breathing seen"),
        ("es", "Su habitación, en posición acostada, ojos cerrados, respiración vista"),
        ("fr", "Own room, lying, eyes closed, breathing seen"),  # not shipped: English
    ],
)
def test_a_check_is_one_sentence_in_the_words_of_the_unit(language, said):
    assert parts_said(Seen(), "inpatient", language) == said


def test_a_word_that_the_pack_no_longer_has_is_shown_as_it_was_recorded():
    assert parts_said(Seen(place="sun-deck"), "inpatient").startswith("Sun-deck, lying")


@each_pack
@pytest.mark.parametrize("kind", sorted(ANSWERED_BY))
def test_every_kind_of_alert_has_a_ladder_of_roles_in_the_order_of_time(name, kind):
    ladder = pack(name).ladder(kind)
    waits = [rung.after_s for rung in ladder.rungs]
    assert {ladder.owner, *(rung.role for rung in ladder.rungs)} <= set(Role)
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert ladder.answer_s > 0
    assert ladder.source
    assert date.fromisoformat(ladder.as_of)


@each_pack
def test_whoever_owns_an_alert_may_answer_it(name):
    for kind, action in ANSWERED_BY.items():
        assert pack(name).ladder(kind).owner in GRANTED[action]
