"""One database to another server and back, told without asking; where that cannot be, by CouchDB's protocol."""

import random
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest
import requests

from fixtures.link_weak import WeakLink
from sync.database import Database
from sync.errors import Forbidden, LinkError, NotFound, UnsupportedType
from sync.http_api.api import create_app
from sync.remote.database import RemoteDatabase
from sync.replication.conveying import carry
from sync.replication.replicate import replicate
from sync.replication.report import Report
from sync.store.memory import MemoryDatabases
from sync.values.changes import Span
from sync.values.documents import Edit, Outcome
from sync.web.serving import running
from sync.wire.attachments import attachment
from sync.wire.conversation import LARGEST_TOLD_BYTES, Kind, write_conversation
from sync.wire.stream import CONTENT_TYPE, packed
from tests.contract.documents import put
from tests.faults.replication.replicas import contents, write_history


class Two:
    """A database here, and one that is served."""

    def __init__(self, way: str, url: str, served: MemoryDatabases) -> None:
        self.way, self.url, self.served = way, url, served
        self.here = MemoryDatabases().create("here")
        served.create("far")

    @property
    def far(self) -> Database:
        return self.served.open("far")

    @property
    def source(self) -> Database:
        return self.here if self.way == "push" else self.far

    @property
    def target(self) -> Database:
        return self.far if self.way == "push" else self.here

    def carry(self) -> Report:
        """Over a connection of its own, as a command would; raises what ended it."""
        with self._remote() as remote:
            return carry(*((self.here, remote) if self.way == "push" else (remote, self.here))).checked()

    def compare(self) -> None:
        """By CouchDB's protocol."""
        with self._remote() as remote:
            replicate(*((self.here, remote) if self.way == "push" else (remote, self.here))).checked()

    def must_be_equal(self) -> None:
        assert contents(self.target) == contents(self.source)

    @contextmanager
    def _remote(self) -> Iterator[RemoteDatabase]:
        remote = RemoteDatabase.at(f"{self.url}/far")
        try:
            yield remote
        finally:
            remote.close()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, MemoryDatabases]]:
    databases = MemoryDatabases()
    with running(create_app(databases, uuid="test"), threads=4) as port:
        yield f"http://127.0.0.1:{port}", databases


@pytest.fixture(params=["push", "pull"])
def two(request: pytest.FixtureRequest, served: tuple[str, MemoryDatabases]) -> Iterator[Two]:
    two = Two(request.param, *served)
    yield two
    served[1].destroy("far")


def test_a_history_with_conflicts_tombstones_and_files_crosses_in_one_round_trip(two: Two) -> None:
    write_history(two.source, documents=40, seed=4)
    report = two.carry()
    assert (report.round_trips, report.docs_written) == (1, report.docs_read)
    two.must_be_equal()
    again = two.carry()
    assert (again.round_trips, again.docs_read) == (1, 0)
    assert again.bytes_sent + again.bytes_received < 1000


def test_of_much_a_server_of_which_nothing_is_known_is_asked_before_it_is_told(two: Two) -> None:
    write_history(two.source, documents=200, seed=4)
    report = two.carry()
    assert (report.round_trips, report.docs_written) == (2 if two.way == "push" else 1, report.docs_read)
    two.must_be_equal()
    put(two.source, "new")
    assert two.carry().round_trips == 1


def test_a_server_that_hangs_up_on_what_it_does_not_understand_is_asked_in_few_words() -> None:
    """A CouchDB answers 400 and closes while it is being told; over a slow link its answer is lost by that."""
    here = MemoryDatabases().create("here")
    write_history(here, documents=40, seed=4)
    with hanging_up() as (port, asked), closing(RemoteDatabase.at(f"http://127.0.0.1:{port}/far")) as far:
        with pytest.raises(NotFound):
            carry(here, far).checked()
        assert asked[:2] == ["POST /far/_exchange"] * 2
        assert asked[2].startswith("GET /far/_local/")


@contextmanager
def hanging_up() -> Iterator[tuple[int, list[str]]]:
    """A server that has nothing, and hangs up unheard on whoever sends it more than it reads at once."""
    asked: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(0.2)
                    heard = b""
                    with suppress(TimeoutError):
                        while len(heard) < 2_000:
                            heard += connection.recv(2_000)
                    asked.append(heard.partition(b" HTTP/")[0].decode())
                    if len(heard) < 2_000:
                        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 21\r\nConnection: close\r\n\r\n")
                        connection.sendall(b'{"error":"not_found"}')
                    else:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_what_changed_since_is_told_and_nothing_else(two: Two) -> None:
    write_history(two.source, documents=50, seed=4)
    two.carry()
    put(two.source, "new")
    report = two.carry()
    assert (report.round_trips, report.docs_read, report.docs_written) == (1, 1, 1)
    two.must_be_equal()


def test_more_than_one_exchange_holds_takes_several(two: Two) -> None:
    for number in range(30):
        put(two.source, f"d{number}", text="x" * 100_000)
    report = two.carry()
    assert 2 < report.round_trips < 10
    assert report.docs_read == 30
    two.must_be_equal()


def test_a_target_that_has_documents_already_is_compared_and_then_told(two: Two) -> None:
    write_history(two.source, documents=300, seed=4)
    two.compare()
    put(two.source, "new")
    two.carry()
    two.must_be_equal()
    put(two.source, "newer")
    report = two.carry()
    assert (report.round_trips, report.docs_read) == (1, 1)
    two.must_be_equal()


def test_a_target_made_anew_gets_everything_once_more(two: Two) -> None:
    write_history(two.source, documents=50, seed=4)
    two.carry()
    if two.way == "push":
        two.served.destroy("far")
        two.served.create("far")
    else:
        two.here = MemoryDatabases().create("here")
    two.carry()
    two.must_be_equal()


def test_a_target_put_back_to_what_it_was_gets_what_it_lost(two: Two) -> None:
    if two.way == "pull":
        pytest.skip("whoever pulls keeps its own position, and it goes back with the rest")
    write_history(two.source, documents=50, seed=4)
    two.carry()
    earlier = MemoryDatabases().create("far")
    replicate(two.far, earlier)
    notes = {one.id: one.body for one in two.far.list_local(Span())}
    put(two.source, "lost")
    two.carry()
    two.served.destroy("far")
    again = two.served.create("far")
    replicate(earlier, again)
    for local_id, body in notes.items():
        again.write_local(local_id, body)
    report = two.carry()
    assert report.docs_read == 1
    two.must_be_equal()


def test_what_no_frame_holds_goes_by_the_other_protocol_and_nothing_is_left_behind(two: Two) -> None:
    film = attachment("film", "video/mp4", bytes(LARGEST_TOLD_BYTES + 1), generation=1)
    put(two.source, "before")
    two.source.write([Edit("large", None, b"{}", attachments=(film,))])
    put(two.source, "behind")
    two.carry()
    two.must_be_equal()
    put(two.source, "later")
    assert two.carry().docs_read == 1
    two.must_be_equal()


def test_a_server_that_does_not_understand_is_asked_once_and_not_again(two: Two) -> None:
    databases = MemoryDatabases()
    databases.create("far")
    asked: list[str] = []
    app = create_app(databases, uuid="old")

    def old(environ, start_response):
        asked.append(environ["PATH_INFO"])
        if asked[-1].endswith("/_exchange"):
            start_response("405 Method Not Allowed", [("Content-Type", "application/json"), ("Content-Length", "2")])
            return [b"{}"]
        return app(environ, start_response)

    two.served = databases
    with running(old, threads=2) as port:
        two.url = f"http://127.0.0.1:{port}"
        for text in ("first", "second"):
            put(two.source, text)
            two.carry()
            two.must_be_equal()
    assert asked.count("/far/_exchange") == 1


def test_a_server_without_our_dictionary_is_told_without_and_is_no_stranger(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.http_api.conveying.dictionary_of", lacking_all)
    put(two.source, "first")
    assert two.carry().round_trips == 2
    two.must_be_equal()
    put(two.source, "second")
    report = two.carry()
    assert (report.round_trips, report.docs_read) == (2, 1)
    two.must_be_equal()


def lacking_all(content_type: str) -> None:
    if ";" in content_type:
        raise UnsupportedType("this node has not got that dictionary")


@pytest.mark.parametrize("cut_after_bytes", [40_000, 70_000])
def test_over_a_link_that_is_cut_all_the_time_all_arrives_and_little_is_sent_twice(
    two: Two, cut_after_bytes: int
) -> None:
    chance = random.Random(8)
    for number in range(400):
        put(two.source, f"d{number}", text=f"{chance.getrandbits(8000):x}")
    with WeakLink(two.url.removeprefix("http://"), rate_kbit=2000, cut_after_bytes=cut_after_bytes) as link:
        two.url = f"http://127.0.0.1:{link.port}"
        sent = 0
        for _ in range(100):
            try:
                two.carry()
                break
            except LinkError:
                sent += 1
        cuts, crossed = link.cuts, link.bytes_up + link.bytes_down
    two.must_be_equal()
    assert cuts > 4
    # What was under way when it was cut, and what stands between two marks.
    assert crossed < 400 * 1100 + cuts * 32_000, f"{crossed} bytes in {sent} runs"


def test_what_is_refused_is_reported_and_delays_nothing(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = put(two.source, "bad")
    put(two.source, "good")
    graft = type(two.target).graft

    def refusing(self, documents):
        outcomes = graft(self, [one for one in documents if one.id != "bad"])
        refused = [Outcome("bad", bad, Forbidden("not here")) for one in documents if one.id == "bad"]
        by_id = {one.id: one for one in (*outcomes, *refused)}
        return [by_id[one.id] for one in documents]

    monkeypatch.setattr(type(two.target), "graft", refusing)
    report = two.carry()
    assert [(one.id, one.reason) for one in report.refused] == [("bad", "not here")]
    assert (report.docs_read, report.docs_written) == (2, 1)
    assert two.carry().docs_read == 0


def test_from_one_server_to_another_it_is_told_by_the_copier(two: Two) -> None:
    near = two.served.create("near")
    write_history(near, documents=40, seed=4)
    with closing(RemoteDatabase.at(f"{two.url}/near")) as source, closing(RemoteDatabase.at(f"{two.url}/far")) as far:
        report = carry(source, far).checked()
        assert contents(two.far) == contents(near)
        assert far.meter.reading.round_trips == 1
        assert report.docs_written == report.docs_read
    two.served.destroy("near")


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"heard":1}', b'{"pairing":"","since":"0"}', b'{"pairing":"a/b","since":"0"}']
)
def test_a_proposal_that_makes_no_sense_is_refused(two: Two, body: bytes) -> None:
    stream = b"".join(packed(write_conversation(Kind.OFFER, body, ())))
    told = requests.post(f"{two.url}/far/_exchange", data=stream, headers={"Content-Type": CONTENT_TYPE}, timeout=10)
    assert (told.status_code, told.json()["error"]) == (400, "bad_request")
    assert two.far.info().doc_count == 0


def test_json_is_not_what_this_address_takes(two: Two) -> None:
    told = requests.post(f"{two.url}/far/_exchange", json={}, timeout=10)
    assert told.status_code == 415
