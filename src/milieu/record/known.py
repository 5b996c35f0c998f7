"""What the drafts of a batch name, looked up once: a constant number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models
from django.utils.translation import gettext as _

from milieu.census.models import Standing, Stay, Unit
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.access import Reach, grants_of, reaches
from milieu.people.models import Person
from milieu.record.evidence import Times
from milieu.record.kinds import Case, Draft
from milieu.record.models import Entry
from milieu.record.prepared import Prepared

ROLE_GRACE = timedelta(hours=72)  # a role that ended within this still stands behind late arrivals


@dataclass(frozen=True)
class Known:
    """What the drafts of a wave name, looked up once."""

    stays: dict[UUID, Stay]
    authors: dict[UUID, Person]
    reach: dict[UUID, Reach]
    entries: dict[UUID, Entry]
    amended: set[int]  # the positions of those that were put right before
    received_at: datetime

    def case(self, draft: Draft) -> Case:
        """Gather what a kind may weigh.

        Raises:
            Refusal: the draft names something that is not there.
        """
        stay = self.stays.get(draft.stay_id)
        author = self.authors.get(draft.author_id)
        if stay is None:
            raise unknown_stay()
        if author is None:
            raise Refusal(
                "unknown-author", _("The author of this entry is not known here."), field="author"
            )
        return Case(
            draft=draft,
            stay=stay,
            author=author,
            reach=self.reach.get(author.pk, {}),
            times=times_of(draft, self.received_at),
            wrong=self._wrong(draft),
        )

    def _wrong(self, draft: Draft) -> Entry | None:
        if draft.amends is None:
            if draft.reason or draft.fact is None:
                raise Refusal(
                    "amends-unknown", _("Say which entry this one puts right."), field="amends"
                )
            return None
        wrong = self.entries.get(draft.amends)
        if wrong is None or wrong.kind != draft.kind:
            raise Refusal(
                "amends-unknown", _("The entry to put right is not in the record."), field="amends"
            )
        if wrong.stay_id != draft.stay_id:
            raise Refusal(
                "amends-another-stay",
                _("An entry cannot be moved to another person. Strike it out and write a new one."),
                field="stay",
            )
        if not storable(draft.reason, field="reason"):
            raise Refusal("reason-missing", _("Say why this entry is put right."), field="reason")
        if wrong.seq in self.amended:
            raise Refusal(
                "already-amended",
                _("Someone has already put this entry right. Open it again to see the change."),
                field="amends",
            )
        return wrong


def look_up(drafts: Iterable[Draft], received_at: datetime) -> Known:
    """Look up all that these drafts name, and lock the stays until the transaction ends."""
    drafts = list(drafts)
    stays = sorted({draft.stay_id for draft in drafts})
    authors = sorted({draft.author_id for draft in drafts})
    named = {draft.entry_id for draft in drafts} | {
        draft.amends for draft in drafts if draft.amends
    }
    LOCK.rows(stays)
    entries = ENTRIES.ask(sorted(named))
    return Known(
        stays=_stays(stays),
        authors={person.pk: person for person in _made(Person, PEOPLE.ask(authors))},
        reach=reaches(GRANTS.ask(authors), since=received_at - ROLE_GRACE),
        entries={entry.entry_id: entry for entry in _made(Entry, [row[1:] for row in entries])},
        amended={row[1] for row in entries if row[0]},
        received_at=received_at,
    )


def _stays(ids: Sequence[UUID]) -> dict[UUID, Stay]:
    """Return these stays, each with where it stands and on which unit."""
    standings = {standing.stay_id: standing for standing in _made(Standing, STANDINGS.ask(ids))}
    units = {
        unit.pk: unit
        for unit in _made(Unit, UNITS.ask(sorted({each.unit_id for each in standings.values()})))
    }
    found = {stay.pk: stay for stay in _made(Stay, STAYS.ask(ids))}
    for key, standing in standings.items():
        standing.unit = units[standing.unit_id]
        found[key].standing = standing
    return found


M = TypeVar("M", bound=models.Model)


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _made(model: type[M], rows: Iterable[tuple[object, ...]]) -> list[M]:
    """Return rows of all columns of a model as its objects."""
    return [model.from_db(DEFAULT_DB_ALIAS, _columns(model), row) for row in rows]


# Locked in order of id, so that two batches about one person take turns and cannot deadlock. What
# rests on the lock is asked afterwards: a joined row could be older than the lock.
LOCK = Prepared(
    lambda ids: (
        Stay.objects.as_system("writers take turns")
        .filter(pk__in=ids)
        .select_for_update()
        .order_by("pk")
        .values_list("pk")
    )
)
STAYS = Prepared(
    lambda ids: (
        Stay.objects.as_system("the ledger decides for whoever wrote the entry")
        .filter(pk__in=ids)
        .values_list(*_columns(Stay))
    )
)
STANDINGS = Prepared(
    lambda ids: Standing.objects.filter(stay__in=ids).values_list(*_columns(Standing))
)
UNITS = Prepared(lambda ids: Unit.objects.filter(pk__in=ids).values_list(*_columns(Unit)))
PEOPLE = Prepared(lambda ids: Person.objects.filter(pk__in=ids).values_list(*_columns(Person)))
GRANTS = Prepared(grants_of)
ENTRIES = Prepared(
    lambda ids: (
        Entry.objects.as_system("the ledger knows its own")
        .filter(entry_id__in=ids)
        .values_list("amended_by__seq", *_columns(Entry))
    )
)


def unknown_stay() -> Refusal:
    """Return the one answer for a stay that is not there and for one that is not yours to see."""
    return Refusal(
        "unknown-stay",
        _("This person is not on this unit's list. Check whom it is about."),
        field="stay",
    )


def times_of(draft: Draft | Entry, received_at: datetime) -> Times:
    """Return what is known of when this draft, or this stored entry, was made."""
    offset = draft.clock_offset_ms
    return Times(
        happened_at=draft.happened_at,
        written_at=draft.written_at,
        received_at=received_at,
        offset=None if offset is None else timedelta(milliseconds=offset),
        anchor_at=draft.anchor_at,
    )
