"""What a person said would have helped, when restraint or seclusion was talked over with them."""

from collections.abc import Iterator

from milieu.calm.heard import OFFERED_MAX, Heard
from milieu.calm.known import of_people
from milieu.census.models import Stay
from milieu.crisis.kinds import DEBRIEF


def in_debriefs(stay: Stay) -> Iterator[Heard]:
    """Yield what was said of what helps and what makes it worse, from the newest debriefings.

    As with plans: of this person, on the unit where they are now. What staff said among themselves
    is not the person's.
    """
    rows = of_people([stay], DEBRIEF).current().filter(restraintdebrief__who="person")
    held = rows.filter(restraintdebrief__outcome="held").select_related(
        "author", "restraintdebrief"
    )
    for entry in held.order_by("-at", "-seq")[:OFFERED_MAX]:
        said, by = entry.restraintdebrief, entry.author.short_name
        if said.helped:
            yield Heard(entry.entry_id, entry.at, by, "helps", said.helped)
        if said.worsened:
            yield Heard(entry.entry_id, entry.at, by, "worsens", said.worsened)
