"""The keys of this installation: the one that signs, and all that ever did."""

from datetime import datetime
from functools import cache

from django.conf import settings

from milieu.seals.models import SealKey
from milieu.seals.note import Signer, Verifier


@cache
def signer() -> Signer:
    """Return the key that signs heads now."""
    return Signer(settings.SEAL_SEED)


def known() -> list[Verifier]:
    """Return every key that signed heads here, the newest first."""
    kept = SealKey.objects.order_by("-pk").values_list("verifier", flat=True)
    return [Verifier.read(text) for text in kept]


def trusted() -> list[Verifier]:
    """Return every key whose heads are ours: the one that signs now, and all that ever did."""
    return [signer().verifier, *known()]


def keep(at: datetime) -> None:
    """See to it that the key that signs now is among those that are kept."""
    verifier = str(signer().verifier)
    if not SealKey.objects.filter(verifier=verifier).exists():
        SealKey.objects.bulk_create([SealKey(verifier=verifier, since=at)], ignore_conflicts=True)
