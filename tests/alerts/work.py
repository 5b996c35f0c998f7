"""People come to work and leave it, and something happens that they are told of."""

from datetime import timedelta

from django.urls import reverse

from milieu.kernel.ids import uuid7
from milieu.people.models import ShiftSession
from milieu.rounds.shape import SafetyCheck

SHIFT = timedelta(hours=8)


def begin(cast, person, *, at, phone=None):
    """Let a person sign in on a phone."""
    return ShiftSession.objects.create(
        person=person,
        device=phone or cast.phone,
        token_sha256=uuid7().hex * 2,
        how="password",
        started_at=at,
        ends_at=at + SHIFT,
    )


def leave(person, *, at):
    """Let a person sign out everywhere."""
    ShiftSession.objects.filter(person=person, ended_at=None).update(ended_at=at)


def sign_in(client, person):
    """Sign in as people do, through the form."""
    person.set_password("four words nobody guesses")
    person.save()
    said = {"login": person.username, "password": "four words nobody guesses"}
    assert client.post(reverse("account_login"), said).status_code == 302


def tell(cast, *, at, stay=None, words="Says her hand hurts"):
    """Let Dana write a check that the nurse should know of; it arrives a second later."""
    fact = SafetyCheck(outcome="seen", place="dayroom", nurse_should_know=words)
    draft = cast.check(stay or cast.rosa, at, fact=fact)
    cast.store(draft)
    return at + timedelta(seconds=1)
