"""My account: how I sign in, and my PIN."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people import services
from milieu.people.forms import ROLE_NAMES, PinForm
from milieu.people.http import Request
from milieu.people.models import Grant
from milieu.people.rules import Role
from milieu.people.staff import held_at


@require_safe
def me(request: Request) -> HttpResponse:
    """Show one's own account: roles, and how one signs in."""
    person = request.user
    grants = Grant.objects.filter(held_at(clock.now()), person=person).select_related(
        "unit", "facility"
    )
    context = {
        "roles": [(ROLE_NAMES[Role(grant.role)], grant.unit or grant.facility) for grant in grants],
        "factor": is_mfa_enabled(person),
        "has_password": person.has_usable_password(),
    }
    return render(request, "people/me.html", context)


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]  # a desk left open is no proof of who sits there
@require_http_methods(["GET", "POST"])
def pin(request: Request) -> HttpResponse:
    """Set one's own PIN."""
    form = PinForm(request.POST or None)
    if form.is_valid():
        try:
            services.set_pin(request.user, form.cleaned_data["pin"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your PIN is set. It unlocks a phone inside your shift."))
            return redirect("me")
    status = 422 if form.errors or request.method == "POST" else 200
    return render(request, "people/pin.html", {"form": form}, status=status)
