"""Writing one document: what a request says of its parent, and what became of the write.

Must not know: routes, how documents are kept.
"""

from sync.database import Database
from sync.errors import BadRequest, SyncError
from sync.http_api.call import Call
from sync.revisions.revision import Revision, parse_revision
from sync.values.documents import Document, Edit, Outcome


def etagged(revision: Revision) -> dict[str, str]:
    """The header that names a revision."""
    return {"ETag": f'"{revision}"'}


def parent_of(call: Call, fields: object) -> Revision | None:
    """The revision a writer builds on: `?rev=`, `If-Match` or `_rev`, which must not disagree.

    raises  BadRequest
    """
    told: list[tuple[str, Revision]] = []
    if isinstance(fields, dict) and fields.get("_rev") is not None:
        told.append(("request body", parse_revision(fields["_rev"])))
    if call.query.has("rev"):
        told.append(("query string", parse_revision(call.query.text("rev"))))
    if "If-Match" in call.headers:
        told.append(("etag", parse_revision(call.headers["If-Match"].strip().strip('"'))))
    for place, revision in told[1:]:
        if revision != told[0][1]:
            raise BadRequest(f"Document rev from {told[0][0]} and {place} have different values")
    return told[0][1] if told else None


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
