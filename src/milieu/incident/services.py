"""Who may say what of an incident, and when it is refused."""

from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.census.packs import Word, pack
from milieu.incident import models, shape
from milieu.incident.models import Incident
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable, together
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.kinds import Case, Kind
from milieu.record.rows import Values
from milieu.rounds.grounds import in_words, may_say

MARK = "incident.mark"
REPORT = "incident.report"
NOTIFIED = "incident.notified"
PARTS = ("kinds", "outcomes", "injury_person", "injury_others")


@cache
def words(pack_name: str, part: str) -> dict[str, Word]:
    """Return the pack's words for one part, by code."""
    found = pack(pack_name)
    if part == "place":
        return {word.code: word for word in found.places}
    if part.startswith("anchors."):
        known: Sequence[Word] = getattr(found.incident.anchors, part.removeprefix("anchors."))
    else:
        known = getattr(found.incident, "injury" if part.startswith("injury") else part)
    return {word.code: word for word in known}


def _known(case: Case, field: str, codes: Iterable[str], *, part: str = "") -> None:
    known = words(case.unit.pack_name, part or field)
    in_words(case, filter(None, codes), known, field=field)


def decide_mark(case: Case) -> None:
    """Weigh a mark.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``unknown-code``, ``unknown-person``, ``other-stay``, ``text-unusable``.
    """
    may_say(case, Action.HELP)
    said: shape.Mark | None = case.draft.fact
    if said is None:
        return
    _known(case, "what", [said.what], part="marks")
    _known(case, "place", [said.place])
    storable(said.words, field="words")
    if said.who and not Person.objects.filter(pk=said.who).exists():
        raise Refusal("unknown-person", _("This colleague is not known here."), field="who")


def build_mark(case: Case) -> Values:
    """Return the row of a mark."""
    said: shape.Mark = case.draft.fact
    return {
        "incident": said.incident,
        "what": said.what,
        "place": said.place,
        "who_id": said.who,
        "call": said.call,
        "words": storable(said.words, field="words"),
    }


def decide_report(case: Case) -> None:
    """Weigh a report. Raises as ``decide_mark`` does, ``nothing-said`` and ``unknown-incident``."""
    may_say(case, Action.HELP)
    said: shape.Report | None = case.draft.fact
    if said is None:
        return
    _of_this_stay(said.incident, case.draft.stay_id)
    for part in PARTS:
        given = getattr(said, part)
        _known(case, part, given if isinstance(given, tuple) else [given])
    _known(case, "place", [said.place])
    if not any(said.kinds):
        raise Refusal("nothing-said", _("Say what kind of incident it was."), field="kinds")
    if not storable(said.narrative, field="narrative"):
        raise Refusal("nothing-said", _("Say what happened."), field="narrative")
    for name in ("witnesses", "helped"):
        storable(getattr(said, name), field=name)


def _of_this_stay(incident: UUID, stay_id: UUID) -> None:
    known = Incident.objects.as_system("only whether there is one about this stay")
    if not known.filter(incident=incident, stay=stay_id).exists():
        raise Refusal(
            "unknown-incident", _("No such incident of this person is known."), field="incident"
        )


def build_report(case: Case) -> Values:
    """Return the row of a report."""
    said: shape.Report = case.draft.fact
    plain = ("incident", "place", "injury_person", "injury_others")
    levels = ("verbal", "things", "self_harm", "others")
    return {
        **{name: getattr(said, name) for name in (*plain, *levels)},
        "kinds": together(said.kinds),
        "outcomes": together(said.outcomes),
        **{
            name: storable(getattr(said, name), field=name)
            for name in ("narrative", "witnesses", "helped")
        },
    }


def decide_notified(case: Case) -> None:
    """Weigh that somebody was told. Raises as ``decide_mark`` does, and ``unknown-incident``."""
    may_say(case, Action.HELP)
    said: shape.Notified | None = case.draft.fact
    if said is None:
        return
    _of_this_stay(said.incident, case.draft.stay_id)
    _known(case, "whom", [said.whom], part="tell")
    _known(case, "way", [said.way], part="ways")
    for name in ("reached", "words"):
        storable(getattr(said, name), field=name)


def build_notified(case: Case) -> Values:
    """Return the row of it."""
    said: shape.Notified = case.draft.fact
    plain = {name: getattr(said, name) for name in ("incident", "whom", "way")}
    texts = ("reached", "words")
    return plain | {name: storable(getattr(said, name), field=name) for name in texts}


MARK_KIND = Kind(
    name=MARK,
    shape=shape.Mark,
    model=models.IncidentMark,
    decide=decide_mark,
    build=build_mark,
    from_phone=True,
)
REPORT_KIND = Kind(
    name=REPORT,
    shape=shape.Report,
    model=models.IncidentReport,
    decide=decide_report,
    build=build_report,
)
NOTIFIED_KIND = Kind(
    name=NOTIFIED,
    shape=shape.Notified,
    model=models.IncidentNotified,
    decide=decide_notified,
    build=build_notified,
)
