"""What a plan and a try say, in words; and how often a thing helped. Never a score."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from milieu.calm.models import OwnPlan, Tried
from milieu.calm.rules import PARTS, Tally, Thing
from milieu.calm.services import named
from milieu.census.packs import Pack

PART_NAMES: Final = {
    "helps": gettext_lazy("What helps"),
    "touch": gettext_lazy("Touch, and what to be careful about"),
    "worsens": gettext_lazy("What makes it worse"),
    "talk": gettext_lazy("What they like to talk about"),
    "trusts": gettext_lazy("Whom they trust"),
    "early_signs": gettext_lazy("Early signs"),
    "sets_off": gettext_lazy("What sets things off"),
}
AGREED: Final = {
    "agreed": gettext_lazy("They agreed with all of it"),
    "part": gettext_lazy("They agreed with a part of it"),
    "not-asked": gettext_lazy("They were not asked yet"),
    "declined": gettext_lazy("They did not want to"),
}
DID: Final = {
    "calmer": gettext_lazy("Calmer"),
    "same": gettext_lazy("No change"),
    "worse": gettext_lazy("Worse"),
    "not-wanted": gettext_lazy("Did not want it"),
}


def of_plan(plan: OwnPlan) -> str:
    """Return a plan in a few sentences: ``Own plan. They were not asked yet. …``."""
    return ". ".join([_("Own plan"), str(AGREED[plan.agreement]), *_in_short(plan)])


def _in_short(plan: OwnPlan) -> Iterator[str]:
    if plan.differs:
        yield _("They see differently: %(what)s") % {"what": plan.differs.rstrip(".")}
    for part in PARTS:
        if lines := plan.lines(part):
            yield f"{PART_NAMES[part]}: {'; '.join(line.rstrip('.') for line in lines)}"


def of_tried(tried: Tried) -> str:
    """Return what was tried and what it did: ``Tried: a walk in the yard. Calmer``."""
    return _("Tried: %(what)s. %(did)s") % {
        "what": tried.words.rstrip("."),
        "did": DID[tried.did],
    }


def words_of(thing: Thing, pack: Pack, language: str) -> str:
    """Return what a thing is called now; as it was recorded, where the unit has no word for it."""
    found = named(pack, thing.of).get(thing.code) if thing.code else None
    return found.said(language) if found else thing.words


def told(tally: Tally) -> str:
    """Return what a thing did: ``helped 4 of 5 times, made it worse 1 time``."""
    parts = []
    if tally.times:
        words = ngettext(
            "helped %(helped)d of %(times)d time",
            "helped %(helped)d of %(times)d times",
            tally.times,
        )
        parts.append(words % {"helped": tally.calmer, "times": tally.times})
    if tally.worse:
        words = ngettext("made it worse %(n)d time", "made it worse %(n)d times", tally.worse)
        parts.append(words % {"n": tally.worse})
    if tally.unwanted:
        words = ngettext("not wanted %(n)d time", "not wanted %(n)d times", tally.unwanted)
        parts.append(words % {"n": tally.unwanted})
    return ", ".join(parts) or _("not tried yet")
