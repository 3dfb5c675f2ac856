"""Documents in conflict and with long histories cost those who ask for them, and nobody else.

What is counted is SQLite's own work (steps of its virtual machine, pages touched), not time: the same on any machine.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import apsw
import pytest

from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.store.engine import Engine
from sync.values.changes import START, Span
from sync.values.documents import Document, Edit, Wanted

PLAIN = 500
CONFLICTED = 1_000
LEAVES = 1_000
REVISIONS = 1_000
# A larger tree is a level deeper here and there; the work of a row is some ten steps.
_STEPS_SPARE, _PAGES_SPARE = 40, 12


class Work:
    """Counts what SQLite does on every connection opened meanwhile."""

    def __init__(self) -> None:
        self.counted = Counter[str]()
        self._connections: list[apsw.Connection] = []

    def watch(self, connection: apsw.Connection) -> None:
        self._connections.append(connection)
        connection.trace_v2(apsw.SQLITE_TRACE_PROFILE, self._profiled)

    def of(self, ask: Callable[[], Any]) -> Counter[str]:
        """The work of one piece, on whichever connections it runs; of a few, for the store tidies up by itself."""
        return sorted((self._once(ask) for _ in range(5)), key=lambda counted: counted["steps"])[2]

    def _once(self, ask: Callable[[], Any]) -> Counter[str]:
        self.counted.clear()
        before = self._pages()
        ask()
        return self.counted + Counter(pages=self._pages() - before)

    def _profiled(self, told: dict[str, Any]) -> None:
        self.counted["steps"] += told["stmt_status"]["SQLITE_STMTSTATUS_VM_STEP"]
        self.counted["full scans"] += told["stmt_status"]["SQLITE_STMTSTATUS_FULLSCAN_STEP"]

    def _pages(self) -> int:
        """Pages asked for so far, whether they were at hand or not."""
        return sum(map(_pages_of, self._connections))


def _pages_of(connection: apsw.Connection) -> int:
    kinds = (apsw.SQLITE_DBSTATUS_CACHE_HIT, apsw.SQLITE_DBSTATUS_CACHE_MISS)
    with suppress(apsw.ConnectionClosedError):
        return sum(connection.status(kind)[0] for kind in kinds)
    return 0


@pytest.fixture
def work() -> Iterator[Work]:
    counting = Work()
    apsw.connection_hooks.append(counting.watch)
    yield counting
    apsw.connection_hooks.remove(counting.watch)


@pytest.fixture
def engine(work: Work, tmp_path: Any) -> Iterator[Engine]:
    with Engine.open(tmp_path) as opened:
        database = opened.databases.create("db")
        database.write([Edit(f"plain-{n:04}", None, b'{"n":%d,"text":"%s"}' % (n, b"x" * 300)) for n in range(PLAIN)])
        yield opened


def digest(number: int) -> str:
    return f"{number:032x}"


def trouble(engine: Engine) -> None:
    """A thousand documents in conflict, one with a thousand leaves, one with a thousand revisions."""
    database = engine.database("db")
    database.graft([Document(f"torn-{n:04}", Branch(1, (digest(leaf),))) for n in range(CONFLICTED) for leaf in (1, 2)])
    database.graft([Document("torn", Branch(1, (digest(n),))) for n in range(LEAVES)])
    database.graft([Document("worn", Branch(REVISIONS, tuple(map(digest, range(REVISIONS)))))])


def questions(engine: Engine) -> dict[str, Callable[[], Any]]:
    """What others do all day, with documents that are in no trouble."""
    database = engine.database("db")
    end = database.info().update_seq
    plain = [f"plain-{n:04}" for n in range(0, PLAIN, 25)]
    fresh = iter(range(10**6))
    return {
        "read": lambda: list(database.read([Wanted(doc_id) for doc_id in plain])),
        "write new": lambda: database.write([Edit(f"new-{next(fresh)}", None)]),
        "edit": lambda: database.write([Edit("plain-0001", database.tree("plain-0001").winner.leaf)]),
        "nothing new": lambda: database.changes(end),
        "info": database.info,
        "missing": lambda: database.missing({doc_id: [Revision(1, digest(1))] for doc_id in plain}),
        "look up": lambda: database.look_up(plain),
        "first page of the feed": lambda: database.changes(START, limit=20),
        "list": lambda: database.list(Span(start="plain-0100", limit=20)),
    }


def test_what_others_do_costs_the_same_beside_conflicts_and_long_histories(engine: Engine, work: Work) -> None:
    before = {name: work.of(ask) for name, ask in questions(engine).items()}
    trouble(engine)
    after = {name: work.of(ask) for name, ask in questions(engine).items()}
    assert all(each["steps"] > 0 for each in before.values())
    for name in before:
        told = f"{name}: {before[name]} before, {after[name]} beside them"
        print(told)
        assert after[name]["full scans"] <= before[name]["full scans"], told
        assert after[name]["steps"] <= before[name]["steps"] + _STEPS_SPARE, told
        assert after[name]["pages"] <= before[name]["pages"] + _PAGES_SPARE, told


def test_a_page_of_the_feed_costs_what_is_on_it(engine: Engine, work: Work) -> None:
    plain = work.of(_last_rows(engine, 200))
    trouble(engine)
    torn = work.of(_last_rows(engine, 202))
    assert torn["steps"] <= plain["steps"] + _STEPS_SPARE
    # A page a row, because documents with two revisions do not stand side by side, and two trees of nine pages each.
    assert torn["pages"] <= plain["pages"] + 202 + 2 * 9 + _PAGES_SPARE


def _last_rows(engine: Engine, count: int) -> Callable[[], Any]:
    """What asks for the last rows of the feed, behind which nothing needs to be counted."""
    database = engine.database("db")
    since = database.changes(START, descending=True, limit=count + 1).results[-1].seq
    assert len(database.changes(since).results) == count
    return lambda: database.changes(since)


def test_one_more_edit_of_a_long_history_writes_its_tree_once(engine: Engine, work: Work) -> None:
    database = engine.database("db")
    trouble(engine)
    short = work.of(lambda: database.write([Edit("plain-0002", database.tree("plain-0002").winner.leaf)]))
    worn = work.of(lambda: database.write([Edit("worn", database.tree("worn").winner.leaf)]))
    assert worn["steps"] <= short["steps"] + _STEPS_SPARE
    # A thousand digests are some 35 kB of text, nine pages: read twice and written once, and the old pages freed.
    assert worn["pages"] <= short["pages"] + 60


def test_to_read_all_leaves_costs_in_proportion_to_them(engine: Engine, work: Work) -> None:
    database = engine.database("db")
    trouble(engine)
    every = tuple(Revision(1, digest(n)) for n in range(LEAVES))
    for wanted in (Wanted("torn", ()), Wanted("torn", every), Wanted("torn", every, latest=True)):
        done = work.of(lambda wanted=wanted: list(database.read([wanted])))
        assert done["full scans"] == 0
        assert done["steps"] <= 60 * LEAVES
        assert done["pages"] <= 12 * LEAVES
