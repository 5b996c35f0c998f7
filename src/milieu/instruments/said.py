"""What an instrument showed, in one sentence: the score, what it is called, and by whom."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milieu.instruments.catalogue import Instrument, band, said, slots
from milieu.instruments.models import Scored
from milieu.instruments.services import instruments


def of_scored(row: Scored, language: str) -> str:
    """Return ``PHQ-9: 12 of 27, moderate``; without a score, why there is none."""
    instrument = slots().get(row.instrument) or instruments().get(row.instrument)
    title = said(instrument.title, language) if instrument else row.instrument
    names = {"title": title}
    match row.outcome:
        case "declined":
            return _("%(title)s: did not want to answer") % names
        case "could-not":
            return _("%(title)s: could not be done") % names
    if row.score is None:
        words = ngettext(
            "%(title)s: no score, %(n)d question was left out",
            "%(title)s: no score, %(n)d questions were left out",
            row.unanswered or 0,
        )
        return words % {**names, "n": row.unanswered or 0}
    return _("%(title)s: %(score)s") % {**names, "score": _score(row, instrument, language)}


def _score(row: Scored, instrument: Instrument | None, language: str) -> str:
    assert row.score is not None, "Asked before."
    if instrument is None:
        return str(row.score)
    if instrument.own_range and row.answers:
        return str(row.score)  # the loaded text counts otherwise than the slot
    score = _("%(score)d of %(high)d") % {"score": row.score, "high": instrument.high}
    if row.answers == "":
        score = _("%(score)s, typed from the facility's form") % {"score": score}
    called = band(instrument, row.score)
    return f"{score}, {said(called[0], language)}" if called else score
