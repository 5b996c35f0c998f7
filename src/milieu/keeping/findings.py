"""What a look at one part of the house found, in a line."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["ok", "note", "mend"]  # well; worth knowing; must be mended


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what is so, and what to do where something is to be done."""

    name: str
    level: Level
    says: str
    do: str = ""

    def __str__(self) -> str:
        return f"{self.says} {self.do}".strip()

    def as_json(self) -> dict[str, Any]:
        """Return the finding for a program to read."""
        return asdict(self)


def to_mend(findings: Iterable[Finding]) -> list[Finding]:
    """Return what must be mended."""
    return [finding for finding in findings if finding.level == "mend"]
