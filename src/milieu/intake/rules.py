"""What goes together in what is said of a meal, and what a day of drinks adds up to. Plain."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from milieu.intake.shape import Meal
from milieu.kernel.errors import Refusal
from milieu.kernel.text import gettext_noop


def agree(said: Meal) -> None:
    """Pass if the parts of a meal go together.

    Raises:
        Refusal ``share-missing``, ``why-not-needed``, ``why-missing``, ``share-not-needed``.
    """
    if said.outcome == "eaten":
        if said.share is None:
            text = gettext_noop("Say how much was eaten.")
            raise Refusal("share-missing", text, field="share")
        if said.why:
            text = gettext_noop("Somebody ate: leave the reason out.")
            raise Refusal("why-not-needed", text, field="why")
        return
    if said.share is not None:
        text = gettext_noop("Nothing was eaten: leave the share out.")
        raise Refusal("share-not-needed", text, field="share")
    if said.outcome == "declined" and not said.why:
        raise Refusal("why-missing", gettext_noop("Say why it was declined."), field="why")


def by_day(
    drinks: Iterable[tuple[datetime, int]], zone: ZoneInfo
) -> Iterator[tuple[datetime, int]]:
    """Yield the ml of each day of the unit's clock, with the last drink's time; oldest first.

    A day of 23 or of 25 hours is a day. ``drinks``: when and how many ml, oldest first.
    """
    for _, found in groupby(drinks, lambda each: each[0].astimezone(zone).date()):
        of_day = list(found)
        yield of_day[-1][0], sum(ml for _, ml in of_day)
