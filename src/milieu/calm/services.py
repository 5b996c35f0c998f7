"""Who may write a person's own plan and what was tried, and when it is refused."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from milieu.calm import models, rules, shape
from milieu.calm.ways import Way, ways
from milieu.census.packs import Pack, Word
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.rules import Action
from milieu.record.kinds import Case, Kind
from milieu.record.rows import Values
from milieu.rounds.grounds import in_words, may_say

PLAN = "calm.plan"
TRIED = "calm.tried"


def named(pack: Pack, of: str) -> Mapping[str, Word | Way]:
    """Return what a code of ``choice`` or ``way`` may name on a unit with this pack."""
    return ways() if of == "way" else {each.code: each for each in pack.calm.choices}


def decide_plan(case: Case) -> None:
    """Weigh a plan.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``words-missing``, ``text-unusable``, and as ``rules.agree``.
    """
    may_say(case, Action.CALM)
    said: shape.OwnPlan | None = case.draft.fact
    if said is None:
        return
    rules.agree(said)
    for part in rules.PARTS:
        if not all(_lines(said, part)):
            raise Refusal("words-missing", _("Say it in a few words."), field=part)
    for name in ("differs", "made_with"):
        storable(getattr(said, name), field=name)


def _lines(said: shape.OwnPlan, part: str) -> list[str]:
    """Return the lines of a part as they are kept. The same line twice is one."""
    lines = [rules.one_line(storable(line, field=part)) for line in getattr(said, part)]
    return list(dict.fromkeys(lines))


def build_plan(case: Case) -> Values:
    """Return the row of a plan."""
    said: shape.OwnPlan = case.draft.fact
    return {
        "agreement": said.agreement,
        **{part: "\n".join(_lines(said, part)) for part in rules.PARTS},
        **{name: storable(getattr(said, name), field=name) for name in ("differs", "made_with")},
        "after": " ".join(map(str, dict.fromkeys(said.after))),
    }


def decide_tried(case: Case) -> None:
    """Weigh what was tried.

    Raises:
        Refusal ``unknown-stay``, ``not-allowed``, ``before-admission``, ``after-discharge``,
        ``words-missing``, ``unknown-code``, ``text-unusable``.
    """
    standing = may_say(case, Action.CALM)
    said: shape.Tried | None = case.draft.fact
    if said is None:
        return
    if not rules.one_line(storable(said.words, field="words")):
        raise Refusal("words-missing", _("Say it in a few words."), field="words")
    if said.of != "plan":
        in_words(case, [said.code], named(standing.unit.pack, said.of), field="code")
    elif said.code:  # a plan is in their own words
        in_words(case, [said.code], (), field="code")
    storable(said.note, field="note")


def build_tried(case: Case) -> Values:
    """Return the row of what was tried."""
    said: shape.Tried = case.draft.fact
    return {
        **{name: getattr(said, name) for name in ("of", "code", "did")},
        "words": rules.one_line(storable(said.words, field="words")),
        "note": storable(said.note, field="note"),
    }


PLAN_KIND = Kind(
    name=PLAN,
    shape=shape.OwnPlan,
    model=models.OwnPlan,
    decide=decide_plan,
    build=build_plan,
    from_phone=True,
)
TRIED_KIND = Kind(
    name=TRIED,
    shape=shape.Tried,
    model=models.Tried,
    decide=decide_tried,
    build=build_tried,
    from_phone=True,
)
