from typing import Any

import pytest

from sync.revisions.tree import Branch
from sync.values.documents import Document
from sync.wire.attachments import attachment, digest_of
from sync.wire.multipart import read_parts, read_related, write_related

TEXT = {"content_type": "text/plain", "data": "dGV4dA=="}


def test_a_file_sent_inline_is_a_stub_afterwards_and_its_content_is_there(db: Any) -> None:
    db.put("/db/x", {"_attachments": {"a/b.txt": TEXT}})
    told = db.get("/db/x")["_attachments"]["a/b.txt"]
    assert told == {"content_type": "text/plain", "revpos": 1, "digest": digest_of(b"text"), "length": 4, "stub": True}
    assert db.get("/db/x?attachments=true")["_attachments"]["a/b.txt"]["data"] == TEXT["data"]
    for path in ("/db/x/a/b.txt", "/db/x/a%2Fb.txt"):
        answer = db.ask("GET", path)
        assert (answer.status_code, answer.data) == (200, b"text")
        assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_files_digest_is_its_etag(db: Any) -> None:
    db.put("/db/x", {"_attachments": {"f": TEXT}})
    tag = db.ask("GET", "/db/x/f").headers["ETag"]
    assert tag == f'"{digest_of(b"text").removeprefix("md5-")}"'
    assert db.ask("GET", "/db/x/f", headers={"If-None-Match": tag}).status_code == 304
    assert db.ask("HEAD", "/db/x/f").headers["Content-Length"] == "4"


def test_files_are_put_and_removed_one_by_one(db: Any) -> None:
    first = db.put("/db/x/one.bin", data=b"\x00\xff", content_type="image/jpeg")["rev"]
    assert first.startswith("1-")
    second = db.put(f"/db/x/two?rev={first}", data=b"2", content_type="text/plain")["rev"]
    assert sorted(db.get("/db/x")["_attachments"]) == ["one.bin", "two"]
    assert db.ask("GET", "/db/x/one.bin").data == b"\x00\xff"
    third = db.put(f"/db/x/two?rev={second}", data=b"22")["rev"]
    assert db.ask("GET", "/db/x/two").data == b"22"
    assert db.ask("GET", f"/db/x/two?rev={second}").data == b"2"
    assert db.ask("DELETE", f"/db/x/two?rev={third}").status_code == 200
    assert list(db.get("/db/x")["_attachments"]) == ["one.bin"]


def test_a_files_document_keeps_its_fields(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    db.put(f"/db/x/f?rev={rev}", data=b"1")
    assert db.get("/db/x")["n"] == 1


def test_files_need_the_revision_they_build_on(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    for query in ("", "?rev=1-other", "?rev=9-z"):
        assert db.refused("PUT", f"/db/x/f{query}", data=b"1")[:2] == (409, "conflict")
        assert db.refused("DELETE", f"/db/x/f{query}")[:2] == (409, "conflict")
    assert db.refused("DELETE", f"/db/x/f?rev={rev}") == (404, "not_found", "Document is missing attachment")
    assert db.refused("GET", "/db/x/f") == (404, "not_found", "Document is missing attachment")
    assert db.refused("DELETE", "/db/y/f") == (404, "not_found", "missing")
    assert db.refused("PUT", f"/db/x/_f?rev={rev}", data=b"1")[:2] == (400, "bad_request")


def test_a_stub_keeps_a_file_and_its_absence_removes_it(db: Any) -> None:
    rev = db.put("/db/x", {"_attachments": {"f": TEXT, "g": TEXT}})["rev"]
    db.put("/db/x", {"_rev": rev, "_attachments": {"f": {"stub": True}}})
    assert list(db.get("/db/x")["_attachments"]) == ["f"]
    assert db.ask("GET", "/db/x/f").data == b"text"


def test_a_stub_of_what_is_not_here_is_refused(db: Any) -> None:
    status, word, _ = db.refused("PUT", "/db/x", {"_attachments": {"f": {"stub": True}}})
    assert (status, word) == (412, "missing_stub")
    assert db.get("/db")["doc_count"] == 0


def test_files_the_asker_has_already_stay_stubs(db: Any) -> None:
    first = db.put("/db/x/one", data=b"1")["rev"]
    second = db.put(f"/db/x/two?rev={first}", data=b"2")["rev"]
    told = db.get(f'/db/x?rev={second}&atts_since=["{first}"]')["_attachments"]
    assert told["one"]["stub"] is True
    assert told["two"]["data"] == "Mg=="
    docs = [{"id": "x", "rev": second, "atts_since": [first]}]
    (row,) = db.post("/db/_bulk_get?revs=true&attachments=true", {"docs": docs})["results"]
    assert row["docs"][0]["ok"]["_attachments"]["one"]["stub"] is True


def test_a_strangers_page_stays_a_file(db: Any) -> None:
    db.put("/db/x/page.html", data=b"<script>", content_type="text/html")
    answer = db.ask("GET", "/db/x/page.html")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize("kind", ["text/plain\r\nX-Evil: 1", "", "图", "a" * 5000])
def test_a_content_type_cannot_break_the_answer(db: Any, kind: str) -> None:
    db.put("/db/x", {"_attachments": {"f": {"content_type": kind, "data": ""}}})
    answer = db.ask("GET", "/db/x/f")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers


def test_couchdbs_replicator_may_send_a_document_with_its_files_behind_it(db: Any) -> None:
    files = (
        attachment("a.jpg", "image/jpeg", b"\xff\r\n--x", generation=1),
        attachment("b", "text/plain", b"", generation=1),
    )
    document = Document("x", Branch(2, ("bb", "aa")), b'{"n":1}', files)
    body, boundary = write_related(document, revisions=True)
    kind = f'multipart/related; boundary="{boundary}"'
    told = db.put("/db/x?new_edits=false", data=body, content_type=kind)
    assert told["rev"] == "2-bb"
    assert db.ask("GET", "/db/x/a.jpg").data == b"\xff\r\n--x"
    mixed = db.ask("GET", '/db/x?open_revs=["2-bb"]&revs=true&latest=true', headers={"Accept": "multipart/mixed"})
    ((headers, part),) = read_parts(mixed.data, mixed.headers["Content-Type"])
    fields, following = read_related(part, headers["content-type"])
    assert fields["_revisions"] == {"start": 2, "ids": ["bb", "aa"]}
    assert following == {"a.jpg": b"\xff\r\n--x", "b": b""}
    assert db.refused("PUT", "/db/y", data=b"--x", content_type=kind)[:2] == (400, "bad_request")
