"""Many answered at once: lists wait for whoever tends the node, merges and receipts do not."""

import threading
from contextlib import ExitStack

from sync.node.crowd import Crowd
from sync.node.lists.case_list import list_cases
from sync.node.lists.tending import Caretaker, merge_arrived
from sync.node.node import Node
from sync.node.road.answering import Answering
from sync.values.statements import Offer
from tests.unit.sync.node.acts.test_recording import CASE, filed
from tests.unit.sync.node.county import known
from tests.unit.sync.node.road.test_answering import receipts
from tests.unit.sync.node.test_sharing import in_conflict


def crowded(crowd: Crowd) -> ExitStack:
    stack = ExitStack()
    for _ in range(3):
        stack.enter_context(crowd.answering())
    return stack


def test_two_that_meet_are_no_crowd_and_whoever_waits_goes_on_when_enough_have_left() -> None:
    crowd, passed = Crowd(), threading.Event()
    with crowd.answering(), crowd.answering():
        assert not crowd.is_large
        crowd.let_pass(seconds=5, is_ending=lambda: False)
        with crowd.answering():
            assert crowd.is_large
            waiting = threading.Thread(
                target=lambda: (crowd.let_pass(seconds=5, is_ending=lambda: False), passed.set())
            )
            waiting.start()
            assert not passed.wait(0.1)
        assert passed.wait(4)
        waiting.join()


def test_in_a_crowd_a_receipt_is_given_at_once_and_the_list_is_left_to_the_caretaker(
    town: tuple[Node, Node],
) -> None:
    township, village = town
    listed = threading.Event()
    caretaker = Caretaker(township, then=lambda stations, _: listed.set() if "k3m7q" in stations else None)
    with crowded(township.crowd):
        caretaker.start()
        township.documents.database("station_k3m7q").graft([filed(village)])
        said, _ = Answering(township).answer(known(township, village), Offer((), ""))
        assert receipts(said, township) == [1]
        assert not township.read(list_cases).rows
    try:
        assert listed.wait(10)
    finally:
        caretaker.stop()
    assert [row.id for row in township.read(list_cases).rows] == [CASE]


def test_where_nobody_tends_the_node_a_crowd_finds_the_list_as_it_should_be(town: tuple[Node, Node]) -> None:
    township, village = town
    with crowded(township.crowd):
        township.documents.database("station_k3m7q").graft([filed(village)])
        Answering(township).answer(known(township, village), Offer((), ""))
    assert [row.id for row in township.read(list_cases).rows] == [CASE]


def test_leaves_are_merged_without_a_look_at_the_list(town: tuple[Node, Node]) -> None:
    township = town[0]
    copy, listed = in_conflict(*town), township.read(list_cases)
    merge_arrived(township, ["k3m7q"])
    merged = copy.tree(CASE)
    assert merged is not None
    assert merged.conflicts() == ()
    assert merged.winner is not None
    assert merged.winner.generation == 3
    assert township.read(list_cases) == listed


def test_who_is_told_to_end_does_not_wait_for_a_crowd(town: tuple[Node, Node]) -> None:
    township, village = town
    caretaker = Caretaker(township, then=lambda stations, _: None)
    with crowded(township.crowd):
        caretaker.start()
        township.documents.database("station_k3m7q").graft([filed(village)])
        stopping = threading.Thread(target=caretaker.stop)
        stopping.start()
        stopping.join(5)
        assert not stopping.is_alive()
