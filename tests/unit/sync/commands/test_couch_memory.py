"""Attachments larger than the server's memory should be go up and down through a real process, and it stays small."""

import hashlib
import http.client
import itertools
import json
import os
import re
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fixtures.couch_process import CouchProcess

PIECE = os.urandom(1 << 20)
PIECES = 100
LENGTH = PIECES << 20
# The page caches of the file, the threads that answer, and the pieces on the way: none of it grows with the content.
MOST_GROWTH_MB = 24.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads memory where Linux tells it")


def content() -> Iterator[bytes]:
    return (number.to_bytes(4, "big") + PIECE[4:] for number in range(PIECES))


class Served:
    """`yizhan couch serve` with an empty database `db`."""

    def __init__(self, directory: Path) -> None:
        self.process = CouchProcess(directory)
        self.port = self.process.port
        assert self.send("/db", b"", {})["ok"] is True

    def send(self, path: str, body: bytes | Iterator[bytes], headers: Mapping[str, str]) -> dict[str, object]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("PUT", path, body, headers, encode_chunked="Transfer-Encoding" in headers)
        told: dict[str, object] = json.loads(connection.getresponse().read())
        connection.close()
        return told

    def rows(self, path: str, body: object = None) -> list[bytes]:
        """The SHA-256 of each line of an answer, none of which is ever held."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        data = None if body is None else json.dumps(body).encode()
        connection.request("GET" if body is None else "POST", path, data, {"Content-Type": "application/json"})
        response, digests = connection.getresponse(), [hashlib.sha256()]
        while piece := response.read(1 << 16):
            first, *others = piece.split(b"\n")
            digests[-1].update(first)
            digests += [hashlib.sha256(other) for other in others]
        connection.close()
        return [digest.digest() for digest in digests]

    def digest(self, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Bytes and SHA-256 of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path, headers=headers)
        response, size, digest = connection.getresponse(), 0, hashlib.sha256()
        while piece := response.read(1 << 16):
            size += len(piece)
            digest.update(piece)
        connection.close()
        return size, digest.hexdigest()

    def peak_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+)", status)
        assert found
        return int(found[1]) / 1024

    def forget_peak(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    server = Served(tmp_path)
    yield server
    server.process.stop()
    server.process.end()


def test_a_hundred_megabytes_go_up_and_down_in_constant_memory(served: Served) -> None:
    served.send("/db/small", b"{}", {})
    served.forget_peak()
    before = served.peak_mb()
    digest = hashlib.sha256()
    md5 = hashlib.md5(usedforsecurity=False)
    for piece in content():
        digest.update(piece)
        md5.update(piece)
    expected = (LENGTH, digest.hexdigest())

    told = b64encode(md5.digest()).decode()
    assert served.send("/db/plain/f", content(), {"Content-Length": str(LENGTH), "Content-MD5": told})["ok"] is True
    assert served.send("/db/chunked/f", content(), {"Transfer-Encoding": "chunked"})["ok"] is True
    assert _send_related(served, f"md5-{told}")["ok"] is True
    for doc_id in ("plain", "chunked", "related"):
        assert served.digest(f"/db/{doc_id}/f", {}) == expected
    for path, accepted in (("?attachments=true", "multipart/related"), ("?open_revs=all", "multipart/mixed")):
        size, _ = served.digest(f"/db/plain{path}", {"Accept": accepted})
        assert LENGTH < size < LENGTH + 2000
    size, _ = served.digest("/db/plain?attachments=true", {"Accept": "application/json"})
    assert LENGTH * 4 // 3 < size < LENGTH * 4 // 3 + 2000

    growth = served.peak_mb() - before
    print(f"memory grew by {growth:.1f} MB over {before:.1f} MB")
    assert growth < MOST_GROWTH_MB


LARGE, SMALL = 24 << 20, 120 << 10  # small enough to be kept in one piece
DOCUMENTS, FILES = 40, 10
# A document of a megabyte in several forms at once, in each of the threads that answer.
MOST_GROWTH_OF_LISTINGS_MB = 36.0


def test_documents_are_listed_with_their_files_in_the_memory_of_one(served: Served) -> None:
    """Up to 190 MB are told, on one page: 64 MB of files kept as one piece, some twice, and 48 MB of large ones."""
    large = b"".join(piece for piece in itertools.islice(content(), LARGE >> 20))
    files = {f"f{n}": {"data": b64encode(PIECE[n:][:SMALL]).decode()} for n in range(FILES)}
    names = [f"d{n:03}" for n in range(DOCUMENTS)]
    for name in names:
        served.send(f"/db/{name}", json.dumps({"_attachments": files}).encode(), {})
    for name in ("large-1", "large-2"):
        served.send(f"/db/{name}/f", large, {})
    served.rows("/db/_all_docs?include_docs=true")
    served.forget_peak()
    before = served.peak_mb()

    asked = [{"id": name} for name in (*names, "large-1", "large-2", *names)]
    told = {
        "listed": served.rows("/db/_all_docs?include_docs=true&attachments=true&conflicts=true"),
        "by key": served.rows("/db/_all_docs?include_docs=true&attachments=true", {"keys": names[:20] * 2}),
        "changed": served.rows("/db/_changes?include_docs=true&attachments=true"),
        "followed": served.rows("/db/_changes?feed=continuous&timeout=1&include_docs=true&attachments=true"),
        "in bulk": served.rows("/db/_bulk_get?attachments=true", {"docs": asked}),
    }
    growth = served.peak_mb() - before
    print(f"memory grew by {growth:.1f} MB over {before:.1f} MB")
    assert {name: len(set(lines)) >= 20 for name, lines in told.items()} == dict.fromkeys(told, True)
    assert growth < MOST_GROWTH_OF_LISTINGS_MB


def _send_related(served: Served, digest: str) -> dict[str, object]:
    member = {"follows": True, "length": LENGTH, "content_type": "video/mp4", "digest": digest}
    head = b"--b\r\nContent-Type: application/json\r\n\r\n" + json.dumps({"_attachments": {"f": member}}).encode()
    head += b"\r\n--b\r\n\r\n"
    foot = b"\r\n--b--"

    def body() -> Iterator[bytes]:
        yield head
        yield from content()
        yield foot

    length = str(len(head) + LENGTH + len(foot))
    kind = 'multipart/related; boundary="b"'
    return served.send("/db/related", body(), {"Content-Length": length, "Content-Type": kind})
