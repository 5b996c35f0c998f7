"""Who may call the pages on which people in care are observed: rows of ``test_routes.TABLE``."""

from milieu.behavior.shape import Episode, ShiftSeen
from milieu.calm.shape import OwnPlan, Tried
from milieu.crisis.shape import Occurrence, Start
from milieu.instruments.shape import Scored
from milieu.intake.shape import Drink, Meal
from milieu.people.rules import GRANTED, Action, Role
from milieu.vitals.shape import OxygenScale, VitalSigns
from milieu.watch.models import Notice
from tests.cast import NIGHT, outcomes
from tests.routes import NO, House, Row, Says, Where

SEE = GRANTED[Action.SEE]
NURSES = GRANTED[Action.NOTICES]
CHOOSE = GRANTED[Action.SET_NOTICES]
FLOOR = GRANTED[Action.CHECK]
SCORE = GRANTED[Action.SCORE]
CALM = GRANTED[Action.CALM]
MEASURE = GRANTED[Action.MEASURE]
REPORT = GRANTED[Action.REPORT]
LAWS = GRANTED[Action.SET_LAWS]
KEEP = GRANTED[Action.KEEP_TRAINING]
RESTRAIN = GRANTED[Action.RESTRAIN]
ORDER = GRANTED[Action.ORDER_RESTRAINT]
SCALE = GRANTED[Action.ORDER_SCALE]
DEBRIEF = GRANTED[Action.DEBRIEF]
AMEND = GRANTED[Action.AMEND_ANY] | {Role.TECHNICIAN}  # the lead, and whoever wrote it
TYPED = Scored(instrument="cows", outcome="answered", score=7)


def stay(house: House, where: Where) -> dict[str, object]:
    return {"stay_id": house.stay(where).pk}


def entry_of(house: House, where: Where, kind: str, fact: object) -> dict[str, object]:
    """Return an entry by the unit's technician, who may amend it as its author."""
    phone, stay, author = house.phone(where), house.stay(where), house.technician(where)
    draft = house.cast.check(stay, kind=kind, author_id=author.pk, device_id=phone.pk, fact=fact)
    assert outcomes(house.cast.store(draft)) == ["stored"]
    return {"entry_id": draft.entry_id}


def unit(house: House, where: Where) -> dict[str, object]:
    return {"unit_id": house.stay(where).standing.unit_id}


def notice(house: House, where: Where) -> dict[str, object]:
    stay = house.stay(where)
    made = Notice.objects.as_system("a test").create(
        stay=stay, unit=stay.standing.unit, at=NIGHT, told_at=NIGHT
    )
    return {"notice_id": made.pk}


def vital_signs(house: House, where: Where) -> dict[str, object]:
    return entry_of(house, where, "vitals.set", VitalSigns(outcome="taken", pulse=72))


def oxygen_scale(house: House, where: Where) -> dict[str, object]:
    nurse = (house.here if where == "north" else house.there)[Role.NURSE]
    fact = OxygenScale(scale=2, why="Confirmed by Dr. Ito")
    draft = house.cast.check(
        house.stay(where), kind="vitals.scale", author_id=nurse.pk, device_id=None, fact=fact
    )
    assert outcomes(house.cast.store(draft)) == ["stored"]
    return {"entry_id": draft.entry_id}


def meal(house: House, where: Where) -> dict[str, object]:
    return entry_of(house, where, "intake.meal", Meal(meal="lunch", outcome="eaten", share=50))


def drink(house: House, where: Where) -> dict[str, object]:
    return entry_of(house, where, "intake.drink", Drink(ml=200))


def shift_seen(house: House, where: Where) -> dict[str, object]:
    said = ShiftSeen(shift="night", outcome="seen", activity=3)
    return entry_of(house, where, "behavior.shift", said)


def episode(house: House, where: Where) -> dict[str, object]:
    said = Episode(antecedent="Phone was taken", behavior="Shouted", consequence="Walked along")
    return entry_of(house, where, "behavior.episode", said)


def scored(house: House, where: Where) -> dict[str, object]:
    return entry_of(house, where, "instrument.scored", TYPED)


def own_plan(house: House, where: Where) -> dict[str, object]:
    return entry_of(house, where, "calm.plan", OwnPlan(agreement="agreed", helps=("A walk",)))


def tried(house: House, where: Where) -> dict[str, object]:
    said = Tried(of="plan", words="A walk", did="calmer")
    return entry_of(house, where, "calm.tried", said)


def phq_9(house: House, where: Where) -> dict[str, object]:
    return {**stay(house, where), "code": "phq-9"}


def restraint(house: House, where: Where) -> dict[str, object]:
    """Return an application that the unit's technician began."""
    technician = house.technician(where)
    said = Start(
        devices=("chair",),
        danger="Hit somebody",
        criteria=("Talks in a quiet voice",),
        applied_by=(technician.pk,),
        basis="emergency",
    )
    return {"application_id": entry_of(house, where, "restraint.start", said)["entry_id"]}


def restraint_entry(house: House, where: Where) -> dict[str, object]:
    return {"entry_id": restraint(house, where)["application_id"]}


def occurred(house: House, where: Where) -> dict[str, object]:
    """Return an occurrence that the unit's nurse wrote down."""
    stay, nurse = house.stay(where), house.cast.nora if where == "north" else house.cast.sana
    said = Occurrence(
        what="serious-injury", relation="during", known_at=NIGHT, words="Broke an arm"
    )
    draft = house.cast.check(
        stay, kind="occurrence.known", author_id=nurse.pk, device_id=None, fact=said
    )
    assert outcomes(house.cast.store(draft)) == ["stored"]
    return {"entry_id": draft.entry_id}


OBSERVED = {
    # crisis
    "restraint-now": Row(get=Says(200, SEE), of=unit),
    "restraint-laws": Row(get=Says(200, LAWS), post=Says(422, LAWS), of=unit),
    "restraint-trained": Row(get=Says(200, KEEP), post=Says(422, KEEP), of=unit),
    "restraint-start": Row(get=Says(200, RESTRAIN), post=Says(422, RESTRAIN), of=stay),
    "restraint": Row(get=Says(200, SEE), of=restraint),
    "restraint-record": Row(get=Says(200, SEE), of=restraint),
    "restraint-change": Row(get=Says(200, RESTRAIN), post=Says(422, RESTRAIN), of=restraint),
    "restraint-order": Row(get=Says(200, ORDER), post=Says(422, ORDER), of=restraint),
    "restraint-check": Row(get=Says(200, RESTRAIN), post=Says(422, RESTRAIN), of=restraint),
    "restraint-seen": Row(get=Says(200, DEBRIEF), post=Says(422, DEBRIEF), of=restraint),
    "restraint-end": Row(get=Says(200, RESTRAIN), post=Says(422, RESTRAIN), of=restraint),
    "restraint-debrief": Row(get=Says(200, DEBRIEF), post=Says(422, DEBRIEF), of=restraint),
    "restraint-hours": Row(get=Says(200, MEASURE), of=unit),
    "occurrences": Row(get=Says(200, REPORT), of=unit),
    "occurrence": Row(get=Says(200, REPORT), post=Says(422, REPORT), of=stay),
    "occurrence-report": Row(get=Says(200, REPORT), post=Says(422, REPORT), of=occurred),
    "restraint-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=restraint_entry),
    # sleep
    "nights": Row(get=Says(200, SEE), of=stay),
    # watch
    "glance": Row(get=Says(200, SEE), of=stay),
    "unit-glance": Row(get=Says(200, SEE), of=unit),
    "notices": Row(get=Says(200, NURSES), of=unit),
    "notices-settings": Row(get=Says(200, CHOOSE), post=Says(422, CHOOSE), of=unit),
    "notice-mark": Row(get=NO, post=Says(302, NURSES), of=notice),
    # vitals, intake
    "vitals": Row(get=Says(200, SEE), of=stay),
    "vitals-take": Row(get=Says(200, FLOOR), post=Says(422, FLOOR), of=stay),
    "vitals-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=vital_signs),
    "vitals-scale": Row(get=Says(200, SCALE), post=Says(422, SCALE), of=stay),
    "vitals-scale-amend": Row(get=Says(200, NURSES), post=Says(422, NURSES), of=oxygen_scale),
    "intake": Row(get=Says(200, SEE), of=stay),
    "intake-meal": Row(get=Says(200, FLOOR), post=Says(422, FLOOR), of=stay),
    "intake-drink": Row(get=Says(200, FLOOR), post=Says(422, FLOOR), of=stay),
    "intake-meal-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=meal),
    "intake-drink-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=drink),
    # behavior
    "behavior": Row(get=Says(200, SEE), of=stay),
    "behavior-shift": Row(get=Says(200, FLOOR), post=Says(422, FLOOR), of=stay),
    "behavior-episode": Row(get=Says(200, FLOOR), post=Says(422, FLOOR), of=stay),
    "behavior-shift-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=shift_seen),
    "behavior-episode-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=episode),
    # calm
    "plan": Row(get=Says(200, SEE), of=stay),
    "plan-versions": Row(get=Says(200, SEE), of=stay),
    "plan-write": Row(get=Says(200, CALM), post=Says(422, CALM), of=stay),
    "plan-tried": Row(get=Says(200, CALM), post=Says(422, CALM), of=stay),
    "plan-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=own_plan),
    "tried-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=tried),
    # instruments
    "instruments": Row(get=Says(200, SEE), of=stay),
    "instrument": Row(get=Says(200, SCORE), post=Says(422, SCORE), of=phq_9),
    "instrument-amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=scored),
}
OF_OBSERVED = (
    *(
        stay,
        unit,
        notice,
        vital_signs,
        oxygen_scale,
        meal,
        drink,
        shift_seen,
        episode,
        own_plan,
        tried,
    ),
    *(scored, phq_9, occurred, restraint, restraint_entry),
)
