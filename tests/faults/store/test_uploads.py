"""Large attachments that are cut anywhere: the document has them whole or is not there, and the space comes back."""

import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.http_api.api import create_app
from sync.store.engine import Engine
from sync.values.contents import bytes_of
from sync.values.documents import Document, Wanted
from sync.web.serving import running
from tests.faults.store.checking import assert_sound
from tests.faults.store.uploading_child import DATABASE, content_of

ROOT = Path(__file__).parents[3]
KILLS = 5
CUTS = 12
FILM = random.Random(3).randbytes(1_500_000)
_SECONDS = 30


def swept(engine: Engine) -> None:
    """Wait until nothing out of reach is left, and see that every piece belongs to a content."""
    until = time.monotonic() + _SECONDS
    while engine.write(lambda tx: tx.one("SELECT 1 FROM loose")):
        assert time.monotonic() < until, f"not swept within {_SECONDS} s"
    strays = "SELECT count(*) FROM pieces WHERE run NOT IN (SELECT run FROM contents WHERE run IS NOT NULL)"
    assert engine.read(lambda reader: reader.execute(strays)) == [(0,)]
    assert_sound(engine)


def test_killed_in_the_middle_of_uploads_every_document_is_whole_or_not_there(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        command = [sys.executable, "-m", "tests.faults.store.uploading_child", str(tmp_path), f"{seed}.{kill}"]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        first = child.stdout.readline()  # one went through, so the kill meets others on their way
        time.sleep(chance.uniform(0.0, 0.4))
        child.kill()
        said, _ = child.communicate()
        whole = first + said[: said.rfind(b"\n") + 1]
        acknowledged |= set(whole.decode().split())
    with Engine.open(tmp_path) as engine:
        database = engine.database(DATABASE)
        there = {change.id for change in database.changes("0").results}
        assert acknowledged <= there
        for each in database.read([Wanted(doc_id, attachments=True) for doc_id in sorted(there)]):
            assert isinstance(each, Document)
            (file,) = each.attachments
            assert file.data is not None
            assert bytes_of(file.data) == content_of(each.id), each.id
        swept(engine)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Engine, int]]:
    """A store with an empty database, and the port of a server over it."""
    with Engine.open(tmp_path) as engine:
        engine.databases.create(DATABASE)
        with running(create_app(engine.databases, uuid="cut"), threads=4) as port:
            yield engine, port


def _plain() -> bytes:
    return b"PUT /station/a/film HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s" % (len(FILM), FILM)


def _chunked() -> bytes:
    pieces = [FILM[at : at + 70_000] for at in range(0, len(FILM), 70_000)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return (
        b"PUT /station/a/film HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    )


def _related() -> bytes:
    json = b'{"_attachments":{"film":{"follows":true,"length":%d},"small":{"data":"dGV4dA=="}}}' % len(FILM)
    body = b"--b\r\nContent-Type: application/json\r\n\r\n%s\r\n--b\r\n\r\n%s\r\n--b--" % (json, FILM)
    head = b'PUT /station/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/related; boundary="b"\r\n'
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize("request_of", [_plain, _chunked, _related])
def test_cut_at_any_byte_an_upload_leaves_nothing_and_can_be_made_again(served: tuple[Engine, int], request_of) -> None:
    engine, port = served
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    sent = request_of()
    for _ in range(CUTS):
        with socket.create_connection(("127.0.0.1", port), _SECONDS) as link:
            link.sendall(sent[: chance.randrange(len(sent))])
    with socket.create_connection(("127.0.0.1", port), _SECONDS) as link:
        link.sendall(sent)
        assert link.recv(1000).startswith(b"HTTP/1.1 201")
    # The server may still be about to notice the cuts; none of them has written a document.
    assert engine.database(DATABASE).info().doc_count == 1
    (document,) = engine.database(DATABASE).read([Wanted("a", attachments=True)])
    assert isinstance(document, Document)
    assert document.revision.generation == 1
    contents = {file.name: bytes_of(file.data or b"") for file in document.attachments}
    assert contents["film"] == FILM
    swept(engine)
