"""What a reader must be told about an entry's time, in words."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.board.said import check_of
from milieu.kernel.clock import wall_time
from milieu.record.evidence import Label, Times, written_between
from milieu.record.known import times_of
from milieu.record.models import Entry
from milieu.record.spans import length

ALONE = {
    Label.AHEAD: gettext_lazy("says a time that had not come yet when it was received"),
    Label.BEFORE_ANCHOR: gettext_lazy("says a time before the phone's last word from the server"),
    Label.CLOCK_UNKNOWN: gettext_lazy("this phone's clock was never compared with the server's"),
    Label.OUT_OF_ORDER: gettext_lazy("out of the phone's own order"),
    Label.TWO_PLACES: gettext_lazy("puts its author in two rooms in the same seconds"),
}


def words_of(labels: Iterable[Label], entry: Entry, zone: ZoneInfo) -> list[str]:
    """Return labels as people read them: ``late entry: written 38 min afterwards``."""
    return [_words(label, entry, zone) for label in labels]


def _words(label: Label, entry: Entry, zone: ZoneInfo) -> str:
    times = times_of(entry, entry.stored_at)
    offset = times.offset or timedelta()
    match label:
        case Label.LATE_ENTRY:
            span = length(times.written_at - times.happened_at)
            return _("late entry: written %(time)s afterwards") % {"time": span}
        case Label.SENT_LATE:
            return _sent_late(entry, times, zone)
        case Label.CLOCK_OFF if offset > timedelta():
            return _("this phone's clock was %(time)s fast") % {"time": length(offset)}
        case Label.CLOCK_OFF:
            return _("this phone's clock was %(time)s slow") % {"time": length(-offset)}
    return str(ALONE.get(label, label))


def _sent_late(entry: Entry, times: Times, zone: ZoneInfo) -> str:
    """Return when it was, when it came, and between which moments it was surely written.

    ``02:14 seen, 05:40 received, offline 3 h 26 min, proved within 01:58 to 05:40``
    """
    check = check_of(entry)
    seen = check is not None and check.outcome == "seen"
    after, before = written_between(times)
    offline = times.received_at - times.written_at + (times.offset or timedelta())
    words = {
        "at": wall_time(entry.stands_at, zone),
        "received": wall_time(times.received_at, zone),
        "offline": length(offline),
        "after": wall_time(after, zone) if after else "",
        "before": wall_time(before, zone),
    }
    if seen:
        said = _("%(at)s seen, %(received)s received, offline %(offline)s") % words
    else:
        said = _("%(at)s written, %(received)s received, offline %(offline)s") % words
    proof = _("proved within %(after)s to %(before)s") if after else _("no proof before %(before)s")
    return f"{said}, {proof % words}"
