"""What a clock is, and the clocks of what is owed: evaluations, checks, notices. Plain.

Each function tells of one law alone. ``limits`` asks all of them and keeps the strictest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from milieu.crisis.application import (
    EVER,
    Application,
    Interval,
    Seen,
    Stretch,
    both,
    union,
    without,
)
from milieu.crisis.business import calendar
from milieu.crisis.law import NEXT_BUSINESS_DAY, SOON, Law, Rule, Sort

NOT_LATE = timedelta()
NURSES = ("registered-nurse", "practical-nurse")
EXAMINATIONS = ("face-to-face", "physician", "second-physician")


@dataclass(frozen=True)
class Limit:
    """Something that has to be done, or to end, by a time.

    Attributes:
        what: order, order-ends, total, personal-total, face-to-face, consult, check, nurse-exam,
            physician, second-physician, attending, order-signed, observer, wellbeing, guardian,
            debrief-person, debrief-staff; release (``kept``), and report-… (``alarms``).
        since: when this clock began.
        due: None: as soon as possible.
        met_at: when it was done, also where that was too late; None: it was not.
        rule: what asks for it.
        sort: of order and order-ends: which sort; None: not known, or all of them.
    """

    what: str
    since: datetime
    due: datetime | None
    met_at: datetime | None
    rule: Rule
    sort: Sort | None = None

    def late(self, now: datetime) -> timedelta:
        """Return by how much it was passed, or is by now; 0 if not."""
        if self.due is None:
            return NOT_LATE
        until = now if self.met_at is None else min(self.met_at, now)
        return max(until - self.due, NOT_LATE)


def due(since: datetime, value: int | str, zone: str) -> datetime | None:
    """Return by when something is to be done that a law asks for within ``value``."""
    if value == SOON:
        return None
    if value == NEXT_BUSINESS_DAY:
        return calendar().next_close(since, ZoneInfo(zone))
    return since + timedelta(minutes=int(value))


def face_to_face(app: Application, law: Law) -> Iterator[Limit]:
    """Yield by when somebody who may has to evaluate the person, also if released before."""
    rule = law.rule("face-to-face-minutes", age=app.age_at(app.start))
    if rule:
        by = due(app.start, rule.value, app.zone)
        done = evaluation(app, law)
        yield Limit("face-to-face", app.start, by, done.at if done else None, rule)


def evaluation(app: Application, law: Law) -> Seen | None:
    """Return the first face-to-face evaluation that counts under this law.

    Of two at one moment the one that asks for more: by whoever is no physician and must consult.
    """
    may = law.rule("face-to-face-by")
    by_another = law.rule("face-to-face-not-by-starter")
    found = [
        seen
        for seen in app.seen
        if seen.what == "face-to-face"
        and seen.at >= app.start
        and (may is None or seen.role in may.value)
        and not (by_another and seen.began_it)
    ]
    return min(found, key=lambda seen: (seen.at, seen.role == "physician", seen.role), default=None)


def consult(app: Application, law: Law) -> Iterator[Limit]:
    """Yield by when whoever evaluated has to consult, where they are somebody who must."""
    rule = law.rule("consult")
    asking = law.rule("consult-after-face-to-face-by")
    done = evaluation(app, law)
    if rule and asking and done and done.role in asking.value:
        met = first(app, "consult", done.at)
        yield Limit("consult", done.at, due(done.at, rule.value, app.zone), met, rule)


def attending(app: Application, law: Law) -> Iterator[Limit]:
    """Yield by when the attending physician has to be consulted, where somebody else ordered."""
    rule = law.rule("attending-consulted", age=app.age_at(app.start))
    given = sorted(app.orders, key=lambda order: (order.at, not order.attending))
    if rule is None or not given or given[0].attending:
        return
    since = max(given[0].at, app.start)
    ordered = [order.at for order in given if order.attending]
    done = [at for at in (first(app, "consult", app.start), *ordered) if at]
    met = max(min(done), since) if done else None
    yield Limit("attending", since, due(since, rule.value, app.zone), met, rule)


def first(app: Application, what: str, since: datetime) -> datetime | None:
    """Return when this was first done from a moment on."""
    return min(
        (seen.at for seen in app.seen if seen.what == what and seen.at >= since), default=None
    )


def checks(app: Application, law: Law) -> Iterator[Limit]:
    """Yield by when each check had to follow the one before it, the first the start.

    The clock stands while nobody is held, and begins anew with the next hold.
    """
    held = [each for each in app.stretches if law.rule("check-minutes", sort=each.sort)]
    for start, over in union((each.began, each.until) for each in held):
        here = [each for each in held if start <= each.began < over]
        marks = [start, *sorted(at for at in app.checks if start < at < over), over]
        for mark, following in pairwise(marks):
            asked = _next_check(app, law, mark, here)
            if asked:
                _, by, rule = asked
                yield Limit("check", mark, by, _ended(following), rule)


def _next_check(
    app: Application, law: Law, mark: datetime, held: Sequence[Stretch]
) -> tuple[bool, datetime, Rule] | None:
    """Return when the next check is due: by what still runs then, else by what ran."""
    found = []
    for each in held:
        rule = law.rule("check-minutes", age=app.age_at(mark), sort=each.sort)
        if rule and each.until > mark:
            by = max(mark, each.began) + timedelta(minutes=rule.value)
            found.append((each.until < by, by, rule))
    return min(found, key=lambda each: each[:2], default=None)


def nurse(app: Application, law: Law) -> Iterator[Limit]:
    """Yield by when each examination by a nurse had to follow, until a physician has come."""
    rule = law.rule("nurse-exam-minutes", age=app.age_at(app.start))
    if rule is None:
        return
    over = min(examined(app) or EVER, app.ended or EVER)
    exams = sorted(
        seen.at
        for seen in app.seen
        if seen.what in ("nurse-exam", "face-to-face")
        and seen.role in NURSES
        and app.start < seen.at < over
    )
    for mark, following in pairwise([app.start, *exams, EVER]):
        by = mark + timedelta(minutes=rule.value)
        yield Limit("nurse-exam", mark, by, _ended(following, over), rule)


def physician(app: Application, law: Law) -> Iterator[Limit]:
    """Yield by when a physician has to examine the person, also if released before."""
    rule = law.rule("physician-minutes", age=app.age_at(app.start))
    if rule:
        by = due(app.start, rule.value, app.zone)
        yield Limit("physician", app.start, by, examined(app), rule)


def examined(app: Application) -> datetime | None:
    """Return when a physician first examined the person, by whatever name."""
    return min(
        (
            seen.at
            for seen in app.seen
            if seen.what in EXAMINATIONS and seen.role == "physician" and seen.at >= app.start
        ),
        default=None,
    )


def observer(app: Application, law: Law) -> Iterator[Limit]:
    """Yield each time without an observer where somebody has to watch: due at once."""
    watched = [(start, end or EVER) for start, end in app.observed]
    for stretch in app.stretches:
        rule = law.rule("observer", age=app.age_at(stretch.began), sort=stretch.sort)
        if rule:
            yield from _alone([(stretch.began, stretch.until)], watched, rule)
    rule = law.rule("both-at-once", age=app.age_at(app.start))
    if rule:
        yield from _alone(at_once(app), watched, rule)


def at_once(app: Application) -> list[Interval]:
    """Return when somebody was in restraint and in seclusion at the same time."""
    alone = [(each.began, each.until) for each in app.stretches if each.sort is Sort.SECLUSION]
    held = [
        (each.began, each.until)
        for each in app.stretches
        if each.sort in (Sort.PERSONAL, Sort.MECHANICAL)
    ]
    return both(held, alone)


def _alone(needed: list[Interval], watched: list[Interval], rule: Rule) -> Iterator[Limit]:
    for began, ended in without(needed, watched):
        yield Limit("observer", began, began, _ended(ended), rule)


def notices(app: Application, law: Law) -> Iterator[Limit]:
    """Yield who has to be told from the start on, and what is owed from the release on."""
    yield from _owed(app, law, "guardian", "guardian-told", app.start)
    if app.ended:
        for what in ("wellbeing", "debrief-person", "debrief-staff"):
            yield from _owed(app, law, what, what, app.ended)


def _owed(app: Application, law: Law, what: str, done: str, since: datetime) -> Iterator[Limit]:
    rule = law.rule(what, age=app.age_at(since))
    if rule:
        by = due(since, rule.value, app.zone)
        yield Limit(what, since, by, first(app, done, since), rule)


def _ended(*ends: datetime) -> datetime | None:
    """Return the first of these moments, None if none of them comes."""
    end = min(ends)
    return None if end == EVER else end
