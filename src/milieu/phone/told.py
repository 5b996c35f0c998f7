"""Alerts on a phone: what its person is told of, and ``POST /phone/answer``. See docs/wire.md."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from msgspec import Meta, Struct

from milieu.alerts import outbox
from milieu.alerts.deadlines import words_of
from milieu.alerts.kinds import HELP
from milieu.alerts.services import acknowledge, may_answer, told
from milieu.kernel import clock
from milieu.people.models import ShiftSession
from milieu.phone.http import answer, door, read
from milieu.phone.speaker import speaker


class Answered(Struct):
    alert: UUID
    words: Annotated[str, Meta(max_length=500)]


def alerts_for(session: ShiftSession, now: datetime) -> list[dict[str, Any]]:
    """Return what waits here for an answer, of what this person is told of; by its deadline.

    A phone asks while its person looks at it, and shows them at once: that is noted, as of a page.
    """
    person = session.person
    # Calls for help come by themselves, with who is coming.
    waiting = [each for each in told(person, session.device.unit) if each.kind != HELP]
    if waiting:
        outbox.seen_on_page([alert.pk for alert in waiting], person.pk, at=now)
    return [
        {
            "id": alert.pk,
            "kind": alert.kind,
            "words": words_of(alert),
            "stay": alert.stay_id,
            "raised_at": clock.rfc3339(alert.raised_at),
            "answer_by": clock.rfc3339(alert.answer_by),
            "steps": len(alert.steps.all()),
            "may_answer": may_answer(person, alert),
        }
        for alert in waiting
    ]


@door
@require_POST
def answer_alert(request: HttpRequest) -> HttpResponse:
    """Answer one alert, saying what was done; return what still waits for this person."""
    session, now = speaker(request), clock.now()
    given = read(request, Answered)
    acknowledge(given.alert, by=session.person, words=given.words, at=now)
    return answer({"received_at": clock.rfc3339(now), "alerts": alerts_for(session, now)})
