"""A night by its looks: what is known, how far it may be wrong, and what stays unknown."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from milieu.census.packs import pack
from milieu.sleep.asleep import Look, asleep, evenings, slept
from milieu.sleep.rules import Hours, night_of
from milieu.sleep.seen import SLEEP, WAKINGS, series
from milieu.sleep.services import LOOK
from milieu.sleep.shape import DoorwayLook
from tests.cast import LYING, Cast

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
START = datetime(2026, 3, 2, 22, tzinfo=UTC)
NIGHT = (START, START + 9 * HOUR)
MOST = 75 * MINUTE
HOURS = Hours("22:00", "07:00")


def looks(seen, *, every=15 * MINUTE, start=START):
    """Return looks, one a letter: s slept, a awake, ? could not tell, w slept and was woken."""
    kinds = {"s": (True, False), "a": (False, False), "?": (None, False), "w": (True, True)}
    return [Look(start + n * every, *kinds[letter]) for n, letter in enumerate(seen)]


def night(seen, **more):
    return slept(NIGHT, looks(seen, **more), apart_most=MOST)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"eyes": "closed", "breathing": "seen"}, True),
        ({"eyes": "closed", "breathing": "not-seen"}, None),
        ({"eyes": "closed"}, None),
        ({"breathing": "seen"}, None),
        ({"eyes": "open", "breathing": "seen"}, False),
        ({"position": "walking"}, False),
        ({"eyes": "closed", "breathing": "seen", "outcome": "refused"}, None),
        ({"outcome": "not-seen"}, None),
    ],
)
def test_asleep_is_eyes_closed_and_breathing_seen_and_nothing_less(seen, expected):
    given = {"outcome": "seen", "eyes": "", "breathing": "", "position": ""} | seen
    assert asleep(**given) is expected


def test_a_night_in_which_every_look_saw_sleep_is_slept_through():
    found = night("s" * 37)
    assert (found.asleep, found.least, found.most) == (9 * HOUR,) * 3
    assert (found.unknown, found.wakings) == (timedelta(), 0)


def test_between_sleep_and_waking_half_counts_and_the_error_is_said():
    found = night("ss" + "a" * 35)
    assert found.least == 15 * MINUTE
    assert found.most == 30 * MINUTE
    assert found.asleep == 22.5 * MINUTE
    assert found.wakings == 1


def test_what_no_look_can_tell_stays_unknown():
    found = night("ss?ss")
    assert found.least == 30 * MINUTE
    assert found.unknown == 30 * MINUTE + 8 * HOUR  # beside that look, and after the last one


def test_between_looks_too_far_apart_nothing_is_known():
    found = slept(NIGHT, looks("ss", every=80 * MINUTE), apart_most=MOST)
    assert found.unknown == 9 * HOUR
    assert found.wakings == 0


def test_a_night_without_a_look_is_unknown():
    found = slept(NIGHT, [], apart_most=MOST)
    assert (found.unknown, found.known_share) == (9 * HOUR, 0)


def test_looks_before_and_after_bound_the_night():
    found = slept(NIGHT, looks("ss", start=START - HOUR, every=HOUR), apart_most=MOST)
    assert found.least == timedelta()
    around = slept(NIGHT, looks("s" * 12, start=START - HOUR, every=HOUR), apart_most=MOST)
    assert around.least == 9 * HOUR


def test_each_waking_is_counted_once():
    assert night("sassaas").wakings == 2
    assert night("sws").wakings == 1
    assert night("swa").wakings == 1, "Woken by the look, and still awake at the next."
    assert night("aas").wakings == 0
    assert night("s?a").wakings == 0, "Nobody saw when."


@pytest.mark.parametrize(
    ("evening", "hours"), [((2026, 3, 7), 8), ((2026, 3, 8), 9), ((2026, 10, 31), 10)]
)
def test_a_night_of_a_day_of_23_or_25_hours_has_8_or_10(evening, hours):
    zone = ZoneInfo("America/New_York")
    start, end = night_of(HOURS, datetime(*evening, tzinfo=UTC).date(), zone)
    assert end - start == hours * HOUR
    every = int((end - start) / (15 * MINUTE)) + 1
    found = slept((start, end), looks("s" * every, start=start), apart_most=MOST)
    assert found.asleep == hours * HOUR


def test_nights_are_those_that_are_over_since_then():
    zone = ZoneInfo("UTC")
    found = list(evenings(START, START + timedelta(days=2), HOURS, zone))
    assert [each.day for each in found] == [2, 3]
    later = list(evenings(START + MINUTE, START + timedelta(days=2), HOURS, zone))
    assert [each.day for each in later] == [3], "A night that had begun is not a whole one."


def test_over_many_random_nights_the_parts_make_up_the_night_and_the_bounds_hold():
    chance = Random(4)
    for _ in range(500):
        at, found = START - HOUR, []
        while at < NIGHT[1] + HOUR:
            kind = chance.choice([True, True, True, False, None])
            found.append(Look(at, kind, woke=kind is True and chance.random() < 0.05))
            at += chance.choice([5, 14, 15, 29, 60, 90]) * MINUTE
        result = slept(NIGHT, found, apart_most=MOST)
        assert sum((each.length for each in result.stretches), timedelta()) == 9 * HOUR
        assert result.least <= result.asleep <= result.most <= 9 * HOUR - result.unknown
        assert [each.end for each in result.stretches[:-1]] == [
            each.start for each in result.stretches[1:]
        ]


def test_the_estimate_comes_nearer_to_the_truth_the_more_often_somebody_looks():
    """Invented nights whose every minute is known. Looks alone cannot bound what lies between."""
    chance, errors = Random(9), {5: 0, 15: 0, 60: 0}
    for _ in range(200):
        truth, now = [], chance.random() < 0.5
        for _minute in range(541):
            now = now if chance.random() > (0.01 if now else 0.04) else not now
            truth.append(now)
        for step in errors:
            seen = [Look(START + n * MINUTE, truth[n]) for n in range(0, 541, step)]
            found = slept(NIGHT, seen, apart_most=MOST)
            errors[step] += abs(found.asleep / MINUTE - sum(truth))
    assert errors[5] < errors[15] < errors[60]
    assert errors[15] / 200 < 30, "At Q15 a night is off by less than half an hour, on average."


@pytest.mark.django_db
def test_the_record_gives_one_point_for_each_night_that_is_over():
    cast = Cast()
    for start in range(0, 140, 40):
        cast.store(
            *(
                cast.check(cast.rosa, START - HOUR + n * 15 * MINUTE, fact=LYING)
                for n in range(start, min(start + 40, 140))
            )
        )
    found = series([cast.rosa.pk, cast.john.pk], START - HOUR, until=START + 36 * HOUR)
    (first, second) = found[SLEEP][cast.rosa.pk]
    assert first[:2] == (NIGHT[1], 540.0)
    assert second[0] == NIGHT[1] + 24 * HOUR
    assert [value for _at, value, _id in found[WAKINGS][cast.rosa.pk]] == [0.0, 0.0]
    assert cast.john.pk not in found[SLEEP], "Nobody looked, so nothing is said."


@pytest.mark.django_db
def test_a_look_from_the_doorway_belongs_to_the_check_of_its_moment():
    cast = Cast()
    without_eyes = LYING.__class__(outcome="seen", place="own-room", breathing="seen")
    drafts = []
    for n in range(40):
        at = START + n * 15 * MINUTE
        woken = "yes" if n == 8 else "no"
        drafts.append(cast.check(cast.rosa, at, fact=without_eyes))
        said = DoorwayLook(breathing="seen", woken=woken)
        drafts.append(cast.check(cast.rosa, at, kind=LOOK, fact=said))
    cast.store(*drafts)
    found = series([cast.rosa.pk], START - HOUR, until=START + 10 * HOUR)
    ((_at, minutes, entry_id),) = found[SLEEP][cast.rosa.pk]
    assert minutes == round(540 - 7.5)
    assert entry_id == drafts[2 * 35].entry_id
    assert found[WAKINGS][cast.rosa.pk][0][1] == 1.0


@pytest.mark.django_db
def test_a_late_entry_shows_that_nobody_looked_then():
    cast = Cast()
    late = [
        cast.check(cast.rosa, START + n * 15 * MINUTE, written_at=NIGHT[1], fact=LYING)
        for n in range(36)
    ]
    cast.store(*late)
    assert series([cast.rosa.pk], START - HOUR, until=START + 10 * HOUR)[SLEEP] == {}


def test_the_pack_says_the_error_and_its_source():
    nights = pack("inpatient").nights
    assert nights.agreement == (0.765, 0.816)
    assert "Krahn" in nights.source
