"""The lane of the photos during one run: whether it is open, and what went over it.

On a metered link photos may have to wait while records never do. Whoever starts a run says whether they may go, and
hears what they came to, however the run ended.

Must not know: why they may not, exchanges.
"""

from collections.abc import Callable

from sync.records.ids import chunk_content_bytes
from sync.replication.batch import weight_of
from sync.typed import Changing
from sync.values.documents import Document

_CHUNK = "chunk:"


def _always(told_bytes: int) -> bool:
    return True


def _nobody(told_bytes: int) -> None:
    """Counts nothing."""


class PhotoLane(Changing):
    """Asked at each mark; for one run, and one thread at a time.

    may_go      (bytes told in this run so far) → whether more may be
    note        called with the bytes told since it was called last, when an exchange ends, however it ends
    told_bytes  in this run so far
    """

    may_go: Callable[[int], bool] = _always
    note: Callable[[int], None] = _nobody
    told_bytes: int = 0
    _noted_bytes: int = 0

    def is_open(self) -> bool:
        """Whether photos may go on now."""
        return self.may_go(self.told_bytes)

    def add(self, told_bytes: int) -> None:
        """So many bytes more went."""
        self.told_bytes += told_bytes

    def settle(self) -> None:
        """An exchange is over."""
        fresh = self.told_bytes - self._noted_bytes
        self._noted_bytes = self.told_bytes
        if fresh:
            self.note(fresh)


def sent_bytes(document: Document) -> int:
    """About how many bytes a document of a photo is on the wire: a chunk goes as it is, without its base64."""
    weight = weight_of(document)
    return chunk_content_bytes(weight) if document.id.startswith(_CHUNK) else weight
