"""`_changes`: what changed after a sequence, at once, when something does, or for as long as one listens.

source  CouchDB API, /{db}/_changes

Must not know: how documents are kept.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import Response

from sync.database import Database
from sync.errors import BadRequest, NotFound, NotOffered
from sync.http_api.answers import streamed, waiting
from sync.http_api.call import Call, Query
from sync.http_api.feeds import FeedGate
from sync.http_api.listing import PAGE_DOCUMENTS, PAGE_ROWS
from sync.http_api.reading import asides, read_each
from sync.values.changes import START, Change, Changes
from sync.values.documents import Document, Wanted
from sync.values.json_text import dump
from sync.wire.changes import write_change
from sync.wire.documents import write_document

# CouchDB's `changes_timeout`: its default, and the most one can ask for without heartbeats.
LONGEST_WAIT_MILLISECONDS = 60_000
_SHORTEST_HEARTBEAT_MILLISECONDS = 100
_FEEDS = ("normal", "longpoll", "continuous")
_HEAD = b'{"results":[\n'


@dataclass(frozen=True, slots=True)
class Following:
    """What a caller wants of a feed.

    limit   rows at most; None for all
    doc_ids only these documents; None for all
    """

    database: Database
    since: str
    feed: str
    limit: int | None
    descending: bool
    doc_ids: tuple[str, ...] | None
    all_leaves: bool
    include_docs: bool
    attachments: bool
    conflicts: bool
    timeout_seconds: float | None
    heartbeat_seconds: float | None
    hung_up: Callable[[], bool]

    def page(self, since: str, left: int | None) -> Changes:
        """The next rows after a sequence."""
        size = PAGE_DOCUMENTS if self.include_docs else PAGE_ROWS
        limit: int | None = size if left is None else min(size, left)
        if self.descending:  # cannot be continued by its last sequence
            limit = left
        return self.database.changes(since, limit=limit, descending=self.descending, doc_ids=self.doc_ids)


def changes(call: Call, db: str) -> Response:
    """`GET` or `POST /{db}/_changes`"""
    asked = _asked(call, call.database(db))
    if asked.feed == "normal" or asked.descending:
        return _begun(_normal(asked, asked.page(asked.since, asked.limit)))
    first = asked.page(asked.since, asked.limit)
    if asked.feed == "longpoll" and (first.results or asked.limit == 0):
        return _begun(_normal(asked, first))
    gate = call.server.feeds
    gate.enter()
    chunks = _longpoll(asked, gate, first) if asked.feed == "longpoll" else _continuous(asked, gate, first)
    answer = waiting(chunks)
    answer.call_on_close(gate.leave)
    return answer


def _asked(call: Call, database: Database) -> Following:
    query = call.query
    feed = query.text("feed") or "normal"
    if feed not in _FEEDS:
        raise NotOffered(f"The feed `{feed}` is not offered; use `longpoll` or `continuous`.")
    style = query.text("style") or "main_only"
    if style not in ("main_only", "all_docs"):
        raise BadRequest(f"Invalid style: `{style}`")
    return Following(
        database=database,
        since=_since(query, call, database),
        feed=feed,
        limit=query.count("limit"),  # 0 gives no row, whatever CouchDB's documentation says
        descending=query.flag("descending"),
        doc_ids=_doc_ids(call),
        all_leaves=style == "all_docs",
        include_docs=query.flag("include_docs"),
        attachments=query.flag("attachments"),
        conflicts=query.flag("conflicts"),
        timeout_seconds=_timeout(query),
        heartbeat_seconds=_heartbeat(query),
        hung_up=call.hung_up,
    )


def _since(query: Query, call: Call, database: Database) -> str:
    since = query.text("since", "last-event-id")
    if since is None:
        since = call.headers.get("Last-Event-ID") or START
    if since == "now":
        return database.info().update_seq
    # Clients that take a sequence for any JSON value send its JSON text.
    return since[1:-1] if len(since) > 1 and since[0] == since[-1] == '"' else since


def _doc_ids(call: Call) -> tuple[str, ...] | None:
    name = call.query.text("filter")
    told = call.json_object() if call.method == "POST" and call.headers.get("Content-Length") != "0" else {}
    if name is None:
        return None
    if name != "_doc_ids":
        raise NotOffered(f"The filter `{name}` is not offered; use `_doc_ids`, or filter what you read.")
    ids = told.get("doc_ids", call.query.json("doc_ids"))
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise BadRequest("`doc_ids` filter parameter is not a list of doc ids.")
    return tuple(ids)


def _timeout(query: Query) -> float | None:
    if _heartbeat(query) is not None:
        return None
    asked = query.count("timeout")
    longest = LONGEST_WAIT_MILLISECONDS
    return (longest if asked is None else min(asked, longest)) / 1000


def _heartbeat(query: Query) -> float | None:
    if query.text("heartbeat") in (None, "false"):
        return None
    if query.text("heartbeat") == "true":
        return LONGEST_WAIT_MILLISECONDS / 1000
    asked = query.count("heartbeat") or 0
    return min(max(asked, _SHORTEST_HEARTBEAT_MILLISECONDS), 24 * 3_600_000) / 1000


def _begun(chunks: Iterator[bytes]) -> Response:
    return streamed(chunks, headers={"Cache-Control": "must-revalidate"})


def _normal(asked: Following, page: Changes) -> Iterator[bytes]:
    yield _HEAD
    between = b""
    left = _reach(asked, page)
    while page.results:
        yield between + b",\n".join(_rows(asked, page.results))
        between = b",\n"
        left = None if left is None else left - len(page.results)
        if page.pending == 0 or left == 0 or asked.descending:
            break
        page = asked.page(page.last_seq, left)
    yield _foot(page)


def _reach(asked: Following, page: Changes) -> int | None:
    """How many rows there are to give as of now: an answer must end even while others keep writing."""
    if page.pending is None:
        return asked.limit
    there = len(page.results) + page.pending
    return there if asked.limit is None else min(asked.limit, there)


def _longpoll(asked: Following, gate: FeedGate, page: Changes) -> Iterator[bytes]:
    yield _HEAD
    for awaited in _awaited(asked, gate, page.last_seq, asked.limit):
        page = awaited or page
        yield b",\n".join(_rows(asked, awaited.results)) if awaited and awaited.results else b"\n"
    yield _foot(page)


def _continuous(asked: Following, gate: FeedGate, page: Changes) -> Iterator[bytes]:
    left = asked.limit
    if not page.results and left != 0:
        yield b"\n"  # as CouchDB does, so that the caller knows at once that it is being served
    while True:
        yield from (row + b"\n" for row in _rows(asked, page.results))
        left = None if left is None else left - len(page.results)
        if left == 0:
            break
        if page.results and page.pending != 0:
            page = asked.page(page.last_seq, left)
            continue
        fresh = None
        for fresh in _awaited(asked, gate, page.last_seq, left):
            if fresh is None or not fresh.results:
                yield b"\n"
        if fresh is None:
            break
        page = fresh
    yield dump({"last_seq": page.last_seq, "pending": page.pending or 0}) + b"\n"


def _awaited(asked: Following, gate: FeedGate, since: str, left: int | None) -> Iterator[Changes | None]:
    """Pages after `since` until one has rows; None for each heartbeat. Ends without when time is up."""
    until = None if asked.timeout_seconds is None else time.monotonic() + asked.timeout_seconds
    with suppress(NotFound):  # destroyed while we waited: nothing will follow, and the answer has begun
        yield from _awaited_until(asked, gate, since, left, until)


def _awaited_until(
    asked: Following, gate: FeedGate, since: str, left: int | None, until: float | None
) -> Iterator[Changes | None]:
    while True:
        changed = False
        for changed in gate.wait(
            asked.database, since, until=until, heartbeat_seconds=asked.heartbeat_seconds, hung_up=asked.hung_up
        ):
            if not changed:
                yield None
        if not changed:
            return
        page = asked.page(since, left)
        yield page
        if page.results:
            return
        since = page.last_seq


def _rows(asked: Following, results: Sequence[Change]) -> list[bytes]:
    docs = _documents(asked, results) if asked.include_docs else {}
    return [write_change(change, all_leaves=asked.all_leaves, doc=docs.get(change.id)) for change in results]


def _documents(asked: Following, results: Sequence[Change]) -> dict[str, bytes]:
    wanted = [Wanted(each.id, each.leaves[:1], attachments=asked.attachments) for each in results]
    members = frozenset({"_conflicts"}) if asked.conflicts else frozenset()
    texts = {}
    for each, found in zip(wanted, read_each(asked.database, wanted), strict=True):
        texts[each.id] = b"null"  # replaced and compacted away since the page was read
        if found and isinstance(found[0], Document):
            texts[each.id] = write_document(found[0], extras=asides(asked.database, found[0], members))
    return texts


def _foot(page: Changes) -> bytes:
    return b'\n],"last_seq":' + dump(page.last_seq) + b',"pending":' + dump(page.pending or 0) + b"}\n"
