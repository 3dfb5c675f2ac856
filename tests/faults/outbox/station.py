"""A village station whose documents are on a CouchDB, and what must be true of it at the end."""

from collections import Counter
from pathlib import Path

from edge_node.services.found_station import found_station
from edge_node.services.prepare_application import Application, Material
from edge_node.services.receive_application import receive_application
from edge_node.services.take_parts import Taking
from edge_node.services.take_photos import as_they_come
from fixtures.catalogue import bring_county
from fixtures.county import county
from sync.node.acts.recording import Act, record
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.node import Node
from sync.node.vouching.content import digest_of
from sync.node.vouching.holding import account_for
from sync.outbox.address import CouchAddress
from sync.records.clock import Quality
from sync.records.log import record_from_document
from sync.store.ledger.writers import held_of, own_position
from sync.values.json_text import parse_object
from tests.faults.outbox.couch import Couch
from tests.unit.edge_node.applications import application
from tests.waiting import until

SID = "k3m7q"
RECORDS = f"station_{SID}"


def found(directory: Path, address: CouchAddress) -> Node:
    """A new station with a catalogue, delivered."""
    place = county().place("石桥村")
    code = str(EnrolmentCode(SID, "01", "7KXW9RTB2C"))
    node = found_station(
        directory, name=place.name, region=place.code, upstream="http://127.0.0.1:9", code=code, couch=address
    )
    bring_county(node)
    node.catalogue.items()
    until(lambda: waiting(node) == 0)
    return node


def take(node: Node, number: int = 0) -> dict[str, str]:
    """Take an application, as the desk does; gives what the citizen is told."""
    told = application(number=number % 20)
    wanted = Application(told["item"], told["fields"], tuple(Material(paper["name"]) for paper in told["materials"]))
    items = node.catalogue.items()
    photos = as_they_come(node, largest_bytes=1)
    return parse_object(receive_application(node, items, wanted, Taking("acct:wang", None, photos)).body)


def act(node: Node, doc_id: str, note: str) -> None:
    """Add a paper to a case; `note` tells the events apart."""
    told = Act(doc_id, "materials_added", {}, "acct:wang", node.clock(), Quality.CONFIRMED, note)
    node.write(lambda tx: record(tx, node.documents, node.identity, told))


def waiting(node: Node) -> int:
    """Documents the CouchDB has not got yet."""
    stands = node.documents.elsewhere()
    assert stands is not None
    return stands.waiting


def settled(node: Node) -> bool:
    """Whether the CouchDB has everything, and is known to be there."""
    stands = node.documents.elsewhere()
    assert stands is not None
    return not stands.waiting and not stands.trouble


def check(node: Node, couch: Couch, answered: list[dict[str, str]], *, more: int = 0) -> None:
    """All that was answered is on the CouchDB once, under one number each, and custody says neither less nor more.

    more  how many may be there that nobody was answered for, because the answer was lost
    """
    until(lambda: settled(node))
    cases = [record_from_document(one) for one in couch.documents(RECORDS)]
    numbers = Counter(case.fields["receipt_number"] for case in cases)
    assert set(numbers.values()) <= {1}
    known = {case.id: case.fields["receipt_number"] for case in cases}
    assert {one["id"]: one["receipt_number"] for one in answered}.items() <= known.items()
    assert len(answered) <= len(cases) <= len(answered) + more
    account_for(node, [SID])
    own = node.read(own_position)
    (held,) = node.read(lambda reader: list(held_of(reader, [node.identity.writer])))
    assert (held.counter, held.missing) == (own.number, ())
    events = [event.number for case in cases for event in case.events]
    assert sorted(events) == list(range(1, own.number + 1))
    ours = digest_of([node.documents.database(RECORDS)])
    assert ours == digest_of([couch.database(RECORDS)])
