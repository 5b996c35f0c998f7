"""Invented people whose streams are known in every detail, to try on them what notices. Plain.

A person's level lies around the unit's by as much as their looks lie around their own level; from a
given shift on, it may move by so many of their own standard deviations, the way that matters.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from milieu.watch.rules import Concern, Kind, Prior, Seen, Stream, prior, together
from milieu.watch.together import way_of

Numbers = NDArray[np.float64]

BEGIN: Final = datetime(2026, 2, 2, 13, tzinfo=UTC)
SHIFT: Final = timedelta(hours=8)
STREAMS: Final = 10
UNIT: Final = (48, 42)  # people and looks that the unit is known by
CUTS: Final = (-1.5, -0.5, 0.5, 1.5)  # of a scale from 1 to 5
KINDS: Final[dict[str, Kind]] = {
    "normal": "continuous",
    "ordinal": "ordinal",
    "binomial": "share",
    "overdispersed": "count",
    "related": "continuous",
    "alike": "continuous",
}


class Family(NamedTuple):
    """One shape of streams, and what the unit tells of it."""

    name: str
    streams: tuple[Stream, ...]
    priors: tuple[Prior, ...]
    alike: float  # how much the streams of a person go together, as learned


def latent(
    chance: np.random.Generator,
    people: int,
    shifts: int,
    *,
    related: float = 0.0,
    alike: float = 0.0,
) -> Numbers:
    """Return shifts x streams x people: looks around levels, both with a deviation of 1."""
    shape = (shifts, STREAMS, people)
    looks = chance.normal(size=shape)
    if alike:  # what all streams of a person share in a shift
        shared = chance.normal(size=(shifts, 1, people))
        looks = (1 - alike) ** 0.5 * looks + alike**0.5 * shared
    if related:
        looks[1:] *= (1 - related**2) ** 0.5
        for shift in range(1, shifts):
            looks[shift] += related * looks[shift - 1]
    return np.asarray(looks + chance.normal(size=shape[1:]), np.float64)


def drawn(name: str, chance: np.random.Generator, people: int, shifts: int) -> Numbers:
    """Return values of a family for people who stay as they are."""
    if name == "alike":
        return latent(chance, people, shifts, alike=0.3)
    if name in ("normal", "related"):
        return latent(chance, people, shifts, related=0.5 * (name == "related"))
    if name == "ordinal":
        return np.asarray(np.searchsorted(CUTS, latent(chance, people, shifts)) + 1.0, np.float64)
    level = chance.normal(size=(STREAMS, people))
    shape = (shifts, STREAMS, people)
    if name == "binomial":  # meals: four quarters, of which three are eaten in the middle
        return np.asarray(
            25.0 * chance.binomial(4, 1 / (1 + np.exp(-1 - level)), size=shape), np.float64
        )
    mean = np.exp(1 + 0.5 * level)  # requests in a shift: variance = mean + mean squared / 2
    return chance.poisson(mean * chance.gamma(2, 0.5, size=shape)).astype(float)


def family(name: str, chance: np.random.Generator, unit: tuple[int, int] = UNIT) -> Family:
    """Return a family with what a unit of so many people and looks tells."""
    low, high = {"ordinal": (1, 5), "binomial": (0, 100), "overdispersed": (0, 50)}.get(
        name, (-10, 10)
    )
    concern: Concern = "lower" if name == "binomial" else "higher"
    streams = tuple(Stream(f"{name} {n}", KINDS[name], low, high, concern) for n in range(STREAMS))
    people, looks = unit
    values = drawn(name, chance, people, looks)
    lives = [
        {
            stream.code: [Seen(BEGIN + n * SHIFT, value) for n, value in enumerate(each)]
            for stream, each in zip(streams, life, strict=True)
        }
        for life in values.transpose(2, 1, 0).tolist()
    ]
    priors = {each.code: prior(each, (life[each.code] for life in lives)) for each in streams}
    alike = together({each.code: each for each in streams}, lives, priors, zone=UTC)
    return Family(name, streams, tuple(priors.values()), alike)


def scores(known: Family, values: Numbers) -> NDArray[np.float32]:
    """Return what a watch takes in."""
    turned = np.empty(values.shape, np.float32)
    for number, (stream, prior_) in enumerate(zip(known.streams, known.priors, strict=True)):
        found, where = np.unique(values[:, number], return_inverse=True)
        ruled = np.array([prior_.ruler.score(each) for each in found])
        standing = way_of(stream) * (ruled - prior_.middle) / prior_.within
        turned[:, number] = standing[where].reshape(values[:, number].shape)
    return turned
