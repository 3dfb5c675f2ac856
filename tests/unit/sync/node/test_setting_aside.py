"""What was refused once and is taken in later need not be looked at any more."""

from collections.abc import Callable

import pytest

from sync.node.node import Node
from sync.node.setting_aside import set_aside, settle_heard
from sync.replication.hearing import Heard
from sync.revisions.tree import Branch
from sync.store.ledger.set_aside import items_aside
from sync.values.conversation import SetAside
from sync.values.documents import Document
from tests.unit.sync.node.conftest import SetClock

HOME = "station_k3m7q"


def aside(node: Node) -> list[str]:
    return [item.id for item in node.read(items_aside)]


def test_what_is_taken_in_after_all_is_settled_and_what_is_refused_again_is_not(make_node: Callable[..., Node]) -> None:
    township = make_node("t0wn1", "990281101000")
    documents = [Document(doc_id, Branch(1, ("a" * 32,)), b"{}") for doc_id in ("taken", "refused", "not offered")]
    for one in documents:
        set_aside(township, HOME, one, reason="who wrote this?", offered_by="below")
    known = {(HOME, one.id, one.revision) for one in documents[:2]}
    heard = Heard(known=known, set_aside=[SetAside(HOME, "refused", documents[1].revision, "who wrote this?")])
    settle_heard(township, heard)
    assert aside(township) == ["refused", "not offered"]
    set_aside(township, HOME, documents[0], reason="again", offered_by="below")
    assert sorted(aside(township)) == ["not offered", "refused", "taken"]


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
