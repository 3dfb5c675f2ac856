"""Cutting a file into chunks and storing them as documents any CouchDB peer can carry.

The file is gone through twice, once to name it and once to store it: so the chunk list is written
first, as it travels first, and no more than a few chunks are ever in memory. Ids and revisions
come from the content, so a photo stored on two nodes is the same documents, and storing it again
changes nothing.

Must not know: databases beyond the one way to graft, replication.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from sync.errors import StorageError, TooLarge
from sync.records.content_guard import MAX_CHUNKS
from sync.records.ids import (
    MAX_CHUNK_BYTES,
    blob_id,
    blob_list,
    blob_root,
    chunk_body,
    chunk_id,
    content_revision,
    sha256_hex,
)
from sync.revisions.tree import Branch
from sync.typed import Value
from sync.values.documents import Document, Outcome
from sync.values.json_text import canonical

# `database.graft`, or `graft_in` of an embedded database bound to the transaction that also writes the record.
Graft = Callable[[Sequence[Document]], Sequence[Outcome]]

_BATCH = 32  # half a megabyte: few flushes, little memory


class Blob(Value):
    """A stored file: the root hash a record names it by, size in bytes, media type."""

    root: str
    size: int
    media_type: str

    def reference(self) -> dict[str, Any]:
        """How a record names it: `{"blob", "size", "type"}`; the record may add members."""
        return {"blob": self.root, "size": self.size, "type": self.media_type}


def store_blob(graft: Graft, source: BinaryIO, *, media_type: str) -> Blob:
    """Store a file, chunk list first; on return it is as durable as `graft` makes it.

    source   a seekable, buffered file, read twice from where it stands
    raises   TooLarge when it has too many chunks; StorageError when the file changed between the readings;
             whatever the database refuses a chunk with
    """
    start = source.tell()
    digests, size = [], 0
    for content in _pieces(source):
        digests.append(sha256_hex(content))
        size += len(content)
        if len(digests) > MAX_CHUNKS:
            raise TooLarge(f"a file has at most {MAX_CHUNKS} chunks of {MAX_CHUNK_BYTES} bytes")
    body = blob_list(media_type, size, tuple(digests))
    root = blob_root(body)
    batch = [_document(blob_id(root), root, canonical(body))]
    source.seek(start)
    for digest in digests:
        content = source.read(MAX_CHUNK_BYTES)
        if sha256_hex(content) != digest:
            raise StorageError("the file changed while it was being stored", remedy="Store it again.")
        batch.append(_document(chunk_id(digest), digest, chunk_body(content)))
        if len(batch) == _BATCH:
            _write(graft, batch)
            batch = []
    _write(graft, batch)
    return Blob(root, size, media_type)


def store_bytes(graft: Graft, content: bytes, *, media_type: str) -> Blob:
    """Store what is in memory already; see `store_blob`."""
    return store_blob(graft, io.BytesIO(content), media_type=media_type)


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while content := source.read(MAX_CHUNK_BYTES):
        yield content


def _document(doc_id: str, digest: str, body: bytes) -> Document:
    revision = content_revision(digest)
    return Document(doc_id, Branch(revision.generation, (revision.digest,)), body)


def _write(graft: Graft, batch: Sequence[Document]) -> None:
    if not batch:
        return
    for outcome in graft(batch):
        if outcome.error is not None:
            raise outcome.error
