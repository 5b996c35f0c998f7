"""What a law lets be done, and for how long: every figure with the place where it stands. Plain.

Laws are files in ``laws/``, figures are explained in ``figures.toml``. A facility lists the laws
that it is under, and the strictest of them holds. What a law says nothing of is absent from its
file. A law is read here as it was on a date; it is not legal advice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from functools import cache, cached_property
from math import inf
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from milieu.crisis.business import calendar
from milieu.kernel.errors import Refusal

HERE: Final = Path(__file__).parent

# Who acts, as laws tell them apart. A practitioner is any other licensed practitioner whom the
# State and the facility let order; a word that is not here is let do nothing.
ROLES: Final = frozenset(
    {
        "physician",
        "practitioner",
        "physician-assistant",
        "psychologist",
        "registered-nurse",
        "practical-nurse",
        "technician",
    }
)
# What some law forbids or counts otherwise, as ``limits.Spell.device`` names it.
DEVICES: Final = frozenset(
    {"prone-hold", "supine-hold", "four-limb", "two-point-soft-wrist", "locked-room"}
)
SOON: Final = "as-soon-as-possible"
NEXT_BUSINESS_DAY: Final = "next-business-day"  # at the close of business


class Sort(StrEnum):
    """How somebody is kept from moving or leaving."""

    PERSONAL = "personal"  # held by hands
    MECHANICAL = "mechanical"  # by a device
    SECLUSION = "seclusion"  # alone, prevented from leaving


@dataclass(frozen=True)
class Rule:
    """One figure of a law, and where it stands.

    Attributes:
        value: minutes or months; a word of the figure's ranks; or a set of words.
        sure: the text, or an authority's own statement of it, was read; else it rests on memory.
        also: the rules of other laws that it stands on too: ties, or the other parts of a set.
    """

    law: str
    paragraph: str
    source: str
    read_on: date
    value: Any
    figure: str = ""
    sure: bool = True
    note: str = ""
    from_age: int = 0
    below_age: int | None = None
    sorts: frozenset[Sort] = field(default_factory=lambda: frozenset(Sort))
    also: tuple["Rule", ...] = ()

    def holds_for(self, age: int | None, sort: Sort | None) -> bool:
        """Return whether it may hold: what is not known is taken to fit."""
        young_enough = self.below_age is None or age is None or age < self.below_age
        old_enough = age is None or age >= self.from_age
        return young_enough and old_enough and (sort is None or sort in self.sorts)


class Source(msgspec.Struct, frozen=True):
    """Where something was read, and when."""

    url: str
    read_on: date


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be told to whom when somebody died or was badly hurt.

    Attributes:
        what, relation, soft_wrist: of which occurrences (``reports.Occurrence``); empty: of any.
        due: minutes, or ``next-business-day``; of ``due_days`` and this one is given.
        due_days: whole days after the date of ``since``, to the end of the last.
        since: what the time is counted from.
        below_age: only for those who are younger.
    """

    what: tuple[Literal["death", "serious-injury", "suicide-attempt"], ...]
    to: Literal["cms", "state", "advocates", "guardian", "log"]
    since: Literal["known", "happened"]
    paragraph: str = ""
    source: str = ""
    sure: bool | None = None
    relation: tuple[Literal["during", "within-24h", "within-week"], ...] = ()
    soft_wrist: bool | None = None
    due: int | str | None = None
    due_days: int | None = None
    below_age: int | None = None
    how: str = ""
    note: str = ""


@dataclass(frozen=True)
class Law:
    """One law as it was read."""

    id: str
    title: Mapping[str, str]
    cites: str
    rules: tuple[Rule, ...]
    reports: tuple[Report, ...]
    sources: Mapping[str, Source]

    def called(self, language: str) -> str:
        """Return its name in this language, else in English."""
        return self.title.get(language) or self.title["en"]

    def rule(self, figure: str, *, age: int | None = None, sort: Sort | None = None) -> Rule | None:
        """Return what it says of a figure; None where it says nothing.

        Where the age or the sort is not known, the strictest of what may hold.
        """
        said = self._by_figure.get(figure, ())
        return _strictest([rule for rule in said if rule.holds_for(age, sort)])

    @cached_property
    def _by_figure(self) -> Mapping[str, Sequence[Rule]]:
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            found[rule.figure].append(rule)
        return found


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a figure is called, and what makes one stricter than another."""

    strict: Literal["least", "soonest", "ranked", "common", "joined"]
    label: dict[str, str]
    ranks: tuple[str, ...] = ()

    def called(self, language: str) -> str:
        """Return its name in this language, else in English."""
        return self.label.get(language) or self.label["en"]


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    figure: str
    paragraph: str = ""
    source: str = ""
    sure: bool | None = None
    value: int | str | tuple[str, ...] | None = None
    by_age: dict[str, int] = {}  # from this age on, this value
    below_age: int | None = None
    sorts: tuple[Sort, ...] = tuple(Sort)
    note: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: dict[str, str]
    cites: str
    sources: dict[str, Source]
    figures: tuple[_Line, ...]
    reports: tuple[Report, ...] = ()


@cache
def figures() -> Mapping[str, Figure]:
    """Return every figure that a law may have, by its name."""
    return msgspec.toml.decode((HERE / "figures.toml").read_bytes(), type=dict[str, Figure])


@cache
def laws() -> Mapping[str, Law]:
    """Return the laws that ship, by id."""
    found = [read(path.read_text()) for path in sorted((HERE / "laws").glob("*.toml"))]
    return {law.id: law for law in found}


def read(text: str) -> Law:
    """Return a law from its file.

    Raises:
        Refusal ``law-unreadable``, ``law-figure-unknown``, ``law-unsourced``, ``law-value``.
    """
    try:
        file = msgspec.toml.decode(text, type=_File)
    except msgspec.DecodeError as error:
        raise Refusal("law-unreadable", f"This is not a law's file: {error}.") from error
    for report in file.reports:
        what = f"the report to {report.to}"
        _sourced(file, what, report.paragraph, report.source, sure=report.sure)
        in_words = isinstance(report.due, str) and report.due != NEXT_BUSINESS_DAY
        if in_words or (report.due is None) == (report.due_days is None):
            text = f"{file.id}: {what} needs one deadline: due or due_days."
            raise Refusal("law-value", text, field=what)
    rules = tuple(rule for line in file.figures for rule in _rules(file, line))
    return Law(file.id, file.title, file.cites, rules, file.reports, file.sources)


def _rules(file: _File, line: _Line) -> Iterator[Rule]:
    figure = figures().get(line.figure)
    if figure is None:
        text = f"{file.id}: there is no figure {line.figure}. See figures.toml."
        raise Refusal("law-figure-unknown", text, field=line.figure)
    source = _sourced(file, line.figure, line.paragraph, line.source, sure=line.sure)
    bands: list[tuple[int, Any]] = sorted((int(age), value) for age, value in line.by_age.items())
    bands = bands or [(0, line.value)]
    ends = [*(age for age, _ in bands[1:]), line.below_age]
    for (from_age, value), below_age in zip(bands, ends, strict=True):
        yield Rule(
            law=file.id,
            paragraph=line.paragraph,
            source=source.url,
            read_on=source.read_on,
            value=_value(file.id, line.figure, figure, value),
            figure=line.figure,
            sure=bool(line.sure),
            note=line.note,
            from_age=from_age,
            below_age=below_age,
            sorts=frozenset(line.sorts),
        )


def _sourced(file: _File, what: str, paragraph: str, source: str, *, sure: bool | None) -> Source:
    """Return where it stands, which every figure must say."""
    if not paragraph or source not in file.sources or sure is None:
        text = (
            f"{file.id}: {what} does not say where it stands. Give its paragraph, a source that "
            "the file lists with the date on which it was read, and whether it is sure."
        )
        raise Refusal("law-unsourced", text, field=what)
    return file.sources[source]


def _value(law: str, name: str, figure: Figure, value: Any) -> Any:
    """Return a value in the form that its figure has: a number, a word, or a set of words."""
    words = frozenset(value) if isinstance(value, tuple) else frozenset()
    fits = {
        "least": isinstance(value, int) and value > 0,
        "soonest": value in (SOON, NEXT_BUSINESS_DAY) or (isinstance(value, int) and value > 0),
        "ranked": value in figure.ranks,
        "common": bool(words) and words <= ROLES,
        "joined": bool(words) and words <= ROLES | DEVICES,
    }
    if not fits[figure.strict]:
        text = f"{law}: {name} cannot be {value!r}. See figures.toml and the words in law.py."
        raise Refusal("law-value", text, field=name)
    return words or value


def strictest(
    names: Sequence[str], figure: str, *, age: int | None, sort: Sort | None
) -> Rule | None:
    """Return the strictest of what these laws say of a figure, and which it is; None: nothing.

    A tie goes to the law that is listed first, and ``also`` names the others. Where laws let
    different people do something, or forbid different things, the answer is what holds under all
    of them together, and ``also`` names each law that it takes besides the first.

    Raises:
        Refusal ``law-unknown``.
    """
    found = [listed(name).rule(figure, age=age, sort=sort) for name in names]
    return _strictest([rule for rule in found if rule is not None])


def listed(name: str) -> Law:
    """Return the law of this id.

    Raises:
        Refusal ``law-unknown``.
    """
    law = laws().get(name)
    if law is None:
        text = f"There is no law called {name}. There are: {', '.join(laws())}."
        raise Refusal("law-unknown", text, field="laws")
    return law


def _strictest(rules: Sequence[Rule]) -> Rule | None:
    if len(rules) < 2:
        return rules[0] if rules else None
    figure = figures()[rules[0].figure]
    if figure.strict in ("common", "joined"):
        return _together(rules, joined=figure.strict == "joined")
    rank = min(_rank(rule.value, figure) for rule in rules)
    first, *rest = [rule for rule in rules if _rank(rule.value, figure) == rank]
    return replace(first, also=_others(first, rest))


def _together(rules: Sequence[Rule], *, joined: bool) -> Rule:
    first = rules[0]
    value = first.value
    for rule in rules[1:]:
        value = value | rule.value if joined else value & rule.value
    return replace(first, value=value, also=_others(first, rules[1:]))


def _others(first: Rule, rest: Iterable[Rule]) -> tuple[Rule, ...]:
    every = [part for rule in (first, *rest) for part in (rule, *rule.also)]
    return tuple(dict.fromkeys(replace(part, also=()) for part in every[1:]))


def _rank(value: Any, figure: Figure) -> float:
    """Return where a value stands: the strictest is the least.

    A deadline in words is taken at the shortest that it can come to: from midnight to the close of
    business. What is owed as soon as possible has no moment that could be shown to be passed.
    """
    if figure.strict == "ranked":
        return figure.ranks.index(value)
    if value == SOON:
        return inf
    if value == NEXT_BUSINESS_DAY:
        close = time.fromisoformat(calendar().close)
        return close.hour * 60.0 + close.minute
    return float(value)
