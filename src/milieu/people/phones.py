"""The pages of phones and wall screens: which are enrolled, and how one becomes enrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

import segno
from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from milieu.kernel import clock
from milieu.people import services, staff
from milieu.people.access import require, units_where
from milieu.people.http import Request
from milieu.people.models import Device, Screen
from milieu.people.rules import Action
from milieu.people.screens import retire_screen

if TYPE_CHECKING:
    from milieu.census.models import Unit

QR_SCALE: Final = 8
QR_BORDER: Final = 4  # modules; what cameras need around a code (ISO/IEC 18004)
AT_HOME: Final = ("localhost", "127.0.0.1", "[::1]")  # where browsers allow the app without HTTPS


@require_safe
def phones(request: Request) -> HttpResponse:
    """Show the phones and wall screens of the units where this person may enrol one."""
    mine = _units(request)
    devices, screens = (
        model.objects.filter(unit__in=mine, retired_at=None).select_related("enrolled_by")
        for model in (Device, Screen)
    )
    devices = devices.annotate(used_at=Max("sessions__started_at")).order_by("name")
    units = [
        (
            unit,
            [device for device in devices if device.unit_id == unit.pk],
            [screen for screen in screens if screen.unit_id == unit.pk],
        )
        for unit in mine
    ]
    return render(request, "people/phones.html", {"units": units})


@never_cache
@require_POST
def enrol(request: Request, unit_id: UUID) -> HttpResponse:
    """Make a code that enrols one phone, and show it, this once."""
    unit, now = _unit(request, unit_id), clock.now()
    code = services.new_enrol_code(unit, by=request.user, at=now)
    address = request.build_absolute_uri(reverse("phone"))
    context = {
        "unit": unit,
        "code": code,
        "address": address,
        "until": clock.wall_time(now + services.CODE_LIFE, unit.zone),
        "qr": segno.make(f"{address}#enrol={code}", micro=False).svg_data_uri(
            scale=QR_SCALE, border=QR_BORDER
        ),
        "needs_https": not _phone_can_use(request),
    }
    return render(request, "people/enrol.html", context)


@never_cache
@require_POST
def hang(request: Request, unit_id: UUID) -> HttpResponse:
    """Make a code that enrols one wall screen, and show it, this once."""
    unit, now = _unit(request, unit_id), clock.now()
    context = {
        "unit": unit,
        "code": services.new_enrol_code(unit, by=request.user, at=now, enrols="screen"),
        "address": request.build_absolute_uri("/wall/"),
        "until": clock.wall_time(now + services.CODE_LIFE, unit.zone),
    }
    return render(request, "people/hang.html", context)


@require_POST
def take_down(request: Request, screen_id: UUID) -> HttpResponse:
    """Stop a wall screen that is taken down or leaves the unit."""
    require(request.user, Action.ENROL_PHONE)
    mine = units_where(request.user, Action.ENROL_PHONE)
    screen = get_object_or_404(Screen, pk=screen_id, unit__in=mine)
    retire_screen(screen, by=request.user, at=clock.now())
    messages.success(
        request,
        _("%(screen)s shows the board no longer. To use it again, set it up again.")
        % {"screen": screen},
    )
    return redirect("phones")


def _units(request: Request) -> list[Unit]:
    """Return the units where this person may enrol phones and screens, or say who can."""
    require(request.user, Action.ENROL_PHONE)
    return list(staff.places(request.user, Action.ENROL_PHONE, at=clock.now()).units)


def _unit(request: Request, unit_id: UUID) -> Unit:
    for unit in _units(request):
        if unit.pk == unit_id:
            return unit
    raise Http404


def _phone_can_use(request: HttpRequest) -> bool:
    """Return whether browsers keep an app that comes from this address."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return request.is_secure() or host in AT_HOME or request.get_host() in AT_HOME


@require_POST
def retire(request: Request, device_id: UUID) -> HttpResponse:
    """Stop a phone that is lost, broken or leaves the unit."""
    require(request.user, Action.ENROL_PHONE)
    mine = units_where(request.user, Action.ENROL_PHONE)
    device = get_object_or_404(Device, pk=device_id, unit__in=mine)
    services.retire(device, by=request.user, at=clock.now())
    messages.success(
        request, _("%(phone)s no longer works here. To use it again, enrol it.") % {"phone": device}
    )
    return redirect("phones")
