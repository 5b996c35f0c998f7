"""What a kind asks before it decides, wherever a person or a feed says something."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.kernel.errors import Refusal
from milieu.people.access import not_allowed
from milieu.people.rules import Action, Role, allowed
from milieu.record.evidence import SLACK
from milieu.record.kinds import Case
from milieu.record.models import Entry


def may_put_right(wrong: Entry, by: UUID, roles: Iterable[Role], action: Action) -> bool:
    """Return whether somebody may put an entry right: a lead, or its author, who may do this.

    ``roles`` are theirs where the person is whom it is about.
    """
    own = wrong.author_id == by and allowed(action, roles)
    return own or allowed(Action.AMEND_ANY, roles)


def require_to_put_right(wrong: Entry, by: UUID, roles: Iterable[Role], action: Action) -> None:
    """Pass if somebody may put an entry right.

    Raises:
        Refusal ``not-allowed``.
    """
    if may_put_right(wrong, by, roles, action):
        return
    if wrong.author_id == by:
        raise not_allowed(action)
    raise Refusal(
        "not-allowed", _("Only its author or a lead technician can put this entry right.")
    )


def not_in_the_future(case: Case, slack: timedelta = SLACK) -> None:
    """Pass unless a page says a time that has not come. A phone's wrong clock is told by labels.

    Raises:
        Refusal ``in-the-future``.
    """
    from_page = case.draft.device_id is None and not case.keeps_time
    if from_page and case.draft.happened_at > case.times.received_at + slack:
        raise Refusal(
            "in-the-future", _("This time has not come yet. Choose an earlier one."), field="at"
        )
