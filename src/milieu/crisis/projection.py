"""``crisis.Application`` and ``crisis.UnderWay``: what there was, and who is held now."""

from collections.abc import Sequence
from uuid import UUID

from milieu.census.models import Standing
from milieu.crisis.kinds import CHECK, FACTS
from milieu.crisis.models import Application, UnderWay
from milieu.crisis.reading import WHY, Whole, by_stay, of_stays, sorts_of
from milieu.record.kinds import Projection
from milieu.record.rows import Values, insert_or_replace


def project(stays: Sequence[UUID]) -> None:
    """Work out every application of these stays afresh, in a constant number of statements."""
    wholes = of_stays(stays)
    packs = dict(
        Standing.objects.as_system("a projection reads all")
        .filter(stay__in=stays)
        .values_list("stay", "unit__pack_name")
    )
    Application.objects.as_system(WHY).filter(stay__in=stays).exclude(pk__in=list(wholes)).delete()
    running = {
        stay: open_ones[0]
        for stay, each in by_stay(wholes).items()
        if (open_ones := [one for one in each if one.ended is None])
    }
    UnderWay.objects.as_system(WHY).filter(stay__in=set(stays) - running.keys()).delete()
    insert_or_replace(Application, [_row(each, packs[each.stay_id]) for each in wholes.values()])
    newest = {stay: max(w.newest for w in by_stay(wholes)[stay]) for stay in running}
    insert_or_replace(
        UnderWay,
        [
            {
                "stay_id": stay,
                "application": each.id,
                "began": each.began,
                "newest": newest[stay],
            }
            for stay, each in running.items()
        ],
    )


def _row(whole: Whole, pack_name: str) -> Values:
    checks = [part.at for part in whole.of(CHECK) if part.on_the_spot]
    used = {device for device, _, _ in whole.spells}
    return {
        "id": whole.id,
        "stay_id": whole.stay_id,
        "began": whole.began,
        "ended": whole.ended,
        "devices": " ".join(whole.devices),
        "sorts": " ".join(sorts_of(used, pack_name)),
        "observer_id": None if whole.ended else whole.observer,
        "last_check": checks[-1] if checks else None,
        "newest": whole.newest,
    }


def clear() -> None:
    """Forget every application."""
    for model in (Application, UnderWay):
        model.objects.as_system("rebuilding").delete()


APPLICATION = Projection("restraint", frozenset(FACTS), project, clear)
