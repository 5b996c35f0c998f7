"""What may be done with tags: fix one at a door, move it, retire it. Its past stays."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milieu.census.models import Room, Unit
from milieu.kernel.errors import Refusal
from milieu.people.access import require
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.presence.codes import new_code
from milieu.presence.models import Fixing, Tag
from milieu.presence.sun import UID_BYTES

NXP = "04"  # the first byte of every UID of that maker (ISO/IEC 7816-6)


class Fixed(NamedTuple):
    """A tag that is at a door now."""

    tag: Tag
    room: Room
    since: datetime
    by: Person | None


@transaction.atomic
def enrol(uid: str, room: Room, *, by: Person | None, at: datetime) -> Tag:
    """Fix a tag at a door: a new one, or one that was retired. ``by`` is None on the command line.

    Raises:
        Refusal ``uid-unreadable``, ``tag-known``, ``not-allowed``.
    """
    _may(by, room.unit)
    code = "".join(sign for sign in uid.upper() if sign not in " :-")
    if len(code) != 2 * UID_BYTES or not code.startswith(NXP) or not _is_hex(code):
        text = _("The UID of an NTAG 424 DNA is 14 letters and figures, such as 04DE5F1EACC040.")
        raise Refusal("uid-unreadable", text, field="uid")
    return _fix(Tag.Kind.NFC, code, room, by=by, at=at)


@transaction.atomic
def print_code(room: Room, *, by: Person | None, at: datetime) -> Tag:
    """Make a new printed code for a door; what was printed there before is retired.

    Raises:
        Refusal ``not-allowed``.
    """
    _may(by, room.unit)
    for fixed in fixed_in([room.unit_id])[room.unit_id]:
        if fixed.room == room and fixed.tag.kind == Tag.Kind.PRINTED:
            Fixing.objects.create(tag=fixed.tag, room=None, since=at, by=by)
    return _fix(Tag.Kind.PRINTED, new_code(), room, by=by, at=at)


@transaction.atomic
def move(tag: Tag, room: Room, *, by: Person | None, at: datetime) -> None:
    """Fix a tag at another door of its facility.

    Raises:
        Refusal ``not-allowed``, ``not-this-facility``.
    """
    _may_with(tag, by)
    _may(by, room.unit)
    if room.unit.facility_id != tag.facility_id:
        text = _("This tag holds the keys of another facility. Write it anew first.")
        raise Refusal("not-this-facility", text, field="room")
    Fixing.objects.create(tag=tag, room=room, since=at, by=by)


@transaction.atomic
def retire(tag: Tag, *, by: Person | None, at: datetime) -> None:
    """Take a tag from its door: lost, broken, photographed. Raises as ``move`` does."""
    _may_with(tag, by)
    Fixing.objects.create(tag=tag, room=None, since=at, by=by)


def fixed_in(units: Iterable[UUID]) -> dict[UUID, list[Fixed]]:
    """Return the tags that are at the doors of these units now, in order of rooms."""
    found: dict[UUID, list[Fixed]] = defaultdict(list)
    for last in _last(Fixing.objects.filter(tag__facility__units__in=list(units))):
        if last.room:
            found[last.room.unit_id].append(Fixed(last.tag, last.room, last.since, last.by))
    for tags in found.values():
        tags.sort(key=lambda each: (each.room.name, each.tag.kind, each.tag.code))
    return found


def tag_rooms(unit: Unit) -> dict[str, str]:
    """Return at which room's door of a unit each tag is, by its UID."""
    fixed = fixed_in([unit.pk])[unit.pk]
    return {each.tag.code: each.room.name for each in fixed if each.tag.kind == Tag.Kind.NFC}


def room_of(tag: Tag) -> Room | None:
    """Return the room at whose door a tag is now."""
    last = Fixing.objects.filter(tag=tag).select_related("room__unit").last()
    return last.room if last else None


def _last(fixings: QuerySet[Fixing]) -> list[Fixing]:
    """Return the newest fixing of each tag."""
    rows = fixings.select_related("tag", "room__unit", "by").order_by("since", "pk").distinct()
    return list({fixing.tag_id: fixing for fixing in rows}.values())


def _fix(kind: str, code: str, room: Room, *, by: Person | None, at: datetime) -> Tag:
    tag, is_new = Tag.objects.get_or_create(
        facility_id=room.unit.facility_id, code=code, defaults={"kind": kind}
    )
    if not is_new and room_of(tag):
        text = _("This tag is at a door already. Move it instead.")
        raise Refusal("tag-known", text, field="uid")
    Fixing.objects.create(tag=tag, room=room, since=at, by=by)
    return tag


def _may(by: Person | None, unit: Unit) -> None:
    if by is not None:
        require(by, Action.FIX_TAGS, unit.pk)


def _may_with(tag: Tag, by: Person | None) -> None:
    """Pass if this person may do this where the tag is now; a retired one hangs nowhere."""
    room = room_of(tag)
    if room:
        _may(by, room.unit)


def _is_hex(text: str) -> bool:
    return set(text) <= set("0123456789ABCDEF")
