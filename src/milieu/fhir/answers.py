"""What became of one person in a Bundle, in FHIR's words: an issue, where, in which line."""

from dataclasses import dataclass
from typing import Literal

from milieu.kernel.errors import Refusal

Outcome = Literal["taken", "repeated", "passed over", "refused", "not kept"]

# Refusal code -> http://hl7.org/fhir/R4/valueset-issue-type.html
ISSUES = {
    "not-json": "structure",
    "not-a-bundle": "structure",
    "element": "value",
    "text-unusable": "value",
    "field-missing": "required",
    "not-supported": "not-supported",
    "reference": "not-found",
    "too-long": "too-long",
    "too-many": "too-costly",
    "numbers-of-two": "multiple-matches",
    "someone-else": "conflict",
    "already-here": "duplicate",
    "twice": "duplicate",
    "stay-covers": "conflict",
}
OTHER_ISSUE = "business-rule"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One person's answer. Holds no name, number or date of theirs."""

    number: int  # of the person in the Bundle, from 1
    line: int  # of the entry, or of the fault
    outcome: Outcome
    issue: str = ""  # FHIR's issue type; empty when accepted
    location: str = ""  # such as Bundle.entry[3].resource.birthDate
    text: str = ""
    notes: tuple[str, ...] = ()


def refused(number: int, line: int, refusal: Refusal) -> Answer:
    """Return the answer for what was refused."""
    return Answer(
        number=number,
        line=line,
        outcome="refused",
        issue=ISSUES.get(refusal.code, OTHER_ISSUE),
        location=refusal.field,
        text=refusal.message,
    )
