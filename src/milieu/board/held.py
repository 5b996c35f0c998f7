"""What a card says of somebody who is restrained or secluded, and a limit that waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.alerts.deadlines import name_of
from milieu.alerts.kinds import PASSED, SAYS
from milieu.board.cards import Card
from milieu.board.rows import Waiting
from milieu.census.packs import LANGUAGE, Pack
from milieu.crisis import wording
from milieu.crisis.kept import clocks
from milieu.crisis.reading import of_stays, sorts_of
from milieu.crisis.shown import nearest
from milieu.record.spans import length


class HeldFace(NamedTuple):
    """What a card shows. ``state``: of the nearest limit, as ``shown.Clock`` has it."""

    what: str
    since: str
    limit: str
    state: str
    application: UUID


def faces_of_held(cards: Sequence[Card], now: datetime) -> dict[UUID, HeldFace]:
    """Return what the cards of those say who are held now; nothing is asked where nobody is."""
    held = {card.held.application: card.stay_id for card in cards if card.held}
    if not held:
        return {}
    language = get_language() or LANGUAGE
    wholes = of_stays(held.values())
    faces = {}
    for key, each in clocks([wholes[key] for key in held if key in wholes], now).items():
        sorts = sorts_of(each.whole.devices, each.stay.standing.unit.pack_name)
        next_one = nearest(each, now, language)
        faces[held[key]] = HeldFace(
            what=", ".join(str(wording.SORTS[sort]) for sort in sorts) or _("Restraint"),
            since=length(now - each.whole.began),
            limit=f"{next_one.name}: {next_one.word}" if next_one else "",
            state=next_one.state if next_one else "",
            application=key,
        )
    return faces


def what_waits(alert: Waiting, pack: Pack) -> str:
    """Return what an alert that waits is about, in a few words; a concern says it itself."""
    if not alert.limit:
        return str(SAYS.get(alert.kind, ""))
    words = _("%(limit)s: passed") if alert.kind in PASSED else _("%(limit)s: soon")
    return words % {"limit": name_of(alert.limit, pack)}
