"""The tables of docs/crisis-law.md, made from the laws: ``python -m tests.crisis.law_page``."""

from pathlib import Path

from milieu.crisis.law import Law, Report, Rule, Sort, figures, laws

PAGE = Path(__file__).parents[2] / "docs/crisis-law.md"
MARK = "<!-- What follows is made by: python -m tests.crisis.law_page -->\n"


def tables() -> str:
    """Return a table for each law: what it says, where, and whether the text was seen."""
    return "\n".join(table(law) for law in laws().values())


def table(law: Law) -> str:
    rows = [figure(rule) for rule in law.rules] + [report(each) for each in law.reports]
    read_on = max(source.read_on for source in law.sources.values())
    lines = [
        f"\n## {law.called('en')}\n",
        f"`{law.id}`, {law.cites}. Read on {read_on}.\n",
        "| what | value | where it stands | seen |",
        "|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        *(f"- {source.url}" for source in law.sources.values()),
        "",
    ]
    return "\n".join(lines)


def figure(rule: Rule) -> tuple[str, ...]:
    name = figures()[rule.figure].called("en")
    return f"{name}{whom(rule)}", value(rule), where(rule.paragraph, rule.note), seen(rule.sure)


def whom(rule: Rule) -> str:
    """Return of whom a figure is, where it is not of all."""
    parts = []
    if rule.below_age is not None:
        parts.append(f"age {rule.from_age} to {rule.below_age - 1}")
    elif rule.from_age:
        parts.append(f"age {rule.from_age} and older")
    if len(rule.sorts) < len(Sort):
        parts.append(", ".join(sort for sort in Sort if sort in rule.sorts))
    return f" ({'; '.join(parts)})" if parts else ""


def value(rule: Rule) -> str:
    if isinstance(rule.value, frozenset):
        return ", ".join(sorted(rule.value))
    return str(rule.value)


def report(each: Report) -> tuple[str, ...]:
    occurred = ", ".join(each.what)
    if each.relation:
        occurred += f" {', '.join(each.relation)}"
    if each.soft_wrist is not None:
        occurred += ", soft wrist alone" if each.soft_wrist else ", other than soft wrist alone"
    if each.below_age is not None:
        occurred += f", below age {each.below_age}"
    due = f"{each.due_days} days" if each.due is None else str(each.due)
    what = f"Report to {each.to}: {occurred}"
    said = " ".join(filter(None, (each.how, each.note)))
    return what, f"{due}, from when {each.since}", where(each.paragraph, said), seen(each.sure)


def where(paragraph: str, note: str) -> str:
    return f"{paragraph}. {note}" if note else paragraph


def seen(sure: bool | None) -> str:  # noqa: FBT001
    return "yes" if sure else "**memory**"


def page() -> str:
    """Return the whole page with the tables as they are now."""
    return PAGE.read_text().split(MARK)[0] + MARK + tables()


if __name__ == "__main__":
    PAGE.write_text(page())
