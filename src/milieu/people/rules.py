"""What each role may do. One table, read by code, tests and docs. Plain Python."""

from collections.abc import Iterable
from enum import StrEnum

from milieu.kernel.text import gettext_noop


class Role(StrEnum):
    """What a person is at work. Stored values are forever: add new ones, never rename."""

    TECHNICIAN = "technician"
    LEAD = "lead"
    NURSE = "nurse"
    PRESCRIBER = "prescriber"
    THERAPIST = "therapist"
    MANAGER = "manager"
    PRIVACY = "privacy"
    IT = "it"


class Action(StrEnum):
    """What can be done. Named as a technician would name it."""

    SEE = "see"  # the board, the people in care, their pages
    HELP = "help"  # call for help, come, and say that it is over
    CHECK = "check"  # record safety checks
    SCORE = "score"  # fill in a questionnaire with somebody, or type its score
    CALM = "calm"  # write somebody's own plan with them, and what was tried
    TAKE = "take"  # hold people on one's own list
    ORDER_LEVEL = "order-level"
    PROTECT_SLEEP = "protect-sleep"
    ORDER_SCALE = "order-scale"  # say on which scale somebody's oxygen is counted in NEWS2
    ADMIT = "admit"
    TRANSFER = "transfer"
    LEAVE = "leave"
    DISCHARGE = "discharge"
    AMEND_ANY = "amend-any"  # put another's entry right; one's own needs no role
    ACKNOWLEDGE = "acknowledge"  # answer a concern
    ANSWER_ROUNDS = "answer-rounds"  # answer an alert about rounds: overdue, nobody with someone
    MEND = "mend"  # see and answer an alert about the house itself: a backup that is late
    ENROL_PHONE = "enrol-phone"
    MANAGE_PEOPLE = "manage-people"
    FIX_TAGS = "fix-tags"  # fix tags and printed codes at doors, move and retire them
    SEE_SHARES = "see-shares"  # how presence was shown on a unit, by shift; never by whom
    NOTICES = "notices"  # read who is unlike themselves, and mark whether it was useful
    SET_NOTICES = "set-notices"  # turn on what is watched, and how many notices are read
    REPORT_VIOLENCE = "report-violence"  # say that a line of the violence log was reported
    AFTERCARE = "aftercare"  # hard moments in aggregate, and who may be asked for company
    EVIDENCE = "evidence"  # take a person's record away as a file that anyone can verify
    RESTRAIN = "restrain"  # write down restraint and seclusion: start, devices, checks, release
    ORDER_RESTRAINT = "order-restraint"  # order it, or write down what was ordered by telephone
    EVALUATE = "evaluate"  # examine somebody in restraint, by the law that says who
    DEBRIEF = "debrief"  # talk it over afterwards, tell a guardian
    ANSWER_LIMITS = "answer-limits"  # answer an alert about a legal limit
    REPORT = "report"  # say that something has to be reported outside, and that it was
    SET_LAWS = "set-laws"  # list which laws apply to the facility
    KEEP_TRAINING = "keep-training"  # write down who is trained for what
    MEASURE = "measure"  # read measures of a unit: hours of restraint, by age


_FLOOR = frozenset({Role.TECHNICIAN, Role.LEAD, Role.NURSE})
_CARE = _FLOOR | {Role.PRESCRIBER, Role.THERAPIST, Role.MANAGER}

# Who may do what: the product's table of people, "what they may do" and "what they may not".
GRANTED: dict[Action, frozenset[Role]] = {
    Action.SEE: _CARE | {Role.PRIVACY},
    Action.HELP: _CARE,
    Action.CHECK: _FLOOR,
    Action.SCORE: _FLOOR | {Role.PRESCRIBER, Role.THERAPIST},
    Action.CALM: _FLOOR | {Role.PRESCRIBER, Role.THERAPIST},
    Action.TAKE: _FLOOR,
    Action.ORDER_LEVEL: frozenset({Role.NURSE, Role.PRESCRIBER}),
    Action.PROTECT_SLEEP: frozenset({Role.NURSE, Role.PRESCRIBER}),
    Action.ORDER_SCALE: frozenset({Role.NURSE, Role.PRESCRIBER}),
    Action.ADMIT: frozenset({Role.NURSE}),
    Action.TRANSFER: frozenset({Role.NURSE}),
    Action.LEAVE: frozenset({Role.NURSE}),
    Action.DISCHARGE: frozenset({Role.NURSE}),
    Action.AMEND_ANY: frozenset({Role.LEAD}),
    Action.ACKNOWLEDGE: frozenset({Role.NURSE}),
    Action.ANSWER_ROUNDS: frozenset({Role.LEAD, Role.NURSE}),
    Action.MEND: frozenset({Role.MANAGER, Role.IT}),
    Action.ENROL_PHONE: frozenset({Role.LEAD, Role.MANAGER}),
    Action.MANAGE_PEOPLE: frozenset({Role.MANAGER, Role.IT}),
    Action.FIX_TAGS: frozenset({Role.LEAD, Role.MANAGER}),
    Action.SEE_SHARES: frozenset({Role.NURSE, Role.LEAD, Role.MANAGER}),
    Action.NOTICES: frozenset({Role.NURSE}),
    Action.SET_NOTICES: frozenset({Role.NURSE, Role.MANAGER}),
    Action.REPORT_VIOLENCE: frozenset({Role.NURSE, Role.MANAGER}),
    Action.AFTERCARE: frozenset({Role.MANAGER}),
    Action.EVIDENCE: frozenset({Role.MANAGER, Role.PRIVACY}),
    Action.RESTRAIN: _FLOOR | {Role.PRESCRIBER},
    Action.ORDER_RESTRAINT: frozenset({Role.NURSE, Role.PRESCRIBER}),
    Action.EVALUATE: frozenset({Role.NURSE, Role.PRESCRIBER}),
    Action.DEBRIEF: _CARE,
    Action.ANSWER_LIMITS: frozenset({Role.NURSE, Role.PRESCRIBER, Role.MANAGER}),
    Action.REPORT: frozenset({Role.NURSE, Role.PRESCRIBER, Role.MANAGER}),
    Action.SET_LAWS: frozenset({Role.MANAGER}),
    Action.KEEP_TRAINING: frozenset({Role.LEAD, Role.MANAGER}),
    Action.MEASURE: frozenset({Role.NURSE, Role.MANAGER, Role.PRIVACY}),
}

# "A nurse or a prescriber": a refusal says who can, in the language of who reads it.
SPOKEN: dict[Role, str] = {
    Role.TECHNICIAN: gettext_noop("a technician"),
    Role.LEAD: gettext_noop("a lead technician"),
    Role.NURSE: gettext_noop("a nurse"),
    Role.PRESCRIBER: gettext_noop("a prescriber"),
    Role.THERAPIST: gettext_noop("a therapist"),
    Role.MANAGER: gettext_noop("the unit manager"),
    Role.PRIVACY: gettext_noop("the privacy officer"),
    Role.IT: gettext_noop("the system administrator"),
}


def allowed(action: Action, roles: Iterable[Role]) -> bool:
    """Return whether any of these roles may do this."""
    return not GRANTED[action].isdisjoint(roles)


def who_may(action: Action) -> list[str]:
    """Return who may do this, in English words: ``a nurse``, ``a prescriber``."""
    return [SPOKEN[role] for role in Role if role in GRANTED[action]]
