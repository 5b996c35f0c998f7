"""Other ways to notice a change, each a chart for every stream of every person. Plain.

Charts take in how far a look lies from what was usual of this person before it (the unit's prior
and the person's own past, as for us: a generous start). What restarts by design (FOCuS, BOCPD,
ADWIN, Page-Hinkley) takes in the look itself and learns the level alone. All look for a rise only,
and a person is noticed when any stream's chart is beyond one limit.
"""

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ALLOWANCE: Final = 0.5  # of a CUSUM, for jumps of one standard deviation (Page 1954)
WEIGHT: Final = 0.2  # of an EWMA's newest look (Roberts 1959)
TOLERATED: Final = 0.1  # of Page-Hinkley
HAZARD: Final = 0.01  # of BOCPD (Adams and MacKay 2007)


class Chart(Protocol):
    """One number for each stream of each person after each look."""

    own: bool  # whether it takes in looks as they are, and learns the level alone

    def step(self, looks: Numbers) -> Numbers:
        """Return where the charts stand."""

    def forget(self, people: NDArray[np.intp]) -> None:
        """Begin again with people who were noticed."""


class Shewhart:
    """The newest look alone."""

    own = False

    def __init__(self, shape: tuple[int, int]) -> None:
        pass

    def step(self, looks: Numbers) -> Numbers:
        return looks

    def forget(self, people: NDArray[np.intp]) -> None:
        pass


class Cusum:
    """The sum of what lies above an allowance, never below 0."""

    own = False

    def __init__(self, shape: tuple[int, int]) -> None:
        self.at = np.zeros(shape)

    def step(self, looks: Numbers) -> Numbers:
        self.at = np.maximum(self.at + looks - ALLOWANCE, 0)
        return self.at

    def forget(self, people: NDArray[np.intp]) -> None:
        self.at[:, people] = 0


class Ewma:
    """A mean in which older looks fade."""

    own = False

    def __init__(self, shape: tuple[int, int]) -> None:
        self.at = np.zeros(shape)

    def step(self, looks: Numbers) -> Numbers:
        self.at = (1 - WEIGHT) * self.at + WEIGHT * looks
        return self.at

    def forget(self, people: NDArray[np.intp]) -> None:
        self.at[:, people] = 0


class PageHinkley:
    """How far the sum of what lies above the mean so far has risen from its lowest point."""

    own = True

    def __init__(self, shape: tuple[int, int]) -> None:
        self.count, self.mean, self.at = np.zeros(shape), np.zeros(shape), np.zeros(shape)

    def step(self, looks: Numbers) -> Numbers:
        self.count += 1
        self.mean += (looks - self.mean) / self.count
        self.at = np.maximum(self.at + looks - self.mean - TOLERATED, 0)
        return self.at

    def forget(self, people: NDArray[np.intp]) -> None:
        for each in (self.count, self.mean, self.at):
            each[:, people] = 0


class _Split:
    """All that was seen since the last notice, in two parts at every place."""

    own = True

    def __init__(self, shape: tuple[int, int]) -> None:
        self.sums = np.zeros((1, *shape))
        self.begun = np.zeros(shape[1], np.intp)

    def places(self) -> NDArray[np.intp]:
        """Return before how many looks there is a cut."""
        return np.arange(1, len(self.sums) - 1)

    def step(self, looks: Numbers) -> Numbers:
        self.sums = np.concatenate([self.sums, self.sums[-1:] + looks])
        end = len(self.sums) - 1
        lengths = self.places()
        if not lengths.size:
            return np.zeros(looks.shape)
        cut = end - lengths
        first = self.sums[self.begun, :, np.arange(looks.shape[1])].T
        before = (cut[:, None] - self.begun)[:, None, :]
        after = lengths[:, None, None].astype(float)
        rise = (self.sums[-1] - self.sums[cut]) / after
        rise = rise - (self.sums[cut] - first) / np.maximum(before, 1)
        worth = after * before / (after + np.maximum(before, 1))
        found: Numbers = np.where(before > 0, self.weigh(rise, worth), 0).max(axis=0)
        return found

    def weigh(self, rise: Numbers, worth: Numbers) -> Numbers:
        """Return what speaks for a cut, by the difference of means and the looks it is worth."""
        return np.maximum(rise, 0) ** 2 * worth / 2

    def forget(self, people: NDArray[np.intp]) -> None:
        self.begun[people] = len(self.sums) - 1


class Focus(_Split):
    """The greatest likelihood ratio over all cuts, level before unknown: what FOCuS computes."""


class Adwin(_Split):
    """Two windows whose means differ by more than ADWIN's bound (Bifet and Gavalda 2007).

    Cuts are at powers of two, as its buckets are; the limit is what ADWIN derives from its delta.
    """

    def places(self) -> NDArray[np.intp]:
        return 2 ** np.arange(0, 12)[2 ** np.arange(0, 12) < len(self.sums) - 1]

    def weigh(self, rise: Numbers, worth: Numbers) -> Numbers:
        # rise = sqrt(2 / worth * limit) + 2 / (3 worth) * limit, solved for the limit
        worth = np.maximum(worth, 1e-9)
        linear, root = 2 / (3 * worth), np.sqrt(2 / worth)
        found = (-root + np.sqrt(root**2 + 4 * linear * np.maximum(rise, 0))) / (2 * linear)
        return found**2


class Bocpd:
    """How likely a change upwards since the last notice is; the spread is known."""

    own = True

    def __init__(self, shape: tuple[int, int]) -> None:
        self.log = np.zeros((1, *shape))  # of each length of the run since the last change
        self.sums = np.zeros((1, *shape))
        self.age = np.zeros(shape[1], np.intp)  # looks since the last notice

    def step(self, looks: Numbers) -> Numbers:
        runs = np.arange(len(self.log))[:, None, None] + 1.0
        error = looks - self.sums / runs  # the unit's middle counts for one look
        spread = 1 + 1 / runs
        grown = self.log - error**2 / (2 * spread) - np.log(spread) / 2
        born = np.logaddexp.reduce(grown, axis=0) + np.log(HAZARD)
        self.log = np.concatenate([born[None], grown + np.log1p(-HAZARD)])
        self.log -= np.logaddexp.reduce(self.log, axis=0)
        self.sums = np.concatenate([np.zeros((1, *looks.shape)), self.sums + looks])
        self.age += 1
        people = np.arange(looks.shape[1])
        usual = self.sums[self.age, :, people].T / self.age
        whole = self.log[self.age, :, people].T
        length = np.arange(len(self.log))[:, None, None]
        risen = (length > 0) & (length < self.age) & (self.sums > usual * length)
        change = np.logaddexp.reduce(np.where(risen, self.log, -1e9), axis=0)
        found: Numbers = change - np.maximum(whole, -700)
        return found

    def forget(self, people: NDArray[np.intp]) -> None:
        self.log[:, :, people] = -1e9
        self.log[0, :, people] = 0
        self.sums[:, :, people] = 0
        self.age[people] = 0


RIVALS: Final[dict[str, Callable[[tuple[int, int]], Chart]]] = {
    "Shewhart": Shewhart,
    "EWMA": Ewma,
    "CUSUM": Cusum,
    "Page-Hinkley": PageHinkley,
    "FOCuS": Focus,
    "ADWIN": Adwin,
    "BOCPD": Bocpd,
}
