"""Writing one document: what a request says of its parent, and what became of the write.

Must not know: routes, how documents are kept.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from sync.database import Database
from sync.errors import BadRequest, SyncError
from sync.http_api.call import Call
from sync.revisions.revision import Revision, parse_revision
from sync.values.documents import Document, Edit, Outcome
from sync.wire.documents import read_edit
from sync.wire.names import LOCAL, check_doc_id
from sync.wire.problems import IllegalDocId


def etagged(revision: Revision) -> dict[str, str]:
    """The header that names a revision."""
    return {"ETag": f'"{revision}"'}


def parent_of(call: Call, fields: object) -> Revision | None:
    """The revision a writer builds on: `?rev=`, `If-Match` or `_rev`, which must not disagree.

    raises  BadRequest
    """
    told = parse_revision(fields["_rev"]) if isinstance(fields, dict) and "_rev" in fields else None
    if call.query.has("rev"):
        asked = parse_revision(call.query.text("rev"))
        if told not in (None, asked):
            raise BadRequest("Document rev from request body and query string have different values")
        told = asked
    if "If-Match" in call.headers:
        matched = parse_revision(call.headers["If-Match"].strip().strip('"'))
        if told not in (None, matched):
            raise BadRequest("Document rev and etag have different values")
        told = matched
    return told


def destination(call: Call) -> tuple[str, Revision | None]:
    """Where a copy is to go: the id and the revision it replaces; raises BadRequest, IllegalDocId."""
    told = call.headers.get("Destination", "").strip(" ")
    if not told:
        raise BadRequest("Destination header is mandatory for COPY.")
    if told.startswith(("http://", "https://")):
        raise BadRequest("Destination URL must be relative.")
    target, _, rest = told.partition("?")
    try:
        # WSGI gives the bytes of a header as Latin-1; clients send UTF-8, percent-encoded or as it stands.
        doc_id = check_doc_id(unquote_to_bytes(target.encode("latin-1")).decode("utf-8"))
    except UnicodeDecodeError:
        raise IllegalDocId("Document id must be valid UTF-8") from None
    return doc_id, parse_revision(rest.removeprefix("rev=")) if rest else None


def is_local(fields: Any) -> bool:
    """Whether a document says by its id that it is a local one."""
    return isinstance(fields, dict) and isinstance(fields.get("_id"), str) and fields["_id"].startswith(LOCAL)


def read_local_edit(fields: Mapping[str, Any], *, doc_id: str | None = None) -> Edit:
    """Read a local document; raises BadRequest and its kin.

    Its revisions are `0-N`, are compared with nothing and follow no tree, so they need only be legible.
    """
    rev = fields.get("_rev", "0-0")
    generation, dash, digest = rev.partition("-") if isinstance(rev, str) else ("", "", "")
    if not (generation.isascii() and generation.isdigit() and dash and digest):
        raise BadRequest("Invalid rev format")
    plain = {name: value for name, value in fields.items() if name not in ("_rev", "_revisions", "_attachments")}
    return read_edit(plain, doc_id=doc_id)


def put_local(database: Database, edit: Edit) -> Revision:
    """Replace or remove a local document; one that is not there is as good as removed."""
    local_id = edit.id.removeprefix(LOCAL)
    if edit.deleted:
        database.delete_local(local_id)
        return Revision(0, "0")
    return database.write_local(local_id, edit.body)


def put_edit(database: Database, edit: Edit) -> Revision:
    """Write one edit; raises what refused it."""
    return _settled(database.write([edit])[0])


def put_replica(database: Database, document: Document) -> Revision:
    """Graft one revision; raises what refused it."""
    outcome = database.graft([document])[0]
    if outcome.error is not None:
        raise outcome.error
    return document.revision


def _settled(outcome: Outcome) -> Revision:
    if outcome.error is not None:
        raise outcome.error
    if outcome.revision is None:
        raise SyncError("a write gave neither a revision nor an error")
    return outcome.revision
