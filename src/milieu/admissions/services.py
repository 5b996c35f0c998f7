"""What people and feeds may do about where someone in care is."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.admissions.models import Movement
from milieu.admissions.rules import FOLLOWS, Move, What, standing
from milieu.admissions.shape import Movement as Shape
from milieu.census.models import Bed, Patient, Standing, Stay, Unit
from milieu.census.services import HERE, surviving
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import not_allowed
from milieu.people.models import INTERFACE, Person
from milieu.people.rules import Action, allowed
from milieu.record.kinds import Case, Draft, Kind
from milieu.record.ledger import append_one
from milieu.record.models import Entry, Fact

NAME = "stay.movement"
FUTURE_SLACK = timedelta(minutes=2)  # two clocks in one house differ by less

ACTION = {
    What.ADMIT: Action.ADMIT,
    What.TRANSFER: Action.TRANSFER,
    What.LEAVE: Action.LEAVE,
    What.ESCORT: Action.LEAVE,
    What.RETURN: Action.LEAVE,
    What.DISCHARGE: Action.DISCHARGE,
}

SAID = {
    None: gettext_lazy("not admitted"),
    "in": gettext_lazy("on the unit"),
    "leave": gettext_lazy("on leave"),
    "escort": gettext_lazy("off the unit with an escort"),
    "discharged": gettext_lazy("discharged"),
}


def decide(case: Case) -> None:
    """Weigh one movement, or the striking out of one.

    Raises:
        Refusal ``not-allowed``: only a nurse, and the hospital's feed, move people.
        Refusal ``in-the-future``, ``out-of-order``, ``bed-taken``, ``unknown-bed``.
    """
    draft, said = case.draft, case.draft.fact
    what = What(said.what) if said else None
    from_feed = case.author.username == INTERFACE
    if not from_feed:
        _require(case, ACTION[what] if what else Action.ADMIT)
    if draft.happened_at > case.times.received_at + FUTURE_SLACK:
        raise Refusal(
            "in-the-future", _("This time has not come yet. Choose an earlier one."), field="at"
        )
    if said is None or what is None:
        return
    wrong = case.wrong.seq if case.wrong else None
    moves = (move for move in moves_of([case.stay.pk])[case.stay.pk] if move.seq != wrong)
    before = standing(move for move in moves if move.at <= draft.happened_at)
    state = before.state if before else None
    if what not in FOLLOWS[state]:
        raise Refusal(
            "out-of-order",
            _("At that time this person was %(state)s. Check the time and what was recorded before.")
            % {"state": SAID[state]},
            field="what",
        )
    if said.bed and not from_feed:
        _require_free(said.bed, unit_id=said.unit, stay=case.stay)


def build(case: Case) -> Fact:
    """Return the row of a movement."""
    said: Shape = case.draft.fact
    return Movement(
        what=said.what,
        unit_id=said.unit,
        bed_id=said.bed,
        escort_id=said.escort,
        back_by=said.back_by,
        note=said.note,
    )


KIND = Kind(name=NAME, shape=Shape, model=Movement, decide=decide, build=build)


def _require(case: Case, action: Action) -> None:
    """Pass if the author may do this on the unit that the stay is on, or is coming to."""
    standing_now = getattr(case.stay, "standing", None)
    units = [standing_now.unit_id] if standing_now else []
    if case.draft.fact and case.draft.fact.what == What.ADMIT:
        units = [case.draft.fact.unit]
    if not any(allowed(action, case.reach.get(unit, ())) for unit in units):
        raise not_allowed(action)


def _require_free(bed_id: UUID, *, unit_id: UUID | None, stay: Stay) -> None:
    bed = Bed.objects.filter(pk=bed_id, room__unit=unit_id).first()
    if bed is None:
        raise Refusal("unknown-bed", _("This bed is not on that unit. Choose another."), field="bed")
    if Standing.objects.filter(bed=bed, state__in=HERE).exclude(stay=stay).exists():
        raise Refusal(
            "bed-taken",
            _("Bed %(bed)s is taken. Choose another, or move the person who has it.") % {"bed": bed},
            field="bed",
        )


def moves_of(stays: Iterable[UUID]) -> dict[UUID, list[Move]]:
    """Return the movements of these stays that stand, in one statement."""
    rows = (
        Movement.objects.filter(entry__stay__in=list(stays), entry__amended_by=None)
        .select_related("entry")
        .order_by("entry__happened_at", "entry_id")
    )
    found: dict[UUID, list[Move]] = defaultdict(list)
    for row in rows:
        found[row.entry.stay_id].append(
            Move(
                at=row.entry.happened_at,
                seq=row.entry_id,
                what=What(row.what),
                unit=row.unit_id,
                bed=row.bed_id,
                escort=row.escort_id,
                back_by=row.back_by,
            )
        )
    return found


def open_stay(patient: Patient) -> Stay | None:
    """Return the stay that this person, or whoever was merged into them, has now."""
    people = [surviving(patient), *Patient.objects.as_system("merged").filter(merged_into__survivor=patient)]
    stays = Stay.objects.as_system("admission asks for anyone").filter(
        patient__in=people, standing__state__in=HERE
    )
    found: Stay | None = stays.select_related("standing__unit", "patient").order_by("-pk").first()
    return found


def last_movement(stay: Stay, what: What) -> Entry | None:
    """Return the latest movement of this kind that stands, or None."""
    movement = (
        Movement.objects.filter(entry__stay=stay, what=what, entry__amended_by=None)
        .select_related("entry")
        .order_by("-entry__happened_at", "-entry_id")
        .first()
    )
    return movement.entry if movement else None


@transaction.atomic
def admit(
    *,
    entry_id: UUID,
    patient: Patient,
    unit: Unit,
    at: datetime,
    by: Person,
    bed: Bed | None = None,
    note: str = "",
) -> Stay:
    """Begin a stay. Saying it again with the same ``entry_id`` returns the same stay.

    Raises:
        Refusal ``already-here``: this person has a stay now.
        Refusal: those of ``decide``.
    """
    before = Entry.objects.as_system("the same admission again").filter(entry_id=entry_id).first()
    if before:
        return before.stay
    if here := open_stay(patient):
        raise Refusal(
            "already-here",
            _("This person is on %(unit)s since %(day)s. Transfer or discharge them there first.")
            % {"unit": here.standing.unit, "day": f"{here.standing.admitted_at:%Y-%m-%d}"},
        )
    stay = Stay.objects.create(patient=surviving(patient))
    said = Shape(what="admit", unit=unit.pk, bed=bed.pk if bed else None, note=note)
    _append(entry_id, stay, said, at=at, by=by)
    return stay


def transfer(
    *,
    entry_id: UUID,
    stay: Stay,
    unit: Unit,
    at: datetime,
    by: Person,
    bed: Bed | None = None,
    note: str = "",
) -> Entry:
    """Move someone to another unit or bed. The due time goes with them. Raises as ``decide`` does."""
    said = Shape(what="transfer", unit=unit.pk, bed=bed.pk if bed else None, note=note)
    return _append(entry_id, stay, said, at=at, by=by)


def leave(
    *,
    entry_id: UUID,
    stay: Stay,
    at: datetime,
    by: Person,
    back_by: datetime | None = None,
    note: str = "",
) -> Entry:
    """Send someone on leave: the clock stops, they stay on the list. Raises as ``decide`` does."""
    return _append(entry_id, stay, Shape(what="leave", back_by=back_by, note=note), at=at, by=by)


def escort(
    *, entry_id: UUID, stay: Stay, at: datetime, by: Person, escort: Person, back_by: datetime | None = None
) -> Entry:
    """Send someone off the unit with a named escort, who sees them. Raises as ``decide`` does."""
    said = Shape(what="escort", escort=escort.pk, back_by=back_by)
    return _append(entry_id, stay, said, at=at, by=by)


def back(*, entry_id: UUID, stay: Stay, at: datetime, by: Person) -> Entry:
    """Record a return: the clock starts at that moment. Raises as ``decide`` does."""
    return _append(entry_id, stay, Shape(what="return"), at=at, by=by)


def discharge(*, entry_id: UUID, stay: Stay, at: datetime, by: Person, note: str = "") -> Entry:
    """End a stay. Raises as ``decide`` does."""
    return _append(entry_id, stay, Shape(what="discharge", note=note), at=at, by=by)


def cancel(*, entry_id: UUID, movement: Entry, at: datetime, by: Person, reason: str) -> Entry:
    """Strike a movement out: it did not happen. Both stay visible. Raises as ``decide`` does."""
    return append_one(
        Draft(
            entry_id=entry_id,
            kind=NAME,
            stay_id=movement.stay_id,
            author_id=by.pk,
            happened_at=at,
            written_at=max(at, clock.now()),
            fact=None,
            amends=movement.entry_id,
            reason=reason,
        )
    )


def _append(entry_id: UUID, stay: Stay, said: Shape, *, at: datetime, by: Person) -> Entry:
    return append_one(
        Draft(
            entry_id=entry_id,
            kind=NAME,
            stay_id=stay.pk,
            author_id=by.pk,
            happened_at=at,
            written_at=max(at, clock.now()),
            fact=said,
        )
    )
