"""One database: create, destroy, look at, its limits and its security object.

source  CouchDB API, "Databases"

Must not know: documents.
"""

from typing import Any

from sync.database import Database
from sync.errors import BadRequest, Forbidden, NotFound, NotOffered
from sync.http_api.abilities import Compactable, Limited, Secured, able
from sync.http_api.answers import Answer, json_answer, text_answer
from sync.http_api.call import Call
from sync.users.documents import USERS
from sync.users.security import effective, to_keep
from sync.wire.names import SYSTEM_DATABASES, check_database_name
from sync.wire.problems import NoDatabase

# An administrator may have these; of CouchDB's own databases the third is not kept here.
CREATABLE_SYSTEM_DATABASES = frozenset({USERS, "_replicator"})


def info(call: Call, db: str) -> Answer:
    """`GET /{db}`"""
    return json_answer(told_of(call.database(db)))


def told_of(database: Database) -> dict[str, Any]:
    """A database in numbers, in the shape of CouchDB 3."""
    told = database.info()
    return {
        "instance_start_time": told.instance_start_time,
        "db_name": told.name,
        "purge_seq": told.purge_seq or "0",
        "update_seq": told.update_seq,
        "sizes": {"file": told.disk_bytes, "external": told.active_bytes, "active": told.active_bytes},
        "props": {},
        "doc_del_count": told.doc_del_count,
        "doc_count": told.doc_count,
        "disk_format_version": 8,
        "compact_running": told.is_compacting,
        "cluster": {"q": 1, "n": 1, "w": 1, "r": 1},
    }


def create(call: Call, db: str) -> Answer:
    """`PUT /{db}`"""
    if db not in CREATABLE_SYSTEM_DATABASES:
        if db in SYSTEM_DATABASES:
            raise NotOffered(f"Yizhan keeps no {db}: follow _changes of each database.")
        check_database_name(db)
    call.databases.create(db)
    return json_answer({"ok": True}, 201, {"Location": call.location(db)})


def destroy(call: Call, db: str) -> Answer:
    """`DELETE /{db}`"""
    if call.query.has("rev"):
        raise BadRequest(
            "You tried to DELETE a database with a ?=rev parameter. Did you mean to DELETE a document instead?"
        )
    try:
        call.databases.destroy(db)
    except NotFound:
        raise NoDatabase from None
    return json_answer({"ok": True})


def ensure_full_commit(call: Call, db: str) -> Answer:
    """`POST /{db}/_ensure_full_commit`: every write was on disk when it was answered"""
    call.require_json()
    told = call.database(db).info()
    return json_answer({"ok": True, "instance_start_time": told.instance_start_time}, 201)


def security(call: Call, db: str) -> Answer:
    """`GET /{db}/_security`"""
    return text_answer(effective(_secured(call.database(db)).security()) + b"\n")


def set_security(call: Call, db: str) -> Answer:
    """`PUT /{db}/_security`; that of CouchDB's own databases stays what it is"""
    database = _secured(call.database(db))
    if db in SYSTEM_DATABASES:
        kind = "user" if db == USERS else "replicator"
        raise Forbidden(f"You can't edit the security object of the {kind} database.")
    database.set_security(to_keep(call.any_json()))
    return json_answer({"ok": True})


def revs_limit(call: Call, db: str) -> Answer:
    """`GET /{db}/_revs_limit`"""
    return json_answer(_limited(call.database(db)).revs_limit())


def set_revs_limit(call: Call, db: str) -> Answer:
    """`PUT /{db}/_revs_limit`"""
    database = _limited(call.database(db))
    limit = call.any_json()
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit < 2**31:
        raise BadRequest("Rev limit has to be an integer")
    database.set_revs_limit(limit)
    return json_answer({"ok": True})


def compact(call: Call, db: str) -> Answer:
    """`POST /{db}/_compact`"""
    database = able(call.database(db))
    if not isinstance(database, Compactable):
        raise NotOffered("This database is compacted where it is kept.")
    call.require_json()
    database.start_compaction()
    return json_answer({"ok": True}, 202)


def _secured(database: Database) -> Secured:
    behind = able(database)
    if isinstance(behind, Secured):
        return behind
    raise NotOffered("This database has no security object of its own; ask where it is kept.")


def _limited(database: Database) -> Limited:
    behind = able(database)
    if isinstance(behind, Limited):
        return behind
    raise NotOffered("The revision limit of this database is set where it is kept.")
