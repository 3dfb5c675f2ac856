"""Two replicas with a link between them that breaks where a test says, and what is compared afterwards."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from fixtures.link_weak import WeakLink
from sync.database import Database
from sync.http_api.blueprint import couch_blueprint
from sync.http_api.call import Server
from sync.http_api.callers import everyone
from sync.http_api.feeds import FeedGate
from sync.replication.pace import Limits
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.values.changes import START, Missing
from sync.values.documents import Document, Edit, Outcome, Wanted
from sync.web.serving import running
from sync.wire.attachments import attachment

# Small batches: many requests to cut at, and several checkpoints to keep.
SMALL = Limits(first_documents=10, most_documents=10, first_bytes=3000, most_bytes=3000)

Content = Mapping[str, Any]


def write_history(database: Database, *, documents: int, seed: int) -> None:
    """Documents with edits, tombstones, conflicts and files, the same for the same seed."""
    chance = random.Random(seed)
    first = database.write(
        [Edit(f"d{n:03}", None, b'{"n":%d,"text":"%s"}' % (n, b"x" * chance.randrange(400))) for n in range(documents)]
    )
    edits = []
    for outcome in first:
        dice = chance.random()
        if dice < 0.2:
            edits.append(Edit(outcome.id, outcome.revision, b'{"edited":true}'))
        elif dice < 0.3:
            edits.append(Edit(outcome.id, outcome.revision, deleted=True))
        elif dice < 0.4:
            file = attachment("scan.txt", "text/plain", chance.randbytes(300), generation=2)
            edits.append(Edit(outcome.id, outcome.revision, b'{"with":"file"}', attachments=(file,)))
    database.write(edits)
    rivals = [
        Document(doc_id, Branch(1, (f"{chance.getrandbits(128):032x}",)), b'{"rival":1}')
        for doc_id in chance.sample([outcome.id for outcome in first], documents // 10)
    ]
    assert not any(outcome.error for outcome in database.graft(rivals))


def contents(database: Database) -> Content:
    """Everything a replica holds: trees, bodies and files of every leaf."""
    held = {}
    for change in database.changes(START).results:
        leaves = list(database.read([Wanted(change.id, (), attachments=True)]))
        held[change.id] = (database.tree(change.id), [(leaf.path.leaf, leaf.body, leaf.attachments) for leaf in leaves])
    return held


@dataclass
class Seen:
    """What reached a target, in order: revisions written, ids asked about, and checkpoints between them."""

    grafted: list[tuple[str, Revision]] = field(default_factory=list)
    events: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def never_twice(self) -> None:
        """No revision was ever sent to be written a second time."""
        twice = [each for each, count in Counter(self.grafted).items() if count > 1]
        assert not twice, f"sent again although on disk: {sorted(twice)[:5]}"

    def asked_before_checkpoint(self, number: int) -> set[str]:
        """The ids the target was asked about before its checkpoint of that number; none before the zeroth."""
        safe: set[str] = set()
        asked: set[str] = set()
        for kind, ids in self.events:
            asked |= ids
            if kind == "checkpoint" and number > 0:
                safe, number = set(asked), number - 1
        return safe


class Watched:
    """A target that notes what it is sent; otherwise the database it stands before."""

    def __init__(self, database: Database, seen: Seen) -> None:
        self._database = database
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def missing(self, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
        self._seen.events.append(("asked", frozenset(offered)))
        return self._database.missing(offered)

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        self._seen.grafted += [(document.id, document.revision) for document in documents]
        return self._database.graft(documents)

    def write_local(self, local_id: str, body: bytes) -> Revision:
        revision = self._database.write_local(local_id, body)
        self._seen.events.append(("checkpoint", frozenset()))
        return revision


class WatchedDatabases:
    """One watched database as a server offers it."""

    def __init__(self, database: Database, seen: Seen) -> None:
        self._watched = Watched(database, seen)

    def names(self) -> Sequence[str]:
        return [self._watched.name]

    def among(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(names) & {self._watched.name}

    def open(self, name: str) -> Database:
        return self._watched


class Faults:
    """Counts requests and does something to the chosen one: before it is handled, or when its answer is ready."""

    def __init__(self) -> None:
        self.requests = 0
        self._at: int | None = None
        self._when = "before"
        self._act: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def at(self, request: int, when: str, act: Callable[[], None]) -> None:
        """Count anew, and act at that request; `when` is `before` or `after` its handling."""
        self.requests, self._at, self._when, self._act = 0, request, when, act

    def never(self) -> None:
        """Count anew, and do nothing."""
        self.requests, self._at = 0, None

    def before(self) -> Any:
        with self._lock:
            self.requests += 1
            struck = self.requests == self._at and self._when == "before"
        if struck:
            self._act()
            return "nobody hears this", 503  # what was cut off is not handled
        return None

    def after(self, response: Any) -> Any:
        if self.requests == self._at and self._when == "after":
            self._act()
        return response


class FarEnd:
    """A server whose databases and faults a test chooses anew as often as it likes."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.databases: Any = None
        self.port = 0

    @contextmanager
    def running(self) -> Iterator["FarEnd"]:
        app = Flask("faults")
        feeds = FeedGate()
        app.before_request(self.faults.before)
        app.after_request(self.faults.after)
        server = Server(lambda caller: self.databases, everyone(), feeds, uuid="faults")
        app.register_blueprint(couch_blueprint(server, prefix=""))
        with running(app, threads=8) as self.port:
            yield self
            feeds.close()

    def linked(self, **options: Any) -> WeakLink:
        """A link to it."""
        return WeakLink(f"127.0.0.1:{self.port}", **options)
