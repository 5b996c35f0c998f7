"""Who may say what was measured, and when it is refused; and the alert where the nurse is told."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.alerts import concern
from milieu.census.packs import LANGUAGE
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.rules import Action
from milieu.record.kinds import Case, Kind, Stored
from milieu.record.rows import Values
from milieu.rounds.grounds import may_say
from milieu.vitals import models, rules, shape
from milieu.vitals.measures import Measure, measures, mistyped, taken

SET = "vitals.set"
TEXTS = ("why", "note", "nurse_should_know")


def decide(case: Case) -> None:
    """Weigh a set of vital signs.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``looks-mistyped``, ``unknown-code``, ``text-unusable``, and as ``rules.agree``.
    """
    may_say(case, Action.CHECK)
    said: shape.VitalSigns | None = case.draft.fact
    if said is None:
        return
    rules.agree(said)
    for code in said.confirmed:
        if code not in measures():
            raise Refusal(
                "unknown-code",
                _("There is no measure %(code)r.") % {"code": code},
                field="confirmed",
            )
    for measure in mistyped(said):
        raise Refusal(
            "looks-mistyped", doubt(measure, taken(said)[measure.code]), field=measure.code
        )
    for name in TEXTS:
        storable(getattr(said, name), field=name)


def doubt(measure: Measure, value: float) -> str:
    """Return what is asked about a value that looks like a slip of the finger."""
    return _("%(name)s %(value)g %(unit)s looks mistyped. Put it right, or say that it is so.") % {
        "name": measure.said(get_language() or LANGUAGE),
        "value": value,
        "unit": measure.unit,
    }


def build(case: Case) -> Values:
    """Return the row of a set."""
    said: shape.VitalSigns = case.draft.fact
    plain = [name for name in said.__struct_fields__ if name not in (*TEXTS, "confirmed")]
    return {
        **{name: getattr(said, name) for name in plain},
        **{name: storable(getattr(said, name), field=name) for name in TEXTS},
        "confirmed": " ".join(sorted({code for code in said.confirmed if code})),
    }


def tell(stored: Sequence[Stored]) -> None:
    """Raise an alert for each that the nurse should know of."""
    concern.tell_what_was_written(stored, models.VitalSigns)


KIND = Kind(
    name=SET,
    shape=shape.VitalSigns,
    model=models.VitalSigns,
    decide=decide,
    build=build,
    from_phone=True,
    after=tell,
)
