"""What was read from the CouchDB before a transaction, so that none ever waits for the network.

Work in a transaction asks for documents. What was not read beforehand ends the run with `Unread`; the
transaction is undone, the documents are fetched, and the work runs again with them in hand. Usually
that is once. A document that changed on the server meanwhile is fetched anew, so that an act is always
judged against all that had happened before it.

Must not know: how documents are fetched, what the work does.
"""

import itertools
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from sync.typed import Value
from sync.values.documents import Document

_REMEMBERED = 20_000  # documents whose last change we remember; of others everything fetched earlier counts as old

Key = tuple[str, str]


class Unread(Exception):
    """These documents of a database have to be read before the work can be done."""

    def __init__(self, database: str, ids: Iterable[str]) -> None:
        super().__init__(database)
        self.database = database
        self.ids = tuple(dict.fromkeys(ids))


class Fetched(Value):
    """Every leaf of a document as the server had it at a tick; none when it was unknown there."""

    tick: int
    leaves: tuple[Document, ...]


class Ticks:
    """Counts what we changed on the server, and says whether something fetched is still what stands there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = itertools.count(1)
        self._now = 0
        self._forgotten = 0
        self._changed: OrderedDict[Key, int] = OrderedDict()

    def now(self) -> int:
        """To be taken before something is fetched."""
        with self._lock:
            return self._now

    def note(self, database: str, ids: Iterable[str]) -> None:
        """These documents have changed on the server."""
        with self._lock:
            self._now = next(self._count)
            for doc_id in ids:
                self._changed[(database, doc_id)] = self._now
                self._changed.move_to_end((database, doc_id))
            while len(self._changed) > _REMEMBERED:
                _, self._forgotten = self._changed.popitem(last=False)

    def is_fresh(self, key: Key, tick: int) -> bool:
        """Whether what was fetched at a tick is still what we left there last."""
        with self._lock:
            return tick >= self._changed.get(key, self._forgotten)


class Foresight:
    """What the work now running in this thread was given."""

    def __init__(self) -> None:
        self.ticks = Ticks()
        self._local = threading.local()

    def is_running(self) -> bool:
        """Whether this thread is within such work already."""
        return self._given() is not None

    @contextmanager
    def over(self, fetched: Mapping[Key, Fetched]) -> Iterator[None]:
        """While the block runs, work in this thread sees what was fetched."""
        outer, self._local.given = self._given(), fetched
        try:
            yield
        finally:
            self._local.given = outer

    def seen(self, database: str, doc_id: str) -> Fetched | None:
        """What was fetched of a document, if it was and has not changed since."""
        given = self._given() or {}
        found = given.get((database, doc_id))
        return found if found is not None and self.ticks.is_fresh((database, doc_id), found.tick) else None

    def _given(self) -> Mapping[Key, Fetched] | None:
        given: Mapping[Key, Fetched] | None = getattr(self._local, "given", None)
        return given
