"""From the rows of an index to one page of an answer.

An engine gives rows in the order of the plan; what matches, what is skipped, where the page ends and
what is told beside it is decided here, once for all engines.

Must not know: how rows are kept and read.
"""

import binascii
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Any

from sync.errors import NotOffered
from sync.mango.collation import row_key
from sync.mango.fields import MISSING, get_field, parse_field, project
from sync.mango.matching import CONFLICTS, Test, compiled, members, tester, within_patience
from sync.mango.planning import Plan
from sync.revisions.revision import Revision
from sync.typed import Value
from sync.values.documents import Document
from sync.values.json_text import dump
from sync.values.queries import Examined, Found, Index, Query
from sync.wire.documents import write_document
from sync.wire.names import DESIGN
from sync.wire.problems import BadQuery

NO_BOOKMARK = "nil"  # CouchDB's word for an answer without documents
_BOOKMARK_VERSION = b"\x01"
_SCANNED_PER_RESULT = 10  # CouchDB's threshold for its warning
_TOO_MANY = (
    "The number of documents examined is high in proportion to the number of results returned. "
    "Consider adding a more specific index to improve this."
)


class Position(Value):
    """A place in an index: the row's key (empty in `_all_docs`) and the document's id; rows stand in this order."""

    key: bytes
    id: str

    @property
    def order(self) -> tuple[bytes, bytes]:
        """What positions are compared by; ids by their bytes."""
        return self.key, self.id.encode()


class Row(Value):
    """One row of an index.

    document   the document's winner; None when it is gone since
    conflicts  its other live leaves
    """

    position: Position
    document: Document | None
    conflicts: tuple[Revision, ...] = ()


# Rows behind a position (None for the beginning), in the plan's order.
Rows = Callable[[Position | None], Iterable[Row]]


def answer(query: Query, plan: Plan, rows: Rows) -> Found:
    """One page of an answer; raises BadQuery on a bad bookmark or field name, or a selector that takes too long."""
    for name in query.fields:
        parse_field(name)
    if plan.empty:
        return Found(())
    begun = time.perf_counter()
    after = _read_bookmark(query.bookmark)
    test = within_patience(tester(plan.term))
    found: list[bytes] = []
    keys = documents = skipped = 0
    for row in rows(after) if query.limit else ():
        if plan.is_scan and row.position.id.startswith(DESIGN):
            continue
        keys += 1
        if row.document is None:
            continue
        documents += 1
        text = _text_if(row, query, test)
        if text is None:
            continue
        after = row.position
        if skipped < query.skip:
            skipped += 1
            continue
        found.append(text)
        if len(found) == query.limit:
            break
    examined = Examined(keys, documents, round((time.perf_counter() - begun) * 1000, 3))
    return Found(
        tuple(found),
        _write_bookmark(after) if after else NO_BOOKMARK,
        _warnings(plan, documents, len(found)),
        examined,
    )


def entry_test(index: Index) -> Test:
    """The function that says whether a document belongs into an index at all; a bad partial selector lets none in."""
    try:
        return compiled(index.partial)
    except (BadQuery, NotOffered):
        return lambda value: False


def sees_conflicts(index: Index) -> bool:
    """Whether a document's place in an index may hang on its other leaves, too."""
    return CONFLICTS in dump([list(index.fields), dict(index.partial)]).decode()


def entry_key(index: Index, belongs: Test, fields: dict[str, Any]) -> bytes | None:
    """The key of a document's row in an index; None when it has none. `fields` are its members, conflicts included."""
    if fields["_id"].startswith(DESIGN) or not belongs(fields):
        return None
    values = [get_field(fields, parse_field(name)) for name in index.fields]
    return None if MISSING in values else row_key(values)


def _text_if(row: Row, query: Query, test: Test) -> bytes | None:
    """The JSON text of what is wanted of a document, when it matches."""
    document = row.document
    assert document is not None
    fields = members(document, row.conflicts if query.conflicts else ())
    if not test(fields):
        return None
    if query.fields:
        return dump(project(fields, query.fields))
    return write_document(document, extras={CONFLICTS: fields[CONFLICTS]} if CONFLICTS in fields else {})


def _warnings(plan: Plan, documents: int, results: int) -> str:
    told = [plan.warning] if plan.warning else []
    if documents / max(results, 1) > _SCANNED_PER_RESULT:
        told.append(_TOO_MANY)
    return "\n".join(told)


def _write_bookmark(position: Position) -> str:
    raw = _BOOKMARK_VERSION + len(position.key).to_bytes(4, "big") + position.key + position.id.encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read_bookmark(text: str) -> Position | None:
    if not text:
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        behind = 5 + int.from_bytes(raw[1:5], "big")
        if raw[:1] != _BOOKMARK_VERSION or behind >= len(raw):
            raise ValueError(text)
        return Position(raw[5:behind], raw[behind:].decode())
    except (ValueError, binascii.Error):
        shown = dump(text).decode()
        raise BadQuery(f"Invalid bookmark value: {shown}", word="invalid_bookmark") from None
