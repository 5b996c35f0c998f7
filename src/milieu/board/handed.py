"""Taking and handing over, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.board.words import ROLES
from milieu.people.rules import Role
from milieu.rounds.models import Offer, Take

if TYPE_CHECKING:
    from milieu.board.said import Speech

PURPOSES = {
    "shift": gettext_lazy("Offered to hand over"),
    "break": gettext_lazy("Asked for relief during a break"),
    "return": gettext_lazy("Offered to give back after a break"),
    "swap": gettext_lazy("Asked for relief from staying with this person"),
}


def taken(take: Take) -> str:
    """Return what a take says: that nobody handed over is never left out."""
    if take.without:
        return _("Took over; %(name)s was not there to hand over") % {
            "name": take.without.short_name
        }
    return _("Taken onto the author's list")


def offered(offer: Offer, speech: "Speech") -> str:
    """Return what an offer says, with the state that the author saw."""
    head = _("%(what)s: %(whom)s") % {"what": PURPOSES[offer.purpose], "whom": asked(offer)}
    if offer.until:
        head = _("%(offer)s, until %(time)s") % {
            "offer": head,
            "time": speech.said_at(offer.until),
        }
    return "; ".join([head, *state(offer, speech)])


def asked(offer: Offer) -> str:
    """Return who is asked."""
    if offer.to:
        return offer.to.short_name
    if offer.role:
        return _("any %(role)s") % {"role": ROLES[Role(offer.role)]}
    return _("anyone here")


def state(offer: Offer, speech: "Speech") -> Iterator[str]:
    """Yield the state of whom it is about, as the author's screen showed it."""
    if offer.level:
        yield speech.unit.pack.level(offer.level).short
    if offer.last_at:
        yield _("last seen %(time)s") % {"time": speech.said_at(offer.last_at)}
    else:
        yield _("not seen yet")
    if offer.due_at:
        yield _("due %(time)s") % {"time": speech.said_at(offer.due_at)}
    if offer.concern:
        yield _("a concern waits for the nurse")
    if offer.sharps == "out":
        yield _("sharps out: %(what)s") % {"what": offer.sharps_out}
    else:
        yield _("no sharps out")
    if offer.note:
        yield offer.note
