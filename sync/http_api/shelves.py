"""What a listing walks along: all documents, the design documents alone, or the local ones.

Must not know: parameters, how documents are kept.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sync.database import Database
from sync.errors import NotOffered
from sync.http_api.abilities import LocallyListed, able
from sync.http_api.listing_options import Options
from sync.http_api.rows import NOTHING, Pieces, document_text, read_first
from sync.typed import Value, replace
from sync.values.changes import Row, Span
from sync.values.documents import LocalDocument, Wanted
from sync.wire.documents import write_local
from sync.wire.names import DESIGN, LOCAL

_BEHIND_DESIGN = "_design0"  # the first text behind every id that begins with `_design/`


class Page(Value):
    """Rows of a listing; `total` and `offset` are None where CouchDB does not tell them."""

    rows: Sequence[Row]
    total: int | None
    offset: int | None


class Shelf(Protocol):
    """Documents in the order of their ids."""

    def page(self, span: Span) -> Page:
        """The rows of a range."""
        ...

    def found(self, keys: Sequence[Any]) -> Page:
        """A row for each key that could be the id of one of these documents."""
        ...

    def documents(self, rows: Sequence[Row], asked: Options) -> Iterator[Pieces]:
        """The JSON text of the document of each row, `null` where it has none."""
        ...

    def update_seq(self) -> str | None:
        """The sequence of the database; None where CouchDB does not tell it."""
        ...


class AllDocuments:
    """Every document, design documents among them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, span: Span) -> Page:
        """The rows of a range."""
        listing = self._database.list(span)
        return Page(listing.rows, listing.total, listing.offset)

    def found(self, keys: Sequence[Any]) -> Page:
        """A row for each key."""
        listing = self._database.look_up([key for key in keys if isinstance(key, str)])
        rows = iter(listing.rows)
        # No document has an id that is no text.
        return Page([next(rows) if isinstance(key, str) else Row(key, None) for key in keys], listing.total, None)

    def documents(self, rows: Sequence[Row], asked: Options) -> Iterator[Pieces]:
        """The documents of live rows."""
        live = [row.revision if not row.deleted else None for row in rows]
        wanted = [
            Wanted(row.id, (revision,), attachments=asked.attachments)
            for row, revision in zip(rows, live, strict=True)
            if revision is not None
        ]
        found = read_first(self._database, wanted)
        for revision in live:
            document = next(found) if revision is not None else None
            yield document_text(self._database, document, conflicts=asked.conflicts)

    def update_seq(self) -> str | None:
        """The sequence of the database."""
        return self._database.info().update_seq


class DesignDocuments(AllDocuments):
    """The design documents alone; there are few, so they are counted by listing them."""

    def page(self, span: Span) -> Page:
        """The rows of a range; the offset never exceeds the total, as CouchDB tells it."""
        listing = self._database.list(_within_designs(span))
        total = self._total()
        return Page(listing.rows, total, min(total, listing.offset))

    def found(self, keys: Sequence[Any]) -> Page:
        """A row for each key that is the id of a design document."""
        page = super().found([key for key in keys if isinstance(key, str) and key.startswith(DESIGN)])
        return replace(page, total=self._total())

    def _total(self) -> int:
        return len(self._database.list(Span(DESIGN, _BEHIND_DESIGN)).rows)


class LocalDocuments:
    """The local documents, of which nobody keeps count."""

    def __init__(self, database: Database) -> None:
        behind = able(database)
        if not isinstance(behind, LocallyListed):
            raise NotOffered("The local documents of this database are listed where it is kept.")
        self._database, self._listed = database, behind
        self._shown: dict[str, LocalDocument] = {}

    def page(self, span: Span) -> Page:
        """The rows of a range."""
        shifted = _within_locals(span)
        return self._page(self._listed.list_local(shifted) if shifted is not None else ())

    def found(self, keys: Sequence[Any]) -> Page:
        """A row for each key that is the id of a local document."""
        ids = [key for key in keys if isinstance(key, str) and key.startswith(LOCAL)]
        rows: list[Row] = []
        for local_id in ids:
            found = self._database.read_local(local_id.removeprefix(LOCAL))
            rows += self._page([found]).rows if found else [Row(local_id, None)]
        return Page(rows, None, None)

    def documents(self, rows: Sequence[Row], asked: Options) -> Iterator[Pieces]:
        """The documents of these rows, which were read with them."""
        for row in rows:
            yield (write_local(self._shown[row.id]),) if row.id in self._shown else NOTHING

    def update_seq(self) -> str | None:
        """Nothing: local documents move no sequence."""
        return None

    def _page(self, found: Sequence[LocalDocument]) -> Page:
        self._shown = {LOCAL + each.id: each for each in found} | self._shown
        return Page([Row(LOCAL + each.id, each.revision) for each in found], None, None)


def _within_designs(span: Span) -> Span:
    low, high = DESIGN, _BEHIND_DESIGN
    if span.descending:
        start, end = min(span.start or high, high), max(span.end or low, low)
    else:
        start, end = max(span.start or low, low), min(span.end or high, high)
    return replace(span, start=start, end=end)


def _within_locals(span: Span) -> Span | None:
    """The same range over the part of the id behind `_local/`; None when none of them lies in it."""
    low, high = (span.end, span.start) if span.descending else (span.start, span.end)
    behind = LOCAL[:-1] + "0"
    if (low is not None and low >= behind) or (high is not None and high < LOCAL):
        return None
    start, end = (
        None if edge is None or not edge.startswith(LOCAL) else edge.removeprefix(LOCAL)
        for edge in (span.start, span.end)
    )
    return replace(span, start=start, end=end)
