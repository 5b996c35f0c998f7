"""Looking at a record from inside: what is there, twice, in part, or not as it was worked out."""

from collections import Counter
from collections.abc import Hashable, Iterable

from msgspec import Struct

from milieu.alerts.kinds import CONCERN
from milieu.alerts.models import Alert
from milieu.census.models import Facility
from milieu.keeping.projected import differing
from milieu.record.models import Entry
from milieu.seals.checking import differences
from milieu.seals.reading import unsealed

WHY = "a measurement counts what is stored"


class Looked(Struct, frozen=True):
    """What was found."""

    ids: list[str]
    notes: dict[str, str]  # of each check that stands or stood: entry id -> its note
    twice: list[str]  # ids, and entries that raised a concern, that are there more than once
    numbered_twice: list[str]  # numbers that one device gave to two entries
    without_fact: int
    differing: list[str]  # stays whose projections are not what the record says
    unlike_the_seal: list[str]  # what is not as it was sealed, in words without content
    unsealed: int  # entries that wait for their seal


def look() -> Looked:
    """Look at the present database."""
    entries = Entry.objects.as_system(WHY)
    ids = [str(found) for found in entries.values_list("entry_id", flat=True)]
    checks = entries.filter(kind="round.check", struck=False)
    numbered = entries.filter(device_seq__isnull=False).values_list("device_id", "device_seq")
    concerns = Alert.objects.as_system(WHY).filter(kind=CONCERN).values_list("source", flat=True)
    return Looked(
        ids=ids,
        notes={
            str(found): note for found, note in checks.values_list("entry_id", "safetycheck__note")
        },
        twice=[*_more_than_once(ids), *_more_than_once(concerns)],
        numbered_twice=_more_than_once(numbered),
        without_fact=checks.filter(safetycheck=None).count(),
        differing=[str(stay) for stay in differing()],
        unlike_the_seal=[
            words for facility in Facility.objects.all() for words in differences(facility.pk)
        ],
        unsealed=unsealed(0).count(),
    )


def _more_than_once(found: Iterable[Hashable]) -> list[str]:
    return [str(each) for each, count in Counter(found).items() if count > 1]
