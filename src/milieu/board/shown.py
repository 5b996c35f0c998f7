"""How presence was shown with a check, in words; and what contradicts it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.board.said import Speech, check_of
from milieu.presence.rules import Doubt, Grade
from milieu.record.models import Entry
from milieu.rounds.contradicted import against
from milieu.rounds.models import SafetyCheck
from milieu.rounds.shown import grade_of

Words = str | Promise

GRADES: Final[dict[Grade, tuple[str, Words]]] = {  # an icon, and the words beside it
    Grade.TAP: ("nfc", gettext_lazy("tag at the door")),
    Grade.CODE: ("qr-code", gettext_lazy("printed code")),
    Grade.WALL: ("layout-grid", gettext_lazy("code of the wall board")),
    Grade.SECOND: ("users", gettext_lazy("second person")),
    Grade.ATTESTED: ("user", gettext_lazy("author's word")),
    Grade.LATE: ("history", gettext_lazy("written afterwards")),
}
DOUBTS: Final[dict[str, Words]] = {
    Doubt.NOT_OURS: gettext_lazy("a tag was read whose message is none of ours"),
    Doubt.NOT_FIXED: gettext_lazy("the tag or code that was read was at no door then"),
    Doubt.OTHER_DOOR: gettext_lazy("the tag or code that was read was at another door"),
    Doubt.OTHER_TIME: gettext_lazy("the tag or code was read at another time than the look"),
    Doubt.UNKNOWN_CODE: gettext_lazy("the code that was given was at no door and on no board then"),
    Doubt.NOT_PROVED: gettext_lazy("nothing shows that the second person opened their lock"),
}


class Shown(NamedTuple):
    """How presence was shown with one check, as a line of the page says it."""

    icon: str
    words: str


def shown(entry: Entry, speech: Speech) -> Shown | None:
    """Return how presence was shown with a check; None for any other entry."""
    check = check_of(entry)
    if check is None:
        return None
    late = timedelta(seconds=speech.unit.pack.limits.late_entry_s)
    grade = grade_of(entry, check, late)
    icon, words = GRADES[grade]
    if grade == Grade.SECOND and check.second:
        return Shown(icon, _("with %(name)s") % {"name": check.second.short_name})
    if grade == Grade.WALL and check.shown_at:
        return Shown(icon, f"{words} {speech.said_at(check.shown_at)}")
    return Shown(icon, str(words))


def doubts(entries: Iterable[Entry], speech: Speech) -> dict[int, list[str]]:
    """Return what a reader must be told of how presence was shown, by entry. Two statements."""
    checks = [check for entry in entries if (check := check_of(entry))]
    found = {check.pk: [str(DOUBTS[check.doubt])] for check in checks if check.doubt}
    contradicted = against(checks)
    others = _others({each.other for many in contradicted.values() for each in many})
    for seq, many in contradicted.items():
        for each in many:
            words = _against(each.how, others[each.other], speech)
            found.setdefault(seq, []).append(words)
    return found


def _others(seqs: Iterable[int]) -> dict[int, SafetyCheck]:
    seqs = list(seqs)
    if not seqs:
        return {}
    rows: Sequence[SafetyCheck] = list(
        SafetyCheck.objects.as_system("of entries that the reader sees")
        .filter(pk__in=seqs)
        .select_related("entry__author")
    )
    return {check.pk: check for check in rows}


def _against(how: str, other: SafetyCheck, speech: Speech) -> str:
    assert other.shown_at, "It was a tap."
    words = {
        "name": other.entry.author.short_name,
        "time": speech.said_at(other.shown_at, day=True),
    }
    if how == "replay":
        return _("one tap, written down twice: also by %(name)s for %(time)s") % words
    if how == "after":
        return _("by the tag's counter this tap came after that of %(name)s at %(time)s") % words
    return _("by the tag's counter this tap came before that of %(name)s at %(time)s") % words
