"""What every kind of rounds asks before it decides: is this person here, may this author say so."""

from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.census.models import Standing, State
from milieu.kernel.clock import wall_time
from milieu.kernel.errors import Refusal
from milieu.people.access import not_allowed
from milieu.people.rules import Action, Role, allowed
from milieu.record.evidence import Times, provably_after, provably_before
from milieu.record.grounds import require_to_put_right
from milieu.record.kinds import Case, fact_of
from milieu.record.known import unknown_stay


def may_say(case: Case, action: Action) -> Standing:
    """Return where the stay stands, if its author may say this of it, and it was here then.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``.
    """
    standing = standing_of(case)
    require(case, standing, action)
    within_stay(case, standing)
    return standing


def in_words(case: Case, codes: Iterable[str], words: Container[str], *, field: str) -> None:
    """Pass if a unit's pack has a word for each of these codes, or the entry that is put right.

    What was said in a word that the unit has given up since is not lost when something else of
    it is put right.

    Raises:
        Refusal ``unknown-code``.
    """
    gone = [code for code in codes if code not in words]
    kept = _written(case, field) if gone else ()
    for code in gone:
        if code not in kept:
            raise Refusal(
                "unknown-code",
                _("This unit has no word %(code)r here.") % {"code": code},
                field=field,
            )


def _written(case: Case, field: str) -> list[str]:
    row = fact_of(case.wrong) if case.wrong else None
    return str(getattr(row, field, "")).split()


def standing_of(case: Case) -> Standing:
    """Return where the stay stands. One never admitted is as unknown as one that is not there."""
    if case.standing is None or case.standing.state == State.CANCELLED:
        raise unknown_stay()
    return case.standing


def require(case: Case, standing: Standing, action: Action) -> None:
    """Pass if the author may do this where the person is, or was when the phone last knew.

    Someone transferred in the middle of a round was still seen by the former unit until then;
    what that unit's phone sends later is theirs to say, however often the person has moved on
    since. To any other unit the stay is unknown.
    """
    roles = roles_here(case, standing)
    if not roles:
        raise unknown_stay()
    if case.wrong:
        require_to_put_right(case.wrong, case.author.pk, roles, action)
    elif not allowed(action, roles):
        raise not_allowed(action)


def roles_here(case: Case, standing: Standing) -> frozenset[Role]:
    """Return what the author is at work where the person is, or was when the phone last knew."""
    units = _units(case, standing)
    return frozenset[Role]().union(*(case.reach.get(unit, frozenset()) for unit in units))


def _units(case: Case, standing: Standing) -> list[UUID]:
    grace = timedelta(seconds=standing.unit.pack.limits.sent_late_s)
    left = standing.left_units
    former = [unit for unit, at in left if not _after(case.times, at + grace)]
    return [standing.unit_id, *former]


def _after(times: Times, moment: datetime) -> bool:
    """Return whether it is proved to be after ``moment``; where nothing is, what it says itself.

    So leaving out what a device knows of its clock opens nobody's stay on another unit. What says
    a time to come says nothing, and counts for nothing: it blocks nobody's record.
    """
    if times.offset is None and times.anchor_at is None:
        return moment < times.happened_at <= times.received_at
    return provably_after(times, moment)


def within_stay(case: Case, standing: Standing) -> None:
    """Pass if the claimed time is not provably outside the stay.

    A right time is never to be falsified: what stands in the record may be what is wrong.
    """
    if case.keeps_time:
        return
    if provably_before(case.times, standing.admitted_at):
        raise Refusal(
            "before-admission",
            _(
                "This time is before %(name)s arrived (%(time)s). If it is right, ask a nurse to"
                " put the arrival right, then send again. If not, choose a later time."
            )
            % _name_and_time(case, standing, standing.admitted_at),
            field="happened_at",
        )
    if standing.discharged_at and provably_after(case.times, standing.discharged_at):
        raise Refusal(
            "after-discharge",
            _(
                "%(name)s left at %(time)s. If your time is right, ask a nurse to put the discharge"
                " right, then send again. If not, choose an earlier time."
            )
            % _name_and_time(case, standing, standing.discharged_at),
            field="happened_at",
        )


def _name_and_time(case: Case, standing: Standing, moment: datetime) -> dict[str, str]:
    name = case.stay.patient.called
    return {"name": name, "time": wall_time(moment, standing.unit.zone)}
