"""Village, township and centre over real sockets: up with the record and the photo, down with the answer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from flask import Flask

from central.registry.enrolling import enrol_station
from central.registry.granting import grant
from fixtures.link_weak import WeakLink
from sync.blobs.reading import is_complete
from sync.blobs.storing import store_bytes
from sync.custody.gathering import case_standing
from sync.custody.standing import Status
from sync.errors import Forbidden, LinkError, NotFound
from sync.http_api.feeds import FeedGate
from sync.http_api.node_routes import mount_node
from sync.node.content import digest_of
from sync.node.enrolment import enter_code
from sync.node.identity import describe, describe_centre
from sync.node.node import Node
from sync.node.recording import Act, current, record
from sync.node.sharing import home_databases
from sync.node.signing import RequestSigner
from sync.node.statements import own_of
from sync.node.upward import Upward
from sync.records.clock import Quality, time_text
from sync.records.log import case_from_document
from sync.remote.database import RemoteDatabase, RemoteDatabases
from sync.remote.transport import Transport
from sync.store.ledger.set_aside import count_aside
from sync.store.transaction import Transaction
from sync.values.documents import Document
from sync.web.serving import running

TOWNSHIP, VILLAGE = "990281101000", "990281101201"
PHOTO = b"\xff\xd8" + bytes(range(256)) * 160


class Road:
    """Three nodes; the village reaches the township over a link that a test may cut."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self._stack = stack
        self.centre = self._node(
            directory / "centre", lambda tx: describe_centre(tx, name="青溪县政务服务中心", region="990281000000")
        )
        url = self._serve(self.centre, lambda request: grant(self.centre, request))
        self.township, self.township_up = self._station(directory / "township", TOWNSHIP, url)
        url = self._serve(self.township, self.township_up.relay_enrolment)
        self.link = WeakLink(url.removeprefix("http://"))
        self.link.start()
        stack.callback(self.link.stop)
        self.village, self.village_up = self._station(
            directory / "village", VILLAGE, f"http://127.0.0.1:{self.link.port}"
        )

    def _station(self, directory: Path, region: str, upstream: str) -> tuple[Node, Upward]:
        node = self._node(directory, lambda tx: describe(tx, name=region, region=region, upstream=upstream))
        enter_code(node, str(enrol_station(self.centre, name=f"{region} 站", region=region, by="acct:zhou")))
        upward = Upward(node, timeout_seconds=10)
        self._stack.callback(upward.close)
        return node, upward

    def _node(self, directory: Path, told: Callable[[Transaction], None]) -> Node:
        node = Node.found(directory, told)
        self._stack.callback(node.close)
        return node

    def _serve(self, node: Node, enrol: Callable[[bytes], bytes]) -> str:
        app, feeds = Flask(node.identity.level), FeedGate()
        mount_node(app, node, enrol=enrol, feeds=feeds)
        self._stack.callback(feeds.close)
        return f"http://127.0.0.1:{self._stack.enter_context(running(app))}"

    def run(self) -> None:
        """The township up, the village up, the township up, the village again for the receipts."""
        for upward in (self.township_up, self.village_up, self.township_up, self.village_up):
            upward.run()

    def hops(self, doc_id: str) -> list[tuple[Status, int]]:
        """What the village's screen may say, hop by hop."""
        node = self.village
        found = node.read(lambda reader: current(reader, node.engine, doc_id))
        assert found is not None
        events = case_from_document(found).events
        told = node.read(lambda reader: case_standing(reader, own_of(node.identity), node.identity.sid, events))
        return [(one.status, one.materials_held) for one in told]


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path, stack)


def take(node: Node, tail: str, *, photo: bytes = b"") -> str:
    """Take an application at a station."""
    doc_id = f"case:{node.identity.sid}-{tail}"
    fields: dict[str, object] = {
        "receipt_number": tail,
        "received_at": time_text(node.clock()),
        "item_name": "高龄津贴",
        "village_role": "受",
        "deciding_level": "county",
    }
    blobs = node.engine.database(f"blobs_{node.identity.sid}")

    def work(tx: Transaction) -> Document:
        if photo:
            blob = store_bytes(lambda documents: blobs.graft_in(tx, documents), photo, media_type="image/jpeg")
            fields["materials"] = [{"name": "身份证", "photos": [blob.reference()]}]
        act = Act(doc_id, "received", fields, "acct:wang", node.clock(), Quality.CONFIRMED)
        return record(tx, node.engine, node.identity, act)

    return node.write(work).id


def act(node: Node, doc_id: str, event_type: str) -> None:
    """Do something to a case."""
    told = Act(doc_id, event_type, {}, "acct:zhou", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.engine, node.identity, told))


def status(node: Node, doc_id: str) -> str:
    found = node.read(lambda reader: current(reader, node.engine, doc_id))
    return case_from_document(found).status if found else "absent"


def test_an_application_reaches_the_centre_and_the_answer_comes_back(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    assert road.hops(doc_id) == [(Status.HELD, 1)] * 3
    for event_type in ("accepted", "review_started", "approved"):
        act(road.centre, doc_id, event_type)
    road.run()
    assert [status(node, doc_id) for node in (road.village, road.township, road.centre)] == ["approved"] * 3
    assert road.hops(doc_id) == [(Status.HELD, 1)] * 3
    sid = road.village.identity.sid
    digests = {
        digest_of([node.engine.database(name) for name in home_databases([sid])])
        for node in (road.village, road.township, road.centre)
    }
    assert len(digests) == 1
    assert digests.pop().blobs == 1


def test_nothing_is_claimed_that_no_receipt_says(road: Road) -> None:
    road.township_up.run()
    road.village_up.run()
    doc_id = take(road.village, "one", photo=PHOTO)
    road.village_up.run()
    assert road.hops(doc_id) == [(Status.HELD, 1), (Status.HELD, 1), (Status.NOT_YET, 0)]


def test_a_thousand_idle_exchanges_move_nothing_and_write_nothing(road: Road) -> None:
    take(road.village, "one", photo=PHOTO)
    road.run()
    road.run()
    before = [_state(node) for node in (road.village, road.township, road.centre)]
    costs = [road.village_up.run().traffic for _ in range(1000)]
    assert [_state(node) for node in (road.village, road.township, road.centre)] == before
    assert {cost.round_trips for cost in costs} == {1}


def _state(node: Node) -> object:
    names = node.databases.names()
    sizes = {path.name: path.stat().st_size for path in node.engine.directory.iterdir() if path.is_file()}
    sizes = {name: size for name, size in sizes.items() if not name.endswith("-shm")}
    return [(name, node.engine.database(name).info()) for name in names], sizes


def test_a_cut_link_raises_and_the_next_run_goes_on(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.township_up.run()
    road.link.down()
    with pytest.raises(LinkError):
        road.village_up.run()
    road.link.up()
    road.run()
    assert status(road.centre, doc_id) == "received"
    sid = road.village.identity.sid
    fields = case_from_document(road.centre.read(lambda r: current(r, road.centre.engine, doc_id))).fields
    root = fields["materials"][0]["photos"][0]["blob"]
    assert is_complete(road.centre.engine.database(f"blobs_{sid}"), root)


def test_what_two_levels_did_unseen_by_each_other_is_merged_alike_everywhere(road: Road) -> None:
    doc_id = take(road.village, "one")
    road.run()
    act(road.centre, doc_id, "accepted")
    act(road.village, doc_id, "withdrawn")
    road.run()
    road.run()
    nodes = (road.village, road.township, road.centre)
    trees = {node.engine.database(f"station_{road.village.identity.sid}").tree(doc_id) for node in nodes}
    assert len(trees) == 1
    (tree,) = trees
    assert tree is not None
    assert tree.conflicts() == ()
    seqs = [node.engine.database(f"station_{road.village.identity.sid}").info().update_seq for node in nodes]
    road.run()
    assert seqs == [node.engine.database(f"station_{road.village.identity.sid}").info().update_seq for node in nodes]


def test_a_village_sees_no_other_stations_databases(road: Road) -> None:
    road.run()
    couch = Transport(f"http://127.0.0.1:{road.link.port}/couch", sign=signed_by(road.village))
    sid = road.township.identity.sid
    assert RemoteDatabases(couch).names() == sorted([*home_databases([road.village.identity.sid]), "public"])
    with pytest.raises(NotFound):
        RemoteDatabase(couch, f"station_{sid}").info()
    couch.close()


def test_a_village_cannot_write_in_the_centres_name(road: Road) -> None:
    doc_id = take(road.village, "one")
    road.run()
    act(road.centre, doc_id, "accepted")
    found = road.centre.read(lambda reader: current(reader, road.centre.engine, doc_id))
    assert isinstance(found, Document)
    couch = Transport(f"http://127.0.0.1:{road.link.port}/couch", sign=signed_by(road.village))
    (outcome,) = RemoteDatabase(couch, f"station_{road.village.identity.sid}").graft([found])
    couch.close()
    assert isinstance(outcome.error, Forbidden)
    assert status(road.township, doc_id) == "received"
    assert road.township.read(count_aside) == 1


@pytest.mark.parametrize("path", ["/exchange", "/couch/_all_dbs", "/couch/public/_changes"])
def test_a_stranger_is_turned_away(road: Road, path: str) -> None:
    url = f"http://127.0.0.1:{road.link.port}{path}"
    method = "POST" if path == "/exchange" else "GET"
    for header in (
        {},
        {"Authorization": "Yizhan writer=a, life=b, counter=1, signature=c"},
        {"Authorization": "Basic eA=="},
    ):
        answer = requests.request(method, url, headers=header, data=b"{}", timeout=10)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")


def test_a_signed_request_is_believed_once(road: Road) -> None:
    road.run()
    sign = RequestSigner(road.village)
    told = {"Authorization": sign.sign("GET", "/couch/_all_dbs", b"")}
    url = f"http://127.0.0.1:{road.link.port}/couch/_all_dbs"
    assert [requests.get(url, headers=told, timeout=10).status_code for _ in range(2)] == [200, 401]


def signed_by(node: Node) -> Callable[[str, str, bytes], dict[str, str]]:
    """What signs a transport's requests; in a block of counters of its own."""
    signer = RequestSigner(node)
    return lambda method, target, body: {"Authorization": signer.sign(method, target, body)}
