"""What another node may touch, what becomes of the rest, and what two threads make of one database."""

import threading
from collections.abc import Callable

import pytest

from sync.blobs.storing import store_bytes
from sync.custody.holdings import FOLLOWER, NotingDatabase
from sync.errors import Forbidden, NotFound
from sync.http_api.abilities import Limited, Purgeable, Secured
from sync.node.lists.tending import Caretaker, tend
from sync.node.node import Node
from sync.node.sharing import held_stations, shared_with_child, shared_with_parent
from sync.node.vouching.content import digest_of
from sync.node.vouching.holding import account_for
from sync.records.events import new_event
from sync.records.fold import LAWS
from sync.records.log import events_in, folded_body
from sync.revisions.tree import Branch
from sync.store.documents import BoundDatabase
from sync.store.ledger.alarms import open_alarms
from sync.store.ledger.followed import followed_to
from sync.store.ledger.set_aside import count_aside
from sync.store.ledger.writers import held_any
from sync.values.documents import Document
from tests.unit.sync.node.acts.test_recording import CASE, as_it_stands, filed, received, write
from tests.unit.sync.node.county import known

Make = Callable[..., Node]


def test_a_child_sees_its_own_databases_and_cannot_tell_others_from_none(town: tuple[Node, Node]) -> None:
    shared = shared_with_child(town[0], known(*town))
    assert shared.names() == ["blobs_k3m7q", "public", "station_k3m7q"]
    reasons = set()
    for name in ("station_v2bbb", "station_none1", "_users", ""):
        with pytest.raises(NotFound) as raised:
            shared.open(name)
        reasons.add(raised.value.reason)
    assert len(reasons) == 1


def test_databases_are_neither_made_nor_destroyed_from_outside(town: tuple[Node, Node]) -> None:
    shared = shared_with_child(town[0], known(*town))
    for work in (shared.create, shared.destroy):
        with pytest.raises(Forbidden):
            work("station_k3m7q")
    assert "station_k3m7q" in shared.names()


def test_what_others_may_touch_can_be_neither_purged_nor_limited(town: tuple[Node, Node]) -> None:
    database = shared_with_child(town[0], known(*town)).open("station_k3m7q")
    assert not isinstance(database, (Purgeable, Limited, Secured))


def test_a_document_refused_twice_lies_aside_once(town: tuple[Node, Node]) -> None:
    township = town[0]
    database = shared_with_child(township, known(*town)).open("station_k3m7q")
    bad = Document("case:v2bbb-one", Branch(1, ("0" * 32,)), b'{"type":"case"}')
    for _ in range(2):
        (outcome,) = database.graft([bad])
        assert isinstance(outcome.error, Forbidden)
    assert township.read(count_aside) == 1


def test_nobody_above_makes_a_step_in_our_name_that_we_did_not_make(town: tuple[Node, Node]) -> None:
    village = town[1]
    copy, shared = village.documents.database("station_k3m7q"), shared_with_parent(village).open("station_k3m7q")
    copy.graft([filed(village)])
    before = as_it_stands(village)
    write(village, CASE, "noted", note="我们写的")
    ours = as_it_stands(village)
    account_for(village, ["k3m7q"])
    (last,) = (event for event in events_in(ours) if event.number == 2)
    for number, note in ((2, "别人写的"), (3, "别人写的")):
        told = {
            "writer": last.writer,
            "life": last.life,
            "number": number,
            "previous": last.previous,
            "seen": last.seen,
        }
        clock = {"order": last.order, "at": last.at, "clock": last.clock, "by": last.by, "level": last.level}
        forged = new_event("noted", {}, **told, **clock, note=note)
        body = folded_body(1, "case", (*events_in(before), forged), LAWS)
        path = Branch(before.path.generation + 1, ("f" * 32, *before.path.digests))
        (outcome,) = shared.graft([Document(CASE, path, body)])
        assert outcome.error is not None
        assert "did not write it" in outcome.error.reason or "two events" in outcome.error.reason
    assert {(one.kind, one.number) for one in village.read(open_alarms)} == {("not-ours", 2), ("not-ours", 3)}
    (again,) = shared.graft([ours])
    assert again.error is None


def is_noted(node: Node, writer: str, life: str) -> bool:
    return node.read(lambda reader: held_any(reader, writer, life))


def followed(node: Node) -> str:
    return node.read(lambda reader: followed_to(reader, FOLLOWER, "station_k3m7q"))


def test_what_a_node_below_brings_is_noted_in_the_transaction_that_keeps_it(town: tuple[Node, Node]) -> None:
    township, village = town
    account_for(township, ["k3m7q"])
    (outcome,) = shared_with_child(township, known(*town)).open("station_k3m7q").graft([filed(village)])
    assert outcome.error is None
    assert is_noted(township, village.identity.writer, village.identity.life)
    if township.documents.elsewhere() is None:  # else only the server knows where its changes end
        assert followed(township) == township.databases.open("station_k3m7q").info().update_seq


def test_what_was_there_before_a_node_brought_more_is_still_followed(town: tuple[Node, Node]) -> None:
    township, village = town
    account_for(township, ["k3m7q"])
    before = followed(township)
    township.databases.open("station_k3m7q").graft([filed(village)])
    write(village, CASE, "noted", note="后来")
    shared_with_child(township, known(*town)).open("station_k3m7q").graft([as_it_stands(village)])
    assert followed(township) == before
    account_for(township, ["k3m7q"])
    assert followed(township) == township.databases.open("station_k3m7q").info().update_seq


def test_what_nobody_was_expected_to_bring_is_left_to_who_follows(town: tuple[Node, Node]) -> None:
    township, village = town
    account_for(township, ["k3m7q"])
    writer, before = village.identity.writer, followed(township)
    database = NotingDatabase(
        township.documents.database("station_k3m7q"),
        township.documents,
        holder="blobs_k3m7q",
        expected=(),
        clock=township.clock,
        is_complete=lambda _database, _root: True,
    )
    (kept,) = database.graft([filed(village)])
    assert kept.error is None
    assert (is_noted(township, writer, village.identity.life), followed(township)) == (False, before)
    account_for(township, ["k3m7q"])
    assert is_noted(township, writer, village.identity.life)


def in_conflict(township: Node, village: Node) -> BoundDatabase:
    """The township's copy of a case that both have written into, neither having seen the other's."""
    copy = township.documents.database("station_k3m7q")
    copy.graft([filed(village)])
    write(village, CASE, "noted", note="村")
    write(township, CASE, "noted", note="镇")
    copy.graft([as_it_stands(village)])
    return copy


def test_conflicts_that_met_are_merged_and_tending_then_rests(town: tuple[Node, Node]) -> None:
    township = town[0]
    copy = in_conflict(*town)
    tree = copy.tree(CASE)
    assert tree is not None
    assert len(tree.conflicts()) == 1
    assert tend(township, held_stations(township)) > 0
    merged = copy.tree(CASE)
    assert merged is not None
    assert merged.conflicts() == ()
    assert merged.winner is not None
    assert merged.winner.generation == 3
    while tend(township, held_stations(township)):
        pass
    seq = copy.info().update_seq
    assert tend(township, held_stations(township)) == 0
    assert copy.info().update_seq == seq


def test_leaves_that_cannot_be_merged_stop_nothing_behind_them(make_node: Make) -> None:
    node = make_node("k3m7q")
    database = node.documents.database("station_k3m7q")
    for at, body in enumerate(
        (b'{"type":"case","events":7}', b'{"type":"case","events":[],"fold":1,"fields":{"x":1.5}}')
    ):
        leaves = [Document(f"case:k3m7q-bad{at}", Branch(1, (digit * 32,)), body) for digit in ("a", "b")]
        assert not [one.error for one in database.graft(leaves) if one.error]
    received(node)
    assert tend(node, held_stations(node)) == 3
    assert tend(node, held_stations(node)) == 0


def test_a_caretaker_lists_what_arrives_and_ends_when_told(town: tuple[Node, Node]) -> None:
    township, village = town
    seen, told = threading.Event(), []

    def then(stations: frozenset[str], _is_ending: Callable[[], bool]) -> None:
        told.append(stations)
        if len(told) > 1:
            seen.set()

    caretaker = Caretaker(township, then=then)
    caretaker.start()
    try:
        while not told:
            seen.wait(0.01)
        township.documents.database("station_k3m7q").graft([filed(village)])
        assert seen.wait(5)
    finally:
        caretaker.stop()
    assert told[0] == frozenset(held_stations(township))
    assert told[1] == {"k3m7q"}
    assert tend(township, held_stations(township)) == 0


def test_many_threads_make_one_database_once(make_node: Make) -> None:
    node, failed = make_node("k3m7q"), []

    def make() -> None:
        try:
            for at in range(20):
                node.ensure_database(f"station_x{at:04d}")
        except Exception as error:  # whatever a thread raised is the finding
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_content_digest_tells_content_and_not_how_it_got_there(town: tuple[Node, Node]) -> None:
    township, village = town
    ids = [received(village, case_id).id for case_id in (CASE, "case:k3m7q-other")]
    copy = township.documents.database("station_k3m7q")
    for case_id in reversed(ids):
        copy.graft([as_it_stands(village, case_id)])
    ours, theirs = (digest_of([node.documents.database("station_k3m7q")]) for node in town)
    assert ours == theirs
    assert ours.documents == 2
    write(village, CASE, "noted", note="后记")
    copy.graft([as_it_stands(village)])
    assert digest_of([copy]) != ours


def test_a_content_digest_counts_a_blob_only_when_every_chunk_is_there(make_node: Make) -> None:
    node = make_node("k3m7q")
    source, kept = node.documents.database("blobs_k3m7q"), []
    store_bytes(
        lambda documents: kept.extend(documents) or source.graft(documents), b"x" * 300_000, media_type="image/jpeg"
    )
    partial = node.ensure_database("blobs_part1")
    partial.graft([one for one in kept if one.id.startswith("blob:")])
    assert digest_of([source]).blobs == 1
    assert digest_of([partial]).blobs == 0
