"""Every clock that the law starts when somebody is restrained or secluded. Plain.

How the text was read where it leaves a choice:

- **An order** counts to what it says or to what the law lets one order run, whichever is first, by
  the age on the day on which it is given. A birthday in the middle changes nothing of an order that
  runs: it was given for a person of that age. It changes what the next may be. Who has no known
  date of birth is taken at the strictest age.
- **An emergency start**: the first order of a stretch counts from the start of that stretch, also
  when it comes later; until it comes, the longest that an order could run counts from there, and if
  it comes after that, the limit stays passed. No order is over before it was given. Every later
  order counts from when it was given.
- **A release ends an order**: who is taken hold of again needs a new one, by what federal
  surveyors cited.
- **Totals** count the time in the sorts that they are about; a short release does not begin them
  anew. The age that counts is that on the day of the last order given before the total was reached.
- **What is owed after the start stays owed** after a release: an order, the face-to-face
  evaluation, the parent's notice.
- **Nothing ends by itself.** What was done too late stays a limit that was passed.

Each law is worked out alone, with its own figures and its own people; then the strictest of each
clock is kept, and a looser one only while it asks for what the stricter does not. Elapsed time is
in UTC only.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from milieu.crisis import ends, owed
from milieu.crisis.application import EVER, Application, Order, Seen, Spell
from milieu.crisis.law import Law, Rule, Sort, listed
from milieu.crisis.owed import Limit

__all__ = ["Application", "Barred", "Limit", "Order", "Seen", "Spell", "barred", "limits"]

CLOCKS = (
    *(ends.orders, ends.signatures, ends.totals),
    *(owed.face_to_face, owed.consult, owed.attending, owed.checks, owed.nurse, owed.physician),
    *(owed.observer, owed.notices),
)


@dataclass(frozen=True)
class Barred:
    """Something that the law forbids and that is so all the same.

    ``what``: both-at-once, device, order-by, order-too-long, renewal-unseen, evaluated-by-starter.
    """

    what: str
    since: datetime
    rule: Rule


def limits(application: Application, laws: Sequence[str], now: datetime) -> tuple[Limit, ...]:
    """Return every clock that has begun by now, also those met and those passed, in order of due.

    What is due as soon as possible comes last. Only what begins later than now is hidden: nothing
    else of the answer depends on it.

    Raises:
        Refusal ``law-unknown``.
    """
    groups: dict[tuple[str, datetime, Sort | None], list[Limit]] = defaultdict(list)
    for name in dict.fromkeys(laws):
        for limit in _under(application, listed(name), now):
            if limit.since <= now:
                groups[limit.what, limit.since, limit.sort].append(limit)
    kept = [limit for group in groups.values() for limit in _strictest(group)]
    return tuple(sorted(kept, key=lambda limit: (limit.due or EVER, limit.since, limit.what)))


def _under(app: Application, law: Law, now: datetime) -> Iterator[Limit]:
    for clock in CLOCKS:
        yield from clock(app, law)
    yield from ends.second_physician(app, law, now)


def _strictest(group: Sequence[Limit]) -> list[Limit]:
    """Return the strictest of one clock, and what a looser law still asks for besides."""
    kept: list[Limit] = []
    for limit in sorted(group, key=_first_due_last_met):
        place = next((n for n, other in enumerate(kept) if _covers(other, limit)), None)
        if place is None:
            kept.append(limit)
        elif kept[place].due == limit.due:
            rule = kept[place].rule
            kept[place] = replace(
                kept[place], rule=replace(rule, also=(*rule.also, limit.rule, *limit.rule.also))
            )
    return kept


def _first_due_last_met(limit: Limit) -> tuple[datetime, float]:
    return limit.due or EVER, -(limit.met_at or EVER).timestamp()


def _covers(strict: Limit, loose: Limit) -> bool:
    """Return whether a limit that is due no later says all that another would."""
    if strict.met_at is None:
        return True
    if loose.met_at is None:
        return False
    return loose.met_at <= max(loose.due or EVER, strict.met_at)


def barred(application: Application, laws: Sequence[str], now: datetime) -> tuple[Barred, ...]:
    """Return what these laws forbid and was so by now, in order of time.

    Raises:
        Refusal ``law-unknown``.
    """
    found = [each for name in dict.fromkeys(laws) for each in _forbidden(application, listed(name))]
    begun = dict.fromkeys(each for each in found if each.since <= now)
    return tuple(sorted(begun, key=lambda each: (each.since, each.what)))


def _forbidden(app: Application, law: Law) -> Iterator[Barred]:
    rule = law.rule("both-at-once", age=app.age_at(app.start))
    if rule and rule.value == "forbidden":
        yield from (Barred("both-at-once", began, rule) for began, _ in owed.at_once(app))
    for spell in app.spells:
        rule = law.rule("forbidden-devices", age=app.age_at(spell.began), sort=spell.sort)
        if rule and spell.device in rule.value:
            yield Barred("device", spell.began, rule)
    for order in app.orders:
        yield from _orders(app, law, order)
    rule = law.rule("face-to-face-not-by-starter")
    for seen in app.seen:
        if rule and seen.what == "face-to-face" and seen.began_it:
            yield Barred("evaluated-by-starter", seen.at, rule)


def _orders(app: Application, law: Law, order: Order) -> Iterator[Barred]:
    for sort in sorted(order.sorts):
        rule = law.rule("order-by", sort=sort)
        if rule and order.role not in rule.value:
            yield Barred("order-by", order.at, rule)
        rule = law.rule("order-minutes", age=app.age_at(order.at), sort=sort)
        if rule and order.minutes > rule.value:
            yield Barred("order-too-long", order.at, rule)
    rule = law.rule("renewal-after-examination-by")
    before = [other.at for other in app.orders if other.at < order.at]
    if rule and order.renews and not _examined(app, rule, max(before, default=app.start), order.at):
        yield Barred("renewal-unseen", order.at, rule)


def _examined(app: Application, rule: Rule, since: datetime, until: datetime) -> bool:
    return any(
        seen.what in owed.EXAMINATIONS and seen.role in rule.value and since <= seen.at <= until
        for seen in app.seen
    )
