"""Village, township and centre over real sockets: up with the record and the photo, down with the answer."""

import json
from random import Random

import pytest
import requests

from fixtures.catalogue import publish_texts
from fixtures.county import text
from sync.blobs.reading import is_complete
from sync.blobs.storing import store_bytes
from sync.custody.seals import SEAL
from sync.custody.standing import Status
from sync.errors import Forbidden, LinkError, NotFound
from sync.node.acts.current import current
from sync.node.heard_time import AGREEMENT_MS, HEARD, note_heard_time
from sync.node.meeting.signing import RequestSigner
from sync.node.node import Node
from sync.node.own_clock import read_clock
from sync.node.road.hearing import sightings
from sync.node.sharing import home_databases
from sync.node.vouching.content import digest_of
from sync.records.clock import Quality
from sync.records.log import case_from_document
from sync.remote.database import RemoteDatabase, RemoteDatabases
from sync.remote.transport import Transport
from sync.replication.pace import Limits
from sync.replication.replicate import Replicator
from sync.replication.report import Options
from sync.store.ledger.custody import statements_of
from sync.store.ledger.set_aside import count_aside
from sync.store.ledger.settings import setting
from sync.values.documents import Document, Edit
from sync.values.json_text import dump
from sync.wire.conversation import Kind
from sync.wire.frames import write_frame
from sync.wire.packing import HARD, QUICK, Effort
from sync.wire.stream import CONTENT_TYPE, packed
from tests.journeys.road import Road, act, signed_by, status, take

PHOTO = b"\xff\xd8" + bytes(range(256)) * 160


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
        digest_of([node.documents.database(name) for name in home_databases([sid])])
        for node in (road.village, road.township, road.centre)
    }
    assert len(digests) == 1
    assert digests.pop().blobs == 1


def test_a_village_without_work_is_heard_at_the_centre_because_its_township_says_so(road: Road) -> None:
    road.run()
    road.township_up.run()
    village = road.village.identity
    assert road.centre.read(sightings).keys() == {village.sid}
    assert not road.centre.read(lambda reader: statements_of(reader, SEAL, (village.writer,)))


def test_nothing_is_claimed_that_no_receipt_says(road: Road) -> None:
    road.township_up.run()
    road.village_up.run()
    doc_id = take(road.village, "one", photo=PHOTO)
    road.village_up.run()
    assert road.hops(doc_id) == [(Status.HELD, 1), (Status.HELD, 1), (Status.NOT_YET, 0)]


def test_hundreds_of_idle_exchanges_move_nothing_and_write_nothing(road: Road) -> None:
    take(road.village, "one", photo=PHOTO)
    road.run()
    road.run()
    before = [_state(node) for node in (road.village, road.township, road.centre)]
    costs = [road.village_up.run().traffic for _ in range(300)]
    assert [_state(node) for node in (road.village, road.township, road.centre)] == before
    assert {cost.round_trips for cost in costs} == {1}


def test_a_quick_link_makes_an_idle_exchange_no_longer(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """What there is much of is packed quickly then; a link that was quick once may be weak now."""
    costs = dict[Effort, int]()
    for number, effort in enumerate((HARD, QUICK)):
        monkeypatch.setattr("sync.remote.talking.effort_for", lambda _bits_per_second, effort=effort: effort)
        take(road.village, ("one", "two")[number], photo=PHOTO[:2] + Random(number).randbytes(60_000))
        road.run()
        road.run()
        costs[effort] = road.village_up.run().traffic.bytes_sent
    assert abs(costs[QUICK] - costs[HARD]) <= 12, "a figure more costs so much, as it falls"


def _state(node: Node) -> object:
    """Every database in numbers, and how many rows the writer has changed so far.

    Not the sizes of files: a log that nobody adds to is moved into the file in its own time.
    """
    changed = node.engine.write(lambda tx: tx.execute("SELECT total_changes()"))
    return [node.documents.database(name).info() for name in node.databases.names()], changed


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
    fields = case_from_document(road.centre.read(lambda r: current(r, road.centre.documents, doc_id))).fields
    root = fields["materials"][0]["photos"][0]["blob"]
    assert is_complete(road.centre.documents.database(f"blobs_{sid}"), root)


def test_what_two_levels_did_unseen_by_each_other_is_merged_alike_everywhere(road: Road) -> None:
    doc_id = take(road.village, "one")
    road.run()
    act(road.centre, doc_id, "accepted")
    act(road.village, doc_id, "withdrawn")
    road.run()
    road.run()
    nodes = (road.village, road.township, road.centre)
    trees = {node.documents.database(f"station_{road.village.identity.sid}").tree(doc_id) for node in nodes}
    assert len(trees) == 1
    (tree,) = trees
    assert tree is not None
    assert tree.conflicts() == ()
    seqs = [node.documents.database(f"station_{road.village.identity.sid}").info().update_seq for node in nodes]
    road.run()
    assert seqs == [node.documents.database(f"station_{road.village.identity.sid}").info().update_seq for node in nodes]


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
    found = road.centre.read(lambda reader: current(reader, road.centre.documents, doc_id))
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
    method, body = "GET", b""
    if path == "/exchange":
        method, body = "POST", b"".join(packed([(write_frame(Kind.OFFER, b"{}"), True)]))
    for header in (
        {},
        {"Authorization": "Yizhan writer=a, life=b, counter=1, signature=c"},
        {"Authorization": "Basic eA=="},
    ):
        answer = requests.request(method, url, headers={"Content-Type": CONTENT_TYPE, **header}, data=body, timeout=10)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")


def test_a_signed_request_is_believed_once(road: Road) -> None:
    road.run()
    sign = RequestSigner(road.village)
    told = {"Authorization": sign.sign("GET", "/couch/_all_dbs", b"")}
    url = f"http://127.0.0.1:{road.link.port}/couch/_all_dbs"
    assert [requests.get(url, headers=told, timeout=10).status_code for _ in range(2)] == [200, 401]


def test_a_node_of_before_that_names_no_body_brings_three_megabytes_of_photos_all_the_same(road: Road) -> None:
    road.run()
    name = f"blobs_{road.village.identity.sid}"
    ours = road.village.documents.database(name)
    photo = Random(7).randbytes(3 << 20)
    road.village.write(lambda tx: store_bytes(lambda documents: ours.graft_in(tx, documents), photo, media_type="a/b"))
    sizes: list[int] = []
    signed = signed_by(road.village)

    def sign(method: str, target: str, body: bytes) -> dict[str, str]:
        sizes.append(len(body))
        return signed(method, target, body)

    couch = Transport(f"http://127.0.0.1:{road.link.port}/couch", sign=sign)
    once = Limits(first_documents=500, first_bytes=4_000_000)
    report = Replicator(ours, RemoteDatabase(couch, name), options=Options("ours", "theirs", limits=once)).run()
    couch.close()
    assert max(sizes) > 2 << 20  # sent as one, refused, and halved
    assert report.refused == ()
    assert road.township.documents.database(name).info().doc_count == ours.info().doc_count > 190


def test_the_clock_above_vouches_for_ours_when_they_agree(road: Road) -> None:
    assert road.village.read(lambda reader: setting(reader, HEARD)) is None
    road.run()
    heard = int(road.village.read(lambda reader: setting(reader, HEARD)) or 0)
    assert abs(heard - road.village.clock()) < AGREEMENT_MS
    assert road.village.read(lambda reader: read_clock(reader, heard)).quality is Quality.HEARD


def test_a_clock_that_disagrees_with_the_one_above_is_not_vouched_for(road: Road) -> None:
    road.run()
    before = road.village.read(lambda reader: setting(reader, HEARD))
    told = road.village.write(lambda tx: note_heard_time(tx, now_ms=int(before or 0) + AGREEMENT_MS + 1, told_ms=0))
    assert told is False
    assert road.village.read(lambda reader: setting(reader, HEARD)) == before


def test_the_centres_catalogue_comes_down_and_a_newer_version_replaces_it(road: Road) -> None:
    whole = json.loads(text("items.json"))
    publish_texts(road.centre, dump(whole))
    road.village.catalogue.bring(dump(whole))  # brought by hand before there was a network
    road.run()
    assert road.village.catalogue.items().keys() == road.centre.catalogue.items().keys()
    assert road.village.documents.database("public").tree("item:QX-MZ-0024").conflicts() == ()
    whole["items"][0]["version"] += 1
    publish_texts(road.centre, dump(whole))
    road.run()
    code = whole["items"][0]["code"]
    assert road.village.catalogue.items()[code].version == whole["items"][0]["version"]


def test_a_village_cannot_publish_a_catalogue(road: Road) -> None:
    road.run()
    couch = Transport(f"http://127.0.0.1:{road.link.port}/couch", sign=signed_by(road.village))
    (outcome,) = RemoteDatabase(couch, "public").write([Edit("item:x", None, b'{"type":"item"}')])
    couch.close()
    assert isinstance(outcome.error, Forbidden)
    assert road.township.documents.database("public").info().doc_count == 0
