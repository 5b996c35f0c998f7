"""Start, devices and observer, check, release: who may say so, and when it is refused.

What somebody did in an emergency is never lost: who was not trained for it is said, not refused.
"""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.alerts import concern
from milieu.census.models import Unit
from milieu.crisis import models, shape
from milieu.crisis.grounds import about, gather
from milieu.crisis.kinds import CHANGE, CHECK, END, START
from milieu.crisis.reading import Whole, of_stays, sorts_of
from milieu.crisis.training import untrained
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.rules import Action
from milieu.record.grounds import not_in_the_future
from milieu.record.kinds import Case, Draft, Kind, Stored
from milieu.record.known import Known
from milieu.record.rows import Values
from milieu.rounds.grounds import in_words, may_say

LOOKED_AT = (
    *("circulation", "breathing", "skin", "motion", "fluids"),
    *("food", "toilet", "dignity", "distress"),
)
WORRYING = ("circulation", "breathing", "skin")


def texts(said: object, *names: str) -> dict[str, str]:
    """Return these texts as they are stored."""
    return {name: storable(getattr(said, name), field=name) for name in names}


def need(said: object, name: str) -> None:
    """Pass if this text says something.

    Raises:
        Refusal ``words-missing``.
    """
    if not storable(getattr(said, name), field=name):
        raise Refusal("words-missing", _("Say it in a few words."), field=name)


def gather_start(drafts: Sequence[Draft], _known: Known) -> dict[UUID, list[Whole]]:
    """Return what is under way of the people whom these drafts are about."""
    found: dict[UUID, list[Whole]] = {}
    for whole in of_stays({draft.stay_id for draft in drafts}).values():
        if whole.ended is None:
            found.setdefault(whole.stay_id, []).append(whole)
    return found


def decide_start(case: Case) -> None:
    """Weigh the start of an application.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``in-the-future``, ``unknown-code``, ``words-missing``, ``already-under-way``,
        ``not-trained``, ``text-unusable``.
    """
    standing = may_say(case, Action.RESTRAIN)
    not_in_the_future(case)
    said: shape.Start | None = case.draft.fact
    if said is None:
        return
    restraint = standing.unit.pack.restraint
    for field, words in (("devices", restraint.devices), ("tried", restraint.tried)):
        known = {each.code for each in words}
        in_words(case, getattr(said, field), known, field=field)
    need(said, "danger")
    for each in said.criteria:
        if not storable(each, field="criteria"):
            raise Refusal("words-missing", _("Say it in a few words."), field="criteria")
    storable(said.tried_words, field="tried_words")
    if case.draft.device_id is None and case.wrong is None:
        _at_a_desk(case, said, standing.unit)


def _at_a_desk(case: Case, said: shape.Start, unit: Unit) -> None:
    """Pass if nothing is under way already, and whoever acts by an order is trained for it."""
    if case.gathered.get(case.draft.stay_id):
        raise Refusal(
            "already-under-way",
            _("Restraint or seclusion of this person is under way already. Add the device there."),
        )
    if said.basis == "order" and (lacking := _untrained(case, said, unit)):
        raise Refusal(
            "not-trained",
            _(
                "%(count)d of those named is not trained for this. Choose others, or say that it "
                "was an emergency."
            )
            % {"count": len(lacking)},
            field="applied_by",
        )


def _untrained(case: Case, said: shape.Start, unit: Unit) -> list[UUID]:
    on = case.draft.happened_at.astimezone(unit.zone).date()
    return untrained(said.applied_by, sorts_of(said.devices, unit.pack_name), on)


def build_start(case: Case) -> Values:
    """Return the row of a start, with who the server knows not to be trained for it."""
    said: shape.Start = case.draft.fact
    return {
        **texts(said, "danger", "tried_words"),
        "devices": " ".join(dict.fromkeys(said.devices)),
        "tried": " ".join(sorted(set(said.tried))),
        "criteria": "\n".join(storable(each, field="criteria") for each in said.criteria),
        "applied_by": " ".join(str(each) for each in dict.fromkeys(said.applied_by)),
        "observer_id": said.observer,
        "basis": said.basis,
        "untrained": " ".join(map(str, _untrained(case, said, case.unit))),
    }


def decide_change(case: Case) -> None:
    """Weigh a change. Raises as ``grounds.about``, and ``unknown-code``, ``device-missing``."""
    about(case, Action.RESTRAIN)
    said: shape.Change | None = case.draft.fact
    if said is None:
        return
    if said.what == "observer":
        if said.device:
            raise Refusal("unknown-code", _("Leave the device out."), field="device")
    elif not said.device:
        raise Refusal("device-missing", _("Say which device."), field="device")
    else:
        devices = case.unit.pack.restraint.devices
        in_words(case, [said.device], {each.code for each in devices}, field="device")
    storable(said.why, field="why")


def build_change(case: Case) -> Values:
    """Return the row of a change."""
    said: shape.Change = case.draft.fact
    return {
        "application": said.application,
        "what": said.what,
        "device": said.device,
        "observer_id": said.observer,
        **texts(said, "why"),
    }


def decide_check(case: Case) -> None:
    """Weigh a check. Raises as ``grounds.about``, and ``nothing-said``, ``text-unusable``."""
    about(case, Action.RESTRAIN)
    said: shape.Check | None = case.draft.fact
    if said is None:
        return
    if not any(getattr(said, name) for name in (*LOOKED_AT, "met", "note")):
        raise Refusal("nothing-said", _("Say at least one thing that you saw."))
    texts(said, "note", "nurse_should_know")


def build_check(case: Case) -> Values:
    """Return the row of a check."""
    said: shape.Check = case.draft.fact
    return {
        "application": said.application,
        **{name: getattr(said, name) for name in LOOKED_AT},
        "met": "\n".join(storable(each, field="met") for each in said.met),
        **texts(said, "note", "nurse_should_know"),
    }


def _for_the_nurse(item: Stored) -> str:
    said: shape.Check | None = item.case.draft.fact
    if said is None:
        return ""
    return _worry(said) or ""


def _worry(said: shape.Check | models.RestraintCheck) -> str:
    """Return what the nurse should know: the author's words, else what the check says."""
    written = storable(said.nurse_should_know, field="nurse_should_know")
    names = {
        "circulation": _("circulation"),
        "breathing": _("breathing"),
        "skin": _("skin"),
    }
    worrying = [names[part] for part in WORRYING if getattr(said, part) == "concern"]
    if written or not worrying:
        return written
    return _("In restraint, a concern about: %(parts)s") % {"parts": ", ".join(worrying)}


def tell(stored: Sequence[Stored]) -> None:
    """Raise an alert for each check that the nurse should know of."""
    concern.tell(stored, words=_for_the_nurse, fact=models.RestraintCheck, told=_worry)


def decide_end(case: Case) -> None:
    """Weigh a release. Raises as ``grounds.about``, and ``already-ended``, ``words-missing``."""
    found = about(case, Action.RESTRAIN)
    said: shape.End | None = case.draft.fact
    if said is None:
        return
    if found and found.ended and case.wrong is None and case.draft.device_id is None:
        raise Refusal(
            "already-ended",
            _("The release is written down already. Put that entry right if it is not so."),
        )
    need(said, "state")
    if said.injuries != "none":
        need(said, "injury_words")
    storable(said.injury_words, field="injury_words")


def build_end(case: Case) -> Values:
    """Return the row of a release."""
    said: shape.End = case.draft.fact
    words = "" if said.injuries == "none" else storable(said.injury_words, field="injury_words")
    return {
        "application": said.application,
        "injuries": said.injuries,
        "injury_words": words,
        **texts(said, "state"),
    }


START_KIND = Kind(
    name=START,
    shape=shape.Start,
    model=models.RestraintStart,
    decide=decide_start,
    build=build_start,
    from_phone=True,
    gather=gather_start,
)
CHANGE_KIND = Kind(
    name=CHANGE,
    shape=shape.Change,
    model=models.RestraintChange,
    decide=decide_change,
    build=build_change,
    from_phone=True,
    gather=gather,
)
CHECK_KIND = Kind(
    name=CHECK,
    shape=shape.Check,
    model=models.RestraintCheck,
    decide=decide_check,
    build=build_check,
    from_phone=True,
    gather=gather,
    after=tell,
)
END_KIND = Kind(
    name=END,
    shape=shape.End,
    model=models.RestraintEnd,
    decide=decide_end,
    build=build_end,
    from_phone=True,
    gather=gather,
)
