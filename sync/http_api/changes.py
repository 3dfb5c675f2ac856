"""`_changes`: what changed after a sequence, at once, when something does, or for as long as one listens.

source  CouchDB API, /{db}/_changes

Must not know: how documents are kept, what a filter lets pass.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from sync.errors import NotFound
from sync.http_api.answers import JSON_TYPE, Answer, streamed, waiting
from sync.http_api.call import Call
from sync.http_api.feeds import FeedGate
from sync.http_api.following import NO_PAGE, Following, Page, backwards, read_following
from sync.http_api.rows import Pieces, document_text, listed, read_first, with_document
from sync.values.contents import evenly
from sync.values.documents import Document, Wanted
from sync.values.json_text import dump
from sync.wire.changes import write_change

_HEAD = b'{"results":[\n'
# CouchDB counts changes down, from here where there is no limit, and of `seq_interval` tells those divisible by it.
_COUNTED_FROM = 10**15
# Each goes over what changed during the one before; the last is hardly ever more than a page, which is of one moment.
_ROUNDS = 4
_HEARTBEAT = b"event: heartbeat\ndata: \n\n"


def changes(call: Call, db: str) -> Answer:
    """`GET` or `POST /{db}/_changes`"""
    asked = read_following(call, call.database(db))
    if asked.descending:
        return _backwards(call, asked)
    page = asked.page(asked.since, asked.limit)
    if asked.feed == "normal" or (asked.feed == "longpoll" and (page.changes or asked.limit == 0)):
        return _at_once(asked, _onward(asked, page))
    gate, step_aside = call.server.feeds, call.step_aside
    gate.enter()
    step_aside(True)
    stretches = _stretches(asked, gate, page)
    writers = {"longpoll": _longpoll, "continuous": _continuous, "eventsource": _eventsource}
    answer = waiting(writers[asked.feed](asked, stretches), content_type=_type_of(asked))

    def leave() -> None:
        step_aside(False)
        gate.leave()

    answer.at_end = leave
    return answer


def _backwards(call: Call, asked: Following) -> Answer:
    """A feed from its end to its beginning, where nothing is to be waited for."""
    if asked.feed in ("normal", "longpoll"):
        return _at_once(asked, backwards(asked))
    write = _continuous if asked.feed == "continuous" else _eventsource
    return waiting(write(asked, backwards(asked)), content_type=_type_of(asked))


def _at_once(asked: Following, pages: Iterator[Page]) -> Answer:
    return streamed(_whole(asked, pages), headers={"Cache-Control": "must-revalidate"})


def _type_of(asked: Following) -> str:
    return "text/event-stream" if asked.feed == "eventsource" else JSON_TYPE


def _whole(asked: Following, pages: Iterator[Page]) -> Iterator[bytes]:
    yield _HEAD
    between, told, page = b"", 0, NO_PAGE
    for page in pages:
        if page.changes:
            yield from listed(_rows(asked, page, told), between, large=asked.attachments)
            between = b",\n"
        told += len(page.changes)
    yield _foot(page)


def _onward(asked: Following, page: Page) -> Iterator[Page]:
    """Page after page to where the feed ends now."""
    told = 0
    # How far there is to go as of now. A document that changes meanwhile moves behind that, told or not, so the
    # answer goes on to the new end; but not for ever, for it must end even while others keep writing.
    rounds, reach = _ROUNDS, None if page.pending is None else page.passed + page.pending
    while True:
        yield page
        told += len(page.changes)
        reach = None if reach is None else reach - page.passed
        if reach == 0:
            rounds, reach = rounds - 1, page.pending
        left = _left(asked, told)
        if page.pending == 0 or not page.passed or left == 0 or rounds == 0:
            return
        page = asked.page(page.last_seq, left, reach=reach)


def _foot(page: Page) -> bytes:
    return b'\n],\n"last_seq":' + dump(page.last_seq) + b',"pending":' + dump(page.pending or 0) + b"}\n"


def _longpoll(asked: Following, stretches: Iterator[Page | None]) -> Iterator[bytes]:
    yield _HEAD
    page = NO_PAGE
    for stretch in stretches:
        page = stretch or page
        if page.changes:
            yield from listed(_rows(asked, page, 0), b"", large=asked.attachments)
            break
        yield b"\n"
    yield _foot(page)


def _continuous(asked: Following, stretches: Iterator[Page | None]) -> Iterator[bytes]:
    told, page = 0, NO_PAGE
    for stretch in stretches:
        page = stretch or page
        if stretch is None or not stretch.changes:
            yield b"\n"  # at the beginning too, as CouchDB does, so that the caller knows that it is being served
        else:
            for row in _rows(asked, stretch, told):
                yield from _at_a_time(asked, b"", row, b"\n")
            told += len(stretch.changes)
    yield dump({"last_seq": page.last_seq, "pending": page.pending or 0}) + b"\n"


def _eventsource(asked: Following, stretches: Iterator[Page | None]) -> Iterator[bytes]:
    told = 0
    for stretch in stretches:
        if stretch is None:
            yield _HEARTBEAT
        elif not stretch.changes:
            yield b"\n"
        else:
            for change, row in zip(stretch.changes, _rows(asked, stretch, told), strict=True):
                yield from _at_a_time(asked, b"data: ", row, b"\nid: " + dump(change.seq) + b"\n\n")
            told += len(stretch.changes)


def _stretches(asked: Following, gate: FeedGate, page: Page) -> Iterator[Page | None]:
    """Page after page, waiting where there is nothing behind; None for each heartbeat.

    Ends when all was told that was asked for, when nothing was told for as long as one waits, or with the database.
    """
    told, quiet_since = 0, time.monotonic()
    with suppress(NotFound):  # destroyed while we waited: nothing will follow, and the answer has begun
        while True:
            yield page
            told += len(page.changes)
            left = _left(asked, told)
            if left == 0:
                return
            if page.changes or page.pending:
                quiet_since = time.monotonic()
            if page.pending == 0 or not page.passed:
                changed = False
                for changed in _waits(asked, gate, page.last_seq, quiet_since):
                    if not changed:
                        yield None
                if not changed:
                    return
            elif asked.hung_up():
                return
            page = asked.page(page.last_seq, left)


def _waits(asked: Following, gate: FeedGate, since: str, quiet_since: float) -> Iterator[bool]:
    until = None if asked.timeout_seconds is None else quiet_since + asked.timeout_seconds
    return gate.wait(
        asked.database, since, until=until, heartbeat_seconds=asked.heartbeat_seconds, hung_up=asked.hung_up
    )


def _left(asked: Following, told: int) -> int | None:
    return None if asked.limit is None else asked.limit - told


def _rows(asked: Following, page: Page, told: int) -> Iterator[Pieces]:
    counted = (_COUNTED_FROM if asked.limit is None else asked.limit) - told
    rows = (
        write_change(change, leaves, with_seq=(counted - place) % asked.seq_interval == 0)
        for place, (change, leaves) in enumerate(zip(page.changes, page.shown, strict=True))
    )
    if not asked.include_docs:
        return ((row,) for row in rows)
    return map(with_document, rows, _documents(asked, page))


def _documents(asked: Following, page: Page) -> Iterator[Pieces]:
    wanted = [Wanted(each.id, each.leaves[:1], attachments=asked.attachments) for each in page.changes]
    for document in read_first(asked.database, wanted):
        narrowed = asked.filter.narrowed(document) if isinstance(document, Document) else None
        yield (
            (narrowed,) if narrowed is not None else document_text(asked.database, document, conflicts=asked.conflicts)
        )


def _at_a_time(asked: Following, before: bytes, row: Pieces, behind: bytes) -> Iterator[bytes]:
    """One row of a feed that lasts, as one piece where it can be."""
    pieces = chain((before,), row, (behind,))
    return evenly(pieces) if asked.attachments else iter((b"".join(pieces),))
