"""What is in a database before a question is asked: revisions, conflicts, tombstones, files and local documents.

Must not know: who is asked.
"""

from base64 import b64encode
from typing import Any

from tests.peers.asking import Ask


def _leaf(doc_id: str, generation: int, *ids: str, **fields: Any) -> dict[str, Any]:
    return {"_id": doc_id, "_rev": f"{generation}-{ids[0]}", "_revisions": {"start": generation, "ids": ids}, **fields}


def _file(content: bytes, revpos: int) -> dict[str, Any]:
    return {"content_type": "image/png", "revpos": revpos, "data": b64encode(content).decode()}


_DESIGN = {
    "views": {"v": {"map": "function (doc) { emit(doc.n); }"}},
    "filters": {"f": "function (doc) { return doc.n === 1; }"},
    "shows": {"s": "function () { return ''; }"},
    "lists": {"l": "function () { return ''; }"},
    "updates": {"u": "function () { return [null, '']; }"},
}
DOCS = (
    _leaf("a", 1, "a", n=1),
    _leaf("b", 2, "b", "a", n=2),
    _leaf("conflicted", 3, "c", "b", "a", leaf="c"),
    _leaf("conflicted", 2, "d", "a", leaf="d"),
    _leaf("conflicted", 3, "t", "s", "a", _deleted=True),
    _leaf("gone", 2, "g", "a", _deleted=True),
    _leaf("files", 1, "a", _attachments={"one.png": _file(b"one", 1)}),
    _leaf("files", 2, "f", "a", _attachments={"one.png": _file(b"one", 1), "two.png": _file(b"two!", 2)}),
    _leaf("007", 1, "a"),
    _leaf("1e5", 1, "a"),
    _leaf("a/b", 1, "a", slash=True),
    _leaf("村 é", 1, "a"),
    _leaf("_design/d", 1, "a", **_DESIGN),
    _leaf("_design/e/f", 1, "a"),
)
# One by one: a clustered server may take a batch in any order.
STORY = (
    *(Ask("POST /{db}/_bulk_docs", {"new_edits": False, "docs": [doc]}) for doc in DOCS),
    Ask("PUT /{db}/_local/one", {"n": 1}),
    Ask("PUT /{db}/_local/two", {"n": 2}),
)
