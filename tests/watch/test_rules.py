"""When a nurse hears that someone is unlike themselves, as a specification."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from milieu.watch.rules import Seen, Stream, prior, signals, usual

ZONE = ZoneInfo("America/New_York")
BEGIN = datetime(2026, 2, 2, 13, tzinfo=UTC)
SHIFT = timedelta(hours=8)
MEALS = Stream("meals", "share", 0, 100, "lower")


def eaten(chance: Random, often: float, looks: int, begin: int = 0) -> list[Seen]:
    """Return meals, of each of which four quarters are eaten or left."""
    return [
        Seen(BEGIN + (begin + n) * SHIFT, 25.0 * sum(chance.random() < often for _ in range(4)))
        for n in range(looks)
    ]


def unit() -> list[list[Seen]]:
    chance = Random(1)
    return [eaten(chance, chance.uniform(0.5, 0.95), 40) for _ in range(24)]


KNOWN = prior(MEALS, unit(), zone=ZONE)


def told(series, known=KNOWN, stream=MEALS, notices=1 / 24):
    code = stream.code
    return signals(
        {code: stream}, {code: series}, {code: known}, zone=ZONE, notices_per_day=notices
    )


def test_who_stops_eating_is_noticed_within_a_day():
    chance = Random(2)
    series = [*eaten(chance, 0.85, 30), *eaten(chance, 0.1, 6, begin=30)]

    first = next(s for s in told(series) if s.at >= series[30].at)

    assert first.at <= series[33].at
    (change,) = first.changes
    assert change.lately < change.usual.low
    assert set(change.seen) <= set(range(len(series)))


def test_who_eats_as_ever_is_no_news():
    assert told(eaten(Random(4), 0.8, 42), notices=1 / 240) == []


def test_the_band_begins_as_the_units_and_becomes_the_persons_own():
    bands = usual(MEALS, eaten(Random(5), 0.3, 42), KNOWN, zone=ZONE)

    assert bands[0].own == 0
    assert bands[-1].own > 0.8
    assert bands[-1].middle < bands[0].middle


def test_refusing_to_be_seen_is_itself_news():
    series = [*eaten(Random(6), 0.8, 30)]
    series += [Seen(BEGIN + (30 + n) * SHIFT, None) for n in range(6)]

    first, *more = [s for s in told(series) if s.at > series[30].at]

    assert first.at <= series[33].at
    assert first.changes[0].missing >= 2
    assert len(more) <= 1


def test_one_entry_that_could_not_be_had_counts_once_however_many_streams_it_has():
    streams = {code: Stream(code, "ordinal", 1, 7, "lower") for code in "abcd"}
    chance = Random(7)
    known = [
        [Seen(BEGIN + n * SHIFT, float(chance.randint(3, 5))) for n in range(40)] for _ in range(12)
    ]
    priors = {code: prior(stream, known, zone=ZONE) for code, stream in streams.items()}
    seen = known[0][:30]
    missed = [Seen(BEGIN + (30 + n) * SHIFT, None) for n in range(6)]

    def first(apart):
        series = {
            code: [*seen, *(s._replace(at=s.at + number * apart) for s in missed)]
            for number, code in enumerate(streams)
        }
        found = signals(streams, series, priors, zone=ZONE, notices_per_day=1 / 24)
        return next(s.at for s in found if s.changes[0].missing and s.at >= missed[0].at)

    assert first(apart=timedelta(0)) > first(apart=timedelta(minutes=1))
