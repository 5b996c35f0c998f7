"""Who may say what an instrument showed, and when it is refused; the score; the nurse's alert."""

from collections.abc import Mapping, Sequence
from functools import cache
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.alerts import concern
from milieu.instruments import models, scoring, shape
from milieu.instruments.catalogue import FOLDER, Instrument, Rule, said, slots
from milieu.instruments.questionnaire import LANGUAGE, Text, read
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.rules import Action
from milieu.record.kinds import Case, Kind, Stored
from milieu.record.rows import Values
from milieu.rounds.grounds import may_say

SCORED = "instrument.scored"


@cache
def _shipped() -> dict[str, Text]:
    texts = [read(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))]
    return {text.code: text for text in texts}


def texts() -> dict[str, Text]:
    """Return the text of each instrument that has one: what ships, and what was loaded since."""
    rows = models.LoadedText.objects.order_by("loaded_at", "pk")
    return _texts(tuple(rows.values_list("pk", flat=True)))


@cache
def _texts(loaded: tuple[UUID, ...]) -> dict[str, Text]:
    """Read once for these rows, which never change."""
    found = models.LoadedText.objects.in_bulk(loaded)
    read_so = [read(found[key].content.encode()) for key in loaded]
    return _shipped() | {text.code: text for text in read_so}


def instruments() -> dict[str, Instrument]:
    """Return every instrument that can be used here, by code: slots, and what was loaded."""
    found = dict(slots())
    for code, text in texts().items():
        if code not in found:
            found[code] = Instrument(
                code=code,
                title=text.title,
                low=text.low,
                high=text.high,
                licence=text.licence,
                source=text.source,
                as_of="",
            )
    return found


class Gathered:
    """What the drafts of a batch need: asked once."""

    def __init__(self, *_of_the_ledger: object) -> None:
        self.texts = texts()
        self.instruments = instruments()


def decide(case: Case) -> None:
    """Weigh what an instrument showed.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``unknown-instrument``, ``answers-missing``, ``score-missing``, ``score-not-typed``,
        ``score-out-of-range``, ``unknown-answer``, ``answered-twice``, ``not-answered-says-more``,
        ``text-unusable``.
    """
    may_say(case, Action.SCORE)
    given: shape.Scored | None = case.draft.fact
    if given is None:
        return
    gathered: Gathered = case.gathered
    instrument = gathered.instruments.get(given.instrument)
    if instrument is None:
        raise Refusal(
            "unknown-instrument",
            _("This server has no instrument %(code)r.") % {"code": given.instrument},
            field="instrument",
        )
    storable(given.note, field="note")
    if given.outcome != "answered":
        if given.answers or given.score is not None:
            raise Refusal(
                "not-answered-says-more",
                _("What was not answered has no answers and no score. Leave them out."),
                field="answers" if given.answers else "score",
            )
    elif given.answers or given.text:
        _answers(given, gathered.texts.get(given.instrument))
    else:
        _typed(given, instrument)


def _answers(given: shape.Scored, text: Text | None) -> None:
    if given.score is not None:
        raise Refusal(
            "score-not-typed",
            _("The score is worked out from the answers. Leave it out."),
            field="score",
        )
    if not given.answers:
        raise Refusal("answers-missing", _("Answer at least one question."), field="answers")
    if len({answer.item for answer in given.answers}) < len(given.answers):
        raise Refusal("answered-twice", _("A question has one answer."), field="answers")
    for answer in given.answers:
        question = text.question(answer.item) if text else None
        if question is None or question.option(answer.code) is None:
            raise Refusal(
                "unknown-answer",
                _("The text of this instrument has changed. Open it again and answer it anew."),
                field="answers",
            )


def _typed(given: shape.Scored, instrument: Instrument) -> None:
    if given.score is None:
        raise Refusal("score-missing", _("Type the score of your form."), field="score")
    if not instrument.low <= given.score <= instrument.high:
        raise Refusal(
            "score-out-of-range",
            _("A score of %(title)s runs from %(low)d to %(high)d.")
            % {
                "title": said(instrument.title, _spoken()),
                "low": instrument.low,
                "high": instrument.high,
            },
            field="score",
        )


def _spoken() -> str:
    return get_language() or LANGUAGE


def build(case: Case) -> Values:
    """Return the row: what was answered, and the score that follows from it."""
    given: shape.Scored = case.draft.fact
    row: Values = {
        "instrument": given.instrument,
        "outcome": given.outcome,
        "text": given.text,
        "answers": " ".join(f"{each.item}={each.code}" for each in given.answers),
        "score": given.score,
        "scored_with": "",
        "unanswered": None,
        "note": storable(given.note, field="note"),
    }
    if given.answers:
        text, answers = case.gathered.texts[given.instrument], _by_item(given)
        row["score"] = scoring.score(text, answers)
        row["scored_with"] = text.version
        row["unanswered"] = len(scoring.unanswered(text, answers))
    return row


def _by_item(given: shape.Scored) -> dict[str, str]:
    return {answer.item: answer.code for answer in given.answers}


def tell_the_nurse(stored: Sequence[Stored]) -> None:
    """Raise an alert for each answer or score that reaches a nurse at once."""
    gathered = stored[0].case.gathered

    def now(item: Stored) -> str:
        given: shape.Scored | None = item.case.draft.fact
        return _words(gathered, given.instrument, _by_item(given), given.score) if given else ""

    def before(row: models.Scored) -> str:
        return _words(gathered, row.instrument, row.answered(), row.score)

    concern.tell(stored, words=now, fact=models.Scored, told=before)


def _words(gathered: Gathered, code: str, answers: Mapping[str, str], score: int | None) -> str:
    """Return what the nurse should know of these answers; empty where there is nothing."""
    instrument, text = gathered.instruments[code], gathered.texts.get(code)
    if text and answers:  # what was left out can only add to it
        score = scoring.at_least(text, answers)
    told = [_raised(rule, text, answers, score) for rule in instrument.nurse]
    return "; ".join(filter(None, told))


def _raised(rule: Rule, text: Text | None, answers: Mapping[str, str], score: int | None) -> str:
    label = said(rule.label, _spoken())
    if not rule.item:
        return f"{label}: {score}" if score is not None and score >= rule.start else ""
    question = text.question(rule.item) if text else None
    option = question.option(answers.get(rule.item, "")) if question else None
    if option is None or option.value is None or option.value < rule.start:
        return ""
    return f"{label}: {said(option.label, _spoken())}"


KIND = Kind(
    name=SCORED,
    shape=shape.Scored,
    model=models.Scored,
    decide=decide,
    build=build,
    from_phone=True,
    gather=Gathered,
    after=tell_the_nurse,
)
