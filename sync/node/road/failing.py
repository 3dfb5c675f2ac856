"""Why a run to the node above failed, by kind: somebody who reads it wants to know whose turn it is to do something.

It is kept with the contact in the ledger; where that takes no writes, as on a disk that is full, in memory.

Must not know: how it is told, what a run does.
"""

import re
from contextlib import suppress
from enum import StrEnum

from sync.errors import (
    DiskFull,
    Forbidden,
    LinkError,
    PeerBusy,
    PeerFull,
    ProtocolError,
    StorageError,
    SyncError,
    Unauthorized,
    WrongPeer,
)
from sync.node.node import Node
from sync.node.sharing import UPSTREAM
from sync.store.ledger.contacts import Failure, contact, note_failure
from sync.store.transaction import Reader


class Kind(StrEnum):
    """What kind of failure it is; the words stand in ledgers."""

    LINK = "link"  # nobody answered
    BUSY = "busy"  # the node above is, or what stands before it
    NO_ROOM = "no-room"  # on the disk of the node above
    FULL = "full"  # our own disk
    DISK = "disk"  # ours refuses otherwise
    REFUSED = "refused"  # we are not known there, or may not
    WRONG_PEER = "wrong-peer"  # what answers shows another certificate than a node above us has
    STRANGER = "stranger"  # what answers speaks otherwise than a node above does
    NOT_TAKEN = "not-taken"  # what we asked for is not had this way


_KINDS: tuple[tuple[type[SyncError], Kind], ...] = (
    (PeerFull, Kind.NO_ROOM),
    (PeerBusy, Kind.BUSY),
    (LinkError, Kind.LINK),
    (DiskFull, Kind.FULL),
    (StorageError, Kind.DISK),
    (Unauthorized, Kind.REFUSED),
    (Forbidden, Kind.REFUSED),
    (WrongPeer, Kind.WRONG_PEER),
    (ProtocolError, Kind.STRANGER),
)
# What `sync.remote` says of a status behind which no node, and no CouchDB, gave its reason.
_WITHOUT_A_WORD = re.compile(r"https?://\S+ answered \d{3}\b")


def failure_of(error: SyncError) -> Failure:
    """What is kept of the error that ended a run."""
    kind = next((kind for above, kind in _KINDS if isinstance(error, above)), Kind.NOT_TAKEN)
    if kind in (Kind.REFUSED, Kind.NOT_TAKEN) and _WITHOUT_A_WORD.match(error.reason):
        kind = Kind.STRANGER
    return Failure(error.reason, kind, not error.waiting_helps)


def keep_failure(node: Node, error: SyncError) -> None:
    """A run ended with an error; raises nothing, for that error is what is to be heard of."""
    node.unkept_failure = failure = failure_of(error)
    with suppress(StorageError):
        node.write(lambda tx: note_failure(tx, UPSTREAM, failure, now_ms=node.clock()))
        node.unkept_failure = None


def last_failure(node: Node, reader: Reader) -> Failure | None:
    """Why the last run failed; None where it did not, or there was none."""
    if node.unkept_failure is not None:
        return node.unkept_failure
    known = contact(reader, UPSTREAM)
    return None if known is None else known.failure
