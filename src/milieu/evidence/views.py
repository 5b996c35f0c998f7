"""Evidence about one person, from their page: choose the time, and take the file away."""

import tempfile
from contextlib import ExitStack
from uuid import UUID

import structlog
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from milieu.census.models import Stay
from milieu.evidence.choosing import Asked, same_person
from milieu.evidence.forms import WindowForm
from milieu.evidence.package import write
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.pages import UNDERSTOOD_NOT_DONE, stay_for

log = structlog.get_logger(__name__)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: Request, stay_id: UUID) -> HttpResponseBase:
    """Give the evidence about a person for a time, as one file that a stranger can verify."""
    stay = stay_for(request, stay_id, Action.EVIDENCE)
    form = WindowForm(request.POST or None, zone=stay.standing.unit.zone, now=clock.now())
    if form.is_valid():
        try:
            return _file(request, stay, form)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    status = UNDERSTOOD_NOT_DONE if form.errors else 200
    context = {"form": form, "stay": stay, "unit": stay.standing.unit}
    return render(request, "evidence/choose.html", context, status=status)


def _file(request: Request, stay: Stay, form: WindowForm) -> FileResponse:
    asked = Asked(
        facility=stay.patient.facility,
        people=same_person(stay.patient),
        start=form.cleaned_data["start"],
        end=form.cleaned_data["end"],
    )
    with ExitStack() as stack:
        out = stack.enter_context(tempfile.TemporaryFile())
        count = write(
            asked,
            out,
            by=request.user.name,
            now=clock.now(),
            language=get_language() or "en",
            seen=Stay.objects.visible_to(request.user),
        )
        stack.pop_all()  # the answer closes it when it is sent
    log.info("Evidence was made.", person=str(request.user.pk), says=f"{count} entries")
    out.seek(0)
    name = f"evidence-{asked.start:%Y%m%dT%H%MZ}-{asked.end:%Y%m%dT%H%MZ}.zip"
    return FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")
