"""What goes together in a set of vital signs, and when to try again. Plain."""

from datetime import datetime, timedelta
from typing import Final

from milieu.kernel.errors import Refusal
from milieu.kernel.text import gettext_noop
from milieu.vitals.shape import VitalSigns

MEASURED: Final = (
    *("temperature_tenths", "pulse", "breaths", "systolic", "diastolic", "oxygen"),
    *("awareness", "pain", "weight_tenths"),
)
BESIDE: Final = ("temperature_unit", "position", "air", "weight_unit")  # what says more of those


def agree(said: VitalSigns) -> None:
    """Pass if the parts of a set go together.

    Raises:
        Refusal ``why-missing``, ``not-taken-says-more``, ``why-not-needed``, ``nothing-said``,
        ``unit-missing``, ``pressure-halved``, ``pressure-reversed``.
    """
    noted = [name for name in (*MEASURED, *BESIDE) if getattr(said, name) not in ("", None)]
    if said.outcome != "taken":
        _not_taken(said, noted)
        return
    if said.why:
        text = gettext_noop("They were taken: leave the reason out.")
        raise Refusal("why-not-needed", text, field="why")
    if not any(getattr(said, name) not in ("", None) for name in MEASURED):
        raise Refusal("nothing-said", gettext_noop("Write at least one measure."))
    for name in ("temperature", "weight"):
        if getattr(said, f"{name}_tenths") is not None and not getattr(said, f"{name}_unit"):
            text = gettext_noop("Say in which unit it was measured.")
            raise Refusal("unit-missing", text, field=f"{name}_unit")
    _pressure(said)


def _not_taken(said: VitalSigns, noted: list[str]) -> None:
    if said.outcome == "declined" and not said.why.strip():
        text = gettext_noop("Say in a few words why they declined.")
        raise Refusal("why-missing", text, field="why")
    if noted:
        text = gettext_noop("Nothing was taken, so nothing was measured. Leave the measures out.")
        raise Refusal("not-taken-says-more", text, field=noted[0])


def _pressure(said: VitalSigns) -> None:
    upper, lower = said.systolic, said.diastolic
    if (upper is None) != (lower is None):
        text = gettext_noop("Blood pressure has two numbers. Write both.")
        raise Refusal("pressure-halved", text, field="systolic" if upper is None else "diastolic")
    if upper is not None and lower is not None and upper <= lower:
        text = gettext_noop("The upper number of a blood pressure is the larger one.")
        raise Refusal("pressure-reversed", text, field="systolic")


def again_by(at: datetime, *, hours: int) -> datetime:
    """Return by when vital signs that were not taken at ``at`` are to be tried again."""
    return at + timedelta(hours=hours)
