"""Occurrences that have to be reported outside, and the reports that were made."""

from django.utils.translation import gettext as _

from milieu.crisis import models, shape
from milieu.crisis.kinds import OCCURRENCE, REPORT
from milieu.crisis.services import need, texts
from milieu.kernel.errors import Refusal
from milieu.people.rules import Action
from milieu.record.grounds import not_in_the_future
from milieu.record.kinds import Case, Kind
from milieu.record.models import Entry
from milieu.record.rows import Values
from milieu.rounds.grounds import require, standing_of


def decide_occurrence(case: Case) -> None:
    """Weigh an occurrence. It may become known after the stay is over.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``in-the-future``, ``words-missing``,
        ``before-admission``.
    """
    standing = standing_of(case)
    require(case, standing, Action.REPORT)
    not_in_the_future(case)
    said: shape.Occurrence | None = case.draft.fact
    if said is None:
        return
    need(said, "words")
    if said.known_at > case.times.received_at:
        raise Refusal(
            "in-the-future",
            _("This time has not come yet. Choose an earlier one."),
            field="known_at",
        )
    zone = standing.unit.zone
    if said.died_on and said.died_on > case.times.received_at.astimezone(zone).date():
        raise Refusal(
            "in-the-future", _("This day has not come yet. Choose an earlier one."), field="died_on"
        )
    if said.died_on and said.died_on < standing.admitted_at.astimezone(zone).date():
        raise Refusal(
            "before-admission",
            _("This day is before they arrived. Choose a later one."),
            field="died_on",
        )


def build_occurrence(case: Case) -> Values:
    """Return the row of an occurrence."""
    said: shape.Occurrence = case.draft.fact
    plain = ("what", "relation", "known_at", "application", "died_on", "soft_wrist_only")
    return {**{name: getattr(said, name) for name in plain}, **texts(said, "words")}


def decide_report(case: Case) -> None:
    """Weigh a report. Raises as ``decide_occurrence``, and ``unknown-occurrence``."""
    require(case, standing_of(case), Action.REPORT)
    not_in_the_future(case)
    said: shape.Report | None = case.draft.fact
    if said is None:
        return
    known = Entry.objects.as_system("the occurrence that is reported").filter(
        entry_id=said.occurrence, kind=OCCURRENCE, stay=case.draft.stay_id
    )
    if not known.exists():
        raise Refusal(
            "unknown-occurrence", _("No such occurrence is in the record."), field="occurrence"
        )
    texts(said, "number", "words")


def build_report(case: Case) -> Values:
    """Return the row of a report."""
    said: shape.Report = case.draft.fact
    return {
        "occurrence": said.occurrence,
        "whom": said.whom,
        **texts(said, "number", "words"),
    }


OCCURRENCE_KIND = Kind(
    name=OCCURRENCE,
    shape=shape.Occurrence,
    model=models.Occurrence,
    decide=decide_occurrence,
    build=build_occurrence,
)
REPORT_KIND = Kind(
    name=REPORT,
    shape=shape.Report,
    model=models.OccurrenceReport,
    decide=decide_report,
    build=build_report,
)
