"""What a node may keep, and what is done as it fills: warn, take no photos from below, take none at all.

Applications are not in it: whatever is used up, they are taken, as long as the disk takes anything.

    disk                free space            under what is to be spare: warn · under half of it · under a quarter
    file                its size              four fifths: warn · nineteen twentieths · all of its budget
    records, photos     of our own station    four fifths: warn · — · all of the budget
                        of a station below    four fifths: warn · all of the budget · —

Must not know: how anything is measured.
"""

from enum import IntEnum

from sync.typed import Value

_WARN = 0.8
_STOP_BLOBS = 0.95


class Level(IntEnum):
    """What is done; each does what the one before it does, too."""

    ROOM = 0
    WARN = 1
    STOP_BLOBS = 2
    STOP_PHOTOS = 3


class Budgets(Value):
    """In bytes; 0 for any amount.

    spare_disk_bytes  what is to be free on the disk
    store_bytes       of the node's file;  documents_bytes, of one station's records;  blobs_bytes, of its photos
    """

    spare_disk_bytes: int = 0
    store_bytes: int = 0
    documents_bytes: int = 0
    blobs_bytes: int = 0


def budgets_in_mb(spare_disk: int, store: int, *, documents: int, blobs: int) -> Budgets:
    """Budgets as settings give them, in MB of 1,048,576 bytes."""
    return Budgets(*(each << 20 for each in (spare_disk, store, documents, blobs)))


def level_of_disk(free_bytes: int, spare_bytes: int) -> Level:
    """What is done when so much of a disk is free."""
    if free_bytes >= spare_bytes:
        return Level.ROOM
    if free_bytes * 2 >= spare_bytes:
        return Level.WARN
    return Level.STOP_BLOBS if free_bytes * 4 >= spare_bytes else Level.STOP_PHOTOS


def level_of_file(used_bytes: int, budget_bytes: int) -> Level:
    """What is done when the file is so large."""
    if budget_bytes > 0 and _STOP_BLOBS * budget_bytes <= used_bytes < budget_bytes:
        return Level.STOP_BLOBS
    return level_of_station(used_bytes, budget_bytes, is_own=True)


def level_of_station(used_bytes: int, budget_bytes: int, *, is_own: bool) -> Level:
    """What is done when a station's records, or its photos, have come to so much."""
    if budget_bytes <= 0 or used_bytes < _WARN * budget_bytes:
        return Level.ROOM
    if used_bytes < budget_bytes:
        return Level.WARN
    return Level.STOP_PHOTOS if is_own else Level.STOP_BLOBS
