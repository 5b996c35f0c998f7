"""Years that were filled in count as sealed: what is measured is a server at work, not behind."""

from milieu.census.models import Facility
from milieu.kernel import clock
from milieu.record.ledger import newest_seq
from milieu.seals import keys
from milieu.seals.log import origin
from milieu.seals.merkle import Frontier
from milieu.seals.models import Head
from milieu.seals.note import Checkpoint
from milieu.seals.sealing import SETTLED


def main() -> None:
    """Sign for each facility, as of a while ago, a log that begins after what is there now."""
    at, up_to, tree = clock.now() - 2 * SETTLED, newest_seq(), Frontier()
    keys.keep(at)
    for facility in Facility.objects.all():
        head = Checkpoint(origin=origin(facility.pk), size=tree.size, root=tree.root)
        Head.objects.create(
            facility=facility,
            size=head.size,
            root=head.root,
            note=keys.signer().sign(str(head)),
            up_to=up_to,
            at=at,
        )
