"""Our server as the one who replicates: with itself, another of ours, pouchdb-server and a live CouchDB."""

import os
import re
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.peers.conftest import ROOT
from tests.peers.living import UNUSUAL_IDS, Place, census, live

ADMIN = ("chen", "p@ss:w0rd")
_SECONDS = 60


class Server:
    """Our server as a process that can be killed and started again where it was."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: subprocess.Popen[str] | None = None
        self._port = 0
        self.start()

    @property
    def address(self) -> str:
        """With name and password."""
        return f"http://{ADMIN[0]}:{requests.utils.quote(ADMIN[1], safe='')}@127.0.0.1:{self._port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "sync.commands.main", "couch", "serve", "--data", str(self._directory)]
        self._process = subprocess.Popen(
            [*command, "--port", str(self._port)],
            cwd=ROOT,
            env={**os.environ, "YIZHAN_ADMIN": ":".join(ADMIN)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        found = re.search(r":(\d+)/", self._process.stdout.readline())
        assert found, "the server did not say where it is"
        self._port = int(found[1])

    def end(self, number: int = signal.SIGTERM) -> float:
        """Send a signal and wait; how many seconds it took."""
        if self._process is None:
            return 0.0
        process, self._process = self._process, None
        begun = time.monotonic()
        process.send_signal(number)
        process.wait(_SECONDS)
        assert process.stdout
        process.stdout.close()
        return time.monotonic() - begun

    def ask(self, method: str, path: str, json: Any = None, status: int | None = None) -> Any:
        answer = requests.request(method, f"{self.address}/{path}", json=json, timeout=_SECONDS)
        assert answer.ok if status is None else answer.status_code == status, answer.text
        return answer.json()

    def make(self, name: str = "") -> Place:
        """A new database."""
        name = name or f"db-{uuid4().hex[:12]}"
        self.ask("PUT", name)
        return Place(f"{self.address}/{name}")

    def state(self, doc_id: str) -> Any:
        """How a document's job stands."""
        return self.ask("GET", f"_scheduler/docs/_replicator/{doc_id}")["state"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The one whose jobs these are."""
    server = Server(tmp_path / "server")
    yield server
    server.end()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Server]:
    """Another of ours."""
    server = Server(tmp_path / "other")
    yield server
    server.end()


PEERS = [
    "yizhan",
    pytest.param("pouchdb-server", marks=pytest.mark.node),
    pytest.param("couchdb", marks=pytest.mark.couchdb),
]


@pytest.fixture(params=PEERS)
def theirs(request: pytest.FixtureRequest, fresh: Callable[[str], str]) -> Iterator[Place]:
    """An empty database at a server of each kind."""
    if request.param == "yizhan":
        place = request.getfixturevalue("other").make()
    elif request.param == "pouchdb-server":
        place = Place(fresh(request.getfixturevalue("pouchdb_server")))
    else:
        place = Place(fresh(os.environ["COUCHDB_URL"].rstrip("/")))
    yield place
    place.close()


def test_once_each_way_and_both_ends_are_equal(server: Server, theirs: Place, request: pytest.FixtureRequest) -> None:
    ours = server.make("ours")
    whole = "pouchdb-server" not in request.node.name  # it does not keep all that two writers can live through
    for place, who in ((ours, "here"), (theirs, "there")):
        if whole:
            live(place, who)
        else:
            for number in range(30):
                place.put(f"{who}-{number}", {"n": number})
            place.edit(f"{who}-1", n=-1)
            place.remove(f"{who}-2")
    there = server.ask("POST", "_replicate", {"source": "ours", "target": theirs.address})
    back = server.ask("POST", "_replicate", {"source": theirs.address, "target": "ours"})
    for told in (there, back):
        entry = told["history"][0]
        assert entry["docs_written"] == entry["docs_read"] >= (len(UNUSUAL_IDS) if whole else 30)
        assert entry["doc_write_failures"] == 0
    assert _leaves(ours) == _leaves(theirs)
    if whole:
        assert census(ours) == census(theirs)
    again = {"source": "ours", "target": theirs.address}
    assert server.ask("POST", "_replicate", again)["history"][0]["docs_read"] == 0
    assert server.ask("POST", "_replicate", again)["no_changes"]


def test_two_that_go_on_carry_what_is_written_until_they_are_cancelled(server: Server, theirs: Place) -> None:
    ours = server.make("ours")
    ways = [
        {"source": "ours", "target": theirs.address, "continuous": True},
        {"source": theirs.address, "target": "ours", "continuous": True},
    ]
    ids = [server.ask("POST", "_replicate", way, 202)["_local_id"] for way in ways]
    ours.put("here", {"n": 1})
    theirs.put("there", {"n": 1})
    _eventually(lambda: sorted(_leaves(ours)) == sorted(_leaves(theirs)) == ["here", "there"])
    ours.edit("there", n=2)
    theirs.remove("here")
    _eventually(lambda: _leaves(ours) == _leaves(theirs) and _leaves(ours)["there"][0].startswith("2-"))
    assert sorted(task["replication_id"] for task in server.ask("GET", "_active_tasks")) == sorted(ids)
    begun = time.monotonic()
    server.ask("POST", "_replicate", {"replication_id": ids[0], "cancel": True})
    server.ask("POST", "_replicate", {**ways[1], "cancel": True})
    assert time.monotonic() - begun < 10
    ours.put("after", {})
    theirs.put("late", {})
    assert server.ask("GET", "_scheduler/jobs")["jobs"] == []
    server.ask("POST", "_replicate", {"replication_id": ids[0], "cancel": True}, 404)
    assert "after" not in _leaves(theirs)
    assert "late" not in _leaves(ours)


def test_a_job_survives_its_server_and_sends_nothing_again(server: Server, theirs: Place) -> None:
    ours = server.make("ours")
    ours.ask("POST", "_bulk_docs", {"docs": [{"_id": f"d{number:04}", "n": number} for number in range(300)]})
    server.ask("PUT", "_replicator/up", {"source": "ours", "target": theirs.address, "continuous": True})
    _eventually(lambda: len(_leaves(theirs)) == 300)
    seq = ours.ask("GET", "")["update_seq"]
    _eventually(lambda: server.ask("GET", "_active_tasks")[0]["checkpointed_source_seq"] == seq)
    server.end(signal.SIGKILL)
    server.start()
    ours.put("later", {"n": 1})
    _eventually(lambda: "later" in _leaves(theirs))
    (task,) = server.ask("GET", "_active_tasks")
    assert (task["doc_id"], task["revisions_checked"], task["docs_read"]) == ("up", 1, 1)
    assert server.state("up") == "running"
    assert server.end() < 8  # a job that waits for a change does not hold the server up


def test_a_target_that_died_is_waited_for_and_found_again(server: Server, other: Server) -> None:
    ours, theirs = server.make("ours"), other.make("theirs")
    server.ask("PUT", "_replicator/up", {"source": "ours", "target": theirs.address, "continuous": True})
    ours.put("first", {})
    _eventually(lambda: "first" in _leaves(theirs))
    other.end(signal.SIGKILL)
    ours.put("second", {})
    _eventually(lambda: server.state("up") == "crashing")
    up = "_scheduler/docs/_replicator/up"
    row = server.ask("GET", up)
    assert row["error_count"] > 0
    assert ADMIN[1] not in str(row)
    # The first error may be of the connection that the death cut in mid-answer.
    _eventually(lambda: "nobody listens there" in server.ask("GET", up)["info"]["error"])
    other.start()
    _eventually(lambda: server.state("up") == "running")
    _eventually(lambda: "second" in _leaves(theirs))
    # The document is there a moment before its job hears that it arrived.
    _eventually(lambda: server.ask("GET", up)["error_count"] == 0)


def test_a_job_that_is_done_says_so_and_is_not_done_again(server: Server, theirs: Place) -> None:
    ours = server.make("ours")
    theirs.put("a", {})
    server.ask("PUT", "_replicator/once", {"source": theirs.address, "target": "ours"})
    _eventually(lambda: server.state("once") == "completed")
    told = server.ask("GET", "_replicator/once")
    assert (told["owner"], told["_replication_stats"]["docs_written"]) == (ADMIN[0], 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["_replication_state_time"])
    server.end(signal.SIGKILL)
    theirs.put("b", {})
    server.start()
    _eventually(lambda: server.ask("GET", "_scheduler/docs")["docs"][0]["state"] == "completed")
    assert sorted(_leaves(ours)) == ["a"]


def test_documents_one_end_refuses_are_counted_and_the_others_arrive(server: Server, other: Server) -> None:
    ours = server.make("ours")
    for number in range(5):
        ours.put(f"org.couchdb.user:u{number}", {"name": f"u{number}", "roles": [], "type": "user", "password": "x"})
    ours.put("no user", {})
    ours.put("org.couchdb.user:wrong", {"name": "somebody else", "roles": [], "type": "user"})
    told = server.ask("POST", "_replicate", {"source": "ours", "target": f"{other.address}/_users"})
    entry = told["history"][0]
    assert (entry["docs_read"], entry["docs_written"], entry["doc_write_failures"]) == (7, 5, 2)


@pytest.mark.couchdb
def test_documents_couchdb_refuses_are_counted_and_the_others_arrive(
    server: Server, fresh: Callable[[str], str]
) -> None:
    ours, theirs = server.make("ours"), Place(fresh(os.environ["COUCHDB_URL"].rstrip("/")))
    rule = "function(doc) { if (doc.poison) throw({forbidden: 'not this one'}); }"
    theirs.put("_design/rules", {"validate_doc_update": rule})
    for number in range(20):
        ours.put(f"d{number}", {"poison": number == 7})
    told = server.ask("POST", "_replicate", {"source": "ours", "target": theirs.address})
    entry = told["history"][0]
    assert (entry["docs_read"], entry["docs_written"], entry["doc_write_failures"]) == (20, 19, 1)
    theirs.close()


@pytest.mark.parametrize("peer", ["yizhan", pytest.param("couchdb", marks=pytest.mark.couchdb)])
def test_only_what_fits_a_selector_is_carried(
    server: Server, other: Server, fresh: Callable[[str], str], peer: str
) -> None:
    theirs = other.make() if peer == "yizhan" else Place(fresh(os.environ["COUCHDB_URL"].rstrip("/")))
    server.make("ours"), server.make("back")
    theirs.ask("POST", "_bulk_docs", {"docs": [{"_id": f"d{number}", "n": number} for number in range(20)]})
    asked = {"selector": {"n": {"$gte": 15}}}
    told = server.ask("POST", "_replicate", {"source": theirs.address, "target": "ours", **asked})
    assert (told["history"][0]["missing_checked"], told["history"][0]["docs_written"]) == (5, 5)
    ours = Place(f"{server.address}/ours")
    assert sorted(_leaves(ours)) == ["d15", "d16", "d17", "d18", "d19"]
    theirs.close()


def test_the_python_client_replicates(server: Server, other: Server) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package is of another time
        import couchdb

        client = couchdb.Server(server.address)
    source = client.create("a")
    source["x"] = {"n": 1}
    other.make("b")
    told = client.replicate("a", f"{other.address}/b")
    assert told["ok"]
    assert told["history"][0]["docs_written"] == 1
    job = client.replicate("a", f"{other.address}/b", continuous=True)
    _eventually(lambda: [task["replication_id"] for task in client.tasks()] == [job["_local_id"]])
    source["y"] = {"n": 2}
    _eventually(lambda: "y" in _leaves(Place(f"{other.address}/b")))
    assert client.replicate("a", f"{other.address}/b", continuous=True, cancel=True)["ok"]
    assert client.tasks() == []
    with pytest.raises(couchdb.ResourceNotFound):
        client.replicate("a", "none")


def _leaves(place: Place) -> dict[str, list[str]]:
    rows = place.ask("GET", "_changes?style=all_docs")["results"]
    return {row["id"]: sorted(change["rev"] for change in row["changes"]) for row in rows}


def _eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < until, f"not within {_SECONDS} s"
        time.sleep(0.1)
