"""The budget of notices follows how many were useful, on units that chose so.

Off unless chosen. Every step is kept as a choice of its own: when, from which marks, to how many.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from milieu.census.models import Unit
from milieu.people.models import Person
from milieu.watch.choices import A_WEEK_MOST, unless_chosen
from milieu.watch.models import Budget, Follow, Mark

FILE = Path(__file__).with_name("following.toml")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the budget moves, how far, and between which bounds; the file says why."""

    last: int  # marked notices
    few: float  # shares of them that were useful
    many: float
    fewer: float  # factors
    more: float
    least_of_chosen: float
    most_of_chosen: float


@cache
def rule() -> Rule:
    """Return the figures of ``following.toml``."""
    return msgspec.toml.decode(FILE.read_bytes(), type=Rule)


def moved(a_week: int, chosen: int, useful: int, given: Rule) -> int:
    """Return how many notices a week to ask for after ``useful`` of the last ones were useful.

    Args:
        a_week: what is asked for now.
        chosen: what a person chose last; the bounds go by it.
        useful: of the last ``given.last`` that were marked.
        given: the rule.
    """
    share = useful / given.last
    wanted = a_week
    if share < given.few:
        wanted = min(round(a_week * given.fewer), a_week - 1)
    elif share >= given.many:
        wanted = max(round(a_week * given.more), a_week + 1)
    most = min(max(round(chosen * given.most_of_chosen), 1), A_WEEK_MOST)
    return min(max(wanted, round(chosen * given.least_of_chosen), 1), most)


def follows(unit: Unit) -> bool:
    """Return whether a unit lets its budget follow."""
    newest = Follow.objects.filter(unit=unit).order_by("-at", "-pk").first()
    return bool(newest and newest.on)


def let_follow(unit: Unit, *, on: bool, by: Person | None, at: datetime) -> None:
    """Keep whether the budget follows, where that is another choice than before."""
    if on != follows(unit):
        Follow.objects.create(unit=unit, on=on, by=by, at=at)


def follow(unit: Unit, people: int, now: datetime) -> None:
    """Let the budget of a unit follow its marks, where it chose so and enough are new.

    Marks are counted once: those since the newest choice.

    Args:
        unit: whose budget.
        people: how many there are; where nobody chose, the bounds go by them.
        now: when this is.
    """
    if not follows(unit):
        return
    usual = round(unless_chosen(people)) or 1
    budgets = list(Budget.objects.filter(unit=unit).order_by("-at", "-pk"))
    chosen = next((each.a_week for each in budgets if each.marked is None), usual)
    a_week = budgets[0].a_week if budgets else usual
    since = Follow.objects.filter(unit=unit).order_by("-at", "-pk")[0].at
    since = max(since, budgets[0].at) if budgets else since
    said = _marks(unit, since)[-rule().last :]
    if len(said) < rule().last:
        return
    useful = said.count("useful")
    wanted = moved(a_week, chosen, useful, rule())
    if wanted != a_week:
        Budget.objects.create(unit=unit, a_week=wanted, at=now, useful=useful, marked=len(said))


def _marks(unit: Unit, since: datetime) -> list[str]:
    """Return the newest mark of each notice that was marked after ``since``, the oldest first."""
    rows = Mark.objects.as_system("counts the marks of a unit, and names nobody").filter(
        notice__unit=unit, at__gt=since
    )
    newest: dict[UUID, str] = {}
    for notice, said in rows.order_by("at", "pk").values_list("notice", "said"):
        newest.pop(notice, None)
        newest[notice] = said
    return list(newest.values())


def rule_words() -> str:
    """Return in words when the budget moves."""
    given = rule()
    return _(
        "When fewer than %(few)d of the last %(last)d marked notices were useful, we ask for "
        "fewer; when %(many)d or more were, for more. It stays between %(least)d %% and "
        "%(most)d %% of what you chose."
    ) % {
        "few": round(given.few * given.last),
        "many": round(given.many * given.last),
        "last": given.last,
        "least": round(given.least_of_chosen * 100),
        "most": round(given.most_of_chosen * 100),
    }


def step_words(unit: Unit) -> str:
    """Return in words when the budget moved last and why; empty if a person chose it since."""
    newest = Budget.objects.filter(unit=unit).order_by("-at", "-pk").first()
    if newest is None or newest.marked is None:
        return ""
    return _(
        "Since %(day)s it is %(a_week)d a week: %(useful)d of the last %(marked)d marked notices "
        "were useful."
    ) % {
        "day": date_format(newest.at.astimezone(unit.zone), "j M"),
        "a_week": newest.a_week,
        "useful": newest.useful,
        "marked": newest.marked,
    }
