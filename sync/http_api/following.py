"""What a caller asks of a feed of changes, and its pages.

A page costs what is on it, filtered or not: what a filter leaves out is looked at page by page and let go,
and the sequence moves along though nothing was told.

source  CouchDB API, /{db}/_changes; `chttpd_db:parse_changes_query/1` for the sentences

Must not know: how a feed is written, how long it lasts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sync.database import Database
from sync.errors import BadRequest
from sync.http_api.abilities import Backwards, able
from sync.http_api.call import Call
from sync.http_api.filters import UNFILTERED, Filter, Leaves, read_filter
from sync.http_api.listing import PAGE_DOCUMENTS, PAGE_ROWS
from sync.typed import Value
from sync.values.changes import START, Change, Changes

# CouchDB's `changes_timeout`: its default, and the most one can ask for without heartbeats.
LONGEST_WAIT_MILLISECONDS = 60_000
_SHORTEST_HEARTBEAT_MILLISECONDS = 100
_LONGEST_HEARTBEAT_MILLISECONDS = 24 * 3_600_000
FEEDS = ("normal", "longpoll", "continuous", "eventsource")
# Sizes beyond this mean "all"; a larger number would not fit SQLite's integers.
_LARGEST_COUNT = 2**53


class Page(Value):
    """A stretch of a feed.

    changes   those told, with all their leaves
    shown     the leaves told of each
    last_seq  where to go on
    pending   changes behind, not looked at yet; None when the database does not say
    passed    how many changes were looked at
    """

    changes: Sequence[Change]
    shown: Sequence[Leaves]
    last_seq: str
    pending: int | None
    passed: int


NO_PAGE = Page((), (), START, 0, 0)


class Following(Value):
    """What a caller wants of a feed.

    limit         changes at most; None for all
    seq_interval  of so many changes one tells its sequence
    """

    database: Database
    since: str
    feed: str
    limit: int | None
    descending: bool
    filter: Filter
    all_leaves: bool
    include_docs: bool
    attachments: bool
    conflicts: bool
    seq_interval: int
    timeout_seconds: float | None
    heartbeat_seconds: float | None
    hung_up: Callable[[], bool]

    @property
    def size(self) -> int:
        """How many changes are looked at together."""
        return PAGE_DOCUMENTS if self.include_docs else PAGE_ROWS

    def page(self, since: str, left: int | None, *, reach: int | None = None) -> Page:
        """The next stretch after a sequence.

        left   changes still to be told at most
        reach  changes still to be looked at at most
        """
        bounds = [self.size, reach, left if self.filter.selects is None or left == 0 else None]
        limit = min(each for each in bounds if each is not None)
        return self.told(self.database.changes(since, limit=limit, doc_ids=self.filter.doc_ids), left)

    def told(self, found: Changes, left: int | None) -> Page:
        """Of changes that were looked at, what is told, and at most `left` of it."""
        shown = self._shown(found.results)
        told = [place for place, leaves in enumerate(shown) if leaves]
        page = Page(
            [found.results[place] for place in told],
            [shown[place] for place in told],
            found.last_seq,
            found.pending,
            len(found.results),
        )
        return page if left is None or len(told) < left or not told else _cut(page, told, left)

    def _shown(self, changes: Sequence[Change]) -> Sequence[Leaves]:
        if self.filter.selects is not None:
            return self.filter.selects(self.database, changes, self.all_leaves)
        return [each.leaves if self.all_leaves else each.leaves[:1] for each in changes]


def backwards(asked: Following) -> Iterator[Page]:
    """The feed from its end to its beginning; page by page where the database can be read so."""
    behind, doc_ids = able(asked.database), asked.filter.doc_ids
    paged = isinstance(behind, Backwards) and doc_ids is None
    limit = asked.limit if asked.filter.selects is None else None
    limit = asked.size if paged and (limit is None or limit > asked.size) else limit
    found = asked.database.changes(START, limit=limit, descending=True, doc_ids=doc_ids)
    left = asked.limit
    while True:
        page = asked.told(found, left)
        yield page
        left = None if left is None else left - len(page.changes)
        if not (isinstance(behind, Backwards) and paged and found.pending and found.results) or left == 0:
            return
        results = behind.changes_before(found.results[-1].seq, limit=asked.size)
        last_seq = results[-1].seq if results else found.last_seq
        found = Changes(tuple(results), last_seq, max(found.pending - len(results), 0))


def _cut(page: Page, told: Sequence[int], left: int) -> Page:
    """The page up to the last change that may be told; it ends there, whatever was looked at behind."""
    last = told[left - 1]
    behind = page.passed - last - 1
    return Page(
        page.changes[:left],
        page.shown[:left],
        page.changes[left - 1].seq,
        None if page.pending is None else page.pending + behind,
        last + 1,
    )


def read_following(call: Call, database: Database) -> Following:
    """What a request asks; raises BadRequest, NotFound, NotOffered, UnsupportedType."""
    body = _body(call)
    query = {name.lower(): value for name, value in call.query.values.items()}
    feed = query.get("feed", "normal")
    feed = "continuous" if feed == "live" else feed
    if feed not in FEEDS:
        raise BadRequest("Supported `feed` types: normal, continuous, live, longpoll, eventsource")
    style = query.get("style", "main_only")
    if style not in ("main_only", "all_docs"):
        raise BadRequest(f"Invalid style: `{style}`")
    name = query.get("filter", "")
    return Following(
        database=database,
        since=_since(query, call, database, feed),
        feed=feed,
        limit=_count(query, "limit"),  # 0 gives no row, whatever CouchDB's documentation says
        descending=_flag(query, "descending"),
        filter=read_filter(name, query, body, lambda: database) if name else UNFILTERED,
        all_leaves=style == "all_docs",
        include_docs=_flag(query, "include_docs"),
        attachments=_flag(query, "attachments"),
        conflicts=_flag(query, "conflicts"),
        seq_interval=_interval(query),
        timeout_seconds=_timeout(query),
        heartbeat_seconds=_heartbeat(query),
        hung_up=call.hung_up,
    )


def _body(call: Call) -> Mapping[str, Any] | None:
    if call.method != "POST":
        return None
    call.require_json()
    return call.json_object() if call.headers.get("Content-Length") != "0" else {}


def _since(query: Mapping[str, str], call: Call, database: Database, feed: str) -> str:
    since = query.get("last-event-id", query.get("since", START))
    if feed == "eventsource":  # a browser that comes back says here where it was
        since = call.headers.get("Last-Event-ID", since)
    if since == "now":
        return database.info().update_seq
    # Clients that take a sequence for any JSON value send its JSON text.
    return since[1:-1] if len(since) > 1 and since[0] == since[-1] == '"' else since


def _flag(query: Mapping[str, str], name: str) -> bool:
    return query.get(name) == "true"


def _integer(text: str) -> int | None:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return None
    return (-1 if text.startswith("-") else 1) * (int(digits) if len(digits) < 20 else _LARGEST_COUNT)


def _count(query: Mapping[str, str], name: str) -> int | None:
    if name not in query:
        return None
    number = _integer(query[name])
    if number is None:
        raise BadRequest(f"The {name} parameter should be a non-negative integer")
    if number < 0:
        raise BadRequest(f"The {name} value should be a non-negative integer")
    return min(number, _LARGEST_COUNT)


def _interval(query: Mapping[str, str]) -> int:
    number = _integer(query.get("seq_interval", "1"))
    if number is None or number <= 0:
        raise BadRequest("invalid_seq_interval")
    return number


def _timeout(query: Mapping[str, str]) -> float | None:
    asked, longest = _count(query, "timeout"), LONGEST_WAIT_MILLISECONDS
    if _heartbeat(query) is not None:
        return None
    return (longest if asked is None else min(asked, longest)) / 1000


def _heartbeat(query: Mapping[str, str]) -> float | None:
    told = query.get("heartbeat")
    if told is None:
        return None
    asked = LONGEST_WAIT_MILLISECONDS if told == "true" else _integer(told)
    if asked is None:
        raise BadRequest("Invalid heartbeat value. Expecting a positive integer value (in milliseconds).")
    if asked <= 0:
        raise BadRequest("The heartbeat value should be a positive integer (in milliseconds).")
    return min(max(asked, _SHORTEST_HEARTBEAT_MILLISECONDS), _LONGEST_HEARTBEAT_MILLISECONDS) / 1000
