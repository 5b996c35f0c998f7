"""Who may protect somebody's sleep, and when it is refused."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.census.models import Standing, Stay
from milieu.census.packs import LANGUAGE, ProtectedSleep, words
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.grounds import not_in_the_future
from milieu.record.kinds import Case, Kind
from milieu.record.ledger import append_here
from milieu.record.models import Entry
from milieu.record.rows import Values
from milieu.rounds.grounds import in_words, may_say
from milieu.rounds.projection import levels_of
from milieu.sleep import models, shape
from milieu.sleep.rules import Hours

PROTECT = "sleep.protect"
END = "sleep.end"
LOOK = "sleep.look"


def decide_protect(case: Case) -> None:
    """Weigh an order of protected sleep: the level, the hours, and every criterion of the pack.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``in-the-future``, ``level-too-strict``, ``hours-too-long``, ``too-many-nights``,
        ``criteria-not-met``, ``text-unusable``.
    """
    standing = may_say(case, Action.PROTECT_SLEEP)
    said: shape.ProtectSleep | None = case.draft.fact
    not_in_the_future(case)
    if said is None:
        return
    allowed = standing.unit.pack.protected_sleep
    _fits_the_level(case, standing, allowed)
    _fits_the_hours(said, allowed)
    _meets(said, allowed)
    storable(said.why, field="why")


def _fits_the_level(case: Case, standing: Standing, allowed: ProtectedSleep) -> None:
    orders = levels_of([case.stay.pk])[case.stay.pk]
    then = [order.level for order in orders if order.at <= case.draft.happened_at]
    if then and then[-1] in allowed.levels:
        return
    pack = standing.unit.pack
    names = {
        "levels": ", ".join(pack.level(code).short for code in allowed.levels),
        "name": case.stay.patient.called,
        "level": pack.level(then[-1]).short if then else _("no level"),
    }
    raise Refusal(
        "level-too-strict",
        _("Sleep can be protected at %(levels)s. %(name)s is on %(level)s.") % names,
    )


def _fits_the_hours(said: shape.ProtectSleep, allowed: ProtectedSleep) -> None:
    longest = timedelta(hours=allowed.longest_h)
    if Hours(said.from_hour, said.to_hour).length > longest:
        raise Refusal(
            "hours-too-long",
            _("A protected night has at most %(hours)d hours.") % {"hours": allowed.longest_h},
            field="to_hour",
        )
    if said.nights > allowed.nights_most:
        raise Refusal(
            "too-many-nights",
            _("After %(nights)d nights somebody decides anew. Choose fewer.")
            % {"nights": allowed.nights_most},
            field="nights",
        )


def _meets(said: shape.ProtectSleep, allowed: ProtectedSleep) -> None:
    language = get_language() or LANGUAGE
    missing = [each.said(language) for each in allowed.criteria if each.code not in said.criteria]
    if missing:
        raise Refusal(
            "criteria-not-met",
            _("Sleep cannot be protected now. Not so: %(criteria)s.")
            % {"criteria": "; ".join(missing)},
        )
    if set(said.criteria) - {each.code for each in allowed.criteria}:
        raise Refusal(
            "unknown-code", _("This unit has no such criterion. Open the page anew."), field=""
        )


def build_protect(case: Case) -> Values:
    """Return the row of an order."""
    said: shape.ProtectSleep = case.draft.fact
    return {
        "from_hour": said.from_hour,
        "to_hour": said.to_hour,
        "nights": said.nights,
        "criteria": " ".join(sorted(said.criteria)),
        "why": storable(said.why, field="why"),
    }


def decide_end(case: Case) -> None:
    """Weigh ending it. Raises as ``decide_protect`` does, but for what only an order needs."""
    may_say(case, Action.PROTECT_SLEEP)
    not_in_the_future(case)
    said: shape.EndSleep | None = case.draft.fact
    if said is not None:
        storable(said.why, field="why")


def build_end(case: Case) -> Values:
    """Return the row of an end."""
    return {"why": storable(case.draft.fact.why, field="why")}


def decide_look(case: Case) -> None:
    """Weigh a look from the doorway. It is kept whatever the phone knew of the night.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``why-missing``, ``why-not-needed``, ``unknown-code``.
    """
    standing = may_say(case, Action.CHECK)
    said: shape.DoorwayLook | None = case.draft.fact
    if said is None:
        return
    if said.breathing == "not-seen" and not said.why:
        raise Refusal("why-missing", _("Say why breathing could not be seen."), field="why")
    if said.breathing == "seen" and said.why:
        raise Refusal("why-not-needed", _("Breathing was seen: leave the reason out."), field="why")
    known = words(standing.unit.pack_name, "why_not")
    in_words(case, filter(None, [said.why]), known, field="why")


def build_look(case: Case) -> Values:
    """Return the row of a look from the doorway."""
    said: shape.DoorwayLook = case.draft.fact
    return {"breathing": said.breathing, "woken": said.woken, "why": said.why}


PROTECT_KIND = Kind(
    name=PROTECT,
    shape=shape.ProtectSleep,
    model=models.ProtectSleep,
    decide=decide_protect,
    build=build_protect,
)
END_KIND = Kind(
    name=END, shape=shape.EndSleep, model=models.EndSleep, decide=decide_end, build=build_end
)
LOOK_KIND = Kind(
    name=LOOK,
    shape=shape.DoorwayLook,
    model=models.DoorwayLook,
    decide=decide_look,
    build=build_look,
    from_phone=True,
)


def protect(
    *,
    entry_id: UUID,
    stay: Stay,
    said: shape.ProtectSleep,
    at: datetime,
    written_at: datetime,
    by: Person,
) -> Entry:
    """Protect somebody's sleep from ``at`` on. Raises as ``decide_protect`` does."""
    return append_here(
        PROTECT, said, entry_id=entry_id, stay_id=stay.pk, by=by.pk, at=at, written_at=written_at
    )


def end(
    *, entry_id: UUID, stay: Stay, why: str, at: datetime, written_at: datetime, by: Person
) -> Entry:
    """Protect it no longer, from ``at`` on. Raises as ``decide_end`` does."""
    said = shape.EndSleep(why=why)
    return append_here(
        END, said, entry_id=entry_id, stay_id=stay.pk, by=by.pk, at=at, written_at=written_at
    )
