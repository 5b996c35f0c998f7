"""How much is enough, so that chance gives no more notices than were asked for. Plain."""

import math


def threshold(apart: float, streams: int) -> float:
    """Return the evidence that is enough, as a natural logarithm.

    Args:
        apart: looks of each stream that may pass, in the mean, from one false notice to the next.
        streams: how many are watched together.
    """
    return math.log(max(apart, 1.0)) + 0.3
