"""Alerts on a phone: what its person is told of, and ``POST /phone/answer``. See docs/wire.md."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from msgspec import Meta, Struct

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


def alerts_for(session: ShiftSession) -> list[dict[str, Any]]:
    """Return what waits here for an answer, of what this person is told of; by its deadline."""
    person = session.person
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
        for alert in told(person, session.device.unit)
        if alert.kind != HELP  # calls for help come by themselves, with who is coming
    ]


@door
@require_POST
def answer_alert(request: HttpRequest) -> HttpResponse:
    """Answer one alert, saying what was done; return what still waits for this person."""
    session, now = speaker(request), clock.now()
    given = read(request, Answered)
    acknowledge(given.alert, by=session.person, words=given.words, at=now)
    return answer({"received_at": clock.rfc3339(now), "alerts": alerts_for(session)})
