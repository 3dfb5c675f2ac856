"""What two writers live through over plain HTTP, and everything that two equal databases have in common.

Must not know: our client. A fault in it must not hide itself on both sides of a comparison.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import requests

UNUSUAL_IDS = (
    *("007", "1e5", "a/b", "a%2Fb", "/leading", "trailing/", "a//b"),
    *("a b", "a+b", "a?b=c&d", "a#b", '"quoted"', "a\\b"),
    *("石桥村:2026", "é", "e\u0301", "😀", "A", "ä", "~", "-", "x" * 300, "_design/plain", "_design/a/b"),
)
# More than CouchDB's replicator puts into `_bulk_docs`: such a document goes by itself, as multipart/related.
LARGE = bytes(range(256)) * 1200
_SECONDS = 60


class Place:
    """A database by its address, name and password included."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._session = requests.Session()

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def ask(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        """The JSON that a request is answered with; a refusal fails the test."""
        headers = {"Accept": "application/json", **options.pop("headers", {})}
        answer = self._session.request(
            method, f"{self.address}/{path}", json=json, headers=headers, timeout=_SECONDS, **options
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def put(self, doc_id: str, fields: dict[str, Any]) -> str:
        """Write a document; its revision."""
        return str(self.ask("PUT", path_of(doc_id), fields)["rev"])

    def edit(self, doc_id: str, **fields: Any) -> str:
        """Change what is there, files kept; its revision."""
        return self.put(doc_id, self.ask("GET", path_of(doc_id)) | fields)

    def remove(self, doc_id: str, rev: str = "") -> str:
        """Delete the winner or the leaf named; the tombstone's revision."""
        leaf = rev or str(self.ask("GET", path_of(doc_id))["_rev"])
        return str(self.ask("DELETE", f"{path_of(doc_id)}?rev={leaf}")["rev"])

    def attach(self, doc_id: str, name: str, content: bytes, content_type: str) -> str:
        """Put a file on a document; the document's revision."""
        rev = self.ask("GET", path_of(doc_id))["_rev"]
        address = f"{path_of(doc_id)}/{quote(name, safe='')}?rev={rev}"
        return str(self.ask("PUT", address, data=content, headers={"Content-Type": content_type})["rev"])

    def graft(self, docs: Sequence[dict[str, Any]]) -> None:
        """Write revisions as a replica does."""
        assert self.ask("POST", "_bulk_docs", {"new_edits": False, "docs": docs}) == []


def path_of(doc_id: str) -> str:
    """How a document is addressed: the slash behind `_design` stays."""
    return "_design/" + quote(doc_id[8:], safe="") if doc_id.startswith("_design/") else quote(doc_id, safe="")


def live(place: Place, who: str) -> None:
    """Edits, deletions, conflicts and files; `who` keeps the documents of two writers apart."""
    for doc_id in UNUSUAL_IDS:
        values = [1, 2.5, -7, 2**53, None, {"村": ["\u2028", "\\"]}]
        place.put(f"{doc_id}{who}", {"who": who, "id": doc_id, "values": values})
    place.put(f"edited-{who}", {"n": 0})
    for n in range(1, 13):
        place.edit(f"edited-{who}", n=n)
    place.put(f"gone-{who}", {"secret": True})
    place.remove(f"gone-{who}")
    place.put(f"parting-{who}", {"n": 1})
    place.edit(f"parting-{who}", _deleted=True, why="撤回")
    place.put(f"back-{who}", {"n": 1})
    place.remove(f"back-{who}")
    place.put(f"back-{who}", {"n": 2})
    _carry_files(place, who)
    _branch(place, f"conflict-{who}")


def _carry_files(place: Place, who: str) -> None:
    files = {
        "a.txt": _inline("照片 one".encode() * 50, "text/plain"),
        "b/c.bin": _inline(b"\0\xff\r\n--\r\n\r\n", "application/octet-stream"),
        "照片 1.jpg": _inline(b"\xff\xd8", "image/jpeg"),
        "empty": _inline(b"", "text/plain"),
    }
    place.put(f"files-{who}", {"n": 1, "_attachments": files})
    place.edit(f"files-{who}", n=2)  # keeps its files as stubs
    place.attach(f"files-{who}", "d.txt", b"later", "text/plain; charset=utf-8")
    kept = place.ask("GET", f"files-{who}")["_attachments"]
    place.edit(f"files-{who}", _attachments={name: file for name, file in kept.items() if name != "a.txt"})
    place.put(f"large-{who}", {"_attachments": {"scan.jpg": _inline(LARGE, "image/jpeg")}})
    place.attach(f"large-{who}", "scan.txt", LARGE, "text/plain")
    place.put(f"many-{who}", {"_attachments": {f"{n}.bin": _inline(bytes([n]) * n, "image/png") for n in range(12)}})


def _branch(place: Place, doc_id: str) -> None:
    """Four leaves on one document, one of them a tombstone."""
    a, b, c, d, e, f = (letter * 32 for letter in "abcdef")

    def leaf(generation: int, *ids: str, **fields: Any) -> dict[str, Any]:
        path = {"start": generation, "ids": list(ids)}
        return {"_id": doc_id, "_rev": f"{generation}-{ids[0]}", "_revisions": path, **fields}

    place.graft([leaf(1, a, n=1)])
    on_a_branch = {"f": _inline(b"on a branch", "text/plain") | {"revpos": 2}}
    place.graft([leaf(3, c, b, a, branch="c"), leaf(3, d, b, a, branch="d"), leaf(4, e, d, b, a, _deleted=True)])
    place.graft([leaf(2, f, a, branch="f", _attachments=on_a_branch)])


def _inline(content: bytes, content_type: str) -> dict[str, Any]:
    return {"content_type": content_type, "data": b64encode(content).decode()}


def census(place: Place) -> dict[str, Any]:
    """By document: the winner, and every leaf with its path, body and files."""
    told = {}
    for row in place.ask("GET", "_changes?style=all_docs")["results"]:
        doc_id = row["id"]
        (listed,) = place.ask("POST", "_all_docs", {"keys": [doc_id]})["rows"]
        rows = place.ask("GET", f"{path_of(doc_id)}?open_revs=all&revs=true&attachments=true")
        leaves = {each["ok"]["_rev"]: _comparable(each["ok"]) for each in rows}
        assert {change["rev"] for change in row["changes"]} == set(leaves), doc_id
        told[doc_id] = {"winner": listed["value"], "deleted": row.get("deleted", False), "leaves": leaves}
    return told


def _comparable(leaf: dict[str, Any]) -> dict[str, Any]:
    files = leaf.get("_attachments", {})
    # Not the digest: CouchDB takes that of the compressed content.
    told = {name: (file["content_type"], file["revpos"], file["data"]) for name, file in files.items()}
    return {**leaf, "_attachments": told}
