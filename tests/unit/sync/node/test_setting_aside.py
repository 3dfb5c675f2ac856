"""What was refused once and is taken in later need not be looked at any more."""

from collections.abc import Callable

from sync.node.node import Node
from sync.node.setting_aside import set_aside, settle_heard
from sync.replication.hearing import Heard
from sync.revisions.tree import Branch
from sync.store.ledger.set_aside import items_aside
from sync.values.conversation import SetAside
from sync.values.documents import Document

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
