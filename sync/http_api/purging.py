"""Forgetting revisions for good, and what is remembered of it.

source  CouchDB API, /{db}/_purge, /{db}/_purged_infos

Must not know: how documents are kept.
"""

from sync.database import Database
from sync.errors import BadRequest, NotOffered, UnsupportedType
from sync.http_api.abilities import Purgeable, able
from sync.http_api.answers import Answer, json_answer
from sync.http_api.call import JSON, Call
from sync.revisions.revision import Revision, parse_revision

_MOST_INFOS = 2**53


def purge(call: Call, db: str) -> Answer:
    """`POST /{db}/_purge`"""
    database = _purgeable(call.database(db))
    if call.content_type() != JSON:
        raise UnsupportedType("Content-Type must be application/json")
    asked = {doc_id: _revisions(revs) for doc_id, revs in call.json_object().items()}
    purged = {doc_id: [str(each) for each in revs] for doc_id, revs in database.purge(asked).items()}
    # Null as in CouchDB since its clusters: a purge has no one number there.
    return json_answer({"purge_seq": None, "purged": purged}, 201)


def purged_infos(call: Call, db: str) -> Answer:
    """`GET /{db}/_purged_infos`"""
    infos = _purgeable(call.database(db)).purged_infos()
    told = [{"id": each.id, "revs": [str(revision) for revision in each.revisions]} for each in infos]
    return json_answer({"purged_infos": told})


def infos_limit(call: Call, db: str) -> Answer:
    """`GET /{db}/_purged_infos_limit`"""
    return json_answer(_purgeable(call.database(db)).purged_infos_limit())


def set_infos_limit(call: Call, db: str) -> Answer:
    """`PUT /{db}/_purged_infos_limit`"""
    database = _purgeable(call.database(db))
    limit = call.any_json()
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise BadRequest("`purged_infos_limit` must be positive integer")
    database.set_purged_infos_limit(min(limit, _MOST_INFOS))
    return json_answer({"ok": True})


def _purgeable(database: Database) -> Purgeable:
    behind = able(database)
    if isinstance(behind, Purgeable):
        return behind
    raise NotOffered("This database forgets no revision: delete the document.")


def _revisions(told: object) -> list[Revision]:
    if not isinstance(told, list):
        raise BadRequest("Invalid list of revisions")
    return [parse_revision(rev) for rev in told]
