"""Telling another node what it has not heard of a database: documents, and how far that goes.

Nothing is asked first. On a link of a second's round trip the question which revisions the other lacks costs more
than most answers, and between nodes that know each other it is known already: where it stands, and what of the rest
came from it. Receiving is idempotent, so a mistake costs bytes and nothing else.

Must not know: how it travels, who hears it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sync.database import Database
from sync.errors import Damaged
from sync.messages import N_, _
from sync.replication.batch import weight_of
from sync.revisions.revision import Revision
from sync.values.changes import Change
from sync.values.conversation import Base, Item, Mark, Told, Untold
from sync.values.documents import GONE, Absent, Document, Wanted
from sync.wire.conversation import LARGEST_TOLD_BYTES

# (database, document id, revision) → whether the other has it from us, or we from it
Knows = Callable[[str, str, Revision], bool]
# (database, document) → a version to tell it against
BaseOf = Callable[[str, Document], Base | None]
# What is called with a version that is passed over.
PassOver = Callable[[Untold], None]

# As much as one exchange tells of one database: the answer to it, with its receipts, is not to wait for ever.
MOST_TOLD_BYTES = 1 << 20
TOO_LARGE = N_("The document is too large to be carried")
_PAGE = 100
# So much is told between two marks: what a cut link has to repeat besides what was under way.
BYTES_BETWEEN_MARKS = 16 << 10


def tell(
    database: Database,
    since: str,
    *,
    knows: Knows,
    most_bytes: int,
    pass_over: PassOver,
    plain: bool = False,
    base_of: BaseOf | None = None,
) -> Iterator[Item]:
    """What changed after a position, oldest first, each document with every leaf the other may lack.

    most_bytes  of bodies; behind them it ends at the next mark, and the rest is for another time
    pass_over   called with what cannot be told; it delays nothing
    plain       see `Told`
    base_of     a version that the other holds, of a document of which it lacks one leaf
    raises      what the database raises
    """
    told, marked = 0, since
    while True:
        page = database.changes(since, limit=_PAGE)
        unmarked = 0
        wanted = [(change, _lacking(database.name, change, knows)) for change in page.results]
        for change, documents in _read(database, wanted, pass_over):
            for document in documents:
                weight = weight_of(document)
                told, unmarked = told + weight, unmarked + weight
                base = base_of(database.name, document) if base_of and not plain and len(documents) == 1 else None
                yield Told(database.name, document, plain, base)
            if unmarked >= BYTES_BETWEEN_MARKS:
                yield Mark(database.name, change.seq)
                unmarked, marked = 0, change.seq
            if told >= most_bytes:
                if unmarked:
                    yield Mark(database.name, change.seq)
                return
        if page.last_seq != marked:
            marked = page.last_seq
            yield Mark(database.name, page.last_seq)
        if not page.results or page.pending == 0:
            return
        since = page.last_seq


def tell_ahead(
    database: Database, since: str, *, is_urgent: Callable[[str], bool], knows: Knows, plain: bool = False
) -> Iterator[Told]:
    """What is urgent of what changed after a position, by document id, before all else is told.

    No mark goes with it, for what lies between has not been told; `tell` passes over it when it comes to it, if
    `knows` then says so.

    plain  see `Told`
    """
    while True:
        page = database.changes(since, limit=_PAGE)
        for change in page.results:
            if is_urgent(change.id):
                for document in tellable(database, change.id, _lacking(database.name, change, knows), _say_later):
                    yield Told(database.name, document, plain)
        since = page.last_seq
        if not page.results or page.pending == 0:
            return


def nobody_knows(name: str, doc_id: str, revision: Revision) -> bool:
    """For who has nothing from the other."""
    return False


def _lacking(name: str, change: Change, knows: Knows) -> tuple[Revision, ...]:
    return tuple(leaf for leaf in change.leaves if not knows(name, change.id, leaf))


def _read(
    database: Database, wanted: Sequence[tuple[Change, tuple[Revision, ...]]], pass_over: PassOver
) -> Iterator[tuple[Change, list[Document]]]:
    """Each change with what is there of its leaves and can be told; read together, for behind it may be a server."""
    asked = [Wanted(change.id, leaves, attachments=True) for change, leaves in wanted if leaves]
    reading = _Reading(database, asked)
    for change, leaves in wanted:
        try:
            found = reading.take(change.id) if leaves else []
        except Damaged:  # one of them: they say which when they are read one by one
            reading.is_broken = True
        if reading.is_broken:
            yield change, list(tellable(database, change.id, leaves, pass_over))
        else:
            yield change, list(_fitting(database, found, pass_over))


class _Reading:
    """Documents as they are read, taken by their ids."""

    def __init__(self, database: Database, wanted: Sequence[Wanted]) -> None:
        self._found = _begun_later(database, wanted)
        self._ahead: Document | Absent | None = None
        self.is_broken = False

    def take(self, doc_id: str) -> list[Document | Absent]:
        """All that comes next of one id; raises what reading raises."""
        taken: list[Document | Absent] = []
        while not self.is_broken:
            self._ahead = self._ahead or next(self._found, None)
            if self._ahead is None or self._ahead.id != doc_id:
                break
            taken.append(self._ahead)
            self._ahead = None
        return taken


def _begun_later(database: Database, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
    if wanted:
        yield from database.read(wanted)


def tellable(database: Database, doc_id: str, leaves: tuple[Revision, ...], pass_over: PassOver) -> Iterator[Document]:
    """What is there of some leaves and fits; one that is gone was replaced, and its successor comes later in the feed.

    pass_over  called with what is there and cannot be told
    """
    try:
        found = list(database.read([Wanted(doc_id, leaves, attachments=True)])) if leaves else []
    except Damaged as error:
        for leaf in leaves:
            pass_over(Untold(database.name, doc_id, leaf, error.reason))
        return
    yield from _fitting(database, found, pass_over)


def _fitting(database: Database, found: Iterable[Document | Absent], pass_over: PassOver) -> Iterator[Document]:
    for one in found:
        if isinstance(one, Absent):
            if one.reason not in GONE and one.revision is not None:  # it is there, as a database of others keeps it
                pass_over(Untold(database.name, one.id, one.revision, one.reason))
        elif weight_of(one) > LARGEST_TOLD_BYTES:
            pass_over(Untold(database.name, one.id, one.revision, _(TOO_LARGE), one))
        else:
            yield one


def _say_later(untold: Untold) -> None:
    """For what is told out of turn: it comes again in its turn."""
