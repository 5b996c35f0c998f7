"""What every kind about an application asks before it decides: which one, when, and may they."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.crisis.reading import Whole, of_stays, stays_of
from milieu.kernel.clock import wall_time
from milieu.kernel.errors import Refusal
from milieu.people.rules import Action
from milieu.record.evidence import SLACK
from milieu.record.grounds import not_in_the_future
from milieu.record.kinds import Case, Draft
from milieu.record.known import Known
from milieu.rounds.grounds import may_say

Wholes = dict[UUID, Whole]


def gather(drafts: Sequence[Draft], _known: Known) -> Wholes:
    """Return the applications that these drafts are about, by their id; three statements."""
    named = {draft.fact.application for draft in drafts if draft.fact is not None}
    stays = set(stays_of(list(named)).values()) | {draft.stay_id for draft in drafts}
    return of_stays(stays)


def about(case: Case, action: Action, *, known_only: bool = False) -> Whole | None:
    """Return the application that a draft names, if its author may say this of it.

    What a phone sends is kept also where the start has not arrived yet: it is on another phone.
    So is what puts that right.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``in-the-future``, ``unknown-application``, ``before-start``.
    """
    standing = may_say(case, action)
    not_in_the_future(case)
    if case.draft.fact is None:
        return None
    found: Whole | None = case.gathered.get(case.draft.fact.application)
    if found is None or found.stay_id != case.draft.stay_id:
        if found is None and (case.draft.device_id or case.wrong) and not known_only:
            return None
        raise Refusal(
            "unknown-application",
            _("No such restraint or seclusion of this person is in the record. Write its start."),
            field="application",
        )
    if case.draft.device_id or case.keeps_time:
        return found
    ahead = timedelta(minutes=standing.unit.pack.restraint.order_ahead_min if known_only else 0)
    if case.draft.happened_at < found.began - SLACK - ahead:
        raise Refusal(
            "before-start",
            _("This time is before it began (%(time)s). If it is right, put the start right first.")
            % {"time": wall_time(found.began, standing.unit.zone)},
            field="at",
        )
    return found
