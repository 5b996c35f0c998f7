"""The clocks of orders: when one must come, when it runs out, when all of it must end. Plain.

How the text is read is said in ``limits``. Each function tells of one law alone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from milieu.crisis.application import EVER, Application, Interval, Order, Stretch, union
from milieu.crisis.law import Law, Sort
from milieu.crisis.owed import EXAMINATIONS, Limit, due


def orders(app: Application, law: Law) -> Iterator[Limit]:
    """Yield for each stretch when it had to be ordered, and for each order when it runs out."""
    for stretch in app.stretches:
        given = counting(app, law, stretch)
        rule = law.rule("order-within", age=app.age_at(stretch.began), sort=stretch.sort)
        if rule:
            by = due(stretch.began, rule.value, app.zone)
            met = max(given[0].at, stretch.began) if given else None
            yield Limit("order", stretch.began, by, met, rule, stretch.sort)
        yield from _ends(app, law, stretch, given)


def counting(app: Application, law: Law, stretch: Stretch) -> list[Order]:
    """Return the orders that count for a stretch, oldest first: by who may, since the last release.

    Of those from before the start the last one counts, if it had not run out by then. One that
    comes after the release still says that it was ordered.
    """
    others = [each for each in app.stretches if each.sort is stretch.sort]
    since = max((each.until for each in others if each.until < stretch.began), default=None)
    until = min((each.began for each in others if each.began > stretch.began), default=EVER)
    found = [
        order
        for order in app.orders
        if (stretch.sort is None or stretch.sort in order.sorts)
        and (since is None or order.at >= since)
        and (order.at <= stretch.until or order.at < until)
        and may_order(law, order, stretch.sort)
    ]
    found.sort(key=lambda order: (order.at, -order.minutes))  # of two at once the shorter stands
    before = [order for order in found if order.at < stretch.began][-1:]
    standing = [
        order for order in before if order.at + _runs(app, law, order, stretch.sort) > stretch.began
    ]
    return standing + [order for order in found if order.at >= stretch.began]


def _runs(app: Application, law: Law, order: Order, sort: Sort | None) -> timedelta:
    """Return how long an order runs: as it says, and no longer than the law lets it."""
    rule = law.rule("order-minutes", age=app.age_at(order.at), sort=sort)
    most = order.minutes if rule is None else min(order.minutes, rule.value)
    return timedelta(minutes=max(most, 0))


def may_order(law: Law, order: Order, sort: Sort | None) -> bool:
    """Return whether this law lets whoever gave an order give it."""
    rule = law.rule("order-by", sort=sort)
    return rule is None or order.role in rule.value


def _ends(app: Application, law: Law, stretch: Stretch, given: Sequence[Order]) -> Iterator[Limit]:
    """Yield when each order runs out; without one in time, when the longest would have."""
    sort, during = stretch.sort, [order for order in given if order.at <= stretch.until]
    rule = law.rule("order-minutes", age=app.age_at(stretch.began), sort=sort)
    emergency = stretch.began + timedelta(minutes=rule.value) if rule else EVER
    in_time = bool(during) and during[0].at <= emergency
    if rule and not in_time:
        met = during[0].at if during else stretch.ended
        yield Limit("order-ends", stretch.began, emergency, met, rule, sort)
    for place, order in enumerate(during):
        rule = law.rule("order-minutes", age=app.age_at(order.at), sort=sort)
        if rule:
            since = min(order.at, stretch.began) if place == 0 and in_time else order.at
            by = since + _runs(app, law, order, sort)
            if by < order.at:  # none is over before it was given
                most = since + timedelta(minutes=rule.value)
                by = min(order.at + _runs(app, law, order, sort), most)
            met = during[place + 1].at if place + 1 < len(during) else stretch.ended
            yield Limit("order-ends", since, by, met, rule, sort)


def signatures(app: Application, law: Law) -> Iterator[Limit]:
    """Yield by when each order that somebody else wrote down has to be signed by who may order."""
    may = law.rule("order-by")
    signed = sorted(
        seen.at
        for seen in app.seen
        if seen.what == "order-signed" and (may is None or seen.role in may.value)
    )
    for order in app.orders:
        rule = law.rule("order-signed-minutes", age=app.age_at(order.at))
        if rule and not order.signed:
            met = next((at for at in signed if at >= order.at), None)
            yield Limit("order-signed", order.at, due(order.at, rule.value, app.zone), met, rule)


def totals(app: Application, law: Law) -> Iterator[Limit]:
    """Yield when all of it must end, renewals included."""
    yield from _total(app, law, "total", "total-minutes", _anew(app, law))
    yield from _total(app, law, "personal-total", "personal-total-minutes", [])


def _total(
    app: Application, law: Law, what: str, figure: str, anew: Sequence[datetime]
) -> Iterator[Limit]:
    """Yield one limit for each time that it began, anew or for the first time."""
    times = counted(app, law, figure)
    if not times:
        return
    starts = [times[0][0], *(at for at in anew if at < times[-1][1])]
    for start, following in zip(starts, [*starts[1:], EVER], strict=True):
        rest = [(max(began, start), ended) for began, ended in times if ended > start]
        then = sorted(o.at for o in _lawful(app, law) if start < o.at < following)
        by, rule = start, None
        for moment in [start, *then]:  # what is lawful is judged when an order is given
            asked = law.rule(figure, age=app.age_at(moment))
            if asked and (rule is None or moment <= by):
                by, rule = reached(rest, timedelta(minutes=asked.value)), asked
        if rule:
            met = min(following, rest[-1][1])
            yield Limit(what, start, by, None if met == EVER else met, rule)


def counted(app: Application, law: Law, figure: str) -> list[Interval]:
    """Return the times in the sorts that a law has a figure for, without overlap, in order."""
    return union(
        (each.began, each.until)
        for each in app.stretches
        if law.rule(figure, sort=each.sort) and each.began < each.until
    )


def reached(times: Sequence[Interval], amount: timedelta) -> datetime:
    """Return when so much of this time has passed; if it has not, when it would have."""
    end = times[0][0]
    for began, ended in times:
        if ended - began >= amount:
            return began + amount
        amount -= ended - began
        end = ended
    return end + amount


def _anew(app: Application, law: Law) -> list[datetime]:
    """Return when an order for what was ordered before began the total anew, as the law lets it."""
    rule = law.rule("total-restarts")
    if rule is None or rule.value == "never":
        return []
    given = sorted(_lawful(app, law), key=lambda order: order.at)
    return [
        order.at
        for place, order in enumerate(given)
        if order.at > app.start
        and any(order.sorts & other.sorts for other in given[:place])
        and _seen_for(app, law, rule.value, order, since=given[place - 1].at)
    ]


def _seen_for(app: Application, law: Law, how: str, order: Order, *, since: datetime) -> bool:
    """Return whether, since the order before, the person was seen by whom the law asks for."""
    seen = [each for each in app.seen if since <= each.at <= order.at]
    if how == "second-physician":
        return any(each.what == how and each.role == "physician" for each in seen)
    may = law.rule("order-by")
    return not order.renews and any(
        each.what in EXAMINATIONS and (may is None or each.role in may.value) for each in seen
    )


def _lawful(app: Application, law: Law) -> list[Order]:
    """Return the orders by those whom the law lets order something."""
    return [order for order in app.orders if may_order(law, order, None)]


def second_physician(app: Application, law: Law, now: datetime) -> Iterator[Limit]:
    """Yield for each length of time by when a second physician has to have seen the person."""
    rule = law.rule("second-physician-minutes", age=app.age_at(app.start))
    times = counted(app, law, "second-physician-minutes")
    if rule is None or not times:
        return
    over, length = times[-1][1], timedelta(minutes=rule.value)
    came = sorted(
        seen.at
        for seen in app.seen
        if seen.what == "second-physician" and seen.role == "physician" and seen.at >= app.start
    )
    since, by = times[0][0], reached(times, length)
    while since < over and since <= now:
        here = next((at for at in came if at >= since), EVER)
        came = [at for at in came if at > here]
        met = min(here, over)
        yield Limit("second-physician", since, by, None if met == EVER else met, rule)
        since, by = by, reached(times, by_now(times, by) + length)


def by_now(times: Sequence[Interval], moment: datetime) -> timedelta:
    """Return how much of these times had passed by a moment."""
    return sum(
        (min(ended, moment) - began for began, ended in times if began < moment), timedelta()
    )
