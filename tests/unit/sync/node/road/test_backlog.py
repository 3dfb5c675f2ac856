"""What waits, lane by lane: from the marks, quickly however much it is, and not at all where nothing changed."""

import random
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from sync.blobs.storing import store_bytes
from sync.node.identity import describe, take_sid
from sync.node.lanes import Lane
from sync.node.node import Node
from sync.node.road.backlog import NOTHING, UNKNOWN, Backlog, Weight
from sync.node.road.marks import Marks
from sync.node.sharing import ensure_homes
from sync.replication.small_first import tell_small_first
from sync.replication.telling import nobody_knows
from sync.store.database import EmbeddedDatabase
from sync.store.transaction import Transaction
from sync.values.changes import START
from sync.values.conversation import Mark, Untold
from sync.values.documents import Edit
from tests.homes import opened

HOME, PHOTOS = "station_k3m7q", "blobs_k3m7q"


def told(tx: Transaction) -> None:
    describe(tx, name="石桥村", region="990281101201", upstream="http://127.0.0.1:1")
    take_sid(tx, "k3m7q")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with Node.found(tmp_path / "village", told) as node:
        ensure_homes(node, "k3m7q")
        yield node


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The databases that were weighed."""
    weighed: list[str] = []
    whole: Callable[..., tuple[int, int]] = EmbeddedDatabase.weigh_after

    def weigh(database: EmbeddedDatabase, since: str, *, counted: str = "") -> tuple[int, int]:
        weighed.append(database.name)
        return whole(database, since, counted=counted)

    monkeypatch.setattr(EmbeddedDatabase, "weigh_after", weigh)
    return weighed


def unhurried(node: Node) -> Backlog:
    """One for which no look is dear, however busy the machine is."""
    return Backlog(node, now_seconds=lambda: 0.0)


def test_nothing_waits_where_nothing_was_written(node: Node) -> None:
    weighed = Backlog(node).weigh()
    assert weighed[Lane.RECORDS] == weighed[Lane.PHOTOS] == weighed[Lane.CATALOGUE] == NOTHING


def test_of_the_documents_of_a_photo_its_list_counts_and_all_weigh(node: Node) -> None:
    photo = [Edit("blob:a", None, b'{"x":"' + b"y" * 92 + b'"}'), Edit("chunk:b", None, b'{"x":"' + b"y" * 292 + b'"}')]
    node.documents.database(PHOTOS).write(photo)
    assert Backlog(node).weigh()[Lane.PHOTOS] == Weight(1, 300)  # 400 bytes, as base64


def test_of_photos_that_overtook_each_other_those_wait_that_have_not_been_told(node: Node) -> None:
    database, chance = node.documents.database(PHOTOS), random.Random(3)
    for size in (160_000, 40_000, 80_000):
        store_bytes(database.graft, chance.randbytes(size), media_type="image/jpeg")
    marks, waiting = Marks(node), [Backlog(node).weigh()[Lane.PHOTOS]]
    told = tell_small_first(database, START, knows=nobody_knows, most_bytes=1 << 30, pass_over=untold)
    for mark in (item for item in told if isinstance(item, Mark)):
        marks.note_pushed(PHOTOS, mark.position)
        waiting.append(Backlog(node).weigh()[Lane.PHOTOS])
    assert waiting[0].things == 3
    assert [one.things for one in waiting] == sorted((one.things for one in waiting), reverse=True)
    assert all(before.bytes >= after.bytes - 20_000 for before, after in pairwise(waiting))
    assert waiting[len(waiting) // 2].bytes < 200_000
    assert waiting[-1] == NOTHING


def test_small_photos_weigh_what_they_are_and_no_piece_of_16_kb_each(node: Node) -> None:
    database, chance = node.documents.database(PHOTOS), random.Random(3)
    for _ in range(40):
        store_bytes(database.graft, chance.randbytes(700), media_type="image/jpeg")
    store_bytes(database.graft, chance.randbytes(40_000), media_type="image/jpeg")
    marks, waiting = Marks(node), []
    told = tell_small_first(database, START, knows=nobody_knows, most_bytes=1 << 30, pass_over=untold)
    for mark in (item for item in told if isinstance(item, Mark)):
        marks.note_pushed(PHOTOS, mark.position)
        waiting.append(Backlog(node).weigh()[Lane.PHOTOS])
    (half, *_) = [one for one in waiting if one.things and one.things < 41]
    assert half.bytes == (half.things - 1) * 700 + 40_000
    assert [one.bytes for one in waiting if one.things == 1][-1] == 40_000 - 32_768


def untold(one: Untold) -> None:
    raise AssertionError(one.reason)


def test_what_stands_before_the_mark_waits_no_more(node: Node) -> None:
    database, backlog = node.documents.database(HOME), unhurried(node)
    database.write([Edit("case:one", None, b"{}")])
    assert backlog.weigh()[Lane.RECORDS] == Weight(1, 2)
    Marks(node).note_pushed(HOME, database.info().update_seq)
    assert backlog.weigh()[Lane.RECORDS] == NOTHING
    database.write([Edit("case:two", None, b'{"a":1}')])
    assert backlog.weigh()[Lane.RECORDS] == Weight(1, 7)


def test_a_fortnight_of_cases_is_weighed_in_a_moment_and_at_rest_in_none(node: Node, looks: list[str]) -> None:
    body = b'{"a":"' + b"x" * 1500 + b'"}'
    node.documents.database(HOME).write([Edit(f"case:{number}", None, body) for number in range(3000)])
    backlog, began = unhurried(node), time.process_time()
    assert backlog.weigh()[Lane.RECORDS] == Weight(3000, 3000 * len(body))
    assert time.process_time() - began < 0.25
    looks.clear()
    for _ in range(10):
        backlog.weigh()
    assert looks == []


def test_what_changes_in_one_database_has_no_other_weighed(node: Node, looks: list[str]) -> None:
    backlog = unhurried(node)
    backlog.weigh()
    looks.clear()
    node.documents.database(HOME).write([Edit("case:one", None, b"{}")])
    backlog.weigh()
    assert looks == [HOME]


def test_a_store_without_weights_is_not_gone_through(tmp_path: Path) -> None:
    with opened("server", tmp_path) as address, Node.found(tmp_path / "village", told, couch=address()) as node:
        ensure_homes(node, "k3m7q")
        assert Backlog(node).weigh()[Lane.RECORDS] == UNKNOWN
