"""The server itself: welcome, health, identifiers, the list of databases.

source  CouchDB API, "Server"

Must not know: documents.
"""

from typing import Any
from uuid import uuid4

from sync.errors import BadRequest, Refused
from sync.http_api.answers import Answer, json_answer
from sync.http_api.call import Call
from sync.http_api.database import told_of
from sync.http_api.listing_options import read_options
from sync.version import VERSION

# Clients read the major number to choose a dialect; ours is that of CouchDB 3.3.
DIALECT = "3.3.0"
MOST_UUIDS = 1000
MOST_DATABASES_NAMED = 100


def welcome(call: Call) -> Answer:
    """`GET /`"""
    return json_answer(
        {
            "couchdb": "Welcome",
            "version": DIALECT,
            "uuid": call.server.uuid,
            "features": [],
            "vendor": {"name": "yizhan", "version": VERSION},
        }
    )


def up(call: Call) -> Answer:
    """`GET /_up`: 404 in CouchDB's maintenance mode, which is what a node is in while its disk takes no writes"""
    trouble = call.server.trouble()
    if trouble is not None:
        return json_answer({"status": "maintenance_mode", "reason": trouble.reason}, 404)
    return json_answer({"status": "ok", "seeds": {}})


def uuids(call: Call) -> Answer:
    """`GET /_uuids?count=N`"""
    told = call.query.text("count") or "1"
    if not (told.isascii() and told.isdigit()):
        raise BadRequest("count must be a positive integer")
    if len(told) > len(str(MOST_UUIDS)) or int(told) > MOST_UUIDS:
        raise BadRequest("count parameter too large")
    made = [uuid4().hex for _ in range(int(told))]
    return json_answer({"uuids": made}, headers={"Cache-Control": "must-revalidate, no-cache"})


def all_dbs(call: Call) -> Answer:
    """`GET /_all_dbs`, with the parameters of a listing"""
    return json_answer(_names(call))


def dbs_info(call: Call) -> Answer:
    """`GET /_dbs_info`: the databases that `_all_dbs` lists, in numbers"""
    found = (_named(call, name) for name in _names(call))
    return json_answer([each for each in found if "info" in each])


def dbs_info_of(call: Call) -> Answer:
    """`POST /_dbs_info`: the databases named, in numbers"""
    told = call.json_object()
    if "keys" not in told:
        raise BadRequest("`keys` member must exist.")
    keys = told["keys"]
    if not isinstance(keys, list):
        raise BadRequest("`keys` member must be an array.")
    if len(keys) > MOST_DATABASES_NAMED:
        raise BadRequest("too_many_keys")
    return json_answer([_named(call, key) for key in keys])


def _names(call: Call) -> list[str]:
    asked = read_options(call.query.values)
    if asked.keys is not None:
        held = set(call.databases.names())
        return [key for key in asked.keys if key in held]
    span = asked.span
    names = sorted(call.databases.names(), reverse=span.descending)
    low, high = (span.end, span.start) if span.descending else (span.start, span.end)
    inside = [n for n in names if (low is None or n >= low) and (high is None or n <= high)]
    if not span.inclusive_end:
        inside = [name for name in inside if name != span.end]
    return inside[span.skip :] if span.limit is None else inside[span.skip : span.skip + span.limit]


def _named(call: Call, name: Any) -> dict[str, Any]:
    try:
        if isinstance(name, str):
            return {"key": name, "info": told_of(call.databases.open(name))}
    except Refused:  # one that this caller may not see is as if it were not there
        pass
    return {"key": name, "error": "not_found"}


def active_tasks(call: Call) -> Answer:
    """`GET /_active_tasks`"""
    return json_answer(call.server.tasks.told())
