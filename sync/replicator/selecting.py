"""A source that shows only what fits a selector.

Each leaf is judged by itself, as in CouchDB: one that does not fit is not carried, whatever stood
there before. A database here is looked through; one across HTTP filters its own feed where it can
(`_changes` with `filter=_selector`), and what it sends is judged all the same, for some do not know
the filter and some only seem to.

source  CouchDB API, /{db}/_changes, "_selector"

Must not know: jobs, HTTP.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

from sync.database import Database, Front
from sync.errors import BadRequest, NotFound, NotOffered
from sync.mango.matching import compiled, members
from sync.remote.traffic import Measured, Meter
from sync.typed import replace
from sync.values.changes import Change, Changes
from sync.values.documents import Absent, Document, Wanted
from sync.values.json_text import parse_object

_PAGE = 200


@runtime_checkable
class Filtering(Protocol):
    """A database that filters its feed by a selector itself."""

    def changes_matching(self, since: str, selector: Any, *, limit: int | None = None) -> Changes:
        """The feed of what fits; raises NotOffered or BadRequest when it does not know how."""
        ...


def selected(source: Database, selector: bytes) -> Database:
    """A source showing what fits the selector (JSON text of an object that `compiled` takes)."""
    return _There(source, selector) if isinstance(source, Measured) else _Here(source, selector)


class _Here(Front):
    """A database of this server, looked through."""

    def __init__(self, behind: Database, selector: bytes) -> None:
        super().__init__(behind)
        self._fits = compiled(parse_object(selector))

    def changes(
        self,
        since: str,
        *,
        limit: int | None = None,
        descending: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> Changes:
        """The next rows that fit; a page is empty only when none is left."""
        while True:
            page = self._behind.changes(since, limit=limit or _PAGE, descending=descending, doc_ids=doc_ids)
            fitting = replace(page, results=tuple(self._fitting(page.results)))
            if fitting.results or not page.results or not page.pending:
                return fitting
            since = page.last_seq

    def _fitting(self, changes: Sequence[Change]) -> Iterator[Change]:
        fitting: dict[str, set[object]] = {}
        for found in self._behind.read([Wanted(change.id, change.leaves) for change in changes]):
            if isinstance(found, Document) and self._fits(members(found)):
                fitting.setdefault(found.id, set()).add(found.revision)
        for change in changes:
            leaves = tuple(leaf for leaf in change.leaves if leaf in fitting.get(change.id, ()))
            if leaves or change.strange:  # of which nobody can say whether they fit: they are told as not carried
                yield replace(change, leaves=leaves)


class _There(Front):
    """A database across HTTP, filtering its feed where it can."""

    def __init__(self, behind: Database, selector: bytes) -> None:
        super().__init__(behind)
        self._selector = parse_object(selector)
        self._fits = compiled(self._selector)
        self._filters = isinstance(behind, Filtering)

    @property
    def meter(self) -> Meter:
        """That of the connection behind."""
        assert isinstance(self._behind, Measured)
        return self._behind.meter

    def changes(
        self,
        since: str,
        *,
        limit: int | None = None,
        descending: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> Changes:
        """The next rows, those that do not fit among them when the server does not filter."""
        if self._filters and isinstance(self._behind, Filtering):
            try:
                return self._behind.changes_matching(since, self._selector, limit=limit)
            except (BadRequest, NotFound, NotOffered):
                self._filters = False
        return self._behind.changes(since, limit=limit, descending=descending, doc_ids=doc_ids)

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        """Those that fit, and those that are not to be had."""
        for found in self._behind.read(wanted):
            if not isinstance(found, Document) or self._fits(members(found)):
                yield found
