"""The page on which a person asks to be told in this browser."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milieu.alerts import browsers
from milieu.alerts.forms import BrowserForm
from milieu.alerts.views import require_to_see
from milieu.kernel import clock
from milieu.people.http import Request


@require_safe
def tell_me(request: Request) -> HttpResponse:
    """Show where one is told, and how to be told in this browser too."""
    require_to_see(request.user)
    context = {
        "browsers": browsers.browsers_of(request.user),
        "key": browsers.public_key(settings.PUSH_KEY),
    }
    return render(request, "alerts/tell_me.html", context)


@require_POST
def add(request: Request) -> HttpResponse:
    """Tell this person in this browser from now on."""
    require_to_see(request.user)
    form = BrowserForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("This browser did not say where it can be reached. Try again."))
        return redirect("tell-me")
    browsers.subscribe(
        request.user, **form.cleaned_data, language=get_language() or "en", at=clock.now()
    )
    messages.success(request, _("You are told in this browser while you are on shift."))
    return redirect("tell-me")


@require_POST
def end(request: Request, browser_id: UUID) -> HttpResponse:
    """Tell this person in one of their browsers no longer."""
    require_to_see(request.user)
    browsers.end(browser_id, person=request.user, at=clock.now())
    messages.success(request, _("You are no longer told in that browser."))
    return redirect("tell-me")


@require_POST
def try_out(request: Request) -> HttpResponse:
    """Send this person a message, to see whether it comes."""
    require_to_see(request.user)
    if browsers.try_out(request.user, at=clock.now()):
        messages.success(request, _("A message is on its way. It should come within seconds."))
    return redirect("tell-me")
