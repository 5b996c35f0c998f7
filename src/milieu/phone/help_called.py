"""Calls for help on a phone: ``POST /phone/help`` and the feed of open calls. See docs/wire.md.

A phone that nobody has unlocked may call, and hears who is coming; whoever answers is known.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from milieu.board.render import Wanted
from milieu.help.services import Speaker, say
from milieu.help.shape import Word, call_in
from milieu.help.shown import for_phones
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Device, Person
from milieu.people.proof import tokens_on
from milieu.phone.http import answer, door, read
from milieu.phone.speaker import device_of, speaker


@door
@require_POST
def say_of_call(request: HttpRequest) -> HttpResponse:
    """Store what is said of a call; return the calls that are open on this unit."""
    device, now = device_of(request), clock.now()
    word = _word(request)
    person = _person(request, device) or _who_called(word, device)
    say(word, Speaker(unit=device.unit, device=device, person=person), now)
    return answer({"received_at": clock.rfc3339(now), "calls": for_phones(device.unit_id)})


def _word(request: HttpRequest) -> Word:
    """Read what is said. A call is read as far as it can be."""
    try:
        return read(request, Word)
    except Refusal:
        if call := call_in(request.body):
            return call
        raise


def _person(request: HttpRequest, device: Device) -> Person | None:
    """Return who is signed in on this phone. None: help is called all the same."""
    try:
        session = speaker(request)
    except Refusal:
        return None
    return session.person if session.device_id == device.pk else None


def _who_called(word: Word, device: Device) -> Person | None:
    """Return who called on this phone, as it says, if they have ever signed in on it.

    A call that was kept without network goes out as soon as there is one, and does not wait until
    somebody unlocks the phone. Nothing but a call is taken on its word.
    """
    if word.says != "called" or word.by is None or not tokens_on(device, {word.by}):
        return None
    return Person.objects.filter(pk=word.by, is_active=True).first()


@door
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say what the feed of this phone shows: ``board/live.py`` asks, on its behalf."""
    device = device_of(request)
    wanted = Wanted(unit_id=device.unit_id, language="", phone=True)
    return HttpResponse(wanted.encoded(), content_type="application/json")
