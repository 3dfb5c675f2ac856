"""Documents to a CouchDB-compatible server: many to a request, and those with large contents one by one.

Contents in JSON have to be held whole, by us and by the server, so a document with large ones is put with its contents
behind it, as CouchDB's replicator does.

source  CouchDB API, /{db}/_bulk_docs and "Creating Multiple Attachments"

Must not know: sockets, where the documents come from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import groupby
from typing import TypeVar

from sync.errors import BadRequest, NotFound, ProtocolError, Refused, Unauthorized
from sync.remote.contents import is_large, measured
from sync.remote.listings import read_grafted, read_written
from sync.remote.reading import doc_segments
from sync.remote.transport import Reply
from sync.revisions.revision import parse_revision
from sync.typed import replace
from sync.values.documents import Document, Edit, Outcome
from sync.values.json_text import parse_object
from sync.wire.documents import write_document, write_edit
from sync.wire.multipart import Multipart, related_edit, write_related

# The body of `_bulk_docs` -> Reply
Bulk = Callable[[bytes], Reply]
# (segments behind the database, query, body) -> Reply
Send = Callable[[Sequence[str], Mapping[str, str], Multipart], Reply]
Bearer = TypeVar("Bearer", Edit, Document)

_KEPT_FOR_DIAGNOSIS = 1000


class Writing:
    """Writes documents."""

    def __init__(self, bulk: Bulk, send: Send | None) -> None:
        """`send` puts a body in pieces; None where that cannot be, and contents go in JSON whatever their size."""
        self._bulk = bulk
        self._send = send

    def write(self, edits: Sequence[Edit]) -> list[Outcome]:
        """Write edits, one outcome each, in order."""
        outcomes: list[Outcome] = []
        for alone, batch in self._batches(edits):
            outcomes += [self._write_large(edit) for edit in batch] if alone else self._write_many(batch)
        return outcomes

    def graft(self, documents: Sequence[Document]) -> list[Outcome]:
        """Join replicas' revisions to the trees, one outcome each, in order."""
        outcomes: list[Outcome] = []
        for alone, batch in self._batches(documents):
            outcomes += [self._graft_large(each) for each in batch] if alone else self._graft_many(batch)
        return outcomes

    def _batches(self, bearers: Sequence[Bearer]) -> Iterator[tuple[bool, list[Bearer]]]:
        """Neighbours that go together, and those of which each goes alone."""
        for alone, batch in groupby(bearers, key=lambda each: self._send is not None and is_large(each.attachments)):
            yield alone, list(batch)

    def _write_many(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        body = b'{"docs":[' + b",".join(write_edit(edit) for edit in edits) + b"]}"
        reply = self._bulk(body)
        return read_written(reply.body, [edit.id for edit in edits])

    def _graft_many(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        texts = b",".join(write_document(document, revisions=True) for document in documents)
        body = b'{"new_edits":false,"docs":[' + texts + b"]}"
        reply = self._bulk(body)
        return read_grafted(reply.body, documents)

    def _write_large(self, edit: Edit) -> Outcome:
        with ExitStack() as until_sent:
            whole = replace(edit, attachments=measured(edit.attachments, until_sent))
            answer = self._put(edit.id, related_edit(whole), {})
        if isinstance(answer, Outcome):
            return answer
        try:
            return Outcome(edit.id, parse_revision(parse_object(answer).get("rev")))
        except BadRequest as error:
            kept = answer[:_KEPT_FOR_DIAGNOSIS]
            raise ProtocolError(f"not an answer to a document: {error}", answer=kept) from None

    def _graft_large(self, document: Document) -> Outcome:
        with ExitStack() as until_sent:
            whole = replace(document, attachments=measured(document.attachments, until_sent))
            answer = self._put(document.id, write_related(whole, revisions=True), {"new_edits": "false"})
        # Nothing but its status counts: pouchdb-server has no more to say about a revision it did not choose.
        return answer if isinstance(answer, Outcome) else Outcome(document.id, document.revision)

    def _put(self, doc_id: str, parts: Multipart, query: Mapping[str, str]) -> bytes | Outcome:
        """Put one document; the answer, or what refused it: that is its outcome, and stops nobody else."""
        assert self._send is not None
        try:
            return self._send(doc_segments(doc_id), query, parts).body
        except (Unauthorized, NotFound):
            raise
        except Refused as error:
            return Outcome(doc_id, None, error)
