"""What has to be written into a tag: keys, address, and where the tag puts its message."""

from typing import Final, NamedTuple

from milieu.presence.keys import tag_keys
from milieu.presence.models import Tag

PICC_DATA: Final = "0" * 32
MAC: Final = "0" * 16
NDEF_BEFORE: Final = 7  # bytes of the file before the address: its length, and the record's head
SCHEMES: Final = ("https://", "http://")  # which the record's head says in one byte


class Written(NamedTuple):
    """What whoever writes a tag fills in. Keys as hex; offsets in bytes from the file's start."""

    address: str
    key0: str
    key1: str
    key2: str
    picc_data_offset: int
    mac_offset: int


def written_with(tag: Tag, address: str) -> Written:
    """Return what to write into this tag, for the address at which phones have the app.

    The message stands behind a #: it stays in the phone, and in no server's log.
    """
    keys = tag_keys(tag.facility_id, tag.code)
    whole = f"{address}#picc_data={PICC_DATA}&cmac={MAC}"
    scheme = next((each for each in SCHEMES if whole.startswith(each)), "")
    before = NDEF_BEFORE - len(scheme)
    return Written(
        address=whole,
        key0=keys.master.hex().upper(),
        key1=keys.meta.hex().upper(),
        key2=keys.file.hex().upper(),
        picc_data_offset=before + whole.index(PICC_DATA),
        mac_offset=before + whole.rindex(MAC),
    )
