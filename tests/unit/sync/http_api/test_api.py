import gzip
import logging
import zlib
from typing import Any

import pytest
from werkzeug.test import Client

from sync.errors import DiskFull
from sync.http_api.api import create_app
from sync.http_api.routes import Table


def test_a_body_may_be_gzipped(db: Any) -> None:
    packed = gzip.compress(b'{"n":1}')
    db.put("/db/x", data=packed, headers={"Content-Encoding": "gzip"})
    assert db.get("/db/x")["n"] == 1


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b"not gzip", "gzip", 400),
        (gzip.compress(b'{"n":1}')[:-9], "gzip", 400),
        (b"", "gzip", 400),
        (b"{}", "br", 415),
        (zlib.compress(b"{}"), "deflate", 415),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_refused(db: Any, body: bytes, encoding: str, status: int) -> None:
    assert db.refused("PUT", "/db/x", data=body, headers={"Content-Encoding": encoding})[0] == status
    assert db.get("/db")["doc_count"] == 0


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_beyond_the_limit_is_refused_however_it_is_packed(databases: Any, db: Any, packed: bool) -> None:
    small = type(db)(create_app(databases, uuid="u", max_body_bytes=1000))
    headers = {"Content-Encoding": "gzip"} if packed else {}
    for size, status in ((900, 201), (100_000, 413)):
        body = b'{"a":"' + b"x" * size + b'"}'
        answer = small.ask("PUT", f"/db/x{size}", data=gzip.compress(body) if packed else body, headers=headers)
        assert answer.status_code == status
    assert answer.json == {"error": "too_large", "reason": "the request entity is too large"}
    assert db.get("/db")["doc_count"] == 1


@pytest.mark.parametrize("path", ["/db/x", "/db/_all_docs?include_docs=true", "/db/_changes?include_docs=true"])
def test_answers_are_gzipped_for_those_who_take_it_when_it_is_worth_it(db: Any, path: str) -> None:
    db.put("/db/x", {"text": "石桥村" * 1000})
    plain = db.ask("GET", path)
    assert "Content-Encoding" not in plain.headers
    packed = db.ask("GET", path, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 10
    assert "Content-Encoding" not in db.ask("GET", "/", headers={"Accept-Encoding": "gzip"}).headers
    assert "Content-Encoding" not in db.ask("GET", path, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_an_answer_too_long_to_be_made_at_once_is_gzipped_as_it_goes(db: Any) -> None:
    docs = [{"_id": f"d{n}", "pad": "x" * 20_000} for n in range(40)]
    db.post("/db/_bulk_docs", {"docs": docs}, status=201)
    answer = db.ask("GET", "/db/_all_docs?include_docs=true", headers={"Accept-Encoding": "gzip"})
    assert "Content-Length" not in answer.headers
    assert gzip.decompress(answer.data) == db.ask("GET", "/db/_all_docs?include_docs=true").data


@pytest.mark.parametrize("size", [4, 20_000])
def test_a_file_of_json_goes_plain_so_that_its_length_and_its_ranges_hold(db: Any, size: int) -> None:
    content = b'"' + b"x" * size + b'"'
    db.put("/db/x/f.json", data=content, content_type="application/json")
    taking = {"Accept-Encoding": "gzip"}
    whole = db.ask("GET", "/db/x/f.json", headers=taking)
    assert (whole.data, int(whole.headers["Content-Length"])) == (content, len(content))
    part = db.ask("GET", "/db/x/f.json", headers={**taking, "Range": "bytes=1-4"})
    assert (part.status_code, part.data, part.headers["Content-Length"]) == (206, b"xxxx", "4")
    assert "Content-Encoding" not in {**whole.headers, **part.headers}


def test_a_fault_is_told_without_its_cause_and_logged_once_without_the_body(
    db: Any, databases: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(database: Any, edits: Any) -> Any:
        raise ValueError(edits[0].body)

    monkeypatch.setattr(type(databases.open("db")), "write", fail)
    with caplog.at_level(logging.DEBUG):
        status, word, reason = db.refused("PUT", "/db/x", {"secret": "330102199001011234"})
    assert (status, word) == (500, "internal_server_error")
    assert "330102" not in reason
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "ValueError" in record.getMessage()
    assert "330102" not in caplog.text


def test_a_full_disk_is_told_as_what_it_is(db: Any, databases: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise DiskFull

    monkeypatch.setattr(type(databases.open("db")), "write", fail)
    assert db.refused("PUT", "/db/x", {})[:2] == (507, "insufficient_storage")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/db/a%2Fb", {"db": "db", "doc": "a/b"}),
        ("/db/a%252Fb", {"db": "db", "doc": "a%2Fb"}),
        ("/a%2Fb/x", {"db": "a/b", "doc": "x"}),
        ("/db/_design/x", {"db": "db", "doc": "_design/x"}),
        ("/db/_design%2fx", {"db": "db", "doc": "_design/x"}),
        ("/db/_design/x%2Fy", {"db": "db", "doc": "_design/x/y"}),
        ("/db/_design/x/f/g", {"db": "db", "doc": "_design/x", "name": "f/g"}),
        ("/db/_local%2Fx", {"db": "db", "local": "x"}),
        ("/db/x/f%2Fg/h", {"db": "db", "doc": "x", "name": "f/g/h"}),
        ("/db/", {"db": "db"}),
        ("/db", {"db": "db"}),
        ("/db/%2F", {"db": "db", "doc": "/"}),
        ("/db/.", {"db": "db", "doc": "."}),
        ("/db/a+b", {"db": "db", "doc": "a+b"}),
    ],
)
def test_addresses_are_taken_apart_before_they_are_decoded(path: str, names: dict[str, str]) -> None:
    assert Table().find(path, "GET").names == names


@pytest.mark.parametrize("path", ["//", "/db//", "//db", "/db/%FF", "/db/_design/%C3", "/%", "/db/x//"])
def test_odd_addresses_are_answered_and_never_redirected(db: Any, path: str) -> None:
    answer = db.ask("GET", path)
    assert answer.status_code in (200, 400, 404)
    assert answer.content_type == "application/json"


def test_the_absolute_form_of_an_address_is_understood(databases: Any, db: Any) -> None:
    db.put("/db/x", {"n": 1})
    client = Client(create_app(databases, uuid="u"))
    environ = {"REQUEST_URI": "http://other.example/db/x?revs=true"}
    assert client.get("/db/x", environ_overrides=environ).json["n"] == 1
