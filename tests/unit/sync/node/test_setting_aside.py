"""What was refused once and is taken in later need not be looked at any more."""

from collections.abc import Callable

import pytest

from sync.node.node import Node
from sync.node.setting_aside import set_aside, set_aside_garbled, settle_heard
from sync.replication.hearing import Heard
from sync.revisions.tree import Branch
from sync.store.ledger.set_aside import items_aside
from sync.values.conversation import Garbled, SetAside
from sync.values.documents import Document
from tests.unit.sync.node.conftest import SetClock

HOME = "station_k3m7q"


def aside(node: Node) -> list[str]:
    return [item.id for item in node.read(items_aside)]


def written(doc_id: str, *digests: str) -> Document:
    """A document by its path, newest first."""
    return Document(doc_id, Branch(len(digests), tuple(32 * digest for digest in digests)), b"{}")


def take_in(node: Node, *documents: Document) -> Heard:
    """What another told, as it is once it is on disk."""
    node.ensure_database(HOME)
    outcomes = node.documents.database(HOME).graft(documents)
    assert all(outcome.error is None for outcome in outcomes)
    return Heard(known={(HOME, one.id, one.revision) for one in documents})


def test_what_is_taken_in_after_all_is_settled_and_what_is_refused_again_is_not(make_node: Callable[..., Node]) -> None:
    township = make_node("t0wn1", "990281101000")
    documents = [written(doc_id, "a") for doc_id in ("taken", "refused", "not offered")]
    for one in documents:
        set_aside(township, HOME, one, reason="who wrote this?", offered_by="below")
    heard = take_in(township, documents[0])
    heard.known.add((HOME, "refused", documents[1].revision))
    heard.set_aside.append(SetAside(HOME, "refused", documents[1].revision, "who wrote this?"))
    settle_heard(township, heard)
    assert aside(township) == ["refused", "not offered"]
    set_aside(township, HOME, documents[0], reason="again", offered_by="below")
    assert sorted(aside(township)) == ["not offered", "refused", "taken"]


def test_what_lies_beneath_what_was_taken_in_is_settled_and_what_lies_beside_it_is_not(
    make_node: Callable[..., Node],
) -> None:
    """A restored township refused the second revision from below, and heard the third from above: one lay aside."""
    township = make_node("t0wn1", "990281101000")
    for one in (written("beneath", "b", "a"), written("beside", "c", "a"), written("beside", "b", "a")):
        set_aside(township, HOME, one, reason="an event it may not carry", offered_by="below")
    settle_heard(township, take_in(township, written("beneath", "d", "b", "a"), written("beside", "d", "b", "a")))
    assert [(one.id, one.revision) for one in township.read(items_aside)] == [("beside", f"2-{32 * 'c'}")]


def test_what_we_told_in_vain_is_settled_when_the_other_side_tells_it(make_node: Callable[..., Node]) -> None:
    village = make_node("k3m7q")
    second, third = written("case", "b", "a"), written("case", "c", "b", "a")
    take_in(village, second)
    set_aside(village, HOME, second, reason="refused above", offered_by=village.identity.writer)
    settle_heard(village, take_in(village, third))
    assert aside(village) == ["case"]  # that it is here says nothing of what they have
    settle_heard(village, Heard(known={(HOME, "case", second.revision)}))
    assert aside(village) == []


def test_what_was_no_document_stays_aside(make_node: Callable[..., Node]) -> None:
    township = make_node("t0wn1", "990281101000")
    set_aside_garbled(township, "below", Garbled(HOME, b"no document", "unreadable"))
    (lying,) = aside(township)
    settle_heard(township, Heard(known={(HOME, lying, written("case", "a").revision)}))
    assert aside(township) == [lying]


def test_of_what_one_offers_so_much_a_day_is_kept_and_of_ours_and_of_others_all(
    make_node: Callable[..., Node], clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.node.aside_room.MOST_BYTES", 2_500)
    township = make_node("t0wn1", "990281101000")

    def offer(doc_id: str, offered_by: str) -> list[str]:
        large = Document(doc_id, Branch(1, ("a" * 32,)), b'{"a":"%s"}' % (b"a" * 1_000))
        set_aside(township, HOME, large, reason="nobody may", offered_by=offered_by)
        return aside(township)

    assert [len(offer(doc_id, "below")) for doc_id in "aabcde"] == [1, 1, 2, 3, 3, 3]
    assert len(offer("f", "another below")) == 4
    assert [len(offer(doc_id, township.identity.writer)) for doc_id in "ghijk"] == [5, 6, 7, 8, 9]
    clock.now_ms += 86_400_000
    assert offer("d", "below")[-1] == "d"
