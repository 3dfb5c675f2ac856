"""Answering a query by looking at every document: the small obvious way, which indexes must agree with.

Must not know: where the documents are held.
"""

from collections.abc import Iterable, Iterator, Sequence

from sync.mango.answering import Position, Row, answer, entry_key, entry_test
from sync.mango.design import indexes_in
from sync.mango.matching import members
from sync.mango.planning import Plan, plan
from sync.revisions.revision import Revision
from sync.values.documents import Document
from sync.values.queries import Found, Query

# A live document and its other live leaves.
Held = tuple[Document, tuple[Revision, ...]]


def scan(query: Query, held: Sequence[Held]) -> Found:
    """Answer a query over these live documents, design documents among them; raises BadQuery."""
    chosen = plan(query, [index for document, _ in held for index in indexes_in(document.id, document.fields())])

    def rows(after: Position | None) -> Iterable[Row]:
        found = sorted(_rows(chosen, held), key=lambda row: row.position.order, reverse=query.descending)
        return (row for row in found if after is None or _is_behind(row.position, after, descending=query.descending))

    return answer(query, chosen, rows)


def _rows(chosen: Plan, held: Sequence[Held]) -> Iterator[Row]:
    belongs = entry_test(chosen.index)
    low, high = chosen.bounds()
    for document, conflicts in held:
        if chosen.is_scan:
            if _within(document.id, chosen.ids()):
                yield Row(Position(b"", document.id), document, conflicts)
            continue
        key = entry_key(chosen.index, belongs, members(document, conflicts))
        if key is not None and low <= key <= high:
            yield Row(Position(key, document.id), document, conflicts)


def _within(doc_id: str, ids: tuple[str | None, str | None] | None) -> bool:
    if ids is None:
        return False
    first, last = ids
    here = doc_id.encode()
    return (first is None or here >= first.encode()) and (last is None or here <= last.encode())


def _is_behind(position: Position, after: Position, *, descending: bool) -> bool:
    return position.order < after.order if descending else position.order > after.order
