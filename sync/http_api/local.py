"""Local documents: kept beside the others, never replicated, in no feed. Checkpoints live here.

CouchDB 2 and later do not compare `_rev` here, and replicators rely on the last writer having the word.

source  CouchDB API, "Local (non-replicating) Documents"

Must not know: what the documents are for.
"""

from collections.abc import Mapping

from sync.database import Database
from sync.errors import BadRequest, NotFound
from sync.http_api.answers import Answer, json_answer, text_answer, written
from sync.http_api.call import Call
from sync.http_api.writing import destination, put_edit, put_local, read_local_edit
from sync.values.documents import Edit
from sync.wire.documents import write_local
from sync.wire.names import LOCAL


def read(call: Call, db: str, local: str) -> Answer:
    """`GET /{db}/_local/{id}`"""
    document = call.database(db).read_local(local)
    # A local document has no tree, so it has no leaves and no revision to name; CouchDB says `missing` too.
    if document is None or call.query.has("open_revs") or call.query.has("rev"):
        raise NotFound("missing")
    return text_answer(write_local(document, revisions=call.query.flag("revs")) + b"\n")


def write(call: Call, db: str, local: str) -> Answer:
    """`PUT /{db}/_local/{id}`"""
    database = call.database(db)
    fields = call.any_json()
    if not isinstance(fields, dict):
        raise BadRequest("Document must be a JSON object")
    edit = read_local_edit(fields, doc_id=LOCAL + local)
    if edit.deleted:
        return _removed(database, local, {"Location": call.location(db, edit.id)})
    told = {"ok": True, "id": edit.id, "rev": str(put_local(database, edit))}
    return json_answer(told, 201, {"Location": call.location(db, edit.id)})


def remove(call: Call, db: str, local: str) -> Answer:
    """`DELETE /{db}/_local/{id}`"""
    return _removed(call.database(db), local, {})


def copy(call: Call, db: str, local: str) -> Answer:
    """`COPY /{db}/_local/{id}` to the id in `Destination`"""
    database = call.database(db)
    target, parent = destination(call)
    document = database.read_local(local)
    if document is None:
        raise NotFound("missing")
    edit = Edit(target, parent, body=document.body)
    revision = put_local(database, edit) if target.startswith(LOCAL) else put_edit(database, edit)
    return written(target, str(revision), address=call.location(db, target))


def _removed(database: Database, local: str, headers: Mapping[str, str]) -> Answer:
    if not database.delete_local(local):
        raise NotFound("missing")
    return json_answer({"ok": True, "id": LOCAL + local, "rev": "0-0"}, 200, headers)


def attachment(call: Call, db: str, local: str, name: str) -> Answer:
    """`/{db}/_local/{id}/{attname}`: there are none"""
    raise BadRequest("_local documents do not accept attachments.")


def nameless(call: Call, db: str) -> Answer:
    """`/{db}/_local`: there is no such document"""
    raise BadRequest("Invalid _local document id.")
