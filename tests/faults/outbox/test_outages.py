"""The CouchDB is away, comes back, is slow, loses answers: what was acknowledged is there once, and that is true."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sync.casework.find_case import find_case
from sync.casework.list_cases import list_cases
from sync.errors import StoreUnreachable
from sync.node.acts.current import current
from sync.node.node import Node
from sync.records.log import record_from_document
from sync.values.documents import Edit
from tests.faults.outbox.couch import ANSWER_LOST, FINE, LOST, Couch, at_request, couch, fine
from tests.faults.outbox.station import RECORDS, act, check, found, settled, take, waiting
from tests.waiting import until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Couch]:
    with couch(tmp_path / "couch") as server:
        yield server


@pytest.fixture
def node(tmp_path: Path, server: Couch) -> Iterator[Node]:
    with found(tmp_path / "village", server.address) as node:
        yield node


def notes(node: Node, doc_id: str) -> list[str]:
    document = node.read(lambda reader: current(reader, node.documents, doc_id))
    assert document is not None
    return [event.note for event in record_from_document(document).events]


def refused(node: Node) -> int:
    stands = node.documents.elsewhere()
    assert stands is not None
    return stands.refused


def test_two_hundred_applications_taken_while_the_couchdb_is_away_are_there_once_when_it_is_back(
    node: Node, server: Couch
) -> None:
    old = take(node)
    until(lambda: settled(node))
    server.down()
    with ThreadPoolExecutor(4) as agents:
        answered = list(agents.map(lambda number: take(node, number), range(200)))
    assert waiting(node) == 200
    with pytest.raises(StoreUnreachable, match="文档库"):
        node.read(lambda reader: find_case(reader, node, old["id"]))
    new = node.read(lambda reader: find_case(reader, node, answered[7]["id"]))
    assert new.fields["receipt_number"] == answered[7]["receipt_number"]
    server.up()
    check(node, server, [old, *answered])


def test_a_station_started_while_the_couchdb_is_away_takes_applications_and_says_so(
    node: Node, server: Couch, tmp_path: Path
) -> None:
    first = take(node)
    until(lambda: settled(node))
    node.close()
    server.down()
    with Node.open(tmp_path / "village", couch=server.address) as again:
        second = take(again, 1)
        stands = again.documents.elsewhere()
        assert stands is not None
        assert "连接不上" in stands.trouble
        told = {row["id"]: row for row in list_cases(again)["cases"]}
        assert told[first["id"]]["custody"]["sentence"] == "文档库暂时连接不上"
        assert told[second["id"]]["custody"]["reached"] == "village"
        server.up()
        check(again, server, [first, second])
        assert again.documents.elsewhere().trouble == ""


@pytest.mark.parametrize("fate", [LOST, ANSWER_LOST])
def test_whichever_request_the_couchdb_goes_away_at_nothing_is_lost_or_doubled(
    node: Node, server: Couch, fate: str
) -> None:
    answered = [take(node)]
    struck = 0
    for number in range(1, 30):
        server.fate = at_request(number, fate)
        before = len(server.requests)
        answered.append(take(node, number))
        untaken = False
        try:
            act(node, answered[0]["id"], f"act {number}")
        except StoreUnreachable:
            untaken = True  # the record could not be read: the act was not taken, and that was said
        until(lambda before=before, number=number: len(server.requests) - before >= number or settled(node))
        reached = len(server.requests) - before
        server.fate = fine
        until(lambda: settled(node))
        assert (f"act {number}" in notes(node, answered[0]["id"])) is not untaken
        struck += reached >= number
        if reached < number:
            break
    assert struck >= 2
    check(node, server, answered)


def test_acts_on_a_record_taken_during_an_outage_follow_one_another(node: Node, server: Couch) -> None:
    old = take(node)
    until(lambda: settled(node))
    server.down()
    new = take(node, 1)
    for note in ("one", "two", "three"):
        act(node, new["id"], note)
    with pytest.raises(StoreUnreachable):
        act(node, old["id"], "not taken")
    assert notes(node, new["id"]) == ["", "one", "two", "three"]
    server.up()
    check(node, server, [old, new])
    assert notes(node, new["id"]) == ["", "one", "two", "three"]
    assert notes(node, old["id"]) == [""]


def test_acts_of_many_on_one_record_are_judged_one_after_the_other(node: Node, server: Couch) -> None:
    case = take(node)
    told = [f"{agent}-{number}" for agent in range(4) for number in range(8)]
    with ThreadPoolExecutor(4) as agents:
        list(agents.map(lambda note: act(node, case["id"], note), told))
    check(node, server, [case])
    assert sorted(notes(node, case["id"])) == sorted(["", *told])
    assert len(server.documents(RECORDS)) == 1  # one leaf: none of them was unseen by the next


def test_an_answer_that_comes_slowly_holds_up_nobody_who_needs_none(node: Node, server: Couch) -> None:
    case = take(node)
    until(lambda: settled(node))
    slow = threading.Event()

    def wait(method: str, path: str) -> str:
        slow.wait(2)
        return FINE

    server.fate = wait
    reading = threading.Thread(target=lambda: act(node, case["id"], "slow"))
    reading.start()
    begun = time.monotonic()
    taken = [take(node, number) for number in range(20)]
    passed = time.monotonic() - begun
    slow.set()
    reading.join()
    server.fate = fine
    check(node, server, [case, *taken])
    assert "slow" in notes(node, case["id"])
    assert passed < 2, "taking applications waited for the network"


def test_a_couchdb_that_is_silent_is_waited_for_once_and_not_by_everyone(node: Node, server: Couch) -> None:
    case = take(node)
    until(lambda: settled(node))
    server.down()
    with pytest.raises(StoreUnreachable):
        notes(node, case["id"])
    begun = time.monotonic()
    for _ in range(50):
        with pytest.raises(StoreUnreachable):
            notes(node, case["id"])
    assert time.monotonic() - begun < 2
    server.up()
    check(node, server, [case])


def test_what_the_couchdb_refuses_delays_nothing_and_is_offered_again_when_it_comes_back(
    node: Node, server: Couch
) -> None:
    take(node)
    until(lambda: settled(node))
    server.destroy(RECORDS)  # somebody did, by hand
    taken = take(node, 2)
    until(lambda: refused(node) == 1)
    public = node.documents.database("public")
    before = public.info().doc_count
    assert public.write([Edit("note", None, b"{}")])[0].error is None
    assert public.info().doc_count == before + 1
    server.create(RECORDS)
    server.down()
    with pytest.raises(StoreUnreachable):
        public.info()
    server.up()
    until(lambda: settled(node))
    assert [one.id for one in server.documents(RECORDS)] == [taken["id"]]
