"""Local documents: kept beside the others, never replicated, in no feed. Checkpoints live here.

CouchDB 2 and later do not compare `_rev` here, and replicators rely on the last writer having the word.

source  CouchDB API, "Local (non-replicating) Documents"

Must not know: what the documents are for.
"""

from sync.errors import BadRequest, NotFound
from sync.http_api.answers import Answer, json_answer, text_answer
from sync.http_api.call import Call
from sync.wire.documents import body_of, write_local
from sync.wire.names import LOCAL


def read(call: Call, db: str, local: str) -> Answer:
    """`GET /{db}/_local/{id}`"""
    document = call.database(db).read_local(local)
    # A local document has no tree, so it has no leaves to open; CouchDB says `missing` too.
    if document is None or call.query.has("open_revs"):
        raise NotFound("missing")
    return text_answer(write_local(document) + b"\n")


def write(call: Call, db: str, local: str) -> Answer:
    """`PUT /{db}/_local/{id}`"""
    database = call.database(db)
    fields = call.any_json()
    if not isinstance(fields, dict):
        raise BadRequest("Document must be a JSON object")
    if fields.get("_deleted") is True:
        return remove(call, db, local)
    revision = database.write_local(local, body_of(fields))
    return json_answer({"ok": True, "id": LOCAL + local, "rev": str(revision)}, 201)


def remove(call: Call, db: str, local: str) -> Answer:
    """`DELETE /{db}/_local/{id}`"""
    if not call.database(db).delete_local(local):
        raise NotFound("missing")
    return json_answer({"ok": True, "id": LOCAL + local, "rev": "0-0"})


def attachment(call: Call, db: str, local: str, name: str) -> Answer:
    """`/{db}/_local/{id}/{attname}`: there are none"""
    raise BadRequest("_local documents do not accept attachments.")


def nameless(call: Call, db: str) -> Answer:
    """`/{db}/_local`: there is no such document"""
    raise BadRequest("Invalid _local document id.")
