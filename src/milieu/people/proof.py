"""What shows that somebody's own session was open on a phone when an entry was written there."""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from uuid import UUID

from milieu.people.models import Device, ShiftSession


def proof_of(token_sha256: str, entry_id: UUID) -> str:
    """Return what a phone makes of a session token for one entry; docs/wire.md, in hex."""
    return hmac.digest(bytes.fromhex(token_sha256), str(entry_id).encode(), sha256).hex()


def is_proof(proof: str, token_sha256: str, entry_id: UUID) -> bool:
    """Return whether a proof was made with this token."""
    expected = proof_of(token_sha256, entry_id)
    return hmac.compare_digest(expected.encode(), proof.lower().encode())


def tokens_on(device: Device, people: Iterable[UUID]) -> Mapping[UUID, Sequence[str]]:
    """Return the hashed tokens that these people ever had on this phone; none of who had none."""
    found: dict[UUID, list[str]] = defaultdict(list)
    sessions = ShiftSession.objects.filter(device=device, person__in=set(people))
    for person, token in sessions.values_list("person_id", "token_sha256"):
        found[person].append(token)
    return found
