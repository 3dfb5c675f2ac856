"""Attachments: read whole and in parts, put, removed, sent and given behind their document.

Must not know: who is asked.
"""

import gzip
import json
from typing import Any

from tests.peers.asking import Ask, Raw, but, question

_PNG = {"Content-Type": "image/png"}
_RELATED = {"Content-Type": 'multipart/related; boundary="b"'}
_PACKED = "CouchDB keeps it packed and tells the packed length and digest; ours is kept as what it holds"
_RANGES = "CouchDB leaves out the first byte"
_SEVERAL = "several parts have the ETag of the whole, as RFC 9110 wants it"


def _range(told: str, path: str = "files/two.png") -> Ask:
    return Ask(f"GET /{{db}}/{path}", headers={"Range": told})


def _related(doc_id: str, files: dict[str, Any], *contents: bytes, query: str = "", **fields: Any) -> Ask:
    text = json.dumps({**fields, "_attachments": files}).encode()
    parts = b"".join(b"\r\n--b\r\n\r\n" + content for content in contents)
    body = b"--b\r\nContent-Type: application/json\r\n\r\n" + text + parts + b"\r\n--b--"
    return Ask(f"PUT /{{db}}/{doc_id}{query}", Raw(body), _RELATED)


def _follows(length: int | None, **told: Any) -> dict[str, Any]:
    return {"follows": True, "content_type": "image/png", **({} if length is None else {"length": length}), **told}


def _edit(**files: Any) -> Ask:
    return Ask("PUT /{db}/files?rev=2-f", {"_attachments": files})


QUESTIONS = (
    question(
        "a file is read",
        "GET /{db}/files/one.png",
        "GET /{db}/files/two.png",
        "GET /{db}/files/one.png?rev=1-a",
        "GET /{db}/files/two.png?rev=1-a",
        "GET /{db}/files/one.png?rev=9-z",
        "GET /{db}/files/none.png",
        "GET /{db}/none/one.png",
        "GET /{db}/gone/one.png",
        "GET /{db}/a/one.png",
        "GET /{db}-none/files/one.png",
        Ask("GET /{db}/files/one.png", headers={"If-None-Match": '"+X+tT9Rlam4MJ7sFfU6oTg=="'}),
        Ask("GET /{db}/files/one.png", headers={"If-None-Match": '"other"'}),
        "POST /{db}/files/one.png",
    ),
    question(
        "a part of a file is read",
        *map(_range, ("bytes=0-1", "bytes=1-", "bytes=-2", "bytes=0-", "bytes=2-900", "bytes=abc")),
        *map(_range, ("bytes=0-3", "bytes=0-900")),
        *map(_range, ("bytes=4-", "bytes=3-1", "bytes=-0", "lines=0-1", ",".join(["bytes=0-0", *["1-1"] * 9]))),
        but(_RANGES, "GET /{db}/files/two.png", Range="bytes=-9"),
        but(_SEVERAL, "GET /{db}/files/two.png", Range="bytes=0-0,2-2"),
        Ask("PUT /{db}/new/empty", Raw(b""), _PNG),
        _range("bytes=0-", "new/empty"),
    ),
    question(
        "a file is put and removed",
        Ask("PUT /{db}/new/one.png", Raw(b"one"), _PNG),
        Ask("PUT /{db}/new/sub/two.png?rev={rev}", Raw(b"two"), _PNG),
        "GET /{db}/new/sub/two.png",
        "GET /{db}/new/sub%2Ftwo.png",
        Ask("PUT /{db}/new/one.png?rev={rev}", Raw(b"other"), _PNG),
        "GET /{db}/new/one.png",
        "DELETE /{db}/new/none.png?rev={rev}",
        Ask("PUT /{db}/new/one.png", Raw(b"conflict"), _PNG),
        Ask("PUT /{db}/new/one.png?rev=1-0", Raw(b"conflict"), _PNG),
        "DELETE /{db}/new/one.png?rev=1-0",
        "DELETE /{db}/none/one.png?rev=1-0",
        Ask("PUT /{db}/files/three.png?rev=1-a", Raw(b"conflict"), _PNG),
        "DELETE /{db}/files/one.png?rev=1-a",
        "DELETE /{db}/new/none.png",
        "DELETE /{db}/new/one.png",
        "DELETE /{db}/none/one.png",
        Ask("PUT /{db}/new/_odd", Raw(b"x"), _PNG),
        "DELETE /{db}/files/one.png?rev=2-f",
        "GET /{db}/files",
    ),
    question(
        "a file is sent packed",
        Ask("PUT /{db}/p/x", Raw(gzip.compress(b"plain", mtime=0)), {**_PNG, "Content-Encoding": "gzip"}),
        Ask("PUT /{db}/q/x", Raw(b"plain"), {**_PNG, "Content-Encoding": "identity"}),
        Ask("PUT /{db}/r/x", Raw(b"plain"), {**_PNG, "Content-Encoding": "br"}),
        but(_PACKED, "GET /{db}/p?att_encoding_info=true"),
    ),
    question(
        "stubs and contents inline",
        _edit(**{"one.png": {"stub": True}, "two.png": {"stub": True, "revpos": 2}}),
        "GET /{db}/files",
        _edit(**{"one.png": {"stub": True}}),
        Ask("PUT /{db}/files?rev={rev}", {"_attachments": {"one.png": {"stub": True, "revpos": 7}}}),
        Ask("PUT /{db}/new", {"_attachments": {"f": {"stub": True}}}),
        Ask("PUT /{db}/new", {"_attachments": {"f": {"data": "*"}}}),
        Ask("PUT /{db}/new", {"_attachments": {"f": {}}}),
        Ask("PUT /{db}/new", {"_attachments": {"_f": {"data": ""}}}),
        Ask("PUT /{db}/new", {"_attachments": []}),
        Ask("PUT /{db}/new", {"_attachments": {"f": {"data": "AAAA", "content_type": "image/png"}}}),
        "GET /{db}/new?attachments=true",
    ),
    question(
        "contents with more padding than they need",
        *(Ask("PUT /{db}/new", {"_attachments": {"f": {"data": data}}}) for data in ("QUJD=", "QUJD====", "QUJ\nD=\n")),
    ),
    question(
        "contents in lines",
        Ask("PUT /{db}/new", {"_attachments": {"f": {"data": "aGVs\r\nbG8=\n", "content_type": "image/png"}}}),
        "GET /{db}/new?attachments=true",
    ),
    question(
        "a document is sent with its files behind it",
        _related("m", {"x": _follows(3)}, b"one"),
        "GET /{db}/m/x",
        _related("n", {"x": _follows(3), "y": _follows(2)}, b"one", b"tw"),
        "GET /{db}/n?attachments=true",
        _related("o", {"x": _follows(5)}, b"one"),
        _related("o", {"x": _follows(2)}, b"one"),
        _related("r", {"x": _follows(3)}, b"one", query="?new_edits=false", _rev="3-c"),
        "GET /{db}/r/x?rev=3-c",
        _related("m", {"x": _follows(3)}, b"one"),
    ),
    question(
        "a document is given with its files behind it",
        Ask("GET /{db}/files?attachments=true", headers={"Accept": "multipart/related"}),
        Ask("GET /{db}/files", headers={"Accept": "multipart/related"}),
        Ask('GET /{db}/files?atts_since=["1-a"]', headers={"Accept": "multipart/related"}),
        Ask('GET /{db}/files?open_revs=["2-f","9-z"]', headers={"Accept": "multipart/mixed"}),
        Ask('GET /{db}/a?open_revs=["1-a"]', headers={"Accept": "multipart/mixed"}),
        'GET /{db}/files?atts_since=["1-a"]',
        "GET /{db}/files?attachments=true&rev=1-a",
    ),
)
