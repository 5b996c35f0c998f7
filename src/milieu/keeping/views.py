"""The page that monitors ask, and the page where a phone learns to trust this unit's authority."""

import threading
import time
from typing import Any, Final

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from milieu.keeping import certificates
from milieu.keeping.readiness import look
from milieu.kernel import clock

KEPT_S: Final = 1.0  # an answer is given again for this long: many may ask, one looks
QR_SCALE: Final = 8
QR_BORDER: Final = 4  # modules; what cameras need around a code (ISO/IEC 18004)

_lock = threading.Lock()
_kept: tuple[float, dict[str, Any]] = (float("-inf"), {})


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say ready (200) or why not (503). No sign-in, and nothing about anyone."""
    found = _look_at_most_once_a_second()
    return JsonResponse(found, status=200 if found["ready"] else 503)


def _look_at_most_once_a_second() -> dict[str, Any]:
    global _kept  # noqa: PLW0603 (one answer for every thread of this process)
    with _lock:
        looked_at, found = _kept
        if time.monotonic() - looked_at >= KEPT_S:
            found = look(clock.now())
            _kept = (time.monotonic(), found)
    return found


@login_not_required
@never_cache
@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Show how a phone gets and trusts this unit's authority; then the way to enrol it."""
    chosen = certificates.tls()
    path = certificates.authority_file()
    context: dict[str, Any] = {"tls": chosen, "own": False}
    if chosen and chosen.own_authority and path.exists():
        context |= {
            "own": True,
            "fingerprint": certificates.read(path).fingerprint,
            "name": f"Milieu at {chosen.name}",
            "qr": _qr(chosen.trust_address),
        }
    if chosen:
        context["phone_address"] = chosen.address + reverse("phone")
        context["phone_qr"] = _qr(context["phone_address"])
    return render(request, "keeping/trust.html", context)


@login_not_required
@never_cache
@require_safe
def authority(request: HttpRequest) -> HttpResponse:
    """Give the certificate of this unit's authority, in the form that phones offer to install."""
    chosen = certificates.tls()
    path = certificates.authority_file()
    if not (chosen and chosen.own_authority and path.exists()):
        raise Http404
    return HttpResponse(
        path.read_bytes(),
        content_type="application/x-x509-ca-cert",
        headers={"Content-Disposition": 'attachment; filename="milieu-authority.crt"'},
    )


def _qr(address: str) -> str:
    return segno.make(address, micro=False).svg_data_uri(scale=QR_SCALE, border=QR_BORDER)
