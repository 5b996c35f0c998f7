"""What is said of restraint and seclusion, as it comes in at any door. Declared once.

An application is one time of being held, strapped or shut in, from its start to release; its id is
the id of the entry that began it. Inside it are orders, each for so many minutes, and inside those
the devices, put on and taken off. All else names the application that it is about.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")]  # a word of the unit's pack
Codes = Annotated[tuple[Code, ...], Meta(max_length=12)]
FewWords = Annotated[str, Meta(max_length=140)]
Words = Annotated[str, Meta(max_length=500)]
Told = Annotated[str, Meta(min_length=1, max_length=500)]
# What has to be so before they are released, in words that two people would judge alike.
Criterion = Annotated[str, Meta(min_length=1, max_length=140, pattern=r"^[^\n\r]*$")]
CRITERIA_MOST = 6
Criteria = Annotated[tuple[Criterion, ...], Meta(max_length=CRITERIA_MOST)]
Moment = Annotated[datetime, Meta(tz=True)]
SortOf = Literal["personal", "mechanical", "seclusion"]
# In which capacity somebody ordered or examined: laws tell these apart, roles here do not. The
# words are those of ``law.ROLES``.
Ordering = Literal["physician", "practitioner", "physician-assistant", "psychologist"]
Capacity = Literal[
    "physician",
    "practitioner",
    "physician-assistant",
    "psychologist",
    "registered-nurse",
    "practical-nurse",
    "technician",
]


class Start(Struct, frozen=True, forbid_unknown_fields=True):
    """Hands were laid on, or a device or a locked door used, from this moment on.

    ``devices``: words of the pack, each of one sort. ``danger``: what could be seen that put
    somebody's safety at risk. ``criteria``: what has to be so for release; needed from the start.
    ``applied_by``: who did it. ``observer``: who stays and sees them all the time.
    """

    devices: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=6)]
    danger: Told
    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1, max_length=CRITERIA_MOST)]
    applied_by: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=8)]
    basis: Literal["emergency", "order"]
    tried: Codes = ()
    tried_words: Words = ""
    observer: UUID | None = None


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """A device was put on or taken off, or somebody else observes from now on.

    ``observer`` empty with ``what`` = ``observer``: nobody observes from now on.
    """

    application: UUID
    what: Literal["on", "off", "observer"]
    device: Code = ""
    observer: UUID | None = None
    why: Words = ""


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """An order for one application, for so many minutes from its time on. None stands beforehand.

    ``ordered_by``: the prescriber, also where a nurse writes down what was said by telephone.
    ``attending``: whether that is the person's attending physician; empty: not known.
    """

    application: UUID
    sorts: Annotated[tuple[SortOf, ...], Meta(min_length=1, max_length=3)]
    minutes: Annotated[int, Meta(ge=1, le=1440)]
    how: Literal["in-person", "telephone", "video"]
    ordered_by: UUID
    capacity: Ordering
    renews: bool
    why: Told
    attending: Literal["", "yes", "no"] = ""


class Check(Struct, frozen=True, forbid_unknown_fields=True):
    """How they are, while held. What is empty was not looked at.

    ``met``: which release criteria are so now, in the words that the author was shown.
    """

    application: UUID
    circulation: Literal["", "good", "concern"] = ""
    breathing: Literal["", "good", "concern"] = ""
    skin: Literal["", "good", "concern"] = ""
    motion: Literal["", "done", "declined", "unsafe"] = ""
    fluids: Literal["", "taken", "declined", "unsafe"] = ""
    food: Literal["", "taken", "declined", "not-time", "unsafe"] = ""
    toilet: Literal["", "used", "declined", "unsafe"] = ""
    dignity: Literal["", "kept", "mended"] = ""
    distress: Literal["", "calm", "tense", "distressed"] = ""
    met: Criteria = ()
    note: Words = ""
    nurse_should_know: FewWords = ""


class Seen(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody examined them, was consulted or was told. The author, in a capacity.

    ``order-signed``: whoever may order signs what others wrote down as ordered until then.

    The first three texts and ``go_on`` belong to the face-to-face evaluation. ``whom``: who was
    consulted or told.
    """

    application: UUID
    what: Literal[
        "face-to-face",
        "nurse-exam",
        "physician",
        "second-physician",
        "consult",
        "wellbeing",
        "guardian-told",
        "order-signed",
    ]
    capacity: Capacity
    how: Literal["in-person", "telephone", "video"]
    situation: Words = ""
    reaction: Words = ""
    condition: Words = ""
    go_on: Literal["", "go-on", "end"] = ""
    whom: FewWords = ""
    words: Words = ""


class End(Struct, frozen=True, forbid_unknown_fields=True):
    """Released: nothing holds them from this moment on. ``state``: how they are."""

    application: UUID
    state: Told
    injuries: Literal["none", "person", "staff", "both"]
    injury_words: Words = ""


class Debrief(Struct, frozen=True, forbid_unknown_fields=True):
    """What was talked over afterwards, with the person or among staff.

    ``helped``: what would have helped; ``worsened``: what made it worse; each thing on its line.
    With the person both are in their words, and are offered for their own plan. ``declined``: they
    were asked and did not want to; said with no more than a reason.
    """

    application: UUID
    who: Literal["person", "staff"]
    outcome: Literal["held", "declined"]
    present: Words = ""
    helped: Words = ""
    worsened: Words = ""
    words: Words = ""


class Occurrence(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that has to be reported: a death, a serious injury, an attempt to die.

    ``known_at``: when somebody here knew. ``died_on``: where that was on an earlier day than the
    entry says. ``soft_wrist_only``: no other device and no seclusion, so that the hospital's own
    log is what the law asks for.
    """

    what: Literal["death", "serious-injury", "suicide-attempt"]
    relation: Literal["during", "within-24h", "within-week", "none"]
    known_at: Moment
    words: Told
    application: UUID | None = None
    died_on: date | None = None
    soft_wrist_only: bool = False


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """A report of an occurrence was made, or it was written into the log: to whom."""

    occurrence: UUID
    whom: Literal["cms", "state", "advocates", "guardian", "log", "other"]
    number: FewWords = ""
    words: Words = ""
