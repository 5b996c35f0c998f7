"""The pages of tags: which are at which door, and what was written into each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from milieu.census.models import Room, Unit
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import require, units_where
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.presence import services
from milieu.presence.forms import RoomForm, TagForm
from milieu.presence.models import Fixing, Tag
from milieu.presence.sheets import page, pdf, sheets_of
from milieu.presence.writing import written_with


@require_safe
def tags(request: Request) -> HttpResponse:
    """Show the tags and printed codes at the doors of one's units."""
    return _tags(request)


def _tags(request: Request, wrong: dict[UUID, TagForm] | None = None) -> HttpResponse:
    units = _units(request)
    fixed = services.fixed_in([unit.pk for unit in units])
    shown = [
        {
            "unit": unit,
            "fixed": fixed[unit.pk],
            "form": (wrong or {}).get(unit.pk) or TagForm([unit], auto_id=f"{unit.pk}-%s"),
            "printed": any(each.tag.kind == Tag.Kind.PRINTED for each in fixed[unit.pk]),
        }
        for unit in units
    ]
    return render(request, "presence/tags.html", {"units": shown}, status=422 if wrong else 200)


@require_POST
def enrol(request: Request, unit_id: UUID) -> HttpResponse:
    """Fix a tag at a door, and show what has to be written into it."""
    unit = _unit(request, unit_id)
    form = TagForm([unit], request.POST, auto_id=f"{unit.pk}-%s")
    if form.is_valid():
        try:
            uid = form.cleaned_data["uid"]
            tag = services.enrol(uid, form.chosen, by=request.user, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("tag", tag.pk)
    return _tags(request, {unit.pk: form})


@require_POST
def new_codes(request: Request, unit_id: UUID) -> HttpResponse:
    """Make a new printed code for every door of a unit; what hung there until now is retired."""
    unit = _unit(request, unit_id)
    rooms = list(Room.objects.filter(unit=unit).select_related("unit"))
    for room in rooms:
        services.print_code(room, by=request.user, at=clock.now())
    said = _("Every door of %(unit)s has a new code. Print the sheets; the old ones show nothing.")
    messages.success(request, said % {"unit": unit})
    return redirect("tags")


@never_cache
@require_safe
def sheets(request: Request, unit_id: UUID) -> HttpResponse:
    """Give the sheets of a unit as a PDF; where none can be made, as a page that prints."""
    unit, language = _unit(request, unit_id), get_language() or "en"
    found = sheets_of(unit)
    made = pdf(unit, found, language=language)
    if made is None:
        style = static("presence/sheets.css")
        return HttpResponse(page(unit, found, style=style, language=language))
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="doors-{unit.code.lower()}.pdf"'
    return answer


@never_cache
@require_safe
def tag(request: Request, tag_id: UUID) -> HttpResponse:
    """Show one tag: where it was, and the keys that it is written with."""
    return _tag(request, *_mine(request, tag_id))


def _tag(
    request: Request, found: Tag, room: Room | None, form: RoomForm | None = None
) -> HttpResponse:
    address = request.build_absolute_uri(reverse("phone"))
    context: dict[str, Any] = {
        "tag": found,
        "room": room,
        "past": Fixing.objects.filter(tag=found).select_related("room__unit", "by")[::-1],
        "form": form or RoomForm(_units(request)),
        "written": written_with(found, address) if found.kind == Tag.Kind.NFC else None,
        "zone": room.unit.time_zone if room else "UTC",
    }
    status = 422 if form else 200
    return render(request, "presence/tag.html", context, status=status)


@require_POST
def move(request: Request, tag_id: UUID) -> HttpResponse:
    """Fix a tag at another door."""
    found, room = _mine(request, tag_id)
    form = RoomForm(_units(request), request.POST)
    if form.is_valid():
        try:
            services.move(found, form.chosen, by=request.user, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = _("%(tag)s is at the door of room %(room)s from now on.")
            messages.success(request, said % {"tag": found, "room": form.chosen})
            return redirect("tags")
    return _tag(request, found, room, form)


@require_POST
def retire(request: Request, tag_id: UUID) -> HttpResponse:
    """Take a tag from its door."""
    found, _room = _mine(request, tag_id)
    services.retire(found, by=request.user, at=clock.now())
    said = _("%(tag)s is at no door any longer. To use it again, fix it at a door.")
    messages.success(request, said % {"tag": found})
    return redirect("tags")


def _units(request: Request) -> list[Unit]:
    require(request.user, Action.FIX_TAGS)
    return list(Unit.objects.filter(pk__in=units_where(request.user, Action.FIX_TAGS)))


def _unit(request: Request, unit_id: UUID) -> Unit:
    """Return a unit on which this person fixes tags. Any other is not there at all."""
    found = next((unit for unit in _units(request) if unit.pk == unit_id), None)
    if found is None:
        raise Http404
    return found


def _mine(request: Request, tag_id: UUID) -> tuple[Tag, Room | None]:
    """Return a tag at a door where this person fixes tags, or that last was at one, and where."""
    units = {unit.pk for unit in _units(request)}
    found = Tag.objects.filter(pk=tag_id).first()
    fixings = Fixing.objects.filter(tag=tag_id).select_related("room__unit")
    rooms = [fixing.room for fixing in fixings]
    last = next((room for room in reversed(rooms) if room), None)
    if found is None or last is None or last.unit_id not in units:
        raise Http404
    return found, rooms[-1]
