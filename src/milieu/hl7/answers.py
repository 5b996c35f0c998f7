"""What became of one message, in HL7's words: acknowledgement code, condition, place."""

from dataclasses import dataclass
from typing import Literal

from milieu.kernel.errors import Refusal

Ack = Literal["AA", "AE", "AR"]
Outcome = Literal["taken", "repeated", "passed over", "refused", "not kept"]

# Refusal code -> message error condition code (HL7 v2.8.2 table 0357).
CONDITIONS = {
    "segment-sequence": 100,
    "field-missing": 101,
    "data-type": 102,
    "text-unusable": 102,
    "value-unknown": 103,
    "too-long": 104,
    "message-type": 200,
    "event-unsupported": 201,
    "key-unknown": 204,
    "key-duplicate": 205,
    "numbers-of-two": 205,
    "someone-else": 205,
    "already-here": 205,
    "stay-covers": 205,
}
OTHER_CONDITION = 207  # "application internal error": the table's only word for a rule of the house
REJECTED = frozenset({200, 201})  # sent to the wrong door: AR; anything else refused is AE


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One message's answer. Holds no name, number or date of a person in care."""

    number: int  # of the message in its file, from 1
    line: int  # in the file, of the fault if there is one, else of the message
    control_id: str = ""  # MSH-10
    event: str = ""  # such as A01
    outcome: Outcome
    condition: int = 0  # table 0357; 0 is accepted
    location: str = ""  # segment^sequence^field^component, as in ERR-2
    text: str = ""
    notes: tuple[str, ...] = ()

    @property
    def ack(self) -> Ack:
        """Acknowledgement code (table 0008)."""
        if self.outcome not in ("refused", "not kept"):
            return "AA"
        return "AR" if self.condition in REJECTED else "AE"


def condition_of(refusal: Refusal) -> int:
    """Return the code of table 0357 that an interface engine understands."""
    return CONDITIONS.get(refusal.code, OTHER_CONDITION)


def missing(location: str, why: str) -> Refusal:
    """Refuse because a field is empty. ``why`` says what it is needed for."""
    return Refusal("field-missing", f"{location} is empty. {why}", field=location)
