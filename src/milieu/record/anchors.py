"""Signed time: what a phone holds to show that it wrote something after a moment.

An anchor is this server's word for "it was this time when I spoke with that device". Nobody can
make one without the server's secret, so an entry that holds one was written after it.
"""

import base64
import binascii
import hmac
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.utils.crypto import salted_hmac

TIME_BYTES = 8
SIGN_BYTES = 16
SINCE = datetime(1970, 1, 1, tzinfo=UTC)


def issue(device_id: UUID, moment: datetime) -> str:
    """Return an anchor for this device at this moment, exact to the millisecond."""
    time = ((moment - SINCE) // timedelta(milliseconds=1)).to_bytes(TIME_BYTES)
    return base64.urlsafe_b64encode(time + _sign(device_id, time)).decode().rstrip("=")


@lru_cache(maxsize=1024)  # a batch holds the same few
def read(token: str, device_id: UUID) -> datetime | None:
    """Return the moment that an anchor of this device stands for, or None if it is not ours."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    time, sign = raw[:TIME_BYTES], raw[TIME_BYTES:]
    if not hmac.compare_digest(sign, _sign(device_id, time)):
        return None
    return SINCE + timedelta(milliseconds=int.from_bytes(time))


def _sign(device_id: UUID, time: bytes) -> bytes:
    signed = salted_hmac("milieu.record.anchors", device_id.bytes + time, algorithm="sha256")
    return signed.digest()[:SIGN_BYTES]
