"""What an entry says, in one sentence, for each kind of fact."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from milieu.admissions.models import Movement
from milieu.admissions.rules import What
from milieu.behavior.said import of_episode, of_shift
from milieu.board.cards import Seen
from milieu.board.handed import offered, taken
from milieu.board.words import sentence
from milieu.calm.said import of_plan, of_tried
from milieu.census.models import Unit
from milieu.census.sentences import parts
from milieu.crisis import kinds as crisis
from milieu.crisis.said import said_of
from milieu.incident.said import of_mark, of_notified, of_report
from milieu.instruments.said import of_scored
from milieu.intake.said import of_drink, of_meal
from milieu.kernel.clock import wall_time
from milieu.record.kinds import fact_of
from milieu.record.models import Entry
from milieu.rounds.models import LevelOrder, SafetyCheck
from milieu.rounds.services import CHECK
from milieu.sleep.models import DoorwayLook, EndSleep, ProtectSleep
from milieu.vitals.said import of_scale, of_set

MOVEMENT = "stay.movement"
NAMED = {  # by kind: who and what its fact names, for its sentence to say
    "round.check": ("second",),
    "round.level": ("observer",),
    "round.take": ("without",),
    "round.offer": ("to",),
    MOVEMENT: ("unit", "bed__room", "escort"),
    "incident.mark": ("who",),
    crisis.ORDER: ("ordered_by",),
}
AMENDED_AT = {  # the page on which an entry of this kind is put right
    MOVEMENT: "cancel-movement",
    "round.check": "amend",
    "vitals.set": "vitals-amend",
    "vitals.scale": "vitals-scale-amend",
    "intake.meal": "intake-meal-amend",
    "intake.drink": "intake-drink-amend",
    "behavior.shift": "behavior-shift-amend",
    "behavior.episode": "behavior-episode-amend",
    "instrument.scored": "instrument-amend",
    "incident.mark": "incident-mark-amend",
    "incident.report": "incident-report-amend",
    "incident.notified": "incident-told-amend",
    "calm.plan": "plan-amend",
    "calm.tried": "tried-amend",
    **dict.fromkeys(crisis.FACTS, "restraint-amend"),
}
BESIDE = (
    "round.check",
    "vitals.set",
    "intake.meal",
    "intake.drink",
    "behavior.shift",
    "behavior.episode",
    "instrument.scored",
    "calm.tried",
    crisis.CHECK,
)  # kinds whose facts may hold words of their own


REPLIED = {
    "accept": gettext_lazy("Accepted the handing over"),
    "decline": gettext_lazy("Declined the handing over"),
    "withdraw": gettext_lazy("Withdrew the offer"),
}
MOVED = {
    What.ADMIT: gettext_lazy("Admitted to %(place)s"),
    What.TRANSFER: gettext_lazy("Moved to %(place)s"),
    What.LEAVE: gettext_lazy("Went on leave"),
    What.ESCORT: gettext_lazy("Left the unit with an escort"),
    What.RETURN: gettext_lazy("Came back"),
    What.DISCHARGE: gettext_lazy("Discharged"),
}


class Speech(NamedTuple):
    """How entries are read here: the unit's words and clock, and the reader's language."""

    unit: Unit
    language: str

    def said_at(self, moment: datetime, *, day: bool = False) -> str:
        """Return a time of the unit's clock, with its date when asked."""
        local = moment.astimezone(self.unit.zone)
        hour = wall_time(moment, self.unit.zone)
        date = _("D, F j")  # not inside an f-string, where xgettext does not look
        return f"{date_format(local, date)} {hour}" if day else hour

    @property
    def zone(self) -> ZoneInfo:
        """The unit's zone."""
        return self.unit.zone


def said(entry: Entry, speech: Speech) -> str:
    """Return what an entry says. An entry that only strikes another out says so."""
    if entry.struck:
        return _("Struck out an entry")
    says = SAYS.get(entry.kind)
    return says(entry, speech) if says else entry.kind


def check_of(entry: Entry) -> SafetyCheck | None:
    """Return the check that an entry is; None for any other, and for one that only strikes out."""
    found: SafetyCheck | None = fact_of(entry) if entry.kind == CHECK else None
    return found


def beside(entry: Entry) -> tuple[str, str]:
    """Return the note of an entry, and what it tells the nurse; empty where there is none."""
    fact = fact_of(entry) if entry.kind in BESIDE else None
    return getattr(fact, "note", ""), getattr(fact, "nurse_should_know", "")


def of_check(check: SafetyCheck, speech: Speech) -> str:
    """Return what a check says: ``Own room, lying, eyes closed``."""
    seen = Seen(*(getattr(check, field) for field in Seen._fields))
    return sentence(seen, speech.unit.pack_name, speech.language)


def _level(order: LevelOrder, speech: Speech) -> str:
    level = speech.unit.pack.level(order.level)
    text = f"{level.short}: {level.said(speech.language)}"
    if order.observer:
        text = _("%(level)s, with %(name)s") % {"level": text, "name": order.observer.short_name}
    return _("%(level)s. Why: %(why)s") % {"level": text, "why": order.why}


def _protected(order: ProtectSleep, _speech: Speech) -> str:
    words = ngettext(
        "Sleep is protected from %(start)s to %(end)s, %(nights)d night. Why: %(why)s",
        "Sleep is protected from %(start)s to %(end)s, %(nights)d nights. Why: %(why)s",
        order.nights,
    )
    return words % {
        "start": order.from_hour,
        "end": order.to_hour,
        "nights": order.nights,
        "why": order.why,
    }


def _unprotected(end: EndSleep, _speech: Speech) -> str:
    return _("Sleep is no longer protected. Why: %(why)s") % {"why": end.why}


def _doorway(look: DoorwayLook, speech: Speech) -> str:
    blank = dict.fromkeys(Seen._fields, "")
    breath = Seen(**blank | {"breathing": look.breathing, "why": look.why})
    seen = parts(breath, speech.unit.pack_name, speech.language)
    if look.woken == "yes":
        return _("From the doorway: %(seen)s. The look woke them") % {"seen": seen}
    return _("From the doorway: %(seen)s. Not woken") % {"seen": seen}


def _movement(movement: Movement, speech: Speech) -> str:
    text = _moved(movement)
    if movement.back_by:
        back = speech.said_at(movement.back_by, day=True)
        text = _("%(movement)s, back by %(time)s") % {"movement": text, "time": back}
    return text


def _moved(movement: Movement) -> str:
    what = What(movement.what)
    if what is What.ESCORT and movement.escort:
        return _("Left the unit with %(name)s") % {"name": movement.escort.short_name}
    return str(MOVED[what]) % {"place": _place(movement)}


def _place(movement: Movement) -> str:
    return f"{movement.unit}, {movement.bed}" if movement.bed else str(movement.unit)


def _restraint(entry: Entry, speech: Speech) -> str:
    return said_of(entry.kind, fact_of(entry), speech.unit.pack_name, speech.language)


SAYS: dict[str, Callable[[Entry, Speech], str]] = {
    "round.check": lambda entry, speech: of_check(entry.safetycheck, speech),
    "round.level": lambda entry, speech: _level(entry.levelorder, speech),
    "round.take": lambda entry, _speech: taken(entry.take),
    "round.give": lambda _entry, _speech: _("Given back: anyone may take over"),
    "round.offer": lambda entry, speech: offered(entry.offer, speech),
    "round.reply": lambda entry, _speech: str(REPLIED[entry.reply.says]),
    "stay.movement": lambda entry, speech: _movement(entry.movement, speech),
    "sleep.protect": lambda entry, speech: _protected(entry.protectsleep, speech),
    "sleep.end": lambda entry, speech: _unprotected(entry.endsleep, speech),
    "sleep.look": lambda entry, speech: _doorway(entry.doorwaylook, speech),
    "vitals.set": lambda entry, speech: of_set(entry.vitalsigns, speech.language),
    "vitals.scale": lambda entry, _speech: of_scale(entry.oxygenscale),
    "intake.meal": lambda entry, speech: of_meal(
        entry.meal, speech.unit.pack.intake, speech.language
    ),
    "intake.drink": lambda entry, speech: of_drink(
        entry.drink, speech.unit.pack.intake, speech.language
    ),
    "behavior.shift": lambda entry, speech: of_shift(
        entry.shiftseen, speech.unit.pack_name, speech.language
    ),
    "behavior.episode": lambda entry, speech: of_episode(
        entry.episode, speech.unit.pack_name, speech.language
    ),
    **dict.fromkeys((*crisis.FACTS, *crisis.OUTSIDE), _restraint),
    "instrument.scored": lambda entry, speech: of_scored(entry.scored, speech.language),
    "incident.mark": lambda entry, speech: of_mark(
        entry.incidentmark, speech.unit.pack_name, speech.language
    ),
    "incident.report": lambda entry, speech: of_report(
        entry.incidentreport, speech.unit.pack_name, speech.language
    ),
    "incident.notified": lambda entry, speech: of_notified(
        entry.incidentnotified, speech.unit.pack_name, speech.language
    ),
    "calm.plan": lambda entry, _speech: of_plan(entry.ownplan),
    "calm.tried": lambda entry, _speech: of_tried(entry.tried),
}
