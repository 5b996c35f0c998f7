"""The kinds of alert: what each says, and who may answer it. A new kind is one line of each table.

Its ladder stands in the setting packs; whatever finds out calls ``services.raise_alerts``.
"""

from typing import Final

from django.utils.translation import gettext_lazy

from milieu.people.rules import Action

HELP: Final = "help"  # somebody called for help on a unit
RELIEF: Final = "relief"  # somebody of the staff asks to be relieved after a hard moment
CONCERN: Final = "concern"  # something that the nurse should know
OVERDUE: Final = "overdue"  # somebody was not seen in time
UNCOVERED: Final = "uncovered"  # a continuous level, and nobody is with them
FEASIBILITY: Final = "feasibility"  # too few people on the floor: told before anybody is missed
TAG_CONTRADICTION: Final = "tag-contradiction"  # a tag's counter and two times do not agree
LIMIT_NEAR: Final = "limit-near"  # a legal limit of restraint or seclusion comes near
LIMIT_PASSED: Final = "limit-passed"  # one has passed: the strongest alarm
TELL_NEAR: Final = "tell-near"  # somebody has to be told of an incident, and soon
TELL_PASSED: Final = "tell-passed"  # they were not told in time
BACKUP_LATE: Final = "backup-late"  # about the house, not about anyone in care
SEAL_LATE: Final = "seal-late"
RECORD_DISPUTED: Final = "record-disputed"  # a phone saw what this record does not hold

ANSWERED_BY: Final = {
    HELP: Action.HELP,
    RELIEF: Action.ANSWER_ROUNDS,
    CONCERN: Action.ACKNOWLEDGE,
    OVERDUE: Action.ANSWER_ROUNDS,
    UNCOVERED: Action.ANSWER_ROUNDS,
    FEASIBILITY: Action.ANSWER_ROUNDS,
    TAG_CONTRADICTION: Action.ANSWER_ROUNDS,
    LIMIT_NEAR: Action.ANSWER_LIMITS,
    LIMIT_PASSED: Action.ANSWER_LIMITS,
    TELL_NEAR: Action.ANSWER_LIMITS,
    TELL_PASSED: Action.ANSWER_LIMITS,
    BACKUP_LATE: Action.MEND,
    SEAL_LATE: Action.MEND,
    RECORD_DISPUTED: Action.MEND,
}
PASSED: Final = frozenset({LIMIT_PASSED, TELL_PASSED})  # a time that was not kept
SAYS: Final = {  # a concern says what its author wrote
    HELP: gettext_lazy("Help is called"),
    RELIEF: gettext_lazy("Somebody asks for relief"),
    OVERDUE: gettext_lazy("Not seen in time"),
    UNCOVERED: gettext_lazy("Nobody is named to be with this person"),
    FEASIBILITY: gettext_lazy("Not everyone can be seen in time"),
    TAG_CONTRADICTION: gettext_lazy("Two checks and the tag at the door do not agree"),
    LIMIT_NEAR: gettext_lazy("Restraint or seclusion: a limit is near"),
    LIMIT_PASSED: gettext_lazy("Restraint or seclusion: a limit has passed"),
    TELL_NEAR: gettext_lazy("After an incident: to be told soon"),
    TELL_PASSED: gettext_lazy("After an incident: not told in time"),
    BACKUP_LATE: gettext_lazy("The newest backup is late"),
    SEAL_LATE: gettext_lazy("What was stored is not being sealed"),
    RECORD_DISPUTED: gettext_lazy("Phones saw entries that this server does not hold"),
}


def said(kind: str, words: str) -> str:
    """Return what an alert says, in the language of whoever reads it."""
    return words or str(SAYS.get(kind, kind))
