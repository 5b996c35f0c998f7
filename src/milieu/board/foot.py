"""The foot of a card: who has the watch, for whom, to whom it is offered, and what is amiss."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.board.cards import Card, Hold
from milieu.board.words import ROLES
from milieu.census.models import State, Stay, Unit
from milieu.kernel.clock import wall_time
from milieu.people.rules import Role
from milieu.rounds.watching import Held, gone_home


class Foot(NamedTuple):
    """What the foot of a card says. ``amiss`` needs somebody; ``soon`` will."""

    who: str = ""  # empty: nobody has the watch
    more: str = ""
    soon: str = ""
    amiss: str = ""


class Watched(NamedTuple):
    """What the foot of a card rests on."""

    hold: Hold | None
    level: str
    asked: str
    away: bool


def feet(cards: Iterable[Card], unit: Unit, now: datetime) -> dict[UUID, Foot]:
    """Return the foot of each card, by stay."""
    about = {card.stay_id: Watched(card.hold, card.level, card.asked, card.away) for card in cards}
    return _feet(about, unit, now)


def foot_of(stay: Stay, now: datetime) -> Foot:
    """Return what the page of a person says of who has the watch."""
    shown, hold = getattr(stay, "clock", None), getattr(stay, "hold", None)
    about = Watched(
        hold=_held(hold) if hold and hold.holder else None,
        level=shown.level if shown else "",
        asked=hold.asked.short_name if hold and hold.asked else "",
        away=stay.standing.state != State.IN,
    )
    return _feet({stay.pk: about}, stay.standing.unit, now)[stay.pk]


def _held(hold: Any) -> Hold:
    """Return a hold as a card has it."""
    offer = getattr(hold.offer, "offer", None) if hold.offer else None
    return Hold(
        holder_id=hold.holder_id,
        holder=hold.holder.short_name,
        since=hold.since,
        relieves=hold.given_by.short_name if hold.given_by and hold.purpose == "break" else "",
        until=hold.until,
        eyes_since=hold.eyes_since,
        offered=hold.offer_id is not None,
        offered_to=offer.to.short_name if offer and offer.to else "",
        offered_role=offer.role if offer else "",
    )


def _feet(about: Mapping[UUID, Watched], unit: Unit, now: datetime) -> dict[UUID, Foot]:
    held = {
        stay: Held(each.hold.holder_id, each.hold.since)
        for stay, each in about.items()
        if each.hold
    }
    gone = gone_home(held, now)
    return {stay: _foot(each, unit, gone.get(stay), now) for stay, each in about.items()}


def _foot(about: Watched, unit: Unit, gone: datetime | None, now: datetime) -> Foot:
    hold = about.hold
    asked = _("%(name)s is asked") % {"name": about.asked} if about.asked else ""
    if hold is None:
        return Foot(more=asked)
    more = [_for_whom(hold, unit), _offered(hold), asked]
    soon, amiss = ("", "") if about.away else _relief(about.level, hold, unit, now)
    if gone:
        amiss = _("gone since %(time)s") % {"time": wall_time(gone, unit.zone)}
    return Foot(hold.holder, " · ".join(filter(None, more)), soon, amiss)


def _for_whom(hold: Hold, unit: Unit) -> str:
    if not hold.relieves or hold.until is None:
        return ""
    words = {"name": hold.relieves, "time": wall_time(hold.until, unit.zone)}
    return _("for %(name)s until %(time)s") % words


def _offered(hold: Hold) -> str:
    if not hold.offered:
        return ""
    if hold.offered_to:
        return _("offered to %(name)s") % {"name": hold.offered_to}
    if hold.offered_role:
        return _("offered: any %(role)s") % {"role": ROLES[Role(hold.offered_role)]}
    return _("offered to anyone")


def _relief(level: str, hold: Hold, unit: Unit, now: datetime) -> tuple[str, str]:
    """Return by when whoever stays with somebody is to be relieved: soon, or past that time."""
    at = relief_at(level, hold.eyes_since, unit)
    if at is None:
        return "", ""
    words = _("relief by %(time)s") % {"time": wall_time(at, unit.zone)}
    if now >= at:
        return "", words
    warned = now >= at - timedelta(seconds=unit.pack.limits.relief_warn_s)
    return (words if warned else ""), ""


def relief_at(level: str, eyes_since: datetime | None, unit: Unit) -> datetime | None:
    """Return when whoever stays with somebody is to be relieved; None where nobody stays."""
    relief_s = unit.pack.level(level).relief_s if level else None
    return eyes_since + timedelta(seconds=relief_s) if eyes_since and relief_s else None
