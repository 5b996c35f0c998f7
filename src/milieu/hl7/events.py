"""Every ADT event, and what a unit does about it. docs/interfaces.md explains the table."""

from enum import StrEnum


class Action(StrEnum):
    """What a message asks of a unit."""

    ADMIT = "admit"
    TRANSFER = "transfer"
    DISCHARGE = "discharge"
    LEAVE = "leave"
    RETURN = "return"
    CANCEL_ADMIT = "cancel admit"
    CANCEL_TRANSFER = "cancel transfer"
    CANCEL_DISCHARGE = "cancel discharge"
    CANCEL_LEAVE = "cancel leave"
    CANCEL_RETURN = "cancel return"
    KEEP_DETAILS = "keep details"  # of anyone
    UPDATE_DETAILS = "update details"  # of someone who is known here
    MERGE = "merge"
    RENUMBER = "renumber"


ACTIONS: dict[str, Action] = {
    "A01": Action.ADMIT,
    "A02": Action.TRANSFER,
    "A03": Action.DISCHARGE,
    "A04": Action.ADMIT,
    "A05": Action.KEEP_DETAILS,
    "A06": Action.ADMIT,
    "A07": Action.UPDATE_DETAILS,
    "A08": Action.KEEP_DETAILS,
    "A11": Action.CANCEL_ADMIT,
    "A12": Action.CANCEL_TRANSFER,
    "A13": Action.CANCEL_DISCHARGE,
    "A18": Action.MERGE,
    "A21": Action.LEAVE,
    "A22": Action.RETURN,
    "A28": Action.KEEP_DETAILS,
    "A31": Action.KEEP_DETAILS,
    "A34": Action.MERGE,
    "A36": Action.MERGE,
    "A39": Action.MERGE,
    "A40": Action.MERGE,
    "A46": Action.RENUMBER,
    "A47": Action.RENUMBER,
    "A52": Action.CANCEL_LEAVE,
    "A53": Action.CANCEL_RETURN,
}

_TRACKING = "a temporary place; the unit records where people are itself"
_PLANNED = "a plan; the movement's own message is acted on when it happens"
_ERASING = "nothing is erased from the record; strike an admission out with A11"
_BEDS = "the state of a bed, not of a person"
_NUMBERS = "account and visit numbers are not kept here"
_CLINICAL = "is kept by the hospital's own record, not by this system"

# Accepted, and nothing stored: event -> why.
PASSED_OVER: dict[str, str] = {
    "A09": _TRACKING,
    "A10": _TRACKING,
    "A14": _PLANNED,
    "A15": _PLANNED,
    "A16": _PLANNED,
    "A19": "a question; this door gives no answers",
    "A20": _BEDS,
    "A23": _ERASING,
    "A25": _PLANNED,
    "A26": _PLANNED,
    "A27": _PLANNED,
    "A29": _ERASING,
    "A32": _TRACKING,
    "A33": _TRACKING,
    "A35": _NUMBERS,
    "A38": _PLANNED,
    "A41": _NUMBERS,
    "A42": _NUMBERS,
    "A44": _NUMBERS,
    "A45": _NUMBERS,
    "A48": _NUMBERS,
    "A49": _NUMBERS,
    "A50": _NUMBERS,
    "A51": _NUMBERS,
    "A54": f"the attending doctor {_CLINICAL}",
    "A55": f"the attending doctor {_CLINICAL}",
    "A60": f"allergy information {_CLINICAL}",
    "A61": f"the consulting doctor {_CLINICAL}",
    "A62": f"the consulting doctor {_CLINICAL}",
}

# They change where someone is or who they are, and are not understood: refused, so that it is seen.
INSTEAD: dict[str, str] = {
    "A17": "Send an A02 for each of the two people.",
    "A24": "Send A40 when two numbers are one person.",
    "A30": "Send A40 when two numbers are one person.",
    "A37": "A merge is undone by hand, on both people's pages.",
    "A43": "Send A40 when two numbers are one person.",
}
