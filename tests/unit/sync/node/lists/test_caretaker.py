"""The caretaker looks after whatever is written to, and one fault does not end its work."""

import threading
from collections.abc import Callable
from itertools import chain, repeat

from sync.node.lists.case_list import list_cases
from sync.node.lists.tending import Caretaker, tend
from sync.node.node import Node
from sync.node.vouching.holding import account_for
from sync.store.ledger.writers import held_of
from tests.unit.sync.node.acts.test_recording import CASE, filed, received


def test_a_record_that_arrives_is_listed_and_told_of(make_node: Callable[..., Node]) -> None:
    village, township = make_node("k3m7q"), make_node("t0wn1", "990281101000")
    copy, told = township.ensure_database("station_k3m7q"), threading.Event()

    def then(stations: frozenset[str], _is_ending: Callable[[], bool]) -> None:
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

    def then(_stations: frozenset[str], _is_ending: Callable[[], bool]) -> None:
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


def test_who_is_told_to_end_ends_after_a_page_and_the_next_start_goes_on(make_node: Callable[..., Node]) -> None:
    village, township = make_node("k3m7q"), make_node("t0wn1", "990281101000")
    many = [filed(village, f"case:k3m7q-n{number:04}") for number in range(250)]
    for name in ("blobs_k3m7q", "station_k3m7q"):
        township.ensure_database(name)
    township.documents.database("station_k3m7q").graft(many)
    pages = chain([False], repeat(True))
    assert tend(township, ["k3m7q"], is_ending=lambda: next(pages)) == 200
    assert tend(township, ["k3m7q"]) == 50
    pages = chain([False], repeat(True))
    account_for(township, ["k3m7q"], is_ending=lambda: next(pages))
    writer = village.identity.writer
    (held,) = township.read(lambda reader: list(held_of(reader, [writer])))
    assert 0 < held.counter < 250
    account_for(township, ["k3m7q"])
    (held,) = township.read(lambda reader: list(held_of(reader, [writer])))
    assert held.counter == 250
