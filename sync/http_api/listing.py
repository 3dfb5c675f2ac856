"""Listings: documents in the order of their ids, or one row per id asked for; one, or several in a request.

A listing is made while it is sent, page by page, so that its length costs no memory.

source  CouchDB API, /{db}/_all_docs, /{db}/_design_docs, /{db}/_local_docs

Must not know: how documents are kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sync.database import Database
from sync.errors import BadRequest, TooLarge
from sync.http_api.answers import Answer, streamed
from sync.http_api.call import Call
from sync.http_api.listing_options import Options, read_options
from sync.http_api.rows import Pieces, listed, with_document
from sync.http_api.shelves import AllDocuments, DesignDocuments, LocalDocuments, Page, Shelf
from sync.typed import replace
from sync.values.changes import Row, Span
from sync.values.json_text import dump, parse

PAGE_ROWS = 1000
# With documents a page is held in memory whole, but for their files.
PAGE_DOCUMENTS = 100
# In one request. Each may go through the whole database to answer a line; a page of an application has three.
_MOST_QUERIES = 200


def all_docs(call: Call, db: str) -> Answer:
    """`GET` or `POST /{db}/_all_docs`"""
    return _one(call, AllDocuments(call.database(db)))


def all_docs_queries(call: Call, db: str) -> Answer:
    """`POST /{db}/_all_docs/queries`"""
    return _several(call, db, AllDocuments)


def design_docs(call: Call, db: str) -> Answer:
    """`GET` or `POST /{db}/_design_docs`: the same over design documents alone"""
    return _one(call, DesignDocuments(call.database(db)))


def design_docs_queries(call: Call, db: str) -> Answer:
    """`POST /{db}/_design_docs/queries`"""
    return _several(call, db, DesignDocuments)


def local_docs(call: Call, db: str) -> Answer:
    """`GET` or `POST /{db}/_local_docs`: the same over local documents"""
    return _one(call, LocalDocuments(call.database(db)))


def local_docs_queries(call: Call, db: str) -> Answer:
    """`POST /{db}/_local_docs/queries`"""
    return _several(call, db, LocalDocuments)


def _one(call: Call, shelf: Shelf) -> Answer:
    return streamed(_listing(shelf, _asked(call), b"\n"))


def _several(call: Call, db: str, shelf: Callable[[Database], Shelf]) -> Answer:
    database = call.database(db)
    told = call.json_object()
    if "queries" not in told:
        raise BadRequest("POST body must include `queries` parameter.")
    queries = told["queries"]
    if not isinstance(queries, list):
        raise BadRequest("`queries` member must be an array.")
    if not all(isinstance(each, dict) for each in queries):
        raise BadRequest("Each of `queries` must be a JSON object")
    if len(queries) > _MOST_QUERIES:
        raise TooLarge(f"a request has at most {_MOST_QUERIES} queries")
    # What stands behind the question mark holds for each query that does not say otherwise.
    asked = [read_options(_without(call.query.values, each), each) for each in queries]
    return streamed(_listings(shelf(database), asked))


def _asked(call: Call) -> Options:
    query = call.query.values
    if call.method != "POST":
        keys = parse(query["keys"]) if "keys" in query else None
        return read_options(query, keys=_array(keys, "`keys` parameter must be an array."))
    members = call.json_object()
    keys = members.get("keys")
    return read_options(query, members, keys=_array(keys, "`keys` body member must be an array."))


def _array(keys: Any, otherwise: str) -> Sequence[Any] | None:
    if keys is not None and not isinstance(keys, list):
        raise BadRequest(otherwise)
    return keys


def _without(query: Mapping[str, str], members: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name not in members}


def _listings(shelf: Shelf, asked: Sequence[Options]) -> Iterator[bytes]:
    yield b'{"results":['
    between = b"\n"
    for each in asked:
        yield between
        yield from _listing(shelf, each, b"")
        between = b",\n"
    yield b"\n]}\n"


def _listing(shelf: Shelf, asked: Options, end: bytes) -> Iterator[bytes]:
    pages = _ranged(shelf, asked) if asked.keys is None else _keyed(shelf, asked, asked.keys)
    between = b"\n"
    for number, page in enumerate(pages):
        if number == 0:
            yield _head(shelf, asked, page)
        yield from listed(_rows(shelf, asked, page), between, large=asked.attachments)
        between = b",\n" if page.rows else between
    yield b"\n]}" + end


def _ranged(shelf: Shelf, asked: Options) -> Iterator[Page]:
    left = asked.span.limit
    size = _size(asked, left)
    page = shelf.page(replace(asked.span, limit=size))
    while True:
        yield page
        left = None if left is None else left - len(page.rows)
        if len(page.rows) < max(size, 1) or left == 0:
            return
        size = _size(asked, left)
        page = _behind(shelf, asked.span, page.rows[-1], size)


def _behind(shelf: Shelf, span: Span, last: Row, size: int) -> Page:
    """The page behind a row, whether that is still there or not."""
    page = shelf.page(replace(span, start=last.id, skip=0, limit=size + 1))
    rows = page.rows[1:] if page.rows and page.rows[0].id == last.id else page.rows[:size]
    return replace(page, rows=rows)


def _keyed(shelf: Shelf, asked: Options, keys: Sequence[Any]) -> Iterator[Page]:
    span = asked.span
    wanted = list(reversed(keys)) if span.descending else list(keys)
    wanted = wanted[span.skip :] if span.limit is None else wanted[span.skip : span.skip + span.limit]
    size = _size(asked, None)
    for start in range(0, max(len(wanted), 1), size):
        yield shelf.found(wanted[start : start + size])


def _size(asked: Options, left: int | None) -> int:
    size = PAGE_DOCUMENTS if asked.include_docs else PAGE_ROWS
    return size if left is None else min(size, left)


def _head(shelf: Shelf, asked: Options, page: Page) -> bytes:
    told: dict[str, Any] = {"total_rows": page.total, "offset": page.offset}
    if asked.update_seq:
        told["update_seq"] = shelf.update_seq()
    return dump(told)[:-1] + b',"rows":['


def _rows(shelf: Shelf, asked: Options, page: Page) -> Iterator[Pieces]:
    if not asked.include_docs:
        return ((_row(row),) for row in page.rows)
    documents = shelf.documents(page.rows, asked)
    return (_with_document(row, document) for row, document in zip(page.rows, documents, strict=True))


def _with_document(row: Row, document: Pieces) -> Pieces:
    return (_row(row),) if row.revision is None else with_document(_row(row), document)


def _row(row: Row) -> bytes:
    if row.revision is None:
        return dump({"key": row.id, "error": "not_found"})
    value: dict[str, Any] = {"rev": str(row.revision)}
    if row.deleted:
        value["deleted"] = True
    return dump({"id": row.id, "key": row.id, "value": value})
