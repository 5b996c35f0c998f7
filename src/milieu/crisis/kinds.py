"""The names of the kinds of entry about restraint and seclusion, and the fact of each."""

from typing import Final

START: Final = "restraint.start"
CHANGE: Final = "restraint.change"
ORDER: Final = "restraint.order"
CHECK: Final = "restraint.check"
SEEN: Final = "restraint.seen"
END: Final = "restraint.end"
DEBRIEF: Final = "restraint.debrief"
OCCURRENCE: Final = "occurrence.known"
REPORT: Final = "occurrence.report"

FACTS: Final = {  # how to reach the fact of an entry of this kind
    START: "restraintstart",
    CHANGE: "restraintchange",
    ORDER: "restraintorder",
    CHECK: "restraintcheck",
    SEEN: "restraintseen",
    END: "restraintend",
    DEBRIEF: "restraintdebrief",
}
OUTSIDE: Final = (OCCURRENCE, REPORT)
