"""What has to be done now and then, so that nobody has to think of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Final

import structlog
from django.conf import settings

from milieu.keeping import backup, clocks, readiness
from milieu.keeping.findings import Finding
from milieu.keeping.heartbeats import beat, claim
from milieu.keeping.lookout import forget_signs_of_life
from milieu.kernel.errors import Refusal
from milieu.people.models import EnrolCode
from milieu.watch import noticing
from milieu.wellbeing.services import offer

AGAIN_AFTER: Final = timedelta(minutes=5)  # a chore that did not succeed is tried again
CODE_KEPT: Final = timedelta(days=1)  # an unused enrolment code, after it ran out

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Chore:
    """Something done at least this often. It answers with a few words about what it did."""

    name: str
    every: timedelta
    do: Callable[[datetime], str]


def take_backup(now: datetime) -> str:
    """Take a verified backup into the usual folder.

    Raises:
        Refusal: what stood in the way, in words that a log may keep.
    """
    try:
        path, _ = backup.make(settings.BACKUPS, keep=settings.BACKUPS_KEPT)
    except OSError as fault:
        where = fault.filename or settings.BACKUPS
        raise Refusal("folder-unusable", f"{where}: {fault.strerror}.") from fault
    return path.name


def clear_sign_ins(now: datetime) -> str:
    """Forget sign-ins of the pages that ran out. Sessions on phones stay: they prove authors."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return ""


def clear_codes(now: datetime) -> str:
    """Forget enrolment codes that nobody used."""
    gone, _ = EnrolCode.objects.filter(used_at=None, expires_at__lt=now - CODE_KEPT).delete()
    return f"{gone} codes"


def look_round(now: datetime) -> str:
    """Look at the disk and the clock, and say in the log what someone should mend."""
    findings: list[Finding] = [readiness.disk(), *clocks.check_clock(now)]
    for finding in findings:  # what the doctor notes, and no more, need not be said every time
        if finding.level == "mend" or (finding.level == "note" and finding.name == "disk"):
            log.warning("Someone should look at this.", part=finding.name, says=str(finding))
    return ""


CHORES: Final[Sequence[Chore]] = (
    Chore("look", timedelta(minutes=5), look_round),
    Chore(backup.CHORE, timedelta(hours=1), take_backup),
    Chore("notices", timedelta(hours=1), noticing.look),
    Chore("how are you", timedelta(minutes=1), offer),
    Chore("codes", timedelta(hours=1), clear_codes),
    Chore("signs of life", timedelta(hours=1), forget_signs_of_life),
    Chore("sign-ins", timedelta(hours=24), clear_sign_ins),
)


def do_what_is_due(now: datetime, chores: Sequence[Chore] = CHORES) -> list[str]:
    """Do each chore that is due, and return the names of those that succeeded.

    One that does not succeed stops no other; it is tried again in five minutes.
    """
    done = []
    for chore in chores:
        if not claim(chore.name, now=now, every=chore.every, again_after=AGAIN_AFTER):
            continue
        try:
            said = chore.do(now)
        except Exception as fault:  # whatever one chore runs into, the others go on
            # A refusal's words are our own; what a library says may hold a name.
            says = {"says": fault.message} if isinstance(fault, Refusal) else {}
            log.exception("A chore did not succeed.", chore=chore.name, **says)
            continue
        beat(chore.name, at=now, said=said)
        log.info("A chore is done.", chore=chore.name, says=said)
        done.append(chore.name)
    return done
