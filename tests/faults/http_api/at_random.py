"""Requests at random: lawful ones, broken ones, and everything between, over every route there is.

The addresses come from the table of routes, so that a new route is tried without anyone thinking of it. Parameters,
headers and bodies are drawn from what the API reads, spoilt in all the ways that clients and networks have.
schemathesis would want an OpenAPI description, which CouchDB's API has not.

Must not know: how a request is sent, what it is answered.
"""

import gzip
import json
import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from sync.http_api.call import METHODS
from sync.http_api.routes import ROUTES

# A long run: FUZZ_EXAMPLES=5000.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))


@dataclass(frozen=True)
class Sent:
    """One request; `address` is percent-encoded and has its query."""

    method: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


IDS = (
    "a",
    "b",
    "conflicted",
    "gone",
    "files",
    "007",
    "a/b",
    "村",
    "_design/d",
    "_local/one",
    "no",
    "new",
    "newer",
    "",
    "_x",
    "x" * 300,
)
REVS = ("1-a", "2-b", "3-c", "2-d", "2-g", "9-z", "0-1", "1-", "x", "", "1-" + "f" * 32, "99999999999999999999-a")
_ODD = (
    "",
    "x",
    "-1",
    "0",
    "1",
    "1.5",
    "true",
    "false",
    "TRUE",
    "null",
    "{}",
    "[]",
    "[1]",
    '"a"',
    '["a","no",1]',
    "NaN",
)
_ODDER = (
    "9" * 30,
    "[" * 3000,
    '"\\ud800"',
    "\x00",
    "%",
    "é",
    "now",
    "all",
    '["1-a","2-d"]',
    '["x"]',
    '"',
    "1-abc",
    "_no",
)
_PARAMETERS = (
    *(
        "rev",
        "revs",
        "revs_info",
        "open_revs",
        "latest",
        "conflicts",
        "deleted_conflicts",
        "local_seq",
        "meta",
        "deleted",
    ),
    *(
        "attachments",
        "atts_since",
        "att_encoding_info",
        "new_edits",
        "batch",
        "key",
        "keys",
        "startkey",
        "endkey",
        "stale",
    ),
    *(
        "inclusive_end",
        "descending",
        "limit",
        "skip",
        "include_docs",
        "update_seq",
        "sorted",
        "reduce",
        "group",
        "update",
    ),
    *(
        "feed",
        "since",
        "style",
        "filter",
        "view",
        "doc_ids",
        "seq_interval",
        "last-event-id",
        "count",
        "q",
        "basic",
        "next",
    ),
)
_WORDS = {
    "feed": ("normal", "longpoll", "continuous", "eventsource", "live"),
    "filter": ("_doc_ids", "_design", "_selector", "_view", "d/f", "no/f"),
    "style": ("main_only", "all_docs"),
    "view": ("d/v", "x"),
    "rev": REVS,
    "limit": ("0", "1", "2", "100"),
    "skip": ("0", "1", "100"),
    "new_edits": ("true", "false", "x"),
    "atts_since": ('["1-a"]', "[]", "x"),
    **dict.fromkeys(("descending", "include_docs", "conflicts", "update_seq", "latest", "meta"), ("true", "false")),
    "open_revs": ("all", '["3-c","9-z"]', "[]"),
}
_HEADERS = {
    "Accept": (
        "application/json",
        "multipart/mixed",
        "multipart/related",
        "*/*",
        "text/html;q=x",
        "",
        "multipart/mixed;q=0",
    ),
    "Accept-Encoding": ("gzip", "identity", "*;q=0", "x"),
    "If-Match": ("1-a", '"2-b"', "*", "x", '"'),
    "If-None-Match": ('"1-a"', "*", 'W/"3-c", x', ""),
    "Destination": (
        "b",
        "b?rev=2-b",
        "new",
        "_x",
        "%FF",
        "http://elsewhere/db/x",
        "_local/q",
        "new?rev=x",
        "?",
        "a?b?c",
    ),
    "Range": ("bytes=0-1", "bytes=5-1", "bytes=-1", "bytes=0-,1-2", "lines=1", "bytes=" + "0-1," * 40, "bytes=99-"),
    "Last-Event-ID": ("0", "x", "1-abc"),
    "Content-MD5": ("", "x", "1B2M2Y8AsgTpgAmY7PhCfg=="),
    "X-Couch-Full-Commit": ("true", "x"),
    "Cookie": ("AuthSession=x", "="),
}
_TYPES = (
    *(
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "x",
    ),
    *(
        "multipart/related; boundary=b",
        "multipart/related",
        'multipart/related; boundary="b"',
        "multipart/form-data; boundary=b",
    ),
)
_MEMBERS = (
    *(
        "_id",
        "_rev",
        "_deleted",
        "_revisions",
        "_attachments",
        "_conflicts",
        "_x",
        "docs",
        "keys",
        "queries",
        "new_edits",
    ),
    *(
        "selector",
        "fields",
        "doc_ids",
        "id",
        "rev",
        "atts_since",
        "limit",
        "skip",
        "startkey",
        "descending",
        "include_docs",
    ),
    *(
        "n",
        "",
        "start",
        "ids",
        "stub",
        "follows",
        "data",
        "content_type",
        "revpos",
        "length",
        "digest",
        "encoding",
        "index",
    ),
    *(
        "admins",
        "members",
        "names",
        "roles",
        "sort",
        "bookmark",
        "use_index",
        "type",
        "name",
        "ddoc",
        "a",
        "b",
        "$gt",
        "$or",
    ),
)

_scalars = st.one_of(
    st.sampled_from((None, True, False, 0, 1, -1, 2**53, 10**30, 1.5, "", "a", "x", "AAAA", "no base64", "query")),
    st.sampled_from(IDS),
    st.sampled_from(REVS),
    st.text(max_size=5),
)
values = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(_MEMBERS), inner, max_size=5)),
    max_leaves=12,
)
_files = st.dictionaries(
    st.sampled_from(("one.png", "new", "_bad", "a/b", "")),
    st.one_of(
        st.fixed_dictionaries({"data": st.sampled_from(("AAAA", "", "!", 1))}, optional={"content_type": _scalars}),
        st.fixed_dictionaries({"stub": st.just(True)}, optional={"revpos": _scalars, "digest": _scalars}),
        st.fixed_dictionaries({"follows": st.just(True)}, optional={"length": st.sampled_from((0, 3, 4, -1, "x"))}),
        values,
    ),
    max_size=2,
)
_paths = st.one_of(
    st.fixed_dictionaries(
        {
            "start": st.sampled_from((1, 2, 3, 4, "1", -1, 10**20)),
            "ids": st.sampled_from((["c", "b", "a"], ["z", "a"], [], "a", [1])),
        }
    ),
    values,
)
documents = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "_id": st.sampled_from(IDS),
            "_rev": st.sampled_from(REVS),
            "_deleted": st.sampled_from((True, False, "true")),
            "_revisions": _paths,
            "_attachments": _files,
            "n": _scalars,
        },
    ),
    values,
)
_ids = st.one_of(st.lists(st.one_of(st.sampled_from(IDS), values), max_size=4), values)
_leaves = st.dictionaries(
    st.sampled_from(IDS), st.one_of(st.lists(st.sampled_from(REVS), max_size=3), values), max_size=4
)
_listing = st.fixed_dictionaries(
    {}, optional={"keys": _ids, "limit": _scalars, "include_docs": _scalars, "startkey": _scalars}
)
# The routes that do something with documents; of the others few requests are enough.
_DOCUMENTS = tuple(
    route
    for route in ROUTES
    if route.rule.startswith("/<db>") and not route.rule.startswith("/<db>/_local") and route.rule != "/<db>/_compact"
)
# What an address takes, by the end of its rule; whatever is not named here takes a document.
_SHAPES: dict[str, st.SearchStrategy[Any]] = {
    "_bulk_docs": st.fixed_dictionaries(
        {"docs": st.lists(documents, max_size=4)}, optional={"new_edits": st.sampled_from((True, False, "x"))}
    ),
    "_bulk_get": st.fixed_dictionaries(
        {
            "docs": st.lists(
                st.fixed_dictionaries(
                    {"id": st.sampled_from(IDS)}, optional={"rev": st.sampled_from(REVS), "atts_since": _ids}
                ),
                max_size=4,
            )
        }
    ),
    "_revs_diff": _leaves,
    "_missing_revs": _leaves,
    "_purge": _leaves,
    "_all_docs": _listing,
    "_design_docs": _listing,
    "_local_docs": _listing,
    "queries": st.fixed_dictionaries({"queries": st.lists(st.one_of(_listing, values), max_size=3)}),
    "_dbs_info": st.fixed_dictionaries({"keys": st.lists(st.sampled_from(("db", "no", 1)), max_size=3)}),
    "_changes": st.fixed_dictionaries({}, optional={"doc_ids": _ids, "selector": values, "fields": _ids}),
    "_find": st.fixed_dictionaries(
        {"selector": st.one_of(st.sampled_from(({}, {"n": 1}, {"n": {"$gt": None}}, {"_id": {"$gt": "a"}})), values)},
        optional={"fields": _ids, "sort": values, "limit": _scalars, "bookmark": _scalars, "use_index": values},
    ),
    "_index": st.fixed_dictionaries(
        {"index": st.one_of(st.just({"fields": ["n"]}), values)}, optional={"name": _scalars, "ddoc": _scalars}
    ),
    "_revs_limit": st.sampled_from((1, 2, 1000, 0, "x")),
    "_purged_infos_limit": st.sampled_from((1, 1000, 0, "x")),
    "_security": st.fixed_dictionaries({}, optional={"admins": values, "members": values}),
}


def _text(value: Any) -> bytes:
    return json.dumps(value).encode()


_spoilt = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        (
            b"{",
            b"[1,",
            b'{"a":NaN}',
            b'{"a":1}x',
            b"\xff\xfe",
            b'{"a":"\\ud800"}',
            b"[" * 5000,
            b'{"_id":"x","_id":"y"}',
        )
    ),
    st.tuples(documents, st.integers(0, 60)).map(lambda told: _text(told[0])[: told[1]]),
)


@st.composite
def _multipart(draw: st.DrawFn) -> bytes:
    first = draw(st.one_of(documents.map(_text), _spoilt))
    contents = draw(st.lists(st.binary(max_size=6), max_size=3))
    parts = [b"Content-Type: application/json\r\n\r\n" + first]
    parts += [
        draw(st.sampled_from((b"", b'Content-Disposition: attachment; filename="new"\r\n', b"broken"))) + b"\r\n" + each
        for each in contents
    ]
    whole = b"".join(b"\r\n--b\r\n" + part for part in parts) + draw(st.sampled_from((b"\r\n--b--", b"\r\n--b", b"")))
    return whole[draw(st.sampled_from((0, 2, 7))) :]


@st.composite
def requests(draw: st.DrawFn, databases: tuple[str, ...]) -> Sent:
    """One request to a server that may have these databases."""
    route = draw(st.sampled_from(ROUTES if _seldom(draw) else _DOCUMENTS))
    method = draw(st.sampled_from(METHODS)) if _seldom(draw) else route.method
    headers = {name: draw(st.sampled_from(words)) for name, words in _HEADERS.items() if _seldom(draw)}
    if method == "COPY":
        headers["Destination"] = draw(st.sampled_from(_HEADERS["Destination"]))
    body, kind = draw(_body(route.rule)), "application/json"
    if body.startswith((b"--b", b"\r\n--b")):
        kind = "multipart/related; boundary=b"
    headers["Content-Type"] = draw(st.sampled_from(_TYPES)) if _seldom(draw) else kind
    if _seldom(draw):
        packing = draw(st.sampled_from(("whole", "whole", "cut", "none", "unknown")))
        headers["Content-Encoding"] = "br" if packing == "unknown" else "gzip"
        body = {"whole": gzip.compress(body), "cut": gzip.compress(body)[:-5]}.get(packing, body)
    return Sent(method, _address(draw, route.rule, databases) + _query(draw, route.rule), headers, body)


def _seldom(draw: st.DrawFn) -> bool:
    """True once in ten times: most of a request must be lawful for the rest to matter."""
    return draw(st.integers(0, 9)) == 9


def _body(rule: str) -> st.SearchStrategy[bytes]:
    lawful = _SHAPES.get(rule.rpartition("/")[2], documents).map(_text)
    others = [_multipart()] if rule.endswith("<doc>") else []
    return st.one_of(lawful, lawful, lawful, *others, documents.map(_text), values.map(_text), _spoilt, st.just(b""))


def _address(draw: st.DrawFn, rule: str, databases: tuple[str, ...]) -> str:
    names = {
        "<db>": quote(draw(st.sampled_from(databases[1:])) if _seldom(draw) else databases[0], safe=""),
        "<doc>": _name(draw, draw(st.sampled_from(IDS))),
        "<design>": _name(draw, draw(st.sampled_from(("d", "no", "a/b")))),
        "<local>": _name(draw, draw(st.sampled_from(("one", "two", "no", "a/b")))),
        "<kind>": draw(st.sampled_from(("json", "text", "x"))),
        "<index>": _name(draw, draw(st.sampled_from(("n", "no")))),
        "<path:name>": _name(draw, draw(st.sampled_from(("one.png", "new", "_x", "a/b", "no", "é")))),
    }
    for place, name in names.items():
        rule = rule.replace(place, name)
    return rule


def _name(draw: st.DrawFn, name: str) -> str:
    """A name in an address: encoded in one of the ways that clients have, or badly."""
    spelt = quote(name, safe="/" if _seldom(draw) else "")
    return spelt + draw(st.sampled_from(("%FF", "%", "%2F", "+", "/", ".."))) if _seldom(draw) else spelt


def _query(draw: st.DrawFn, rule: str) -> str:
    pairs = []
    for name in draw(st.lists(st.sampled_from(_PARAMETERS), max_size=2)):
        words = _WORDS.get(name) or _ODD
        pairs.append((name, draw(st.sampled_from((*_ODD, *_ODDER) if _seldom(draw) else words))))
    if rule.endswith("_changes"):  # it must not wait for long, whatever it is asked
        pairs.append(("timeout", draw(st.sampled_from(("0", "1", "1", "5", "5", "x")))))
    text = urlencode(pairs) + (draw(st.sampled_from(("&", "&x", "&%FF=1", "&=&"))) if _seldom(draw) else "")
    return f"?{text}" if text else ""
