"""`_all_docs` and `_bulk_docs` as a client reads them.

Must not know: sockets, replication.
"""

from collections.abc import Sequence
from typing import Any

from sync.errors import BadRequest, ProtocolError
from sync.revisions.revision import StrangeRevision, parse_revision
from sync.values.changes import Listing, Row, Span
from sync.values.documents import Document, Outcome
from sync.values.json_text import dump, parse
from sync.wire.problems import refusal_from

_KEPT_FOR_DIAGNOSIS = 1000


def span_query(span: Span) -> dict[str, str]:
    """The parameters of `_all_docs` for a span."""
    query = {}
    if span.start is not None:
        query["startkey"] = dump(span.start).decode()
    if span.end is not None:
        query["endkey"] = dump(span.end).decode()
    if not span.inclusive_end:
        query["inclusive_end"] = "false"
    if span.descending:
        query["descending"] = "true"
    if span.skip:
        query["skip"] = str(span.skip)
    if span.limit is not None:
        query["limit"] = str(span.limit)
    return query


def read_listing(text: bytes) -> Listing:
    """Read an answer of `_all_docs`; raises ProtocolError.

    A document whose winner is a revision that we do not take has a row without one, as one that is not there.
    """
    try:
        answer = parse(text)
        return Listing(
            rows=tuple(_read_row(row) for row in answer["rows"]),
            total=answer.get("total_rows") or 0,
            offset=answer.get("offset") or 0,
        )
    except (BadRequest, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"not an answer of _all_docs: {error}", answer=text[:_KEPT_FOR_DIAGNOSIS]) from None


def read_written(text: bytes, ids: Sequence[str]) -> list[Outcome]:
    """Read the answer to edits: one row each, in their order; raises ProtocolError."""
    rows = _rows(text)
    if len(rows) != len(ids):
        raise ProtocolError("_bulk_docs answered another number of rows", answer=text[:_KEPT_FOR_DIAGNOSIS])
    try:
        return [_read_outcome(doc_id, row) for doc_id, row in zip(ids, rows, strict=True)]
    except (BadRequest, KeyError) as error:
        raise ProtocolError(f"not an answer of _bulk_docs: {error}", answer=text[:_KEPT_FOR_DIAGNOSIS]) from None


def read_grafted(text: bytes, documents: Sequence[Document]) -> list[Outcome]:
    """Read the answer to replicas' revisions: only what was refused is told of, with or without its revision."""
    refused: dict[tuple[str, str | None], dict[str, Any]] = {}
    for told in _rows(text):
        if "error" in told:
            refused[(str(told.get("id")), told.get("rev"))] = told
    outcomes = []
    for document in documents:
        row = refused.get((document.id, str(document.revision))) or refused.get((document.id, None))
        error = refusal_from(row.get("error"), _reason(row)) if row else None
        outcomes.append(Outcome(document.id, None if error else document.revision, error))
    return outcomes


def _read_row(row: Any) -> Row:
    value = row.get("value")
    if row.get("error") is not None or not isinstance(value, dict):
        return Row(row["key"], None)
    try:
        return Row(row["id"], parse_revision(value["rev"]), deleted=value.get("deleted") is True)
    except StrangeRevision:
        return Row(row["id"], None)


def _read_outcome(doc_id: str, row: dict[str, Any]) -> Outcome:
    if "error" in row:
        return Outcome(doc_id, None, refusal_from(row.get("error"), _reason(row)))
    return Outcome(doc_id, parse_revision(row["rev"]))


def _reason(row: dict[str, Any]) -> str:
    return str(row.get("reason") or row.get("error") or "refused")


def _rows(text: bytes) -> list[dict[str, Any]]:
    try:
        rows = parse(text)
    except BadRequest:
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProtocolError("not an answer of _bulk_docs", answer=text[:_KEPT_FOR_DIAGNOSIS])
    return rows
