"""How somebody is after a hard moment: ``/phone/after``. Told to them alone. See docs/wire.md.

Not part of a pull: what a pull brings stays on the phone, and the next to unlock it has its keys.
"""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from msgspec import Meta, Struct

from milieu.kernel import clock
from milieu.phone.http import answer, door, read
from milieu.phone.speaker import speaker
from milieu.wellbeing.packed import for_phone, given
from milieu.wellbeing.services import answer as keep
from milieu.wellbeing.services import check_in_of

Code = Annotated[str, Meta(max_length=20)]


class Said(Struct):
    check_in: UUID
    answers: Annotated[dict[Code, Code], Meta(max_length=10)]
    words: Annotated[str, Meta(max_length=2000)] = ""


@door
@require_http_methods(["GET", "HEAD", "POST"])
def after(request: HttpRequest) -> HttpResponse:
    """Keep one's own answer, if there is one; return what one is asked now."""
    session, now = speaker(request), clock.now()
    if request.method == "POST":
        said = read(request, Said)
        check_in = check_in_of(session.person, said.check_in)
        keep(check_in, given(check_in, said.answers, said.words), now)
    waiting = for_phone(session.person, now)
    return answer({"received_at": clock.rfc3339(now), "waiting": waiting})
