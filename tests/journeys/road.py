"""A road of three nodes for tests: what they are, and how an application is taken and acted on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from flask import Flask

from central.registry.enrolling import enrol_again, enrol_station
from central.registry.granting import grant
from fixtures.link_weak import WeakLink
from sync.blobs.storing import store_bytes
from sync.casework.errors import StillAbove
from sync.casework.show_material import show_material
from sync.custody.gathering import case_standing
from sync.custody.standing import Status
from sync.http_api.feeds import FeedGate
from sync.http_api.node_routes import mount_node
from sync.node.acts.current import current
from sync.node.acts.recording import Act, record
from sync.node.identity import describe, describe_centre, take_upstream
from sync.node.meeting.enrolment import enter_code
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.meeting.showing import Showing
from sync.node.meeting.signing import RequestSigner
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.node.road.relaying import Fetch
from sync.node.road.upward import Upward
from sync.node.vouching.statements import own_of
from sync.outbox.address import CouchAddress
from sync.records.clock import Quality, time_text
from sync.records.log import case_from_document
from sync.remote.transport import Sign
from sync.store.backup import restore
from sync.store.transaction import Transaction
from sync.values.documents import Document
from sync.web.serving import running
from tests.waiting import until

TOWNSHIP, VILLAGE = "990281101000", "990281101201"


class Road:
    """Three nodes; the village reaches the township over a link that a test may cut."""

    def __init__(
        self, directory: Path, stack: ExitStack, couch: CouchAddress | None = None, *, scheme: str = "http"
    ) -> None:
        """`couch` keeps the centre's documents; without it they are in its directory, as everybody else's."""
        self._stack, self._scheme = stack, scheme
        self.no_room = ""  # why nobody keeps a new photo
        self.centre = self._node(
            directory / "centre",
            lambda tx: describe_centre(tx, name="青溪县政务服务中心", region="990281000000"),
            couch,
        )
        self._centre_url = url = self.serve(self.centre, lambda request: grant(self.centre, request))
        self.township, self.township_up = self._station(directory / "township", TOWNSHIP, url)
        self.township_fetcher = self.fetcher(self.township, lambda: self.township_up)
        url = self.serve(self.township, self.township_up.relay_enrolment, self.township_fetcher.want)
        self.township_port = int(url.rpartition(":")[2])
        self.link = WeakLink(url.removeprefix(f"{scheme}://"))
        self.link.start()
        stack.callback(self.link.stop)
        self.village, self.village_up = self._station(
            directory / "village", VILLAGE, f"{scheme}://127.0.0.1:{self.link.port}"
        )

        self.village_fetcher = self.fetcher(self.village, lambda: self.village_up)

    def replace_township(self, directory: Path) -> str:
        """The township on a new machine with a key of its own, enrolled again; the address it is at now."""
        code = enrol_again(self.centre, self.township.identity.sid, by="acct:zhou")
        self.township, self.township_up = self._station(directory, TOWNSHIP, self._centre_url, code)
        return self.serve(self.township, self.township_up.relay_enrolment)

    def replace_village(self, directory: Path) -> None:
        """The village on a new machine with a key of its own, enrolled again."""
        code = enrol_again(self.centre, self.village.identity.sid, by="acct:zhou")
        url = f"{self._scheme}://127.0.0.1:{self.link.port}"
        self.village, self.village_up = self._station(directory, VILLAGE, url, code)

    def _station(
        self, directory: Path, region: str, upstream: str, code: EnrolmentCode | None = None
    ) -> tuple[Node, Upward]:
        node = self._node(directory, lambda tx: describe(tx, name=region, region=region, upstream=upstream))
        code = code or enrol_station(self.centre, name=f"{region} 站", region=region, by="acct:zhou")
        enter_code(node, str(code))
        upward = Upward(node, timeout_seconds=10)
        self._stack.callback(upward.close)
        return node, upward

    def keep(self, closing: Callable[[], object]) -> None:
        """Have something closed with the road."""
        self._stack.callback(closing)

    def fetcher(self, node: Node, upward: Callable[[], Upward]) -> Fetcher:
        """What brings a node the photos it lacks."""
        fetcher = Fetcher(node, lambda: upward().way, refused=lambda: self.no_room)
        self._stack.callback(fetcher.close)
        return fetcher

    def _node(self, directory: Path, told: Callable[[Transaction], None], couch: CouchAddress | None = None) -> Node:
        node = Node.found(directory, told, couch=couch)
        self._stack.callback(node.close)
        return node

    def serve(self, node: Node, enrol: Callable[[bytes], bytes], fetch: Fetch | None = None) -> str:
        """Have a node answer; gives its address."""
        app, feeds = Flask(node.identity.level), FeedGate()
        mount_node(app, node, enrol=enrol, feeds=feeds, fetch=fetch)
        self._stack.callback(feeds.close)
        port = self._stack.enter_context(running(app, tls=Showing(node)))
        return f"{self._scheme}://127.0.0.1:{port}"

    def run(self) -> None:
        """The township up, the village up, the township up, the village again for the receipts."""
        for upward in (self.township_up, self.village_up, self.township_up, self.village_up):
            upward.run()

    def hops(self, doc_id: str) -> list[tuple[Status, int]]:
        """What the village's screen may say, hop by hop."""
        node = self.village
        found = node.read(lambda reader: current(reader, node.documents, doc_id))
        assert found is not None
        events = case_from_document(found).events
        told = node.read(lambda reader: case_standing(reader, own_of(node.identity), node.identity.sid, events))
        return [(one.status, one.materials_held) for one in told]


@contextmanager
def without_a_network(directory: Path, couch: CouchAddress | None = None) -> Iterator[Road]:
    """Three nodes that met over a network once, when they were enrolled."""
    with ExitStack() as stack:
        road = Road(directory, stack, couch)
        road.run()
        road.link.down()
        yield road


def restored_centre(road: Road, backup: Path, directory: Path) -> Node:
    """The centre comes back from a backup, at another address."""
    restore(backup, directory, now_ms=road.centre.clock())
    restored = Node.open(directory)
    road.keep(restored.close)
    url = road.serve(restored, lambda request: grant(restored, request))
    road.township.rewrite_identity(lambda tx: take_upstream(tx, url))
    road.township_up = Upward(road.township, timeout_seconds=10)
    road.keep(road.township_up.close)
    for _ in range(3):
        road.run()
    return restored


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
    blobs = node.documents.database(f"blobs_{node.identity.sid}")

    def work(tx: Transaction) -> Document:
        if photo:
            blob = store_bytes(lambda documents: blobs.graft_in(tx, documents), photo, media_type="image/jpeg")
            fields["materials"] = [{"name": "身份证", "photos": [blob.reference()]}]
        act = Act(doc_id, "received", fields, "acct:wang", node.clock(), Quality.CONFIRMED)
        return record(tx, node.documents, node.identity, act)

    return node.write(work).id


def act(node: Node, doc_id: str, event_type: str) -> None:
    """Do something to a case."""
    told = Act(doc_id, event_type, {}, "acct:zhou", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, told))


def status(node: Node, doc_id: str) -> str:
    found = node.read(lambda reader: current(reader, node.documents, doc_id))
    return case_from_document(found).status if found else "absent"


def signed_by(node: Node) -> Sign:
    """What signs a transport's requests; in a block of counters of its own."""
    return RequestSigner(node).headers


def look(road: Road, doc_id: str) -> bytes:
    """A case's first photo at the village: looked for again and again, as the page does, until it is there."""
    seen: list[bytes] = []

    def come() -> bool:
        with suppress(StillAbove):
            seen.append(show_material(road.village, doc_id, 1, by="acct:wang", fetcher=road.village_fetcher).content)
        return bool(seen)

    until(come)
    return seen[0]
