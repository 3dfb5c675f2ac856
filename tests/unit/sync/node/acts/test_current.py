"""A record that lies here in several copies is read, and acted on, as they make it together, merged yet or not."""

import pytest

from sync.casework.find_case import find_case, find_cases
from sync.casework.trace_custody import trace_custody
from sync.custody.receipts import RECEIPT
from sync.node.acts.current import current
from sync.node.lists.tending import tend
from sync.node.node import Node
from sync.node.vouching.holding import account_for
from sync.revisions.tree import Branch
from sync.store.documents import BoundDatabase
from sync.values.documents import Document, Wanted
from tests.statements import all_statements
from tests.unit.sync.node.acts.test_recording import CASE, as_it_stands, filed, write
from tests.unit.sync.node.county import give

Apart = tuple[Node, Node, BoundDatabase]


@pytest.fixture
def apart(town: tuple[Node, Node]) -> Apart:
    """Township and village, and the village's database; what the village wrote there last lies beside the winner."""
    township, village = town
    copy, home = (node.documents.database("station_k3m7q") for node in town)
    copy.graft([filed(village)])
    for note in ("镇一", "镇二"):
        write(township, CASE, "noted", note=note)
    write(village, CASE, "noted", note="村")
    home.graft([as_it_stands(township)])
    (winner,) = home.read([Wanted(CASE)])
    assert isinstance(winner, Document)
    assert "村" not in winner.body.decode()
    return township, village, home


def notes(node: Node) -> set[str]:
    case = node.read(lambda reader: find_case(reader, node, CASE))
    assert find_cases(node, [CASE])[CASE].events == case.events
    return {event.note for event in case.events} - {""}


def test_an_act_is_read_though_another_copy_wins(apart: Apart) -> None:
    _, village, home = apart
    seq = home.info().update_seq
    assert notes(village) == {"村", "镇一", "镇二"}
    assert home.info().update_seq == seq


def test_what_is_read_is_what_the_merge_will_be(apart: Apart) -> None:
    _, village, _ = apart
    before = as_it_stands(village)
    tend(village, ["k3m7q"])
    assert as_it_stands(village) == before


def test_no_hop_is_named_for_what_the_winner_alone_tells(apart: Apart) -> None:
    township, village, _ = apart
    account_for(township, ["k3m7q"])
    give(village, *(one for one in township.read(all_statements) if one.kind == RECEIPT))
    (own, above, *_) = trace_custody(village, CASE)["hops"]
    assert (own["state"], above["state"]) == ("held", "none")


def test_an_act_builds_upon_all_copies_and_brings_them_together(apart: Apart) -> None:
    _, village, home = apart
    case = write(village, CASE, "noted", note="后记")
    by_note = {event.note: event for event in case.events}
    assert set(by_note["后记"].seen) == {by_note["村"].hash, by_note["镇二"].hash}
    assert notes(village) == {"村", "镇一", "镇二", "后记"}
    tree = home.tree(CASE)
    assert tree is not None
    assert tree.conflicts() == ()


def test_where_a_copy_is_not_understood_the_winner_is_shown(apart: Apart) -> None:
    _, village, home = apart
    home.graft([Document(CASE, Branch(1, ("a" * 32,)), b'{"type":"case","events":7}')])
    assert notes(village) == {"镇一", "镇二"}
    write(village, CASE, "noted", note="后记")
    assert notes(village) == {"镇一", "镇二", "后记"}


def test_what_is_nowhere_is_nothing(town: tuple[Node, Node]) -> None:
    _, village = town
    assert village.read(lambda reader: current(reader, village.documents, CASE)) is None
    assert village.read(lambda reader: current(reader, village.documents, "no record")) is None
