"""Why a run up failed, by kind, and where that is kept."""

from collections.abc import Callable

import pytest

from sync.errors import (
    Damaged,
    DiskFull,
    Forbidden,
    LinkDown,
    LinkTimeout,
    NotFound,
    PeerBusy,
    PeerFull,
    ProtocolError,
    SyncError,
    TooLarge,
    Unauthorized,
    WrongPeer,
)
from sync.node.node import Node
from sync.node.road.failing import Kind, failure_of, keep_failure, last_failure
from sync.node.sharing import UPSTREAM
from sync.store.ledger.contacts import contact


@pytest.mark.parametrize(
    ("error", "kind", "refused"),
    [
        (LinkDown("x"), Kind.LINK, False),
        (LinkTimeout("x"), Kind.LINK, False),
        (PeerBusy("x"), Kind.BUSY, False),
        (PeerFull("x"), Kind.NO_ROOM, False),
        (DiskFull("x"), Kind.FULL, False),
        (Damaged("x"), Kind.DISK, True),
        (Unauthorized("x"), Kind.REFUSED, True),
        (Forbidden("x"), Kind.REFUSED, True),
        (NotFound("x"), Kind.NOT_TAKEN, True),
        (TooLarge("x"), Kind.NOT_TAKEN, True),
        (WrongPeer("x"), Kind.WRONG_PEER, True),
        (ProtocolError("x"), Kind.STRANGER, True),
    ],
)
def test_each_failure_is_of_one_kind_and_goes_by_waiting_or_not(error: SyncError, kind: Kind, refused: bool) -> None:
    failure = failure_of(error)
    assert (failure.reason, failure.kind, failure.refused) == ("x", kind, refused)


@pytest.mark.parametrize("error", [Unauthorized, NotFound, TooLarge])
def test_who_refuses_without_a_word_is_no_node(error: type[SyncError]) -> None:
    assert failure_of(error("http://10.0.0.2:8800 answered 404 Not Found")).kind == Kind.STRANGER


def test_it_is_kept_with_the_contact(make_node: Callable[..., Node]) -> None:
    node = make_node("k3m7q")
    keep_failure(node, PeerFull("later"))
    known = node.read(lambda reader: contact(reader, UPSTREAM))
    assert known is not None
    assert known.failure == failure_of(PeerFull("later"))
    assert node.read(lambda reader: last_failure(node, reader)) == known.failure
    assert node.unkept_failure is None


def test_where_the_ledger_takes_no_writes_it_is_kept_in_memory(
    make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    node = make_node("k3m7q")
    keep_failure(node, LinkDown("gone"))

    def full(work: object) -> None:
        raise DiskFull("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(node, "write", full)
        keep_failure(node, DiskFull("database or disk is full"))
    kept = node.read(lambda reader: last_failure(node, reader))
    assert kept is not None
    assert kept.kind == Kind.FULL
    keep_failure(node, LinkDown("gone"))  # what is written later counts
    assert node.read(lambda reader: last_failure(node, reader)) == failure_of(LinkDown("gone"))
