"""How much a person's streams go together: who sleeps badly eats badly the same day. Plain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from milieu.watch.streams import Seen, Stream, shift_of
from milieu.watch.together import way_of
from milieu.watch.usual import Prior

ALIKE: Final = 0.1  # where nothing is known: product decision, 2026-11
ALIKE_WORTH: Final = 100.0  # pairs of looks that it counts for
ALIKE_MAX: Final = 0.7


def together(
    streams: Mapping[str, Stream],
    many: Iterable[Mapping[str, Sequence[Seen]]],
    priors: Mapping[str, Prior],
    *,
    zone: tzinfo,
) -> float:
    """Return the mean correlation of two streams of a person in the same shift.

    Each stream is turned so that upwards is what a nurse wants to hear of. Never below 0: streams
    that go against each other are taken as if they were apart.

    Args:
        streams: what is watched, by code.
        many: what was seen of each person, by code.
        priors: what the unit tells of each stream, by code.
        zone: the unit's clock.
    """
    codes = sorted(streams)
    product, count = ALIKE * ALIKE_WORTH, ALIKE_WORTH
    for series in many:
        apart = _apart(
            [(streams[code], series.get(code, ()), priors[code]) for code in codes], zone
        )
        seen = ~np.isnan(apart)
        filled = np.where(seen, apart, 0.0)
        product += float((filled.sum(axis=1) ** 2 - (filled**2).sum(axis=1)).sum()) / 2
        looks = seen.sum(axis=1)
        count += float((looks * (looks - 1)).sum()) / 2
    return min(max(product / count, 0.0), ALIKE_MAX)


def _apart(
    known: Sequence[tuple[Stream, Sequence[Seen], Prior]], zone: tzinfo
) -> NDArray[np.float64]:
    """Return shifts x streams: how far a person lay from their own mean; NaN where not seen."""
    rows: dict[int, list[float]] = defaultdict(lambda: [np.nan] * len(known))
    for number, (stream, series, prior) in enumerate(known):
        looks = [(shift_of(s.at, zone), s.value) for s in series if s.value is not None]
        scores = [prior.score(value, shift) for shift, value in looks]
        if len(scores) < 2:
            continue
        mean, spread = float(np.mean(scores)), float(np.std(scores, ddof=1))
        width = (spread * spread + prior.within**2) ** 0.5 / 2**0.5
        for (shift, _), score in zip(looks, scores, strict=True):
            rows[shift][number] = way_of(stream) * (score - mean) / width
    return np.array(list(rows.values())).reshape(-1, len(known))
