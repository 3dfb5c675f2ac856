"""`_find`, `_explain` and `_index`: CouchDB's declarative queries, and the indexes that serve them.

An index is a design document, written like any other, so whoever may not write one makes no index.

source  CouchDB API, /{db}/_find, /{db}/_index, /{db}/_explain; `mango_httpd`

Must not know: how an index is kept.
"""

from typing import Any

from sync.errors import NotFound
from sync.http_api.answers import Answer, json_answer, text_answer
from sync.http_api.call import Call
from sync.mango.asking import read_bulk_delete, read_new_index, read_query
from sync.mango.design import ensure_index, indexes_of, remove_index
from sync.mango.explaining import explain as explained
from sync.mango.explaining import index_json
from sync.mango.planning import ALL_DOCS
from sync.values.json_text import dump
from sync.values.queries import Examined, Found
from sync.wire.names import DESIGN
from sync.wire.problems import BadQuery

_INDEX_TYPE = "json"


def find(call: Call, db: str) -> Answer:
    """`POST /{db}/_find`"""
    database = call.database(db)
    query, options = read_query(_asked(call))
    found = database.find(query)
    return text_answer(_page(found, stats=options["execution_stats"]))


def explain(call: Call, db: str) -> Answer:
    """`POST /{db}/_explain`"""
    database = call.database(db)
    query, options = read_query(_asked(call))
    return json_answer(explained(query, indexes_of(database), name=db, options=options))


def list_indexes(call: Call, db: str) -> Answer:
    """`GET /{db}/_index`"""
    indexes = [ALL_DOCS, *indexes_of(call.database(db))]
    skip = _count(call, "skip", least=0, otherwise=0)
    limit = _count(call, "limit", least=1, otherwise=len(indexes))
    page = indexes[skip : skip + limit]
    return json_answer({"total_rows": len(indexes), "indexes": [index_json(index) for index in page]})


def create_index(call: Call, db: str) -> Answer:
    """`POST /{db}/_index`"""
    database = call.database(db)
    new = read_new_index(call.json_object())
    made = ensure_index(database, new.index, definition=new.definition, partitioned=new.partitioned)
    return json_answer({"result": "created" if made else "exists", "id": new.index.design, "name": new.index.name})


def delete_index(call: Call, db: str, doc: str, kind: str, index: str) -> Answer:
    """`DELETE /{db}/_index/_design/{ddoc}/json/{name}`"""
    database = call.database(db)
    design = DESIGN + doc.removeprefix(DESIGN).removeprefix(DESIGN)
    for each in indexes_of(database):
        if (each.design, each.name, kind) == (design, index, _INDEX_TYPE):
            remove_index(database, each)
            return json_answer({"ok": True})
    raise NotFound("missing")


def bulk_delete(call: Call, db: str) -> Answer:
    """`POST /{db}/_index/_bulk_delete`: all indexes of each design document named"""
    database = call.database(db)
    gone, kept = [], []
    for design in read_bulk_delete(call.json_object()):
        found = [index for index in indexes_of(database) if index.design == design]
        for each in found:
            remove_index(database, each)
        if found:
            gone.append({"id": design, "ok": True})
        else:
            kept.append({"id": design, "error": "not_found"})
    return json_answer({"success": gone, "fail": kept})


def _asked(call: Call) -> dict[str, Any]:
    """The body, into which CouchDB takes the partition from behind the question mark."""
    body = call.json_object()
    partition = call.query.text("partition")
    return body if partition is None else {"partition": partition, **body}


def _count(call: Call, name: str, *, least: int, otherwise: int) -> int:
    text = call.query.text(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and least <= int(text[:9])):
        raise BadQuery("Index parameter ranges: limit > 1, skip > 0", word="invalid_list_index_params")
    return int(text[:9])


def _page(found: Found, *, stats: bool) -> bytes:
    """The answer as CouchDB lays it out: a document a line, so that line-wise tools can read it."""
    beside: dict[str, Any] = {}
    if found.bookmark is not None:
        beside["bookmark"] = found.bookmark
        if stats:
            beside["execution_stats"] = _stats(found.examined, len(found.documents))
        if found.warning:
            beside["warning"] = found.warning
    told = b"".join(b',\r\n"' + name.encode() + b'": ' + dump(value) for name, value in beside.items())
    return b'{"docs":[' + b",".join(b"\r\n" + text for text in found.documents) + b"\r\n]" + told + b"}\r\n"


def _stats(examined: Examined, results: int) -> dict[str, Any]:
    return {
        "total_keys_examined": examined.keys,
        "total_docs_examined": examined.documents,
        "total_quorum_docs_examined": 0,
        "results_returned": results,
        "execution_time_ms": examined.milliseconds,
    }
