"""Who has the watch of whom: taking, offering, answering. Nobody has it who did not accept it."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.rules import Action
from milieu.record.evidence import Times
from milieu.record.kinds import Case, Kind
from milieu.record.rows import Values
from milieu.record.spans import length
from milieu.rounds import models, shape
from milieu.rounds.grounds import may_say, roles_here, standing_of

TAKE: Final = "round.take"
GIVE: Final = "round.give"
OFFER: Final = "round.offer"
REPLY: Final = "round.reply"

SHOWN_WITHIN = timedelta(days=400)  # what a phone may have shown, before or after the offer


def decide_hold(case: Case) -> None:
    """Weigh whatever is said about who has the watch.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``not-put-right``.
    """
    may_say(case, Action.TAKE)
    if case.wrong:
        raise Refusal(
            "not-put-right",
            _("Who was responsible is not changed afterwards. Hand over, or withdraw, instead."),
            field="amends",
        )


def decide_offer(case: Case) -> None:
    """Weigh an offer.

    Raises:
        Refusal: as ``decide_hold``, and ``unknown-code``, ``sharps-missing``, ``until-missing``,
        ``until-not-needed``, ``offered-to-oneself``, ``asked-twice``, ``wrong-shape``,
        ``text-unusable``.
    """
    decide_hold(case)
    said: shape.Offer = case.draft.fact
    pack = standing_of(case).unit.pack
    if said.level:
        pack.level(said.level)
    storable(said.note, field="note")
    if (said.sharps == "out") != bool(storable(said.sharps_out, field="sharps_out")):
        raise Refusal(
            "sharps-missing", _("Say which sharps are out, or that none are."), field="sharps_out"
        )
    if said.to == case.author.pk:
        raise Refusal(
            "offered-to-oneself", _("Choose somebody else. You have this person."), field="to"
        )
    if said.to and said.role:
        raise Refusal("asked-twice", _("Ask one by name, or anyone of a role."), field="role")
    _times_make_sense(said, case.times, timedelta(seconds=pack.limits.break_most_s))


def _times_make_sense(said: shape.Offer, times: Times, longest: timedelta) -> None:
    """Weigh what a phone shows and asks for: by the server's clock, as far as it could tell.

    Where its own was never compared, that it does not go beyond what is possible is all.
    """
    known = times.offset is not None
    at = times.happened_at - (times.offset or timedelta()) if known else times.received_at
    if said.purpose == "break":
        began = not known or (said.until is not None and at < said.until)
        if said.until is None or not began or said.until > at + longest:
            text = _("Say when the break ends: within %(time)s.") % {"time": length(longest)}
            raise Refusal("until-missing", text, field="until")
    elif said.until:
        raise Refusal("until-not-needed", _("Only a break says when it ends."), field="until")
    for field in ("last_at", "due_at"):
        shown: datetime | None = getattr(said, field)
        if shown and known and abs(shown - at) > SHOWN_WITHIN:
            raise Refusal("wrong-shape", _("This time is too far from the offer."), field=field)


def build_offer(case: Case) -> Values:
    """Return the row of an offer."""
    said: shape.Offer = case.draft.fact
    return {
        "purpose": said.purpose,
        "sharps": said.sharps,
        "sharps_out": storable(said.sharps_out, field="sharps_out"),
        "to_id": said.to,
        "role": said.role,
        "until": said.until,
        "last_at": said.last_at,
        "due_at": said.due_at,
        "level": said.level,
        "concern": said.concern,
        "note": storable(said.note, field="note"),
    }


def build_reply(case: Case) -> Values:
    """Return the row of a reply, with what its author is at work: an offer may ask for that."""
    said: shape.Reply = case.draft.fact
    roles = sorted(roles_here(case, standing_of(case)))
    return {"offer": said.offer, "says": said.says, "roles": " ".join(roles)}


TAKE_KIND = Kind(
    name=TAKE,
    shape=shape.Take,
    model=models.Take,
    decide=decide_hold,
    build=lambda case: {"without_id": case.draft.fact.without},
    from_phone=True,
    binds_author=True,
)
GIVE_KIND = Kind(
    name=GIVE,
    shape=shape.Give,
    model=models.Give,
    decide=decide_hold,
    build=lambda _case: {},
    from_phone=True,
)
OFFER_KIND = Kind(
    name=OFFER,
    shape=shape.Offer,
    model=models.Offer,
    decide=decide_offer,
    build=build_offer,
    from_phone=True,
)
REPLY_KIND = Kind(
    name=REPLY,
    shape=shape.Reply,
    model=models.Reply,
    decide=decide_hold,
    build=build_reply,
    from_phone=True,
    binds_author=True,
)
