"""Tags, codes and wall codes with which invented people show that they were there, mostly."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from milieu.census.models import Room, Unit
from milieu.presence import services, sun
from milieu.presence.codes import wall_code
from milieu.presence.keys import tag_keys
from milieu.presence.models import Tag
from milieu.presence.shape import Code, Tap
from milieu.record.kinds import Draft
from milieu.rounds.services import CHECK

TAPPED: Final = 0.7  # of the checks in somebody's own room
AT_THE_WALL: Final = 0.5  # of the others
ON_THE_SPOT: Final = timedelta(minutes=1)
APART: Final = timedelta(minutes=8)
LATELY: Final = timedelta(hours=20)


def fix_tags(unit: Unit, at: datetime) -> dict[UUID, Tag]:
    """Fix a tag at each door of a unit, and a printed code at two. Return the tags by room."""
    rooms = list(Room.objects.filter(unit=unit).select_related("unit"))
    for room in rooms[:2]:
        services.print_code(room, by=None, at=at)
    return {
        room.pk: services.enrol(f"04C0FFEE{number:06X}", room, by=None, at=at)
        for number, room in enumerate(rooms, 1)
    }


def show_presence(
    drafts: list[Draft], unit: Unit, tags: Mapping[UUID, Tag], chance: Random, now: datetime
) -> list[Draft]:
    """Let most checks show presence. ``tags``: by stay, the tag at that person's door."""
    taps: dict[str, list[int]] = defaultdict(list)
    lead = {}
    shown = list(drafts)
    for place, draft in enumerate(drafts):
        if draft.kind != CHECK or draft.written_at - draft.happened_at > ON_THE_SPOT:
            continue
        own = draft.fact.place == unit.pack.own_place and draft.stay_id in tags
        if own and chance.random() < TAPPED:
            taps[tags[draft.stay_id].code].append(place)
            lead[place] = timedelta(seconds=chance.uniform(1, 5))
        elif not own and chance.random() < AT_THE_WALL:
            at = draft.happened_at - timedelta(seconds=chance.uniform(1, 240))
            code = wall_code(unit.facility_id, unit.pk, at)
            shown[place] = _with(draft, Code(code=code, at=at))
    for uid, places in taps.items():
        places.sort(key=lambda place: drafts[place].happened_at - lead[place])
        for counter, place in enumerate(places, 1):
            tap = _tap(unit, uid, counter, drafts[place].happened_at - lead[place])
            shown[place] = _with(drafts[place], tap)
    return _one_contradiction(shown, unit, taps, now)


def _one_contradiction(
    drafts: list[Draft], unit: Unit, taps: Mapping[str, list[int]], now: datetime
) -> list[Draft]:
    """Let two taps of the last day be counted the other way round than their times say."""
    for uid, places in taps.items():
        for one, (first, second) in enumerate(pairwise(places), 1):
            early, late = drafts[first], drafts[second]
            apart = late.happened_at - early.happened_at
            if now - early.happened_at < LATELY and apart > APART:
                for place, counter in ((first, one + 1), (second, one)):
                    at = drafts[place].fact.presence.at
                    drafts[place] = _with(drafts[place], _tap(unit, uid, counter, at))
                return drafts
    return drafts


def _tap(unit: Unit, uid: str, counter: int, at: datetime) -> Tap:
    picc_data, cmac = sun.message(tag_keys(unit.facility_id, uid), sun.Read(uid, counter))
    return Tap(picc_data=picc_data, cmac=cmac, at=at)


def _with(draft: Draft, presence: Tap | Code) -> Draft:
    return replace(draft, fact=replace(draft.fact, presence=presence))
