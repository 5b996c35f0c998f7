"""Who has to be told of an incident and until when, and a log that names nobody."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.census.packs import names, pack
from milieu.incident.rules import names_in, owed, report_due
from tests.cast import NIGHT

MINUTE = timedelta(minutes=1)
PACK = pack("inpatient").incident


def test_what_it_was_decides_who_has_to_be_told():
    def whom(*of):
        return [each.tell.code for each in owed(PACK.tell, began_at=NIGHT, of=of, told=())]

    assert whom("verbal") == ["nurse"]
    assert whom("verbal", "to-staff") == ["nurse", "manager"]
    assert whom("restraint") == ["nurse", "prescriber", "manager", "guardian"]


def test_each_clock_counts_from_the_beginning_and_stops_with_telling():
    first, second, *_ = owed(PACK.tell, began_at=NIGHT, of=["self-harm"], told=["nurse"])
    assert (first.tell.code, first.due, first.told) == ("nurse", NIGHT + 15 * MINUTE, True)
    assert first.late(NIGHT + 60 * MINUTE) == timedelta()
    assert second.late(NIGHT + 59 * MINUTE) == timedelta()
    assert second.late(NIGHT + 75 * MINUTE) == 15 * MINUTE


@pytest.mark.parametrize("name", names())
def test_every_word_that_asks_for_telling_is_one_of_the_pack(name):
    words = pack(name).incident
    known = {word.code for part in (words.kinds, words.outcomes, words.injury) for word in part}
    for each in words.tell:
        assert set(each.if_any) <= known
        assert each.source
    for part in ("verbal", "things", "self_harm", "others"):
        assert [word.code for word in getattr(words.anchors, part)] == ["0", "1", "2", "3", "4"]


def test_an_injury_a_weapon_or_a_threat_is_reported_sooner():
    assert report_due(NIGHT, grave=True, violence=PACK.violence) == NIGHT + timedelta(hours=24)
    assert report_due(NIGHT, grave=False, violence=PACK.violence) == NIGHT + timedelta(hours=72)


def test_names_are_found_in_any_case_and_as_whole_words():
    people = ["Rosa Martinez", "Dana Reyes", "Jo Li"]
    assert names_in("ROSA shouted; Reyes's arm.", people) == ["ROSA", "Reyes"]
    assert names_in("The rosary was thrown. Joint pain.", people) == []
    assert names_in("A person in care pushed a technician.", people) == []


@given(
    st.text(max_size=60), st.text(max_size=60), st.sampled_from(["Martinez", "Núñez", "O'Brien"])
)
def test_a_name_is_found_wherever_it_stands(before, after, name):
    assert names_in(f"{before} {name} {after}", [f"Rosa {name}"])
