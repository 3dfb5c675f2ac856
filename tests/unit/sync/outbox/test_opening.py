"""Where documents are is settled once, and refused otherwise in words that help."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sync.errors import Forbidden, LinkDown, StoreUnreachable
from sync.node.identity import describe
from sync.node.node import Node
from sync.outbox.address import CouchAddress
from sync.outbox.outbox import Outbox
from sync.store.engine import Engine
from sync.store.transaction import Transaction
from tests.faults.outbox.couch import Couch, couch


def told(tx: Transaction) -> None:
    describe(tx, name="石桥村", region="990281101201", upstream="http://127.0.0.1:1")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Couch]:
    with couch(tmp_path / "couch") as server:
        yield server


def test_a_directory_made_with_a_couchdb_is_not_opened_without(tmp_path: Path, server: Couch) -> None:
    Node.found(tmp_path / "node", told, couch=server.address).close()
    with pytest.raises(Forbidden, match="存放在 CouchDB"):
        Node.open(tmp_path / "node")
    with Node.open(tmp_path / "node", couch=server.address) as node:
        assert "public" in node.databases.names()


def test_a_directory_made_without_one_is_not_opened_with(tmp_path: Path, server: Couch) -> None:
    Node.found(tmp_path / "node", told).close()
    with pytest.raises(Forbidden, match="本机文件"):
        Node.open(tmp_path / "node", couch=server.address)
    with Node.open(tmp_path / "node") as node:
        assert node.documents is node.engine


def test_a_node_is_not_made_where_nobody_answers_or_another_lives(tmp_path: Path, server: Couch) -> None:
    with pytest.raises(LinkDown):
        Node.found(tmp_path / "one", told, couch=CouchAddress("http://127.0.0.1:9"))
    with Node.found(tmp_path / "one", told, couch=server.address) as one:
        one.documents.database("public").info()
        with pytest.raises(Forbidden, match="已有数据库"):
            Node.found(tmp_path / "two", told, couch=server.address)
        prefixed = CouchAddress(server.address.url, "two-")
        with Node.found(tmp_path / "two", told, couch=prefixed) as two:
            assert two.documents.database("public").info().name == "public"
        assert server.database("two-public").name == "two-public"


def test_databases_of_another_node_are_neither_read_nor_written(tmp_path: Path, server: Couch) -> None:
    Node.found(tmp_path / "node", told, couch=server.address).close()
    with closing(Outbox(Engine.open(tmp_path / "other"), server.address, "another")) as other:
        other.databases.create("public")
        with pytest.raises(StoreUnreachable, match="不属于本节点"):
            other.database("public").info()
        assert "不属于本节点" in other.elsewhere().trouble
