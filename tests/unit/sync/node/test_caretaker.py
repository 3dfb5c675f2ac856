"""The caretaker looks after whatever is written to, and one fault does not end its work."""

import threading
from collections.abc import Callable

from sync.node.case_list import list_cases
from sync.node.node import Node
from sync.node.tending import Caretaker
from tests.unit.sync.node.test_recording import CASE, filed, received


def test_a_record_that_arrives_is_listed_and_told_of(make_node: Callable[..., Node]) -> None:
    village, township = make_node("k3m7q"), make_node("t0wn1", "990281101000")
    copy, told = township.ensure_database("station_k3m7q"), threading.Event()

    def then(stations: frozenset[str]) -> None:
        if "k3m7q" in stations and township.read(list_cases).rows:
            told.set()

    caretaker = Caretaker(township, then=then)
    caretaker.start()
    try:
        copy.graft([filed(village)])
        assert told.wait(10)
    finally:
        caretaker.stop()
    assert [row.id for row in township.read(list_cases).rows] == [CASE]


def test_a_fault_is_survived_and_the_next_write_is_looked_at(make_node: Callable[..., Node]) -> None:
    node, rounds = make_node("k3m7q"), threading.Semaphore(0)

    def then(_stations: frozenset[str]) -> None:
        rounds.release()
        raise ValueError("某人的内容")

    caretaker = Caretaker(node, then=then)
    caretaker.start()
    try:
        assert rounds.acquire(timeout=10)
        received(node)
        assert rounds.acquire(timeout=10)
    finally:
        caretaker.stop()
