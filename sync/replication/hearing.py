"""Taking in what another node tells of shared databases, batch by batch, each on disk before it counts as taken.

Memory holds one batch. A document that is refused is set aside by whoever stands before the database, and delays
nothing.

Must not know: how it travelled, who told it.
"""

import time
from collections.abc import Callable, Iterable, Iterator

from sync.database import Database
from sync.replication.batch import weight_of
from sync.revisions.revision import Revision
from sync.typed import Changing, field
from sync.values.conversation import Garbled, Item, Mark, SetAside, Told
from sync.values.documents import Document

# What is held in memory, and what one flush is made for.
_MOST_BYTES = 256 << 10
_MOST_DOCUMENTS = 200
# A position is given at once where a link tells slowly; what comes faster than this is not worth a flush for each.
_LONGEST_SECONDS = 0.05
# An exchange tells far fewer; a volume may tell a million, and nobody asks which they were.
_MOST_KNOWN = 20_000


class Heard(Changing):
    """What was taken in so far.

    taken     how far, by database: everything before it is on disk
    written   how many documents;  weight, of how many bytes
    known     what the teller evidently has: (database, document id, revision); of very many the first
    unread    databases of which something could not be read that what is behind it speaks of
    """

    taken: dict[str, str] = field(default_factory=dict)
    written: int = 0
    weight: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    known: set[tuple[str, str, Revision]] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)


def hear(
    items: Iterable[Item],
    heard: Heard,
    *,
    open_database: Callable[[str], Database],
    keep_garbled: Callable[[Garbled], None],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Mark]:
    """Take in what is told, and give each position once everything before it is on disk.

    keep_garbled  called with what could not be read and delays nothing; what delays others is asked for anew
    heard   added to as it goes: what it says holds when the teller is cut off, too; what came before that is kept
    clock   in seconds
    raises  what a database raises, NotFound for one that is not shared; what was given before holds
    """
    batch = _Batch(heard, open_database, clock)
    told, cut = iter(items), None
    while True:
        try:
            item = next(told)
        except StopIteration:
            break
        except Exception as error:  # raised again once what it left us is on disk
            cut = error
            break
        if item.name != batch.name:
            yield from batch.end()
            batch.name = item.name
        if isinstance(item, Told):
            if batch.add(item.document):
                yield from batch.end()
        elif isinstance(item, Garbled):
            if item.is_last:
                heard.unread.add(item.name)
            else:
                keep_garbled(item)
        elif batch.mark(item):
            yield from batch.end()
    yield from batch.end()
    if cut is not None:
        raise cut


class _Batch:
    """What came since the last flush: documents of one database, and the positions among them."""

    def __init__(self, heard: Heard, open_database: Callable[[str], Database], clock: Callable[[], float]) -> None:
        self.name = ""
        self._heard = heard
        self._open = open_database
        self._clock = clock
        self._documents: list[Document] = []
        self._marks: list[Mark] = []
        self._size, self._begun = 0, 0.0

    def add(self, document: Document) -> bool:
        """Take a document in; whether that is as many as one flush is made for."""
        if not self._documents:
            self._begun = self._clock()
        self._documents.append(document)
        self._size += weight_of(document)
        return self._size >= _MOST_BYTES or len(self._documents) >= _MOST_DOCUMENTS

    def mark(self, mark: Mark) -> bool:
        """Take a position in; whether it is to be given now, and not with what comes right behind it."""
        self._marks.append(mark)
        return not self._documents or self._clock() - self._begun >= _LONGEST_SECONDS

    def end(self) -> Iterator[Mark]:
        """Put all of it on disk, then give the positions."""
        documents, marks = self._documents, self._marks
        self._documents, self._marks, self._size = [], [], 0
        _write(self.name, documents, self._heard, self._open)
        for one in marks:
            self._heard.taken[one.name] = one.position
            yield one


def _write(name: str, batch: list[Document], heard: Heard, open_database: Callable[[str], Database]) -> None:
    if not batch:
        return
    for document, outcome in zip(batch, open_database(name).graft(batch), strict=True):
        if len(heard.known) < _MOST_KNOWN:
            heard.known.add((name, document.id, document.revision))
        heard.weight += weight_of(document)
        if outcome.error is None:
            heard.written += 1
        else:
            heard.set_aside.append(SetAside(name, document.id, document.revision, outcome.error.reason))
