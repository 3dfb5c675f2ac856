"""A server with its replication service, over real sockets where a test wants one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sync.database import Database
from sync.http_api.api import create_app
from sync.http_api.feeds import FeedGate
from sync.replicator.service import ReplicationService
from sync.store.engine import Engine
from sync.values.changes import Span
from sync.values.documents import Document, Edit, Wanted
from sync.values.json_text import dump
from sync.web.serving import running

SECONDS = 20


class Server:
    """An engine and its service; with sockets, an address others can reach."""

    def __init__(self, directory: Path, opened: ExitStack, *, port: int = 0, **options: Any) -> None:
        self.engine = opened.enter_context(Engine.open(directory))
        feeds = FeedGate()
        options.setdefault("delay", lambda errors, waiting_helps: 0.05)
        self.service = ReplicationService(self.engine.databases, self.engine.wakes, server=directory.name, **options)
        app = create_app(self.engine.databases, uuid=directory.name, feeds=feeds, replicator=self.service)
        self.port = opened.enter_context(running(app, port=port, threads=8))
        self.url = f"http://127.0.0.1:{self.port}"
        opened.callback(self.service.close)
        opened.callback(feeds.close)
        self.service.start(self.url)

    def database(self, name: str, documents: int = 0) -> Database:
        """A new database with so many documents."""
        made = self.engine.databases.create(name)
        made.write([Edit(f"d{number:04}", None, b'{"n":%d}' % number) for number in range(documents)])
        return made

    def job(self, doc_id: str, **members: Any) -> None:
        """Write a document of `_replicator`."""
        replicator = self.engine.database("_replicator")
        (outcome,) = replicator.write([Edit(doc_id, self._revision(doc_id), dump(members))])
        assert outcome.error is None

    def end(self, doc_id: str) -> None:
        """Delete one."""
        self.engine.database("_replicator").write([Edit(doc_id, self._revision(doc_id), deleted=True)])

    def fields(self, doc_id: str) -> dict[str, Any]:
        """What stands in one."""
        (found,) = self.engine.database("_replicator").read([Wanted(doc_id)])
        assert isinstance(found, Document)
        return found.fields()

    def state(self, doc_id: str) -> Any:
        """What `_scheduler/docs` tells of one."""
        return self.service.document("_replicator", doc_id)["state"]

    def replicate(self, **fields: Any) -> Any:
        """What `_replicate` answers once it is done."""
        return self.service.result(self.service.begin(fields, user="chen"))

    def _revision(self, doc_id: str) -> Any:
        found = next(iter(self.engine.database("_replicator").read([Wanted(doc_id)])), None)
        return found.revision if isinstance(found, Document) else None


Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """A function that starts a server; by the same name, on the same directory."""
    with ExitStack() as opened:
        yield lambda name="here", **options: Server(tmp_path / name, opened, **options)


@pytest.fixture
def here(serve: Serve) -> Server:
    return serve("here")


def ids(database: Database) -> list[str]:
    """The live documents of a database."""
    return [row.id for row in database.list(Span()).rows]
