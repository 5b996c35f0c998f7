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
from milieu.census.services import HERE, everyone_joined, surviving
from milieu.kernel import clock
from milieu.kernel.clock import wall_time
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.access import not_allowed
from milieu.people.models import INTERFACE, Person
from milieu.people.rules import Action, allowed
from milieu.record.grounds import not_in_the_future
from milieu.record.kinds import Case, Kind
from milieu.record.ledger import append_here
from milieu.record.models import Entry
from milieu.record.rows import Values

NAME = "stay.movement"
FUTURE_SLACK = timedelta(minutes=2)  # two clocks in one house differ by less
NEWEST = 2**63 - 1  # stored after everything that is there

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
        Refusal ``in-the-future``, ``out-of-order``, ``later-movement``, ``bed-taken``,
        ``unknown-bed``, ``escort-missing``, ``back-too-early``, ``text-unusable``.
    """
    draft, said = case.draft, case.draft.fact
    what = What(said.what) if said else None
    from_feed = case.author.username == INTERFACE
    if not from_feed:
        _require(case, ACTION[what] if what else Action.ADMIT)
    not_in_the_future(case, slack=FUTURE_SLACK)
    if said is None or what is None:
        return
    storable(said.note, field="note")
    wrong = case.wrong.seq if case.wrong else None
    moves = [move for move in moves_of([case.stay.pk])[case.stay.pk] if move.seq != wrong]
    before = standing(move for move in moves if move.at <= draft.happened_at)
    state = before.state if before else None
    if what not in FOLLOWS[state]:
        raise Refusal(
            "out-of-order",
            _("At that time this person was %(state)s. Check the time and what was recorded.")
            % {"state": SAID[state]},
            field="what" if before else "at",  # nobody can have left who had not come yet
        )
    if not from_feed:
        _require_whole(said, at=draft.happened_at)
        _require_fits(case, moves, _move(said, draft.happened_at))
        if said.bed:
            _require_free(said.bed, unit_id=said.unit, stay=case.stay)


def build(case: Case) -> Values:
    """Return the row of a movement."""
    said: Shape = case.draft.fact
    return {
        "what": said.what,
        "unit_id": said.unit,
        "bed_id": said.bed,
        "escort_id": said.escort,
        "back_by": said.back_by,
        "note": storable(said.note, field="note"),
    }


KIND = Kind(name=NAME, shape=Shape, model=Movement, decide=decide, build=build)


def _require(case: Case, action: Action) -> None:
    """Pass if the author may do this on the unit that the stay is on, or is coming to."""
    units = [case.standing.unit_id] if case.standing else []
    if case.draft.fact and case.draft.fact.what == What.ADMIT:
        units = [case.draft.fact.unit]
    if not any(allowed(action, case.reach.get(unit, ())) for unit in units):
        raise not_allowed(action)


def _require_whole(said: Shape, *, at: datetime) -> None:
    """Pass if what a person says of a movement is all there and agrees with itself."""
    if What(said.what) is What.ESCORT and said.escort is None:
        raise Refusal(
            "escort-missing",
            _("Choose who goes with them. Only a named escort can."),
            field="escort",
        )
    if said.back_by and said.back_by <= at:
        raise Refusal(
            "back-too-early", _("This is before they left. Choose a later time."), field="back_by"
        )


def _require_fits(case: Case, moves: Iterable[Move], new: Move) -> None:
    """Pass if what happened next, as recorded, can still follow this movement."""
    later = [move for move in moves if move.at > new.at]
    if not later:
        return
    after = standing([*(move for move in moves if move.at <= new.at), new])
    following = min(later, key=lambda move: (move.at, move.seq))
    if after and following.what not in FOLLOWS[after.state]:
        raise Refusal(
            "later-movement",
            _("At %(time)s something is recorded that cannot follow this. Cancel that first.")
            % {"time": wall_time(following.at, case.unit.zone)},
            field="at",
        )


def _move(said: Shape, at: datetime) -> Move:
    return Move(at=at, seq=NEWEST, what=What(said.what), unit=said.unit, bed=said.bed)


def _require_free(bed_id: UUID, *, unit_id: UUID | None, stay: Stay) -> None:
    # Locked, so that two admissions at the same moment cannot both find it free.
    beds = Bed.objects.select_for_update(of=("self",)).select_related("room")
    bed = beds.filter(pk=bed_id, room__unit=unit_id).first()
    if bed is None:
        raise Refusal(
            "unknown-bed", _("This bed is not on that unit. Choose another."), field="bed"
        )
    if is_taken(bed, besides=stay):
        raise Refusal(
            "bed-taken",
            _("Bed %(bed)s is taken. Choose another, or move the person who has it.")
            % {"bed": bed},
            field="bed",
        )


def is_taken(bed: Bed, *, besides: Stay | None) -> bool:
    """Return whether somebody else than ``besides`` has this bed now."""
    there = Standing.objects.as_system("whether a bed is free").filter(bed=bed, state__in=HERE)
    return bool(there.exclude(stay=besides).exists())


def moves_of(stays: Iterable[UUID]) -> dict[UUID, list[Move]]:
    """Return the movements of these stays that stand, in one statement."""
    rows = (
        Movement.objects.as_system("the caller narrows the stays")
        .filter(entry__stay__in=list(stays), entry__kind=NAME, entry__amended_by=None)
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
    stays = Stay.objects.as_system("admission asks for anyone").filter(
        patient__in=everyone_joined(patient), standing__state__in=HERE
    )
    found: Stay | None = stays.select_related("standing__unit", "patient").order_by("-pk").first()
    return found


def last_movement(stay: Stay, what: What) -> Entry | None:
    """Return the latest movement of this kind that stands, or None."""
    movement = (
        Movement.objects.as_system("the caller narrows the stays")
        .filter(entry__stay=stay, entry__kind=NAME, what=what, entry__amended_by=None)
        .select_related("entry")
        .order_by("-entry__happened_at", "-entry_id")
        .first()
    )
    return movement.entry if movement else None


def admitted_by(entry_id: UUID) -> Stay | None:
    """Return the stay that an entry with this id began, or None."""
    entries = Entry.objects.as_system("the same admission again").filter(kind=NAME)
    entry = entries.select_related("stay__patient").filter(entry_id=entry_id).first()
    return entry.stay if entry else None


def already_here(stay: Stay) -> Refusal:
    """Return the refusal that says since when, and where, this person is in care already."""
    day = stay.standing.admitted_at.astimezone(stay.standing.unit.zone)
    return Refusal(
        "already-here",
        _("This person is on %(unit)s since %(day)s. Transfer or discharge them there first.")
        % {"unit": stay.standing.unit, "day": f"{day:%Y-%m-%d}"},
    )


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
        Refusal ``entry-id-reused``: this id admitted someone else.
        Refusal: those of ``decide``.
    """
    # Locked, so that two admissions of one person at the same moment take turns.
    Patient.objects.as_system("admission").select_for_update().get(pk=patient.pk)
    if before := admitted_by(entry_id):
        if surviving(before.patient) != surviving(patient):
            raise Refusal(
                "entry-id-reused",
                _("This page has already admitted someone else. Open it again for this person."),
            )
        return before
    if here := open_stay(patient):
        raise already_here(here)
    stay = Stay.objects.create(patient=surviving(patient))
    said = Shape(what="admit", unit=unit.pk, bed=bed.pk if bed else None, note=note)
    _append(entry_id, stay.pk, said, at=at, by=by)
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
    """Move someone to another unit or bed; the due time goes along. Raises as ``decide`` does."""
    said = Shape(what="transfer", unit=unit.pk, bed=bed.pk if bed else None, note=note)
    return _append(entry_id, stay.pk, said, at=at, by=by)


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
    return _append(entry_id, stay.pk, Shape(what="leave", back_by=back_by, note=note), at=at, by=by)


def escort(
    *,
    entry_id: UUID,
    stay: Stay,
    at: datetime,
    by: Person,
    escort: Person,
    back_by: datetime | None = None,
) -> Entry:
    """Send someone off the unit with a named escort, who sees them. Raises as ``decide`` does."""
    said = Shape(what="escort", escort=escort.pk, back_by=back_by)
    return _append(entry_id, stay.pk, said, at=at, by=by)


def back(*, entry_id: UUID, stay: Stay, at: datetime, by: Person) -> Entry:
    """Record a return: the clock starts at that moment. Raises as ``decide`` does."""
    return _append(entry_id, stay.pk, Shape(what="return"), at=at, by=by)


def discharge(*, entry_id: UUID, stay: Stay, at: datetime, by: Person, note: str = "") -> Entry:
    """End a stay. Raises as ``decide`` does."""
    return _append(entry_id, stay.pk, Shape(what="discharge", note=note), at=at, by=by)


def cancel(*, entry_id: UUID, movement: Entry, at: datetime, by: Person, reason: str) -> Entry:
    """Strike a movement out: it did not happen. Both stay visible. Raises as ``decide`` does."""
    return _append(
        entry_id, movement.stay_id, None, at=at, by=by, amends=movement.entry_id, reason=reason
    )


def _append(
    entry_id: UUID,
    stay_id: UUID,
    said: Shape | None,
    *,
    at: datetime,
    by: Person,
    amends: UUID | None = None,
    reason: str = "",
) -> Entry:
    return append_here(
        NAME,
        said,
        entry_id=entry_id,
        stay_id=stay_id,
        by=by.pk,
        at=at,
        written_at=max(at, clock.now()),
        amends=amends,
        reason=reason,
    )
