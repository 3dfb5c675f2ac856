"""A database across HTTP: Apache CouchDB, pouchdb-server or a Yizhan node.

    RemoteDatabases("http://centre:5984").open("station_q7")
    RemoteDatabase.at("http://admin:secret@centre:5984/station_q7")

Must not know: who asks, or which of those servers it is.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sync.errors import BadRequest, ProtocolError
from sync.remote.listings import read_listing, span_query
from sync.remote.local import LocalDocuments
from sync.remote.queries import query_text, read_found
from sync.remote.reading import Read, Reading
from sync.remote.traffic import Meter
from sync.remote.transport import FeedHeld, Reply, Transport, split_database_url
from sync.remote.writing import Writing
from sync.revisions.revision import Revision
from sync.revisions.tree import Tree
from sync.revisions.winner import order
from sync.values.changes import Changes, Info, Listing, Missing, Span
from sync.values.documents import Document, Edit, LocalDocument, Outcome, Wanted
from sync.values.json_text import dump, parse, parse_object
from sync.values.queries import Found, Query
from sync.wire.changes import read_changes, read_missing
from sync.wire.multipart import Multipart

# How long a feed's end may be under way on a slow link.
_GRACE_SECONDS = 10.0
# CouchDB 1.x acknowledged before it flushed unless told so; later ones flush anyway and ignore it.
_ON_DISK = {"X-Couch-Full-Commit": "true"}
_KEPT_FOR_DIAGNOSIS = 1000


class RemoteDatabase:
    """A `sync.database.Database` across HTTP.

    Every method raises LinkError when no answer came, Unauthorized or Forbidden when we are not let
    in, NotFound when there is no such database, ProtocolError when the answer makes no sense.
    """

    def __init__(self, transport: Transport, name: str) -> None:
        self._transport = transport
        self._name = name
        self._reading = Reading(self._ask, self._take)
        self._writing = Writing(self._bulk, self._send if transport.streams else None)
        self._local = LocalDocuments(self._ask)

    @classmethod
    def at(cls, url: str) -> "RemoteDatabase":
        """The database a URL names, over a connection of its own; nothing is asked yet."""
        server, name = split_database_url(url)
        return cls(Transport(server), name)

    @property
    def name(self) -> str:
        """How the database is called on its server."""
        return self._name

    @property
    def identity(self) -> str:
        """What names this database among all databases: its URL without credentials."""
        return f"{self._transport.address}/{self._name}"

    @property
    def transport(self) -> Transport:
        """The connection it is reached by."""
        return self._transport

    @property
    def meter(self) -> Meter:
        """Counts what the connection costs."""
        return self._transport.meter

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def info(self) -> Info:
        """The database in numbers."""
        text = self._ask("GET", ()).body
        try:
            told = parse_object(text)
            sizes = told.get("sizes") or {}
            seq = told["update_seq"]
            return Info(
                name=told["db_name"],
                update_seq=seq if isinstance(seq, str) else dump(seq).decode(),
                doc_count=told["doc_count"],
                doc_del_count=told.get("doc_del_count") or 0,
                instance_start_time=str(told.get("instance_start_time", "0")),
                disk_bytes=sizes.get("file") or told.get("disk_size") or 0,
                active_bytes=sizes.get("active") or told.get("data_size") or 0,
            )
        except (BadRequest, KeyError, AttributeError) as error:
            raise ProtocolError(f"not a database's info: {error}", answer=text[:_KEPT_FOR_DIAGNOSIS]) from None

    def changes(
        self,
        since: str,
        *,
        limit: int | None = None,
        descending: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> Changes:
        """Each document's newest change after a sequence, oldest first."""
        query = {"style": "all_docs", "since": since}
        if limit is not None:
            query["limit"] = str(limit)
        if descending:
            query["descending"] = "true"
        if doc_ids is None:
            return read_changes(self._ask("GET", ("_changes",), query).body)
        query["filter"] = "_doc_ids"
        return read_changes(self._ask("POST", ("_changes",), query, dump({"doc_ids": sorted(set(doc_ids))})).body)

    def changes_matching(self, since: str, selector: Any, *, limit: int | None = None) -> Changes:
        """The same of documents that fit a Mango selector, chosen by the server; raises NotOffered where it cannot."""
        query = {"style": "all_docs", "since": since, "filter": "_selector"}
        if limit is not None:
            query["limit"] = str(limit)
        return read_changes(self._ask("POST", ("_changes",), query, dump({"selector": selector})).body)

    def await_change(self, since: str, *, timeout_seconds: float) -> bool:
        """Wait until something changed after a sequence; False when the time ran out first."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            left = max(deadline - time.monotonic(), 0.001)
            query = {"feed": "longpoll", "since": since, "limit": "1", "timeout": str(max(1, int(left * 1000)))}
            try:
                reply = self._ask("GET", ("_changes",), query, feed_seconds=left + _GRACE_SECONDS)
            except FeedHeld:  # pouchdb-server lets one wait until something changes, whatever was asked
                return False
            if read_changes(reply.body).results:
                return True
            if time.monotonic() >= deadline:  # a server may end a feed earlier than asked
                return False

    def missing(self, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
        """Say which of the offered revisions this database lacks."""
        told = {doc_id: [str(revision) for revision in revisions] for doc_id, revisions in offered.items()}
        return read_missing(self._ask("POST", ("_revs_diff",), body=dump(told)).body)

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Read]:
        """Read documents, in the order asked."""
        return self._reading.read(wanted)

    def leaves(self, ids: Sequence[str]) -> Mapping[str, tuple[Document, ...]]:
        """Every leaf of many documents in one request; see `Reading.leaves` for which servers can."""
        return self._reading.leaves(ids)

    def tree(self, doc_id: str) -> Tree | None:
        """The revision tree of a document; None when it was never written."""
        leaves = [leaf for leaf in self.read([Wanted(doc_id, ())]) if isinstance(leaf, Document)]
        return order(leaf.path for leaf in leaves) if leaves else None

    def list(self, span: Span) -> Listing:
        """Live documents in the order of their ids."""
        return read_listing(self._ask("GET", ("_all_docs",), span_query(span)).body)

    def look_up(self, ids: Sequence[str]) -> Listing:
        """One row per id asked for, in that order."""
        return read_listing(self._ask("POST", ("_all_docs",), body=dump({"keys": [*ids]})).body)

    def find(self, query: Query) -> Found:
        """Documents that fit a selector."""
        return read_found(self._ask("POST", ("_find",), body=query_text(query)).body)

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Write edits, one outcome each, in order."""
        return self._writing.write(edits)

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Join replicas' revisions to the trees, one outcome each, in order."""
        return self._writing.graft(documents)

    def read_local(self, local_id: str) -> LocalDocument | None:
        """A local document by the part of its id behind `_local/`."""
        return self._local.read(local_id)

    def list_local(self, span: Span) -> Sequence[LocalDocument]:
        """Local documents in the order of their ids; raises NotOffered when the server cannot list them."""
        return self._local.list(span)

    def write_local(self, local_id: str, body: bytes) -> Revision:
        """Replace a local document."""
        return self._local.write(local_id, body)

    def delete_local(self, local_id: str) -> bool:
        """Remove a local document; False when there was none."""
        return self._local.delete(local_id)

    def _take(self, segments: Sequence[str], query: Mapping[str, str]) -> Iterator[bytes]:
        return self._transport.take((self._name, *segments), query=query)

    def _bulk(self, body: bytes) -> Reply:
        return self._ask("POST", ("_bulk_docs",), body=body, headers=_ON_DISK)

    def _send(self, segments: Sequence[str], query: Mapping[str, str], parts: Multipart) -> Reply:
        return self._transport.send("PUT", (self._name, *segments), parts, query=query, headers=_ON_DISK)

    def _ask(
        self,
        method: str,
        segments: Sequence[str],
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        feed_seconds: float | None = None,
    ) -> Reply:
        return self._transport.ask(
            method,
            (self._name, *segments),
            query=query,
            body=body,
            headers=headers,
            feed_seconds=feed_seconds,
        )


class RemoteDatabases:
    """A `sync.database.Databases` across HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @classmethod
    def at(cls, url: str) -> "RemoteDatabases":
        """The databases of the server a URL names."""
        return cls(Transport(url))

    def names(self) -> Sequence[str]:
        """Every name, sorted."""
        text = self._transport.ask("GET", ("_all_dbs",)).body
        try:
            return sorted(str(name) for name in _list(parse(text)))
        except BadRequest as error:
            raise ProtocolError(f"not an answer of _all_dbs: {error}", answer=text[:_KEPT_FOR_DIAGNOSIS]) from None

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """Those of some names that exist; asked for by the list of all."""
        return frozenset(names).intersection(self.names())

    def open(self, name: str) -> RemoteDatabase:
        """The database of that name; raises NotFound."""
        database = RemoteDatabase(self._transport, name)
        database.info()
        return database

    def create(self, name: str) -> RemoteDatabase:
        """A new, empty database; raises FileExists, or BadRequest on an unlawful name."""
        self._transport.ask("PUT", (name,))
        return RemoteDatabase(self._transport, name)

    def destroy(self, name: str) -> None:
        """Remove a database with all it holds; raises NotFound."""
        self._transport.ask("DELETE", (name,))

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BadRequest("not a list")
    return value
