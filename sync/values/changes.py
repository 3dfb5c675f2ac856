"""What a database says about itself and its changes.

Sequences are opaque text to everyone but the database that wrote them: they are compared for
equality, handed back, and never ordered by anyone else.

Must not know: databases, sockets, clocks.
"""

from sync.revisions.revision import Revision
from sync.typed import Value

START = "0"  # the sequence before the first change, on every CouchDB-compatible server


class Info(Value):
    """A database in numbers.

    instance_start_time  changes when a database is destroyed and created anew
    disk_bytes           what it occupies; active_bytes, what its live documents weigh
    purge_seq            moves with every purge; None when the database does not say
    is_compacting        whether a compaction was asked for and has not ended
    """

    name: str
    update_seq: str
    doc_count: int
    doc_del_count: int
    instance_start_time: str = "0"
    disk_bytes: int = 0
    active_bytes: int = 0
    purge_seq: str | None = None
    is_compacting: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing, tombstones included."""
        return self.doc_count == self.doc_del_count == 0


class Purged(Value):
    """One document of a purge: its id, and the revisions that were to be forgotten, sorted."""

    id: str
    revisions: tuple[Revision, ...]


class Change(Value):
    """The newest change of one document.

    leaves         every leaf, winner first
    deleted        whether the winner is a tombstone
    strange        leaves of another database beside these, with revisions that we do not take
    strange_first  whether the winner is one of those
    """

    id: str
    seq: str
    leaves: tuple[Revision, ...]
    deleted: bool = False
    strange: tuple[str, ...] = ()
    strange_first: bool = False


class Changes(Value):
    """One page of a changes feed.

    last_seq  where to continue, even when no change is on the page
    pending   how many changes lie behind it; None when the database does not say
    """

    results: tuple[Change, ...]
    last_seq: str
    pending: int | None = None


class Missing(Value):
    """Revisions of one document that a database lacks."""

    revisions: tuple[Revision, ...]
    possible_ancestors: tuple[Revision, ...] = ()


class Row(Value):
    """One row of a listing by id.

    revision  the winner's; None when there is no such document
    is_away   whether its body was let go; told where rows are asked for by id
    """

    id: str
    revision: Revision | None
    deleted: bool = False
    is_away: bool = False


class Listing(Value):
    """Rows by id.

    total   live documents in the database
    offset  live documents before the first row
    """

    rows: tuple[Row, ...]
    total: int
    offset: int


class Span(Value):
    """Which ids a listing asks for; `start` and `end` in reading direction, None for open."""

    start: str | None = None
    end: str | None = None
    inclusive_end: bool = True
    descending: bool = False
    skip: int = 0
    limit: int | None = None
