"""What the drafts of a batch name, looked up once: a constant number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from milieu.census.models import Standing, Stay, Unit
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.access import GRANT, Reach, reaches
from milieu.people.models import Person
from milieu.record.evidence import Times, written_from
from milieu.record.kinds import Case, Draft, projections
from milieu.record.models import Entry
from milieu.record.prepared import Prepared, columns, together
from milieu.record.statements import Row

ROLE_GRACE = timedelta(hours=72)  # how late what was written while a role was held may arrive


@dataclass(frozen=True)
class Known:
    """What the drafts of a wave name, looked up once."""

    patients: dict[UUID, UUID]  # by stay
    standings: dict[UUID, Standing]  # by stay
    authors: dict[UUID, Person]
    reach: dict[UUID, Reach]  # of each author, by the roles held now
    ended: dict[UUID, list[Row]]  # all roles ever given to those of whom one ended a short time ago
    entries: dict[UUID, Entry]
    amended: set[int]  # the positions of those that were put right before
    rows: dict[str, list[Row]]  # of projections that can follow these kinds, by name
    received_at: datetime
    gathered: dict[str, Any] = field(default_factory=dict)  # by kind: what it looked up itself

    def case(self, draft: Draft) -> Case:
        """Gather what a kind may weigh.

        Raises:
            Refusal: the draft names something that is not there.
        """
        patient_id = self.patients.get(draft.stay_id)
        author = self.authors.get(draft.author_id)
        if patient_id is None:
            raise unknown_stay()
        if author is None:
            raise Refusal(
                "unknown-author", _("The author of this entry is not known here."), field="author"
            )
        times = times_of(draft, self.received_at)
        return Case(
            draft=draft,
            patient_id=patient_id,
            standing=self.standings.get(draft.stay_id),
            author=author,
            reach=self._reach(author.pk, times),
            times=times,
            wrong=self._wrong(draft),
            gathered=self.gathered.get(draft.kind),
        )

    def _reach(self, author: UUID, times: Times) -> Reach:
        """Return what the author may do where; what was written in a shift may arrive after it.

        Where nothing is proved of when it was written, it is what the device says. Who dates it
        back into the shift by that has a check that counts for then.
        """
        if author not in self.ended:
            return self.reach.get(author, {})
        earliest = self.received_at - ROLE_GRACE
        since = max(earliest, written_from(times) or times.written_at)
        return reaches(self.ended[author], since=since).get(author, {})

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


def look_up(drafts: Iterable[Draft], stays: Sequence[UUID], received_at: datetime) -> Known:
    """Look up all that these drafts name, and lock the stays until the transaction ends.

    ``stays`` are those of the whole batch. Locked a wave at a time, two could wait for each other.
    """
    drafts = list(drafts)
    authors = list({draft.author_id for draft in drafts})
    named = {draft.entry_id for draft in drafts} | {
        draft.amends for draft in drafts if draft.amends
    }
    kinds = {draft.kind for draft in drafts}
    following = {
        each.name: each.follow.rows for each in projections() if each.follow and each.kinds & kinds
    }
    locked, standing, written, grants, *rows = together(
        *((LOCK, stays), (STANDINGS, stays), (ENTRIES, list(named)), (AUTHORS, authors)),
        *((asked, stays) for asked in following.values()),
    )
    standings = map(_standing, standing)
    entries, people = ENTRIES.read(written), AUTHORS.read(grants)
    held = [(key, *grant) for key, _, *grant in people if any(grant)]
    return Known(
        patients=dict(LOCK.read(locked)),
        standings={standing.stay_id: standing for standing in standings},
        authors={key: Person(pk=key, username=name) for key, name, *_ in people},
        reach=reaches(held),
        ended=_ended(held, since=received_at - ROLE_GRACE),
        entries={row[1]: Entry(**dict(zip(ENTRY, row, strict=False))) for row in entries},
        amended={row[0] for row in entries if row[-1]},
        rows={
            name: asked.read(found)
            for (name, asked), found in zip(following.items(), rows, strict=True)
        },
        received_at=received_at,
    )


def _ended(held: Sequence[Row], *, since: datetime) -> dict[UUID, list[Row]]:
    """Return, by author, all roles of those of whom one ended after ``since``."""
    now, place = clock.now(), 1 + GRANT.index("ends_at")
    some = {row[0] for row in held if row[place] and since < row[place] <= now}
    return {author: [row for row in held if row[0] == author] for author in some}


@lru_cache(maxsize=4096)
def _standing(row: Row) -> Standing:
    """Make a standing, with its unit, from a row. One that has not changed is the same object."""
    values = STANDINGS.read([row])[0]
    standing = Standing(**dict(zip(STANDING, values, strict=False)))
    standing.unit = _unit(values[len(STANDING) :])
    return standing


@lru_cache(maxsize=256)
def _unit(values: Row) -> Unit:
    return Unit(**dict(zip(UNIT, values, strict=True)))


STANDING, UNIT = columns(Standing), columns(Unit)
# What is weighed of an entry that is there already, whether it is sent again or put right.
ENTRY = (
    "seq",
    "entry_id",
    "kind",
    "stay_id",
    "author_id",
    "happened_at",
    "counted_at",
    "content_sha256",
)
# Locked in order of id, so that two batches about one person take turns and cannot deadlock. What
# rests on the lock is asked afterwards: a joined row could be older than the lock.
LOCK = Prepared(
    lambda ids: (
        Stay.objects.as_system("writers take turns")
        .filter(pk__in=ids)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", "patient_id")
    )
)
STANDINGS = Prepared(
    lambda ids: (
        Standing.objects.as_system("a writer is weighed by where the stay stands")
        .filter(stay__in=ids)
        .values_list(*STANDING, *(f"unit__{name}" for name in UNIT))
    )
)
AUTHORS = Prepared(
    lambda ids: Person.objects.filter(pk__in=ids).values_list(
        "pk", "username", *(f"grants__{name}" for name in GRANT)
    )
)
ENTRIES = Prepared(
    lambda ids: (
        Entry.objects.as_system("the ledger knows its own")
        .filter(entry_id__in=ids)
        .values_list(*ENTRY, "amended_by__seq")
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
