"""Applications read from the record: what stands of everything that was said about each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from milieu.census.models import Stay
from milieu.census.packs import pack
from milieu.crisis import limits
from milieu.crisis.kinds import CHANGE, CHECK, DEBRIEF, END, FACTS, ORDER, SEEN, START
from milieu.crisis.law import Sort
from milieu.record.kinds import fact_of
from milieu.record.models import Entry

WHY = "what is so of an application is worked out from all that was said about it"


class Part(NamedTuple):
    """One entry about an application. ``at``: when it was so, as far as the evidence goes."""

    at: datetime
    entry: Entry
    fact: Any

    @property
    def on_the_spot(self) -> bool:
        """Whether it was written when it happened: else it shows nobody to have been there."""
        return self.entry.counted_at is not None


class Observed(NamedTuple):
    """Who saw them all the time, from when to when. ``who``: None where nobody did."""

    who: UUID | None
    start: datetime
    end: datetime | None


@dataclass(frozen=True, kw_only=True)
class Whole:
    """One application. ``parts``: all that stands beside its start, the oldest first."""

    id: UUID
    start: Part
    parts: tuple[Part, ...]

    def of(self, kind: str) -> list[Part]:
        """Return what stands of one kind, the oldest first."""
        return [part for part in self.parts if part.entry.kind == kind]

    @property
    def stay_id(self) -> UUID:
        return self.start.entry.stay_id

    @property
    def began(self) -> datetime:
        return self.start.at

    @cached_property
    def end(self) -> Part | None:
        """The release. Where two were written down the later one stands: neither may shorten it."""
        ends = self.of(END)
        return ends[-1] if ends else None

    @property
    def ended(self) -> datetime | None:
        return max(self.end.at, self.began) if self.end else None

    @property
    def newest(self) -> int:
        """The place in the record of the last entry that stands."""
        return max(part.entry.seq for part in (self.start, *self.parts))

    @property
    def criteria(self) -> list[str]:
        """What has to be so for release, in the words that were written at the start."""
        return list(self.start.fact.criteria.splitlines())

    @cached_property
    def spells(self) -> list[tuple[str, datetime, datetime | None]]:
        """Each device with when it was put on and taken off; None: it is on."""
        on: dict[str, datetime] = dict.fromkeys(self.start.fact.devices.split(), self.began)
        found: list[tuple[str, datetime, datetime | None]] = []
        for part in self.of(CHANGE):
            at, device = max(part.at, self.began), part.fact.device
            if self.ended and at >= self.ended:
                break
            if part.fact.what == "on":
                on.setdefault(device, at)
            elif part.fact.what == "off" and device in on:
                found.append((device, on.pop(device), at))
        found += [(device, began, self.ended) for device, began in on.items()]
        return sorted(found, key=lambda spell: (spell[1], spell[0]))

    @property
    def devices(self) -> list[str]:
        """The devices that are on now; once it is over, all that were used."""
        return sorted({device for device, _, off in self.spells if self.ended or off is None})

    @cached_property
    def observed(self) -> list[Observed]:
        """Who observed when, and when nobody did, from the start until release."""
        turns: list[tuple[datetime, UUID | None]] = [(self.began, self.start.fact.observer_id)]
        turns += [
            (max(part.at, self.began), part.fact.observer_id)
            for part in self.of(CHANGE)
            if part.fact.what == "observer" and not (self.ended and part.at >= self.ended)
        ]
        ends = [*(at for at, _ in turns[1:]), self.ended]
        return [Observed(who, at, end) for (at, who), end in zip(turns, ends, strict=True)]

    @property
    def observer(self) -> UUID | None:
        return self.observed[-1].who

    @cached_property
    def last_check(self) -> Part | None:
        checks = self.of(CHECK)
        return checks[-1] if checks else None

    @property
    def ready(self) -> datetime | None:
        """Since when every release criterion is met by the newest check; None: not so."""
        last = self.last_check
        if self.ended or last is None or not self.criteria:
            return None
        met = set(last.fact.met.splitlines())
        return last.at if met.issuperset(self.criteria) else None


def of_stays(stays: Iterable[UUID]) -> dict[UUID, Whole]:
    """Return every application of these stays, by its id, the oldest first; two statements."""
    stays = list(stays)
    if not stays:
        return {}
    entries = Entry.objects.as_system(WHY).filter(stay__in=stays, kind__in=FACTS)
    roots = roots_of(entries.filter(kind=START))
    rows = (
        entries.current()
        .select_related("author", "restraintorder__ordered_by", *FACTS.values())
        .order_by("seq")
    )
    starts: dict[UUID, Part] = {}
    others: dict[UUID, list[Part]] = defaultdict(list)
    for entry in rows:
        part = Part(entry.told_at, entry, fact_of(entry))
        if entry.kind == START:
            starts[roots[entry.seq]] = part
        else:
            others[part.fact.application].append(part)
    found = [
        Whole(id=root, start=start, parts=tuple(sorted(_about(others[root], start), key=_order)))
        for root, start in starts.items()
    ]
    return {each.id: each for each in sorted(found, key=lambda each: (each.began, each.id))}


def everything_of(whole: Whole) -> list[Entry]:
    """Return every entry about an application as it was written, amended ones too, oldest first."""
    entries = Entry.objects.as_system(WHY).filter(stay=whole.stay_id, kind__in=FACTS)
    roots = roots_of(entries.filter(kind=START))
    rows = entries.select_related(
        "author", "amended_by__author", "restraintorder__ordered_by", *FACTS.values()
    ).order_by("seq")
    found: dict[int, Entry] = {}
    for entry in rows:
        named = roots.get(entry.seq) or getattr(fact_of(entry), "application", None)
        if named == whole.id or entry.amends_id in found:
            found[entry.seq] = entry
    return list(found.values())


def _about(parts: Iterable[Part], start: Part) -> Iterable[Part]:
    """Leave out what names an application of somebody else: it is about nobody."""
    return (part for part in parts if part.entry.stay_id == start.entry.stay_id)


def _order(part: Part) -> tuple[datetime, int]:
    return part.at, part.entry.seq


def roots_of(starts: Any) -> dict[int, UUID]:
    """Return, for each start and whatever puts one right, the id of the first of them."""
    rows = list(starts.order_by("seq").values_list("seq", "entry_id", "amends_id"))
    found: dict[int, UUID] = {}
    for seq, entry_id, amends in rows:
        found[seq] = found.get(amends, entry_id)
    return found


def stays_of(applications: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return about which stay each of these applications is. One that is not known is left out."""
    starts = Entry.objects.as_system(WHY).filter(kind=START, entry_id__in=list(applications))
    return dict(starts.values_list("entry_id", "stay_id"))


def sorts_of(devices: Iterable[str], pack_name: str) -> list[Sort]:
    """Return the sorts that these devices are of, in the order of the law's words."""
    known = {each.code: Sort(each.sort) for each in pack(pack_name).restraint.devices}
    found = {known.get(code, Sort.MECHANICAL) for code in devices}
    return [sort for sort in Sort if sort in found]


def age_at(born: date | None, at: datetime, zone: ZoneInfo) -> int | None:
    """Return how old somebody is at a moment, by the unit's calendar; None: not known."""
    nothing = limits.Application(at, None, born, zone.key, (), (), (), (), ())
    return nothing.age_at(at)


def for_law(whole: Whole, stay: Stay) -> limits.Application:
    """Return an application as the law reads it. ``stay``: with its patient and its unit."""
    unit = stay.standing.unit
    name = unit.pack_name
    return limits.Application(
        began=whole.began,
        ended=whole.ended,
        born=stay.patient.birth_date,
        zone=unit.time_zone,
        spells=tuple(
            limits.Spell(sort=sorts_of([device], name)[0], device=device, began=on, ended=off)
            for device, on, off in whole.spells
        ),
        orders=tuple(map(_order_for_law, whole.of(ORDER))),
        seen=tuple(_seen_for_law(whole)),
        checks=tuple(part.at for part in whole.of(CHECK) if part.on_the_spot),
        observed=tuple((each.start, each.end) for each in whole.observed if each.who),
    )


def _order_for_law(part: Part) -> limits.Order:
    order = part.fact
    return limits.Order(
        at=part.at,
        minutes=order.minutes,
        sorts=frozenset(Sort(sort) for sort in order.sorts.split()),
        role=order.capacity,
        renews=order.renews,
        attending=order.attending == "yes",
        signed=part.entry.author_id == order.ordered_by_id,
    )


def _seen_for_law(whole: Whole) -> Iterable[limits.Seen]:
    for part in whole.of(SEEN):
        began_it = part.entry.author_id in whole.start.fact.people
        what, role = part.fact.what, part.fact.capacity
        yield limits.Seen(what=what, at=part.at, role=role, began_it=began_it)
    for part in whole.of(DEBRIEF):
        yield limits.Seen(what=f"debrief-{part.fact.who}", at=part.at, role="staff")


def by_stay(wholes: Mapping[UUID, Whole]) -> dict[UUID, list[Whole]]:
    """Return applications by whom they are about, the oldest first."""
    found: dict[UUID, list[Whole]] = defaultdict(list)
    for each in wholes.values():
        found[each.stay_id].append(each)
    return found
