"""What an alert about a time to be kept says: which limit, by when, and where the law says so."""

from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.alerts.kinds import said
from milieu.alerts.models import Alert, Deadline
from milieu.census.models import Unit
from milieu.census.packs import LANGUAGE, Pack
from milieu.kernel.clock import wall_time

WHAT: Final = {
    "order": gettext_lazy("An order is needed"),
    "order-ends": gettext_lazy("The order runs out"),
    "total": gettext_lazy("Longest time in all"),
    "personal-total": gettext_lazy("Longest time held by hands"),
    "face-to-face": gettext_lazy("Face-to-face evaluation"),
    "check": gettext_lazy("Check in restraint"),
    "nurse-exam": gettext_lazy("Nurse's examination"),
    "physician": gettext_lazy("Physician's examination"),
    "second-physician": gettext_lazy("Second physician"),
    "consult": gettext_lazy("Consultation"),
    "attending": gettext_lazy("Attending physician consulted"),
    "order-signed": gettext_lazy("A spoken order signed"),
    "wellbeing": gettext_lazy("Well-being after release"),
    "guardian": gettext_lazy("Tell parent or guardian"),
    "debrief-person": gettext_lazy("Talk it over with the person"),
    "debrief-staff": gettext_lazy("Talk it over among staff"),
    "observer": gettext_lazy("Somebody who sees them all the time"),
    "release": gettext_lazy("Criteria met: release now"),
    "report-cms": gettext_lazy("Report to CMS"),
    "report-state": gettext_lazy("Report to the State agency"),
    "report-advocates": gettext_lazy("Report to protection and advocacy"),
    "report-guardian": gettext_lazy("Tell parent or guardian"),
    "report-log": gettext_lazy("Write it into the hospital's own log"),
    "violence-report": gettext_lazy("Report a violent incident to the authority"),
}
TELL: Final = "tell-"  # before the code of somebody who has to be told, in the pack's words


def name_of(what: str, pack: Pack | None = None) -> str:
    """Return what a limit is called. ``pack``: of the unit, for whom it says has to be told."""
    if pack and what.startswith(TELL):
        code = what.removeprefix(TELL)
        found = next((each for each in pack.incident.tell if each.code == code), None)
        return found.said(get_language() or LANGUAGE) if found else code
    return str(WHAT.get(what, what))


def words_of(alert: Alert) -> str:
    """Return what an alert says, with the limit that it is about where it is about one."""
    words = said(alert.kind, alert.words)
    if not hasattr(alert, "deadline"):
        return words
    return f"{words}: {name_of(alert.deadline.what, pack_of(alert))}"


def pack_of(alert: Alert) -> Pack | None:
    """Return the pack of the unit that an alert is about; None: it is about a facility."""
    return alert.place.pack if isinstance(alert.place, Unit) else None


def told(deadline: Deadline, zone: ZoneInfo, pack: Pack | None = None) -> str:
    """Return which limit, by when: ``Face-to-face evaluation by 03:10. 42 CFR 482.13(e)(12)``."""
    words = {
        "limit": name_of(deadline.what, pack),
        "time": wall_time(deadline.due_at, zone) if deadline.due_at else "",
    }
    by = _("%(limit)s by %(time)s") if deadline.due_at else _("%(limit)s, as soon as possible")
    return ". ".join(filter(None, [by % words, deadline.paragraph]))
