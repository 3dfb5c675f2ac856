"""The guard's question for chunks and chunk lists: is it what its name says?

They are named by their content, so nobody needs to be asked who wrote them.

Must not know: who offers them, which record names them.
"""

import base64
import binascii
from typing import Any

from sync.records.ids import (
    MAX_CHUNK_BYTES,
    blob_root,
    chunk_body,
    content_revision,
    parse_content_id,
    sha256_hex,
)
from sync.values.documents import Document
from sync.values.json_text import LARGEST_INTEGER, canonical

MAX_CHUNKS = 8192  # 128 MB; an untouched photo is 5
_MAX_MEDIA_TYPE = 100


def content_problem(document: Document) -> str:
    """What is wrong with a chunk or chunk list; "" when nothing is.

    raises  BadRequest when the body is no JSON object
    """
    content_id = parse_content_id(document.id)
    if content_id is None:
        return "only chunks and chunk lists are kept here"
    kind, digest = content_id
    if document.deleted:
        return "chunks are not deleted"
    if document.revision != content_revision(digest) or len(document.path.digests) > 1:
        return "a chunk's revision is made from its content"
    fields = document.fields()
    return _chunk_problem(fields, digest) if kind == "chunk" else _list_problem(fields, digest)


def _chunk_problem(fields: dict[str, Any], digest: str) -> str:
    data = fields.get("data")
    if set(fields) != {"data"} or not isinstance(data, str):
        return "a chunk has data and nothing else"
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return "a chunk's data is not base64"
    if len(content) > MAX_CHUNK_BYTES:
        return f"a chunk has at most {MAX_CHUNK_BYTES} bytes"
    if sha256_hex(content) != digest or canonical(fields) != chunk_body(content):
        return "the content is not what the id says"
    return ""


def _list_problem(fields: dict[str, Any], root: str) -> str:
    media_type, size, chunks = fields.get("type"), fields.get("size"), fields.get("chunks")
    if set(fields) != {"type", "size", "chunks"}:
        return "a chunk list has type, size and chunks and nothing else"
    if not isinstance(media_type, str) or not 0 < len(media_type) <= _MAX_MEDIA_TYPE:
        return "a chunk list has a media type"
    if type(size) is not int or not 0 <= size <= LARGEST_INTEGER:
        return "a chunk list has a size in bytes"
    if not isinstance(chunks, list) or len(chunks) > MAX_CHUNKS:
        return f"a chunk list names at most {MAX_CHUNKS} chunks"
    if not all(isinstance(one, str) and parse_content_id(f"chunk:{one}") for one in chunks):
        return "a chunk list names chunks by their SHA-256"
    if not (len(chunks) == 0 if size == 0 else len(chunks) <= size <= len(chunks) * MAX_CHUNK_BYTES):
        return "a chunk list's size does not fit its chunks"
    if blob_root(fields) != root:
        return "the list is not what the id says"
    return ""
