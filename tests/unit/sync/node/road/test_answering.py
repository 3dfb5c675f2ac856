"""What a node answers: of the asker's stations alone, covering what it just brought, writing nothing for nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sync.custody.issuing import receipt_subject
from sync.custody.receipts import DURABLE, RECEIPT, read_receipt
from sync.database import Database
from sync.errors import NotFound
from sync.node.node import Node
from sync.node.road import answering
from sync.node.road.answering import Answering
from sync.node.vouching.holding import account_for
from sync.replication.telling import tell
from sync.store.ledger.certificates import Known
from sync.store.ledger.contacts import contact
from sync.store.ledger.custody import last_arrival, newest_statement
from sync.values.conversation import Item, Mark, Share, Told
from sync.values.statements import Answer, Offer
from tests.contract.documents import put
from tests.unit.sync.node.acts.test_recording import CASE, filed, write
from tests.unit.sync.node.conftest import SetClock
from tests.unit.sync.node.county import introduce, known

Make = Callable[..., Node]
NAMES = ("public", "station_k3m7q", "blobs_k3m7q", "station_v2bbb", "_users")
SHARES = tuple(Share(name) for name in NAMES)


def answer_to(node: Node, peer: Known, offer: Offer) -> Answer:
    """What is said; nothing is told to whoever asks for nothing."""
    said, told = Answering(node).answer(peer, offer)
    assert list(told) == []
    return said


def receipts(told: Answer, holder: Node) -> list[int]:
    """The counters a holder signed for."""
    writer = holder.identity.writer
    mine = [one for one in told.statements if one.kind == RECEIPT and one.signer == writer]
    return [held.counter for one in mine for held in read_receipt(one.payload).holds]


def test_an_answer_names_the_askers_databases_and_no_others(town: tuple[Node, Node]) -> None:
    told = answer_to(town[0], known(*town), Offer((), "", SHARES))
    seqs = {name: town[0].documents.database(name).info().update_seq for name in NAMES[:3]}
    assert dict(told.databases) == seqs
    assert len(told.databases) == 3
    assert told.at_ms == town[0].clock()


def test_databases_that_an_enrolment_did_not_come_to_make_are_made(make_node: Make) -> None:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    told = answer_to(township, known(township, village), Offer((), "", SHARES))
    assert [name for name, _ in told.databases] == sorted(NAMES[:3])
    assert "station_v2bbb" not in township.databases.names()


def test_a_receipt_covers_what_was_just_brought(town: tuple[Node, Node]) -> None:
    township, village = town
    first = answer_to(township, known(*town), Offer((), "", SHARES))
    assert receipts(first, township) == []
    township.documents.database("station_k3m7q").graft([filed(village), filed(village, "case:k3m7q-other")])
    assert receipts(answer_to(township, known(*town), Offer((), first.heard, SHARES)), township) == [2]


def test_being_asked_again_writes_nothing(town: tuple[Node, Node], clock: SetClock) -> None:
    township, village = town
    township.documents.database("station_k3m7q").graft([filed(village)])
    told = answer_to(township, known(*town), Offer((), "", SHARES))
    before = township.read(last_arrival)
    for _ in range(3):
        clock.now_ms += 1000
        again = answer_to(township, known(*town), Offer((), told.heard, SHARES))
        assert (again.statements, again.heard, again.databases) == ((), told.heard, told.databases)
    assert township.read(last_arrival) == before


def test_alerts_go_before_records_and_records_before_the_catalogue_each_once(town: tuple[Node, Node]) -> None:
    township, village = town
    public, records = (township.documents.database(name) for name in ("public", "station_k3m7q"))
    shares = tuple(Share(one.name, "", one.info().update_seq) for one in (public, records))
    for doc_id in ("item:1", "alert:flood", "item:2"):
        put(public, doc_id)
    records.graft([filed(village)])
    _, items = Answering(township).answer(known(*town), Offer((), "", shares))
    told = list(items)
    assert [one.document.id for one in told if isinstance(one, Told)] == ["alert:flood", CASE, "item:1", "item:2"]
    assert [one for one in told if isinstance(one, Mark)] == [
        Mark(one.name, one.info().update_seq) for one in (records, public)
    ]


def test_what_was_heard_to_its_end_is_not_gone_through(
    town: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most stations ask when nothing has changed for them."""
    township = town[0]
    gone_through: list[str] = []

    def noting(database: Database, *args: Any, **kwargs: Any) -> Iterator[Item]:
        gone_through.append(database.name)
        return tell(database, *args, **kwargs)

    monkeypatch.setattr(answering, "tell", noting)
    said = answer_to(township, known(*town), Offer((), "", SHARES))
    shares = tuple(Share(name, heard=end) for name, end in said.databases)
    assert list(Answering(township).answer(known(*town), Offer((), said.heard, shares))[1]) == []
    assert gone_through == []
    put(township.documents.database("public"), "item:1")
    told = list(Answering(township).answer(known(*town), Offer((), said.heard, shares))[1])
    assert [one.document.id for one in told if isinstance(one, Told)] == ["item:1"]
    assert gone_through == ["public"]


def test_a_node_without_a_centre_answers_nobody(make_node: Make) -> None:
    stranger = Known("x" * 16, "k3m7q", "village", "", "", "", b"", 1, False)
    with pytest.raises(NotFound):
        answer_to(make_node("t0wn1", "990281101000"), stranger, Offer((), "", SHARES))


def test_when_a_station_was_heard_is_noted_though_the_clock_goes_back(town: tuple[Node, Node], clock: SetClock) -> None:
    township = town[0]
    for at in (clock.now_ms, clock.now_ms - 10 * 365 * 86_400_000):
        clock.now_ms = at
        answer_to(township, known(*town), Offer())
        township.write(lambda tx: None)  # behind whatever was posted
        heard = township.read(lambda reader: contact(reader, "k3m7q"))
        assert heard is not None
        assert heard.heard_ms == at


def test_what_a_township_wrote_into_a_villages_record_is_accounted_for_at_its_own_station(
    town: tuple[Node, Node],
) -> None:
    township, village = town
    township.documents.database("station_k3m7q").graft([filed(village)])
    account_for(township, ["k3m7q"])
    writer, subject = township.identity.writer, receipt_subject("t0wn1", DURABLE)
    assert township.read(lambda reader: newest_statement(reader, RECEIPT, writer, subject=subject)) is None
    write(township, CASE, "noted", note="镇")
    account_for(township, ["k3m7q"])
    kept = township.read(lambda reader: newest_statement(reader, RECEIPT, writer, subject=subject))
    assert kept is not None
    assert [(held.writer, held.counter) for held in read_receipt(kept.signed.payload).holds] == [(writer, 1)]
    before = township.read(last_arrival)
    account_for(township, ["k3m7q", "never"])
    assert township.read(last_arrival) == before


def test_of_a_node_that_calls_in_ever_another_life_what_it_brought_lately_is_remembered_once(
    town: tuple[Node, Node],
) -> None:
    answering, brought = Answering(town[0]), [Told("station_k3m7q", filed(town[1]))]
    for number in range(3):
        offer = Offer((), "", SHARES, life=f"{number:016x}")
        answering.answer(known(*town), offer, lambda held: iter(brought))
    assert len(answering._lately) == 1
