"""How accounts come to be: by a manager or the hospital's sign-in, never by signing up."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milieu.kernel import clock
from milieu.people.models import Person
from milieu.people.passwords import choose_password


def counted_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the name that wrong passwords count under; sign-in does not tell Dana from dana."""
    given = (credentials or {}).get("username") or (request.POST.get("login") if request else "")
    return str(given or "").strip().casefold()


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: a manager adds people, and the words are ours."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name or password is not right. Try again."),
        "too_many_login_attempts": _("Too many tries. Wait a quarter of an hour."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Person, password: str) -> None:
        choose_password(user, password, at=clock.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The hospital's sign-in may make an account, which can do nothing until it is given a role."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        person: Person = super().populate_user(request, sociallogin, data)
        given = " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        person.name = data.get("name") or given or person.username
        return person


class PasskeyForm(LoginWebAuthnForm):  # type: ignore[misc]
    """Sign in by a passkey alone: whose account is opened by a password here too.

    Who comes by the hospital's sign-in would still come in when the hospital has let them go.
    """

    def clean_credential(self) -> Authenticator:
        passkey: Authenticator = super().clean_credential()
        if not passkey.user.has_usable_password():
            text = _("This passkey is a second factor here. Sign in with your hospital account.")
            raise ValidationError(text)
        return passkey


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Change one's password. A forgotten one is set anew by the manager, not by email."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean()
        if said.get("password1") and said.get("password1") == said.get("oldpassword"):
            self.add_error("password1", _("This is the one that you had. Choose another."))
        return said
