"""Attachments too large to hold travel between servers of every kind: whole, once, and in little memory of ours."""

import hashlib
import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.peers.conftest import ROOT

Fresh = Callable[[str], str]
PIECE = os.urandom(1 << 20)
LENGTH = 100 << 20
LENGTH_FOR_COUCHDBS_REPLICATOR = 20 << 20
# pouchdb-server holds every attachment several times over.
LENGTH_FOR_POUCHDB = 5 << 20
# Python with our packages takes some 45 MB at rest.
MOST_REPLICATOR_MB = 80
_SECONDS = 120


def content(length: int) -> Iterator[bytes]:
    return (number.to_bytes(4, "big") + PIECE[4:] for number in range(length >> 20))


def put(database: str, length: int) -> None:
    """A document with a film and a small file at a server."""
    written = requests.put(
        f"{database}/doc/small.bin", b"small", headers={"Content-Type": "image/png"}, timeout=_SECONDS
    ).json()
    address = f"{database}/doc/film.mp4?rev={written['rev']}"
    told = requests.put(address, content(length), headers={"Content-Type": "video/mp4"}, timeout=_SECONDS)
    assert told.ok, told.text


def digest_at(database: str) -> str:
    """SHA-256 of the film there."""
    digest = hashlib.sha256()
    with requests.get(f"{database}/doc/film.mp4", stream=True, timeout=_SECONDS) as answer:
        assert answer.ok, answer.text
        for piece in answer.iter_content(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def digest_of(length: int) -> str:
    digest = hashlib.sha256()
    for piece in content(length):
        digest.update(piece)
    return digest.hexdigest()


# A child begins with the peak of whoever started it, which here has run thousands of tests; so a small one starts it.
_WEIGHED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def replicate(source: str, target: str) -> tuple[dict[str, Any], float]:
    """The report of `yizhan sync replicate`, and its memory at its peak in MB."""
    command = [sys.executable, "-m", "sync.commands.main", "sync", "replicate", "--json", source, target]
    done = subprocess.run([sys.executable, "-c", _WEIGHED, *command], cwd=ROOT, capture_output=True, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 0, report.get("error")
    return report, int(done.stderr.split()[-1]) / 1024


@pytest.fixture(params=["yizhan", pytest.param("couchdb", marks=pytest.mark.couchdb)])
def other(request: pytest.FixtureRequest, yizhan: str) -> str:
    """The server at the other end."""
    return yizhan if request.param == "yizhan" else os.environ["COUCHDB_URL"].rstrip("/")


@pytest.mark.parametrize("way", ["there", "here"])
def test_a_hundred_megabytes_are_carried_once_and_an_edit_beside_them_costs_little(
    yizhan: str, other: str, fresh: Fresh, way: str
) -> None:
    ours, theirs = fresh(yizhan), fresh(other)
    source, target = (ours, theirs) if way == "there" else (theirs, ours)
    put(source, LENGTH)
    report, peak_mb = replicate(source, target)
    print(f"{report['bytes_sent']} bytes sent, {report['bytes_received']} received, peak {peak_mb:.1f} MB")
    assert (report["docs_written"], report["refused"]) == (1, [])
    assert digest_at(target) == digest_of(LENGTH)
    assert peak_mb < MOST_REPLICATOR_MB
    for direction in ("bytes_sent", "bytes_received"):
        assert LENGTH < report[direction] < LENGTH * 1.01

    document = requests.get(f"{source}/doc", timeout=_SECONDS).json()
    requests.put(f"{source}/doc", json=document | {"edited": True}, timeout=_SECONDS).raise_for_status()
    report, _ = replicate(source, target)
    print(f"an edit beside it: {report['bytes_sent']} bytes sent, {report['bytes_received']} received")
    assert report["docs_written"] == 1
    assert report["bytes_sent"] + report["bytes_received"] < 15_000  # unpacked, as between neighbours
    arrived = requests.get(f"{target}/doc", timeout=_SECONDS).json()
    assert arrived["edited"] is True
    assert sorted(arrived["_attachments"]) == ["film.mp4", "small.bin"]
    for each in (ours, theirs):
        requests.delete(each, timeout=_SECONDS)


@pytest.mark.couchdb
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("way", ["there", "here"])
def test_couchdbs_replicator_carries_a_large_attachment_to_us_and_from_us(
    yizhan: str, fresh: Fresh, way: str, together: bool
) -> None:
    couchdb = os.environ["COUCHDB_URL"].rstrip("/")
    ours, theirs = fresh(yizhan), fresh(couchdb)
    source, target = (ours, theirs) if way == "there" else (theirs, ours)
    put(source, LENGTH_FOR_COUCHDBS_REPLICATOR)
    job = {"source": _end(source), "target": _end(target), "use_bulk_get": together}
    told = requests.post(f"{couchdb}/_replicate", json=job, timeout=_SECONDS).json()
    assert told.get("ok"), told
    assert told["history"][0]["doc_write_failures"] == 0
    assert digest_at(target) == digest_of(LENGTH_FOR_COUCHDBS_REPLICATOR)
    for each in (ours, theirs):
        requests.delete(each, timeout=_SECONDS)


@pytest.mark.node
@pytest.mark.parametrize("way", ["there", "here"])
def test_pouchdb_server_gives_and_takes_large_attachments(
    yizhan: str, pouchdb_server: str, fresh: Fresh, way: str
) -> None:
    ours, theirs = fresh(yizhan), fresh(pouchdb_server)
    source, target = (ours, theirs) if way == "there" else (theirs, ours)
    put(source, LENGTH_FOR_POUCHDB)
    report, _ = replicate(source, target)
    assert (report["docs_written"], report["refused"]) == (1, [])
    assert digest_at(target) == digest_of(LENGTH_FOR_POUCHDB)


def _end(address: str) -> dict[str, Any]:
    scheme, _, rest = address.partition("://")
    pair, _, place = rest.rpartition("@")
    credentials = b64encode(requests.utils.unquote(pair).encode()).decode()
    return {"url": f"{scheme}://{place}", "headers": {"Authorization": f"Basic {credentials}"}}
