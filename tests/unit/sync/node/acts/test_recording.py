"""An act becomes one event, one revision and one audit row, or nothing at all."""

from collections.abc import Callable

import pytest

from sync.custody.holdings import holdings_of
from sync.custody.receipts import RECEIPT, read_receipt
from sync.errors import Forbidden
from sync.node.acts.current import current
from sync.node.acts.recording import Act, record
from sync.node.lists.case_list import Narrow, list_cases
from sync.node.lists.tending import tend
from sync.node.node import Node
from sync.node.sharing import held_stations
from sync.node.vouching.holding import account_for
from sync.records.clock import Quality, time_text
from sync.records.log import Record
from sync.store.ledger.audit import entries_about, first_broken
from sync.store.ledger.writers import own_position
from sync.values.documents import Document, Edit
from tests.statements import all_statements

CASE = "case:k3m7q-abcdefgh"


def received(node: Node, doc_id: str = CASE, **fields: object) -> Record:
    told = {"receipt_number": "n1", "received_at": time_text(node.clock()), "item_name": "高龄津贴", **fields}
    return write(node, doc_id, "received", told)


def write(
    node: Node, doc_id: str, event_type: str, fields: dict[str, object] | None = None, *, note: str = ""
) -> Record:
    act = Act(doc_id, event_type, fields or {}, "acct:wang", node.clock(), Quality.CONFIRMED, note)
    return node.write(lambda tx: record(tx, node.documents, node.identity, act))


def as_it_stands(node: Node, doc_id: str = CASE) -> Document:
    found = node.read(lambda reader: current(reader, node.documents, doc_id))
    assert found is not None
    return found


def filed(node: Node, doc_id: str = CASE) -> Document:
    return as_it_stands(node, received(node, doc_id).id)


def test_a_first_event_makes_the_record_and_the_row_in_the_list(make_node: Callable[..., Node]) -> None:
    node = make_node("k3m7q")
    case = received(node)
    assert (case.status, len(case.events)) == ("received", 1)
    (row,) = node.read(list_cases).rows
    assert (row.id, row.receipt_number, row.status) == (CASE, "n1", "received")


def test_events_are_numbered_without_gaps_and_chained_over_records(make_node: Callable[..., Node]) -> None:
    node = make_node("k3m7q")
    first = received(node).events[0]
    second = received(node, "case:k3m7q-other").events[0]
    third = write(node, CASE, "noted", note="电话已核实").events[1]
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [first.previous, second.previous, third.previous] == ["", first.hash, second.hash]
    assert third.seen == (first.hash,)
    assert node.read(own_position).number == 3


def test_what_the_state_does_not_allow_leaves_no_trace(make_node: Callable[..., Node]) -> None:
    node = make_node("k3m7q")
    received(node)
    before = node.documents.database("station_k3m7q").info()
    with pytest.raises(Forbidden):
        write(node, CASE, "approved")
    assert node.documents.database("station_k3m7q").info() == before
    assert node.read(own_position).number == 1
    assert len(node.read(lambda reader: entries_about(reader, CASE))) == 1


def test_the_order_key_never_goes_back_though_the_clock_does(make_node: Callable[..., Node], clock: object) -> None:
    node = make_node("k3m7q")
    received(node)
    clock.now_ms -= 86_400_000  # type: ignore[attr-defined]
    events = write(node, CASE, "noted", note="后记").events
    assert events[0].order < events[1].order
    assert events[1].at < events[0].at


def test_the_audit_chain_holds(make_node: Callable[..., Node]) -> None:
    node = make_node("k3m7q")
    received(node)
    write(node, CASE, "noted", note="一")
    assert node.read(first_broken) is None


def test_the_list_pages_newest_first_and_by_status(make_node: Callable[..., Node], clock: object) -> None:
    node = make_node("k3m7q")
    for number in range(5):
        clock.now_ms += 1000  # type: ignore[attr-defined]
        received(node, f"case:k3m7q-n{number}", receipt_number=f"r{number}")
    page = node.read(lambda reader: list_cases(reader, limit=2))
    rest = node.read(lambda reader: list_cases(reader, limit=10, cursor=page.next))
    assert [row.receipt_number for row in (*page.rows, *rest.rows)] == ["r4", "r3", "r2", "r1", "r0"]
    assert (bool(page.next), rest.next) == (True, "")
    assert node.read(lambda reader: list_cases(reader, Narrow(states=("approved",)))).rows == ()


def test_what_cannot_be_read_keeps_nothing_else_out_of_the_list(make_node: Callable[..., Node]) -> None:
    node = make_node("k3m7q")
    node.documents.database("station_k3m7q").write([Edit("case:k3m7q-aaa", None, b'{"type":"case","events":7}')])
    received(node)
    tend(node, held_stations(node))
    assert [row.id for row in node.read(list_cases).rows] == [CASE]


def test_tending_lists_what_came_by_replication_and_then_rests(make_node: Callable[..., Node]) -> None:
    village, township = make_node("k3m7q"), make_node("t0wn1", "990281101000")
    copy = township.ensure_database("station_k3m7q")
    copy.graft([filed(village)])
    assert tend(township, held_stations(township)) == 1
    assert [row.id for row in township.read(list_cases).rows] == [CASE]
    assert tend(township, held_stations(township)) == 0


def test_what_was_listed_as_it_was_written_is_not_listed_again_unless_others_came_between(
    make_node: Callable[..., Node],
) -> None:
    village, township = make_node("k3m7q"), make_node("t0wn1", "990281101000")
    township.ensure_database("station_k3m7q")
    first = filed(township, "case:k3m7q-before")
    village.documents.database("station_k3m7q").graft([first])
    assert tend(village, held_stations(village)) == 1
    received(village)
    # Elsewhere nobody knows yet where its changes will stand.
    is_known = bool(village.read(village.documents.database("station_k3m7q").seq_in))
    assert tend(village, held_stations(village)) == (0 if is_known else 1)
    write(township, first.id, "noted", note="收到")
    village.documents.database("station_k3m7q").graft([as_it_stands(township, first.id)])
    write(village, CASE, "noted", note="补记")
    assert tend(village, held_stations(village)) == 2


def held(node: Node) -> list[int]:
    """The numbers of our own events that are noted as held."""
    who = node.identity
    ranges = node.read(lambda reader: [one.held_ranges() for one in holdings_of(reader, [who.writer])])
    return [number for found in ranges for first, last in found for number in range(first, last + 1)]


def test_what_is_written_here_is_noted_as_held_in_the_same_transaction(make_node: Callable[..., Node]) -> None:
    node = make_node("k3m7q")
    received(node)
    account_for(node, ["k3m7q"])
    write(node, CASE, "noted", note="电话已核实")
    received(node, "case:k3m7q-other")
    assert held(node) == [1, 2, 3]
    with pytest.raises(Forbidden):
        write(node, CASE, "approved")
    assert held(node) == [1, 2, 3]


def test_what_names_photos_and_what_is_written_behind_it_is_noted_by_who_looks_for_them(
    make_node: Callable[..., Node],
) -> None:
    node = make_node("k3m7q")
    received(node)
    account_for(node, ["k3m7q"])
    received(node, "case:k3m7q-photo", materials=[{"name": "照片", "photos": [{"blob": "a" * 64}]}])
    write(node, CASE, "noted", note="后记")
    assert held(node) == [1]
    account_for(node, ["k3m7q"])
    assert held(node) == [1, 2, 3]
    (own,) = node.read(lambda reader: holdings_of(reader, [node.identity.writer]))
    assert own.lacks == ((2, 0),)


def test_a_township_signs_for_what_it_wrote_into_its_villages_records(town: tuple[Node, Node]) -> None:
    township, village = town
    township.documents.database("station_k3m7q").graft([filed(village)])
    write(township, CASE, "noted", note="镇")
    account_for(township, ["k3m7q"])
    write(township, CASE, "noted", note="镇又")
    account_for(township, ["k3m7q"])
    signed = [read_receipt(one.payload) for one in township.read(all_statements) if one.kind == RECEIPT]
    own = {one.station: [holding.counter for holding in one.holds] for one in signed}
    assert own["t0wn1"] == [2]
