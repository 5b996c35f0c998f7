"""Can everyone be seen in time? The board's answer, in words that stay true for the minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milieu.board.cards import MINUTE, Card
from milieu.census.models import Unit
from milieu.kernel.clock import wall_time
from milieu.rounds.feasibility import Due, Load, Outlook
from milieu.rounds.workload import walked_gaps, workload


class Strip(NamedTuple):
    """A question and its answer. ``state``: yes, no, or unknown where the record cannot tell."""

    state: str
    asks: str
    says: str
    needs: str = ""  # how much more is asked for than there is, in the long run


def strip(cards: Sequence[Card], unit: Unit, now: datetime) -> Strip | None:
    """Return what the board says of whether all can be seen in time; None where nothing is due."""
    gaps = walked_gaps(unit)
    dues = [
        Due(card.stay_id, card.due_at, gaps[card.level])
        for card in cards
        if card.due_at and not card.away and card.level in gaps
    ]
    if not dues:
        return None
    found = workload(unit, dues, now)
    others = any(due.by <= now for due in dues)
    asks = _("Can everyone else be seen in time?") if others else _("Can everyone be seen in time?")
    if found.outlook is None:
        says = _("Not known: by the record nobody holds a list or is signed in on a phone.")
        return Strip("unknown", asks, says)
    needs = _needs(found.load, found.outlook.hands)
    if found.outlook.first is None:
        return Strip("yes", asks, _yes(found.outlook.spare), needs)
    return Strip("no", asks, _no(found.outlook, cards, unit), needs)


def _yes(spare: timedelta | None) -> str:
    if spare is None:
        return _("Yes")
    minutes = spare // MINUTE
    return _("Yes, %(minutes)d min to spare") % {"minutes": minutes} if minutes else _("Yes, just")


def _no(ahead: Outlook, cards: Sequence[Card], unit: Unit) -> str:
    assert ahead.first, "Somebody cannot be seen in time."
    card = next(card for card in cards if card.stay_id == ahead.first.who)
    words = {
        "people": ahead.people_short,
        "where": _("room %(room)s") % {"room": card.room} if card.room else card.initials,
        "by": wall_time(ahead.first.by, unit.zone),
    }
    if not ahead.people_short:
        return _("Hardly: %(where)s by %(by)s is sooner than anyone gets there") % words
    return (
        ngettext(
            "No, %(people)d person too few. First late: %(where)s by %(by)s",
            "No, %(people)d people too few. First late: %(where)s by %(by)s",
            ahead.people_short,
        )
        % words
    )


def _needs(asked: Load | None, hands: int) -> str:
    """Return how much is asked for, where it is more than there is, in whole minutes."""
    if asked is None or not hands or not asked.over(hands):
        return ""
    words = {
        "need": -(-asked.need // MINUTE),
        "window": asked.window // MINUTE,
        "have": hands * asked.window // MINUTE,
    }
    return _("The list needs %(need)d minutes in every %(window)d; there are %(have)d.") % words
