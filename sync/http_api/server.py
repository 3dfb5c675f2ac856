"""The server itself: welcome, health, identifiers, the list of databases.

source  CouchDB API, "Server"

Must not know: documents.
"""

from uuid import uuid4

from flask import Response

from sync.errors import BadRequest
from sync.http_api.answers import json_answer
from sync.http_api.call import Call
from sync.version import VERSION

# Clients read the major number to choose a dialect; ours is that of CouchDB 3.3.
DIALECT = "3.3.0"
MOST_UUIDS = 1000


def welcome(call: Call) -> Response:
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


def up(call: Call) -> Response:
    """`GET /_up`"""
    return json_answer({"status": "ok", "seeds": {}})


def uuids(call: Call) -> Response:
    """`GET /_uuids?count=N`"""
    count = call.query.count("count")
    if count is not None and count > MOST_UUIDS:
        raise BadRequest("count parameter too large")
    made = [uuid4().hex for _ in range(1 if count is None else count)]
    return json_answer({"uuids": made}, headers={"Cache-Control": "must-revalidate, no-cache"})


def all_dbs(call: Call) -> Response:
    """`GET /_all_dbs`, with `start_key`, `end_key`, `limit`, `skip`, `descending`"""
    query = call.query
    names = sorted(call.databases.names(), reverse=query.flag("descending"))
    start, end = query.json("startkey", "start_key"), query.json("endkey", "end_key")
    for bound in (start, end):
        if bound is not None and not isinstance(bound, str):
            raise BadRequest("`startkey` and `endkey` must be strings")
    if query.flag("descending"):
        start, end = end, start
    lawful = [n for n in names if (start is None or n >= start) and (end is None or n <= end)]
    skip, limit = query.count("skip") or 0, query.count("limit")
    return json_answer(lawful[skip:] if limit is None else lawful[skip : skip + limit])


def active_tasks(call: Call) -> Response:
    """`GET /_active_tasks`: nothing here runs on its own"""
    return json_answer([])
