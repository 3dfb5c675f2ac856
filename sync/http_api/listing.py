"""`_all_docs`: documents in the order of their ids, or one row per id asked for.

Keys of other types are compared as CouchDB collates them: numbers before all text, arrays and
objects behind it. So `endkey={}` means "to the end", as its users expect.

source  CouchDB API, /{db}/_all_docs

Must not know: how documents are kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response

from sync.database import Database
from sync.errors import BadRequest
from sync.http_api.answers import streamed
from sync.http_api.call import Call, Query
from sync.http_api.reading import asides, read_each
from sync.values.changes import Listing, Row, Span
from sync.values.documents import Document, Wanted
from sync.values.json_text import dump
from sync.wire.documents import write_document
from sync.wire.names import DESIGN
from sync.wire.problems import UnreadableQuery

PAGE_ROWS = 1000
# With documents a page is held in memory whole.
PAGE_DOCUMENTS = 100
_BEHIND_DESIGN = "_design0"
_FROM_BODY = (
    "include_docs", "attachments", "conflicts", "descending", "inclusive_end", "limit", "skip", "update_seq"
)  # fmt: skip
_KEYS_FROM_BODY = ("key", "startkey", "start_key", "endkey", "end_key")
_NOTHING = Span(limit=0)


def all_docs(call: Call, db: str) -> Response:
    """`GET` or `POST /{db}/_all_docs`"""
    query, keys = _asked(call)
    return _answer(call.database(db), query, keys, _span(query))


def design_docs(call: Call, db: str) -> Response:
    """`GET` or `POST /{db}/_design_docs`: the same over design documents alone"""
    query, keys = _asked(call)
    span = _span(query)
    low, high = (_BEHIND_DESIGN, DESIGN) if span.descending else (DESIGN, _BEHIND_DESIGN)
    return _answer(call.database(db), query, keys, replace(span, start=span.start or low, end=span.end or high))


def _asked(call: Call) -> tuple[Query, Sequence[str] | None]:
    query, keys = call.query, call.query.json("keys")
    if call.method == "POST":
        told = call.json_object()
        keys = told.get("keys", keys)
        collated = {name: dump(told[name]).decode() for name in _KEYS_FROM_BODY if name in told}
        query = query.with_members({**told, **collated}, (*_FROM_BODY, *_KEYS_FROM_BODY))
    if keys is None:
        return query, None
    if query.has(*_KEYS_FROM_BODY):
        raise UnreadableQuery("`keys` is incompatible with `key`, `start_key` and `end_key`")
    if not isinstance(keys, list):
        raise BadRequest("`keys` member must be an array.")
    if not all(isinstance(key, str) for key in keys):
        raise UnreadableQuery("`keys` of _all_docs must be strings.")
    return query, keys


def _span(query: Query) -> Span:
    """What a range asks for; a range that no text can lie in has the limit 0."""
    descending = query.flag("descending")
    inclusive = query.flag("inclusive_end", otherwise=True)
    start, end = _bound(query, "startkey", "start_key"), _bound(query, "endkey", "end_key")
    if query.has("key"):
        start = end = _bound(query, "key")
        inclusive = True
        if start in (_LOW, _HIGH):
            return _NOTHING
    before, behind = (_HIGH, _LOW) if descending else (_LOW, _HIGH)
    if start == behind or end == before:
        return _NOTHING
    return Span(
        start=None if start in (None, before) else str(start),
        end=None if end in (None, behind) else str(end),
        inclusive_end=inclusive,
        descending=descending,
        skip=query.count("skip") or 0,
        limit=query.count("limit"),
    )


class _Edge:
    """A place before or behind all text."""


_LOW, _HIGH = _Edge(), _Edge()


def _bound(query: Query, *names: str) -> str | _Edge | None:
    if not query.has(*names):
        return None
    value = query.json(*names)
    if isinstance(value, str):
        return value
    return _HIGH if isinstance(value, (list, dict)) else _LOW


def _answer(database: Database, query: Query, keys: Sequence[str] | None, span: Span) -> Response:
    return streamed(_ranged(database, query, span) if keys is None else _keyed(database, query, keys))


def _ranged(database: Database, query: Query, span: Span) -> Iterator[bytes]:
    size = PAGE_DOCUMENTS if query.flag("include_docs") else PAGE_ROWS
    seq = _update_seq(database, query)
    left = span.limit
    page_span = replace(span, limit=size if left is None else min(size, left))
    listing = database.list(page_span)
    yield _head(listing.total, listing.offset, seq) + _rows(database, query, listing, "")
    while listing.rows and len(listing.rows) == page_span.limit:
        left = None if left is None else left - len(listing.rows)
        if left == 0:
            break
        page_span = replace(
            page_span, start=listing.rows[-1].id, skip=1, limit=size if left is None else min(size, left)
        )
        listing = database.list(page_span)
        yield _rows(database, query, listing, "," if listing.rows else "")
    yield b"\n]}\n"


def _keyed(database: Database, query: Query, keys: Sequence[str]) -> Iterator[bytes]:
    skip, limit = query.count("skip") or 0, query.count("limit")
    asked = list(reversed(keys)) if query.flag("descending") else list(keys)
    asked = asked[skip:] if limit is None else asked[skip : skip + limit]
    seq = _update_seq(database, query)
    size = PAGE_DOCUMENTS if query.flag("include_docs") else PAGE_ROWS
    listing = database.look_up(asked[:size])
    yield _head(listing.total, None, seq) + _rows(database, query, listing, "")
    for start in range(size, len(asked), size):
        yield _rows(database, query, database.look_up(asked[start : start + size]), ",")
    yield b"\n]}\n"


def _update_seq(database: Database, query: Query) -> str | None:
    return database.info().update_seq if query.flag("update_seq") else None


def _head(total: int, offset: int | None, seq: str | None) -> bytes:
    told: dict[str, Any] = {"total_rows": total, "offset": offset}
    if seq is not None:
        told["update_seq"] = seq
    return dump(told)[:-1] + b',"rows":['


def _rows(database: Database, query: Query, listing: Listing, before: str) -> bytes:
    docs = _documents(database, query, listing.rows) if query.flag("include_docs") else None
    lines = [_row(row, docs) for row in listing.rows]
    return before.encode() + b"\n" * bool(lines) + b",\n".join(lines)


def _row(row: Row, docs: Mapping[str, bytes] | None) -> bytes:
    if row.revision is None:
        return dump({"key": row.id, "error": "not_found"})
    value: dict[str, Any] = {"rev": str(row.revision)}
    if row.deleted:
        value["deleted"] = True
    text = dump({"id": row.id, "key": row.id, "value": value})
    if docs is None:
        return text
    return text[:-1] + b',"doc":' + docs.get(row.id, b"null") + b"}"


def _documents(database: Database, query: Query, rows: Sequence[Row]) -> dict[str, bytes]:
    live = [row for row in rows if row.revision is not None and not row.deleted]
    wanted = {
        row.id: Wanted(row.id, (row.revision,), attachments=query.flag("attachments"))
        for row in live
        if row.revision is not None
    }
    asked = frozenset({"_conflicts"}) if query.flag("conflicts") else frozenset()
    texts = {}
    for doc_id, found in zip(wanted, read_each(database, list(wanted.values())), strict=True):
        texts[doc_id] = b"null"  # replaced and compacted away since it was listed
        if found and isinstance(found[0], Document):
            texts[doc_id] = write_document(found[0], extras=asides(database, found[0], asked))
    return texts
