"""Taking in what another node tells of shared databases, batch by batch, each on disk before it counts as taken.

Memory holds one batch. A document that is refused is set aside by whoever stands before the database, and delays
nothing.

Must not know: how it travelled, who told it.
"""

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
) -> Iterator[Mark]:
    """Take in what is told, and give each position once everything before it is on disk.

    keep_garbled  called with what could not be read and delays nothing; what delays others is asked for anew
    heard   added to as it goes: what it says holds when the teller is cut off, too
    raises  what a database raises, NotFound for one that is not shared; what was given before holds
    """
    batch: list[Document] = []
    name, size = "", 0
    for item in items:
        if item.name != name:
            _write(name, batch, heard, open_database)
            batch, name, size = [], item.name, 0
        if isinstance(item, Told):
            batch.append(item.document)
            size += weight_of(item.document)
            if size >= _MOST_BYTES or len(batch) >= _MOST_DOCUMENTS:
                _write(name, batch, heard, open_database)
                batch, size = [], 0
        elif isinstance(item, Garbled):
            if item.is_last:
                heard.unread.add(name)
            else:
                keep_garbled(item)
        else:
            _write(name, batch, heard, open_database)
            batch, size = [], 0
            heard.taken[name] = item.position
            yield item
    _write(name, batch, heard, open_database)


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
