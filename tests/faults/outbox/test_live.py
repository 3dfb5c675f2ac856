"""The same on a live Apache CouchDB, which goes away as a network does: behind a link that is cut."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fixtures.link_weak import WeakLink
from sync.database import Database, Front
from sync.errors import StoreUnreachable
from sync.node.acts.current import current
from sync.node.node import Node
from sync.outbox.address import CouchAddress
from sync.remote.database import RemoteDatabases
from sync.values.documents import Document, Wanted
from tests.faults.outbox.station import act, check, found, settled, take
from tests.homes import remove
from tests.waiting import until

pytestmark = pytest.mark.couchdb


class Called(Front):
    """A database under the name its node has for it: a digest of content covers names."""

    def __init__(self, behind: Database, name: str) -> None:
        super().__init__(behind)
        self._name = name

    @property
    def name(self) -> str:
        return self._name


class Live:
    """A live CouchDB behind a link; what is there is asked past the link."""

    def __init__(self, url: str, prefix: str) -> None:
        parts = urlsplit(url)
        self._there = RemoteDatabases.at(url)
        self._link = WeakLink(f"{parts.hostname}:{parts.port}")
        self._link.start()
        self.address = CouchAddress(
            f"{parts.scheme}://{parts.username}:{parts.password}@127.0.0.1:{self._link.port}", prefix
        )

    def down(self) -> None:
        self._link.down()

    def up(self) -> None:
        self._link.up()

    def database(self, name: str) -> Database:
        return Called(self._there.open(self.address.name_there(name)), name)

    def documents(self, name: str) -> list[Document]:
        database = self.database(name)
        ids = [change.id for change in database.changes("0").results]
        return [one for one in database.read([Wanted(doc_id, ()) for doc_id in ids]) if isinstance(one, Document)]

    def close(self) -> None:
        self._there.close()
        self._link.stop()


@pytest.fixture
def live() -> Iterator[Live]:
    prefix = f"test-{secrets.token_hex(6)}-"
    with closing(Live(os.environ["COUCHDB_URL"], prefix)) as live:
        yield live
    remove(os.environ["COUCHDB_URL"], [prefix])


def test_two_hundred_applications_taken_while_an_apache_couchdb_is_away_are_there_once_when_it_is_back(
    live: Live, tmp_path: Path
) -> None:
    with found(tmp_path / "village", live.address) as node:
        old = take(node)
        until(lambda: settled(node))
        live.down()
        answered = [take(node, number) for number in range(100)]
        with pytest.raises(StoreUnreachable):
            act(node, old["id"], "not taken")
        act(node, answered[3]["id"], "taken")
    # Stopped with everything waiting, and started while the CouchDB is still away.
    with Node.open(tmp_path / "village", couch=live.address) as node:
        answered += [take(node, number) for number in range(100)]
        live.up()
        check(node, live, [old, *answered])  # type: ignore[arg-type]
        act(node, old["id"], "taken now")
        until(lambda: settled(node))
        document = node.read(lambda reader: current(reader, node.documents, old["id"]))
        assert document is not None
        assert document.revision.generation == 2
