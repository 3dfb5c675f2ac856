"""Every error Yizhan raises on purpose: who is at fault, does waiting help, what to do.

    SyncError
    ├── Refused        we asked wrongly      waiting: no
    │   ├── BadRequest 400 (Invalid 422, TooDeep 413) · Unauthorized 401 · Forbidden 403 (PageExpired) · NotFound 404
    │   ├── NotAllowed 405 · Conflict 409 · FileExists 412 · TooLarge 413 · UnsupportedType 415 · NotOffered 501
    │   └── TooManyRequests 429   waiting: yes
    ├── LinkError      nobody answered       waiting: yes
    │   └── LinkDown · LinkTimeout · PeerBusy (PeerFull)
    ├── ProtocolError  the peer broke rules  waiting: no       its answer is kept for diagnosis
    │   └── WrongPeer
    └── StorageError   our own disk          waiting: depends
        └── DiskFull · Damaged · KeyMissing · StoreLocked · NewerStore · StoreUnreachable

The tree knows no transport: `sync.wire.problems` turns it into statuses and back, in one table.
One document refused is *data* in a result and the batch goes on; these are *exceptions* and stop it.

Must not know: anything.
"""

from collections.abc import Iterable, Mapping


class SyncError(Exception):
    """Something Yizhan foresaw went wrong; `str(error)` is fit to be shown to a person."""

    waiting_helps = False
    remedy = ""
    members: Mapping[str, str] = {}  # what a program may want to know beside the sentence

    def __init__(self, reason: str = "", *, remedy: str | None = None) -> None:
        super().__init__(reason or (type(self).__doc__ or "").strip().split("\n")[0])
        if remedy is not None:
            self.remedy = remedy

    @property
    def reason(self) -> str:
        """The sentence given when the error was raised."""
        return str(self)


class Refused(SyncError):
    """We asked for something that is not to be had this way."""

    remedy = "Change the request; repeating it unchanged will not help."


class BadRequest(Refused):
    """The request cannot be understood."""


class Invalid(BadRequest):
    """Some of what was filled in cannot be taken."""

    remedy = "Correct the fields named and send again."

    def __init__(self, reason: str = "", *, fields: Iterable[tuple[str, str]] = ()) -> None:
        """Say which fields are wrong: `fields` holds (dotted name, sentence for a person)."""
        super().__init__(reason)
        self.fields = tuple(fields)


class TooDeep(BadRequest):
    """The JSON is nested deeper than this node reads and writes."""


class Unauthorized(Refused):
    """Name or password is incorrect, or nobody is signed in."""

    remedy = "Sign in again."


class Forbidden(Refused):
    """The one who asks is known, and may not do this."""


class PageExpired(Forbidden):
    """The page this was sent from is none of ours, or none of this account's any more."""

    remedy = "Load the page again and send what is on it."


class NotFound(Refused):
    """There is nothing by that name."""


class NotAllowed(Refused):
    """The address exists, but not for that method."""


class Conflict(Refused):
    """Document update conflict."""

    remedy = "Read the current revision and repeat the change on it."


class FileExists(Refused):
    """The database could not be created, the file already exists."""


class TooLarge(Refused):
    """The request is larger than this node takes."""


class UnsupportedType(Refused):
    """The content type is not one this address takes."""


class NotOffered(Refused):
    """CouchDB has this and Yizhan does not, or not yet."""


class TooManyRequests(Refused):
    """One device asks for more than its share."""

    waiting_helps = True
    remedy = "Ask again later, and less often."

    def __init__(self, reason: str = "", *, retry_after_seconds: int = 1) -> None:
        """`retry_after_seconds`: how much later."""
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class LinkError(SyncError):
    """Nobody answered, or the answer broke off."""

    waiting_helps = True
    remedy = "None needed: the next run resumes at the last checkpoint."


class LinkDown(LinkError):
    """The peer could not be reached, or the connection broke."""


class LinkTimeout(LinkError):
    """The peer did not answer in time."""


class PeerBusy(LinkError):
    """The peer answered, and asked us to come back later."""

    def __init__(self, reason: str = "", *, remedy: str | None = None, retry_after_seconds: float = 0.0) -> None:
        """`retry_after_seconds`: how much later, where it said so."""
        super().__init__(reason, remedy=remedy)
        self.retry_after_seconds = retry_after_seconds


class PeerFull(PeerBusy):
    """The peer has no room on its disk."""


class ProtocolError(SyncError):
    """The peer's answer breaks the protocol."""

    remedy = "Report the kept answer to whoever runs the peer."

    def __init__(self, reason: str = "", *, answer: bytes = b"") -> None:
        super().__init__(reason)
        self.answer = answer


class WrongPeer(ProtocolError):
    """The peer is not the node that we mean; it was told nothing."""

    remedy = "Check the address; if the node above was replaced, its new one must be certified first."


class StorageError(SyncError):
    """Our own disk or file refused."""


class DiskFull(StorageError):
    """The disk is full."""

    waiting_helps = True
    remedy = "Free space on the disk; writing resumes by itself."


class Damaged(StorageError):
    """The store's file is damaged."""

    remedy = "Stop the node, keep a copy of the directory, and restore the last backup."


class KeyMissing(StorageError):
    """The data is encrypted, and the key that opens it is not on this machine, or not whole."""

    remedy = "Name the directory of its key in YIZHAN_KEY_DIRECTORY, or enter the recovery code that was written down."


class StoreLocked(StorageError):
    """Another process owns this data directory."""

    waiting_helps = True
    remedy = "Stop the other process first, or talk to it over loopback."

    def __init__(self, reason: str = "", *, remedy: str | None = None, owner: str = "") -> None:
        """`owner`: the number of that process, where it is known."""
        super().__init__(reason, remedy=remedy)
        self.owner = owner


class NewerStore(StorageError):
    """The store was written by a newer Yizhan."""

    remedy = "Install that version or a newer one; this one would not understand the data."


class StoreUnreachable(StorageError):
    """The CouchDB that keeps this node's documents cannot be used just now."""

    waiting_helps = True
    remedy = "New applications are kept meanwhile; look after the CouchDB."
