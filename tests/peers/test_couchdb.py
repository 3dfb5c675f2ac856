"""A live Apache CouchDB and we end equal: by its replicator, by ours and by PouchDB's; contents, trees and winners."""

import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.peers.conftest import ROOT
from tests.peers.living import LARGE, UNUSUAL_IDS, Place, census, live

pytestmark = pytest.mark.couchdb
# Carries over what the target lacks; how many documents were written.
Replicate = Callable[[Place, Place], int]
_SECONDS = 60


@pytest.fixture(scope="session")
def couchdb() -> str:
    """The server's address, name and password included."""
    return os.environ["COUCHDB_URL"].rstrip("/")


@pytest.fixture
def ours(yizhan: str) -> Iterator[Place]:
    """An empty database at our server."""
    yield from _fresh(yizhan)


@pytest.fixture
def theirs(couchdb: str) -> Iterator[Place]:
    """An empty database at CouchDB."""
    yield from _fresh(couchdb)


@pytest.fixture(params=["couchdb", "couchdb one by one", "yizhan"])
def replicate(request: pytest.FixtureRequest, couchdb: str) -> Replicate:
    """One run of a replicator; CouchDB's asks for documents together, or each by itself as before 3.3."""
    if request.param == "yizhan":
        return _by_yizhan
    together = request.param == "couchdb"
    return lambda source, target: _by_couchdb(couchdb, source, target, use_bulk_get=together)


def test_two_writers_who_replicate_both_ways_end_equal(ours: Place, theirs: Place, replicate: Replicate) -> None:
    live(ours, "here")
    live(theirs, "there")
    assert replicate(ours, theirs) > len(UNUSUAL_IDS)
    assert replicate(theirs, ours) > len(UNUSUAL_IDS)
    _equal(ours, theirs)
    assert replicate(ours, theirs) == replicate(theirs, ours) == 0

    ours.edit("edited-here", by="us")
    theirs.edit("edited-here", by="them")  # a conflict
    ours.edit("edited-there", by="us")
    theirs.remove("edited-there")  # a deletion against an edit
    ours.put("same", {"n": 1})
    theirs.put("same", {"n": 2})  # created on both sides
    ours.attach("files-there", "e.txt", b"from here", "text/plain")  # the other files are stubs where it arrives
    theirs.edit("large-here", n=2)
    replicate(ours, theirs)
    replicate(theirs, ours)
    _equal(ours, theirs)

    (loser,) = theirs.ask("GET", "edited-here?conflicts=true")["_conflicts"]
    theirs.remove("edited-here", loser)  # settled on one side
    replicate(theirs, ours)
    assert "_conflicts" not in ours.ask("GET", "edited-here?conflicts=true")
    _is_what_was_written(_equal(ours, theirs))


def test_a_continuous_replication_carries_what_is_written_later(ours: Place, theirs: Place, couchdb: str) -> None:
    ways = [(ours, theirs), (theirs, ours)]
    for source, target in ways:
        _post(couchdb, _job(source, target, continuous=True))
    try:
        ours.put("here", {"n": 1})
        theirs.put("there", {"_attachments": {"f": {"content_type": "image/png", "data": "AAAA"}}})
        _eventually(lambda: sorted(census(ours)) == sorted(census(theirs)) == ["here", "there"])
        ours.attach("there", "g", LARGE, "image/jpeg")
        theirs.remove("here")
        _eventually(lambda: census(ours) == census(theirs) and census(ours)["here"]["deleted"])
        assert sorted(ours.ask("GET", "there")["_attachments"]) == ["f", "g"]
    finally:
        for source, target in ways:
            _post(couchdb, _job(source, target, continuous=True, cancel=True))


def test_it_replicates_the_documents_named_alone(ours: Place, theirs: Place, couchdb: str) -> None:
    for doc_id in ("a", "b", "c", "石桥村:1"):
        ours.put(doc_id, {})
    _post(couchdb, _job(ours, theirs, doc_ids=["a", "石桥村:1", "unknown"]))
    assert sorted(census(theirs)) == ["a", "石桥村:1"]


def test_it_makes_the_target_here(yizhan: str, theirs: Place, couchdb: str) -> None:
    theirs.put("a", {})
    made = Place(f"{yizhan}/made-{uuid4().hex[:12]}")
    _post(couchdb, _job(theirs, made, create_target=True))
    _equal(made, theirs)
    made.ask("DELETE", "")
    made.close()


def test_a_thousand_revisions_arrive_with_their_path(ours: Place, theirs: Place, couchdb: str) -> None:
    path = [f"{n:032x}" for n in range(1000, 0, -1)]
    ours.graft([{"_id": "old", "_rev": f"1000-{path[0]}", "_revisions": {"start": 1000, "ids": path}}])
    _by_couchdb(couchdb, ours, theirs)
    (leaf,) = _equal(ours, theirs)["old"]["leaves"].values()
    assert leaf["_revisions"]["ids"] == path


@pytest.mark.parametrize("use_bulk_get", [True, False])
def test_a_revision_couchdb_takes_and_we_do_not_keeps_no_other_back(
    yizhan: str, ours: Place, theirs: Place, couchdb: str, use_bulk_get: bool
) -> None:
    others = [f"doc-{n}" for n in range(20)]
    strange = {"empty": "1-", "zero": "0-a", "long": "1234567890123456-aa", "longer": "12345678901234567890-aa"}
    theirs.graft([{"_id": doc_id, "_rev": rev} for doc_id, rev in strange.items()])
    theirs.graft([{"_id": "on-one", "_revisions": {"start": 2, "ids": ["b", ""]}}])
    file = {"f": {"content_type": "image/png", "data": b64encode(LARGE).decode()}}  # one to be sent by itself
    theirs.graft([{"_id": "with-a-file", "_rev": "1-", "_attachments": file}])
    theirs.graft([{"_id": each, "_rev": "1-a"} for each in others])
    theirs.graft([{"_id": "doc-0", "_rev": rev} for rev in ("0-b", "1-")])  # beside a leaf that we take
    for runner in (couchdb, yizhan):
        last = _post(runner, _job(theirs, ours, use_bulk_get=use_bulk_get))["history"][0]
        assert (last["docs_written"], last["doc_write_failures"]) == (len(others), len(strange) + 4), runner
        assert sorted(census(ours)) == sorted(others)
        ours.ask("DELETE", "")
        ours.ask("PUT", "")

    # Where they are held already, they do not keep ours from going there either.
    ours.graft([{"_id": "doc-0", "_revisions": {"start": 2, "ids": ["new", "a"]}}, {"_id": "zero", "_rev": "1-new"}])
    for runner in (couchdb, yizhan):
        last = _post(runner, _job(ours, theirs))["history"][0]
        assert last["doc_write_failures"] == 0, runner
    assert (theirs.ask("GET", "doc-0")["_rev"], theirs.ask("GET", "zero")["_rev"]) == ("2-new", "1-new")


@pytest.mark.parametrize("levels", [300, 2000])
def test_a_document_nested_too_deeply_for_us_keeps_no_other_back(
    yizhan: str, ours: Place, theirs: Place, couchdb: str, levels: int
) -> None:
    others = [f"doc-{n}" for n in range(20)]
    theirs.graft([{"_id": each, "_rev": "1-a"} for each in others])
    nested = "[" * levels + "]" * levels
    theirs.ask("PUT", "deep", data=f'{{"n":{nested}}}', headers={"Content-Type": "application/json"})
    for runner in (couchdb, yizhan):
        last = _post(runner, _job(theirs, ours))["history"][0]
        assert (last["docs_written"], last["doc_write_failures"]) == (len(others), 1), runner
        assert sorted(census(ours)) == sorted(others)
        ours.ask("DELETE", "")
        ours.ask("PUT", "")


@pytest.mark.node
def test_pouchdb_carries_between_the_two(
    yizhan: str, couchdb: str, fresh: Callable[[str], str], run: Callable[..., Any]
) -> None:
    theirs = fresh(couchdb)
    told = run("both_ways.mjs", theirs, fresh(yizhan))
    requests.delete(theirs, timeout=_SECONDS)
    for stage in ("first", "second", "third"):
        assert (told[stage]["ok"], told[stage]["errors"]) == (True, []), stage
    assert told["quiet"]["written"] == 0
    assert told["one"] == told["other"]


def _fresh(server: str) -> Iterator[Place]:
    place = Place(f"{server}/peers-{uuid4().hex[:12]}")
    place.ask("PUT", "")
    yield place
    place.ask("DELETE", "")
    place.close()


def _by_couchdb(couchdb: str, source: Place, target: Place, **options: Any) -> int:
    told = _post(couchdb, _job(source, target, **options))
    if told.get("no_changes"):
        return 0
    last, *earlier = told["history"]
    assert last["doc_write_failures"] == 0
    assert last["docs_written"] == last["docs_read"]
    # It counts on from the run whose checkpoint it found.
    return int(last["docs_written"]) - (earlier[0]["docs_written"] if earlier else 0)


def _by_yizhan(source: Place, target: Place) -> int:
    command = [
        sys.executable,
        "-m",
        "sync.commands.main",
        "sync",
        "replicate",
        "--json",
        source.address,
        target.address,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return int(json.loads(done.stdout)["docs_written"])


def _job(source: Place, target: Place, **options: Any) -> dict[str, Any]:
    return {"source": _end(source), "target": _end(target), **options}


def _end(place: Place) -> dict[str, Any]:
    scheme, _, rest = place.address.partition("://")
    pair, _, address = rest.rpartition("@")
    credentials = b64encode(requests.utils.unquote(pair).encode()).decode()
    return {"url": f"{scheme}://{address}", "headers": {"Authorization": f"Basic {credentials}"}}


def _post(couchdb: str, job: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(f"{couchdb}/_replicate", json=job, timeout=_SECONDS)
    assert answer.ok, answer.text
    told: dict[str, Any] = answer.json()
    assert told["ok"], told
    return told


def _eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + _SECONDS
    while True:
        with suppress(AssertionError):  # a census that is taken while something changes does not fit together
            if holds():
                return
        assert time.monotonic() < until, f"not within {_SECONDS} s"
        time.sleep(0.2)


def _equal(one: Place, other: Place) -> dict[str, Any]:
    told, also = census(one), census(other)
    assert sorted(told) == sorted(also)
    for doc_id in told:
        assert told[doc_id] == also[doc_id], doc_id
    return told


def _is_what_was_written(told: dict[str, Any]) -> None:
    """Equal and wrong would be equal too: what we know of the outcome without asking a database."""
    a, b, c, d, e, f = (letter * 32 for letter in "abcdef")
    assert len(told) == 2 * (len(UNUSUAL_IDS) + 8) + 1
    for who in ("here", "there"):
        leaves = told[f"conflict-{who}"]["leaves"]
        assert sorted(leaves) == [f"2-{f}", f"3-{c}", f"4-{e}"]
        assert leaves[f"4-{e}"]["_revisions"] == {"start": 4, "ids": [e, d, b, a]}
        assert leaves[f"4-{e}"]["_deleted"] is True
        assert leaves[f"2-{f}"]["_attachments"] == {"f": ("text/plain", 2, b64encode(b"on a branch").decode())}
        assert told[f"conflict-{who}"]["winner"] == {"rev": f"3-{c}"}
        assert told[f"gone-{who}"]["deleted"] is True
        (parting,) = told[f"parting-{who}"]["leaves"].values()
        assert parting["why"] == "撤回"
        (large,) = told[f"large-{who}"]["leaves"].values()
        assert large["_attachments"]["scan.txt"] == ("text/plain", 2, b64encode(LARGE).decode())
        (many,) = told[f"many-{who}"]["leaves"].values()
        assert len(many["_attachments"]) == 12
    assert len(told["same"]["leaves"]) == len(told["edited-there"]["leaves"]) == 2
    assert told["edited-there"]["deleted"] is False
    (files,) = told["files-there"]["leaves"].values()
    assert sorted(files["_attachments"]) == ["b/c.bin", "d.txt", "e.txt", "empty", "照片 1.jpg"]
