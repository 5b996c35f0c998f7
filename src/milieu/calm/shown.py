"""A plan as pages and phones show it: who wrote it, when, what they agreed to, and its lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from milieu.calm.heard import Suggestion
from milieu.calm.known import Known
from milieu.calm.rules import PARTS
from milieu.calm.said import AGREED, PART_NAMES, told, words_of
from milieu.census.models import Stay
from milieu.census.packs import Pack
from milieu.record.models import Entry

Words = str | Promise


class Shown(NamedTuple):
    """One version of a plan. ``earlier``: it was made in an earlier stay."""

    entry_id: UUID
    at: datetime
    by: str
    agreement: Words
    agreed: bool
    differs: str
    made_with: str
    parts: list[tuple[str, Words, list[str]]]
    earlier: bool
    stands: bool
    amended_by: Entry | None


def plan_shown(entry: Entry, stay: Stay, *, stands: bool = True) -> Shown:
    """Return a version of a plan as the pages of this stay show it."""
    plan = entry.ownplan
    return Shown(
        entry_id=entry.entry_id,
        at=entry.told_at,
        by=entry.author.short_name,
        agreement=AGREED[plan.agreement],
        agreed=plan.agreement == "agreed",
        differs=plan.differs,
        made_with=plan.made_with,
        parts=[(part, PART_NAMES[part], plan.lines(part)) for part in PARTS if plan.lines(part)],
        earlier=entry.stay_id != stay.pk,
        stands=stands,
        amended_by=getattr(entry, "amended_by", None),
    )


class Suggested(NamedTuple):
    """One line that their plan might have, in words: for which part, when they said it, to whom."""

    key: str
    line: str
    part: Words
    at: datetime
    by: str
    entry_id: UUID
    in_plan: bool
    too_long: bool


def suggested_shown(found: Sequence[Suggestion]) -> list[Suggested]:
    """Return what is offered for the plan, as the page shows it."""
    return [
        Suggested(
            key=each.key,
            line=each.line,
            part=PART_NAMES[each.heard.part],
            at=each.heard.at,
            by=each.heard.by,
            entry_id=each.heard.entry_id,
            in_plan=each.in_plan,
            too_long=each.too_long,
        )
        for each in found
    ]


class Helped(NamedTuple):
    """One thing and how often it helped, in words."""

    words: str
    told: str
    own: bool
    tried: bool


def worked_shown(known: Known, pack: Pack, language: str) -> list[Helped]:
    """Return what is known to help, first what to offer first."""
    talk = known.plan.ownplan.talk_alone() if known.plan else set()
    return [
        Helped(
            _("Talk about: %(what)s") % {"what": each.thing.words}
            if each.own and each.thing.words in talk
            else words_of(each.thing, pack, language),
            told(each.tally),
            each.own,
            bool(each.tally.times or each.tally.unwanted),
        )
        for each in known.worked
    ]


def helps_line(known: Known, pack: Pack, language: str) -> Helped | None:
    """Return the one line of their own plan that is to be offered first."""
    shown = worked_shown(known, pack, language)
    return next((each for each in shown if each.own), None)
