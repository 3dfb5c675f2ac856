import gzip
from collections.abc import Iterator
from typing import Any

import pytest

from sync.http_api.api import create_app
from sync.revisions.tree import Branch
from sync.store.memory import MemoryDatabases
from sync.values.documents import Attachment, Document
from sync.wire.arriving import digest_of
from sync.wire.attachments import attachment
from sync.wire.multipart import write_related
from tests.unit.sync.http_api.conftest import Caller
from tests.unit.sync.parts import body_of, read_parts, related

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
    assert db.refused("PUT", "/db/x/f", data=b"1")[:2] == (409, "conflict")
    newer = db.put("/db/x", {"n": 2, "_rev": rev})["rev"]
    assert db.refused("PUT", f"/db/x/f?rev={rev}", data=b"1")[:2] == (409, "conflict")
    rev = newer
    for query in ("?rev=1-other", "?rev=9-z"):  # in CouchDB's words, though the status says another thing
        assert db.refused("PUT", f"/db/x/f{query}", data=b"1") == (409, "not_found", "missing_rev")
        assert db.refused("DELETE", f"/db/x/f{query}") == (409, "not_found", "missing_rev")
    assert db.refused("DELETE", "/db/x/f") == (404, "not_found", "Document is missing attachment")
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
    sent = write_related(document, revisions=True)
    kind = sent.content_type
    told = db.put("/db/x?new_edits=false", data=body_of(sent), content_type=kind)
    assert told["rev"] == "2-bb"
    assert db.ask("GET", "/db/x/a.jpg").data == b"\xff\r\n--x"
    mixed = db.ask("GET", '/db/x?open_revs=["2-bb"]&revs=true&latest=true', headers={"Accept": "multipart/mixed"})
    ((headers, part),) = read_parts(mixed.data, mixed.headers["Content-Type"])
    fields, following = related(part, headers["content-type"])
    assert fields["_revisions"] == {"start": 2, "ids": ["bb", "aa"]}
    assert following == {"a.jpg": b"\xff\r\n--x", "b": b""}
    assert db.refused("PUT", "/db/y", data=b"--x", content_type=kind)[:2] == (400, "bad_request")


def test_a_part_of_a_content_is_given_to_who_asks_for_one(db: Any) -> None:
    db.put("/db/x/f", data=b"0123456789", content_type="text/plain")
    part = db.ask("GET", "/db/x/f", headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.data) == (206, b"234")
    assert (part.headers["Content-Range"], part.headers["Content-Length"]) == ("bytes 2-4/10", "3")
    assert part.headers["Accept-Ranges"] == "bytes"
    several = db.ask("GET", "/db/x/f", headers={"Range": "bytes=0-1,-2"})
    assert several.status_code == 206
    assert [
        (headers["content-range"], headers["content-type"], content)
        for headers, content in read_parts(several.data, several.headers["Content-Type"])
    ] == [("bytes 0-1/10", "text/plain", b"01"), ("bytes 8-9/10", "text/plain", b"89")]
    assert db.refused("GET", "/db/x/f", headers={"Range": "bytes=10-"}) == (
        416,
        "requested_range_not_satisfiable",
        "Requested range not satisfiable",
    )


def test_a_download_is_taken_up_again_only_of_the_same_content(db: Any) -> None:
    rev = db.put("/db/x/f", data=b"0123456789")["rev"]
    tag = db.ask("GET", "/db/x/f").headers["ETag"]
    again = {"Range": "bytes=5-", "If-Range": tag}
    assert db.ask("GET", "/db/x/f", headers=again).data == b"56789"
    db.put(f"/db/x/f?rev={rev}", data=b"abcdefghij")
    changed = db.ask("GET", "/db/x/f", headers=again)
    assert (changed.status_code, changed.data) == (200, b"abcdefghij")


def test_a_content_that_is_not_what_its_sender_digested_is_refused(db: Any) -> None:
    right = digest_of(b"text").removeprefix("md5-")
    wrong = digest_of(b"test").removeprefix("md5-")
    refused = db.refused("PUT", "/db/x/f", data=b"text", headers={"Content-MD5": wrong})
    assert refused == (400, "content_md5_mismatch", "Possible message corruption.")
    assert db.refused("GET", "/db/x")[0] == 404
    db.put("/db/x/f", data=b"text", headers={"Content-MD5": right})


def test_a_packed_upload_is_kept_as_what_it_holds(db: Any) -> None:
    db.put("/db/x/f", data=gzip.compress(b"text" * 100), headers={"Content-Encoding": "gzip"})
    assert db.ask("GET", "/db/x/f").data == b"text" * 100
    told = db.get("/db/x?att_encoding_info=true")["_attachments"]["f"]
    assert (told["length"], told["digest"]) == (400, digest_of(b"text" * 100))
    assert db.refused("PUT", "/db/y/f", data=b"text", headers={"Content-Encoding": "gzip"})[:2] == (400, "bad_request")
    assert db.refused("PUT", "/db/y/f", data=b"text", headers={"Content-Encoding": "deflate"}) == (
        415,
        "bad_content_type",
        "Only gzip and identity content-encodings are supported",
    )


def test_a_document_is_given_with_its_files_behind_it_to_who_takes_that(db: Any) -> None:
    db.put("/db/x", {"_attachments": {"a": TEXT, "b": {"data": ""}}})
    answer = db.ask("GET", "/db/x?attachments=true", headers={"Accept": "multipart/related"})
    fields, contents = related(answer.data, answer.headers["Content-Type"])
    assert contents == {"a": b"text", "b": b""}
    assert fields["_attachments"]["a"]["follows"] is True
    plain = db.ask("GET", "/db/x", headers={"Accept": "multipart/related"})
    assert plain.content_type == "application/json"


@pytest.mark.parametrize("query", ["", "?new_edits=false"])
def test_a_stub_that_names_another_generation_is_refused(db: Any, query: str) -> None:
    rev = db.put("/db/x", {"_attachments": {"f": TEXT}})["rev"]
    fields = {"_rev": rev, "_attachments": {"f": {"stub": True, "revpos": 7}}}
    if query:
        fields |= {"_rev": "2-b", "_revisions": {"start": 2, "ids": ["b", rev.partition("-")[2]]}}
    refused = db.refused("PUT", f"/db/x{query}", fields)
    assert refused == (412, "missing_stub", "Invalid attachment stub in x for f")


def test_a_larger_attachment_than_is_taken_is_refused_by_its_name(databases: Any) -> None:
    db = Caller(create_app(databases, uuid="u", max_body_bytes=5000, max_attachment_bytes=10_000))
    db.put("/db")
    too_large = (413, "attachment_too_large", "f")
    assert db.refused("PUT", "/db/x/f", data=bytes(10_001)) == too_large
    assert (
        db.refused("PUT", "/db/x/f", data=gzip.compress(bytes(10_001)), headers={"Content-Encoding": "gzip"})
        == too_large
    )
    document = Document("x", Branch(1, ("aa",)), b"{}", (attachment("f", "x/y", bytes(10_001), generation=1),))
    sent = write_related(document, revisions=True)
    assert db.refused("PUT", "/db/x?new_edits=false", data=body_of(sent), content_type=sent.content_type) == too_large
    db.put("/db/x/f", data=bytes(10_000))
    assert db.refused("PUT", "/db/y", {"n": "x" * 5000})[:2] == (413, "too_large")


def test_a_content_that_does_not_know_its_length_is_given_whole() -> None:
    class Elsewhere:
        """What a database across HTTP gives for a large file."""

        length = None

        def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
            yield from (b"te", b"xt")

    file = Attachment("f", "text/plain", "md5-x", 99, 1, Elsewhere())
    document = Document("x", Branch(1, ("a",)), b"{}", (file,))
    databases = MemoryDatabases()
    database = databases.create("db")
    database.read = lambda wanted: iter([document])  # type: ignore[method-assign]
    answer = Caller(create_app(databases, uuid="u")).ask("GET", "/db/x/f", headers={"Range": "bytes=1-2"})
    assert (answer.status_code, answer.data, answer.headers["Accept-Ranges"]) == (200, b"text", "none")
