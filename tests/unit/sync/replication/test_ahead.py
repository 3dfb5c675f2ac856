"""What is read while something else is written, and what must not be."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from sync.database import Database
from sync.errors import LinkDown
from sync.remote.traffic import Meter
from sync.replication.pace import Limits
from sync.replication.replicate import Replicator, replicate
from sync.replication.report import Options
from sync.revisions.revision import Revision
from sync.typed import replace
from sync.values.changes import START, Changes
from sync.values.documents import Document, Edit, Outcome, Wanted
from sync.values.json_text import parse_object
from sync.wire.attachments import attachment
from tests.faults.replication.replicas import contents, write_history
from tests.unit.sync.replication.watching import Noting, Replaced, pair

LIMITS = Limits(first_documents=10, most_documents=10, least_documents=10)
OPTIONS = Options("source", "target", limits=LIMITS, checkpoint_seconds=1000)
RECORDING = replace(OPTIONS, checkpoint_seconds=0)
PATIENCE_SECONDS = 20


class Alone:
    """An end that minds being asked two things at once."""

    def __init__(self, database: Database, meter: Meter | None = None) -> None:
        self._database = database
        self._lock = threading.Lock()
        self.threads: set[int] = set()
        if meter:
            self.meter = meter

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._database, name)

        def alone(*args: Any, **kwargs: Any) -> Any:
            assert self._lock.acquire(blocking=False), f"asked for {name} while it was asked something else"
            try:
                self.threads.add(threading.get_ident())
                result = method(*args, **kwargs)
                return list(result) if isinstance(result, Iterator) else result
            finally:
                self._lock.release()

        return alone if callable(method) else method


def test_the_next_part_is_read_while_one_is_written() -> None:
    source, target = pair(25)
    parts = [threading.Event() for _ in range(3)]
    reading, following = iter(parts), iter(parts[1:])

    def read(wanted: Sequence[Wanted]) -> Any:
        yield from source.read(wanted)
        next(reading).set()

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        part = next(following, None)
        assert part is None or part.wait(PATIENCE_SECONDS), "nothing was read meanwhile"
        return target.graft(documents)

    replicate(Replaced(source, read=read), Replaced(target, graft=graft), options=OPTIONS).checked()
    assert contents(target) == contents(source)


@pytest.mark.parametrize("checkpoint_seconds", [0, 0.002, 1000])
def test_each_end_is_asked_one_thing_at_a_time_checkpoints_and_stubs_included(checkpoint_seconds: float) -> None:
    source, target = pair(0)
    write_history(source, documents=120, seed=4)
    ends = Alone(source), Alone(target)
    options = replace(OPTIONS, checkpoint_seconds=checkpoint_seconds, limits=replace(LIMITS, first_bytes=1000))
    assert replicate(*ends, options=options).checked().checkpoints > 0
    assert contents(target) == contents(source)
    assert len(ends[0].threads) == 2 or checkpoint_seconds < 1
    assert len(ends[1].threads) == 1


def test_what_is_to_be_recorded_is_recorded_before_the_source_is_asked_for_more() -> None:
    source, target = pair(25)
    calls: list[tuple[str, str]] = []
    ends = Noting(source, "source", calls), Noting(target, "target", calls)
    replicate(*ends, options=RECORDING).checked()
    page = [("source", "changes"), ("target", "missing"), ("source", "read"), ("target", "graft")]
    recorded = [("target", "write_local"), ("source", "write_local")]
    assert calls[2:] == [*page, *recorded] * 3


def test_two_databases_behind_one_connection_are_never_asked_at_once() -> None:
    source, target = pair(45)
    meter = Meter()
    ends = Alone(source, meter), Alone(target, meter)
    replicate(*ends, options=OPTIONS).checked()
    assert contents(target) == contents(source)
    assert len(ends[0].threads) == 1


@dataclass(frozen=True)
class Distant:
    """A content that is fetched when it is written."""

    data: bytes
    fetching: threading.Lock

    @property
    def length(self) -> int:
        return len(self.data)

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        assert self.fetching.acquire(blocking=False), "the source is being read from"
        self.fetching.release()
        yield self.data[start:stop]


def test_nothing_is_read_ahead_of_a_content_that_is_fetched_while_it_is_written() -> None:
    source, target = pair(35)
    photo = attachment("photo", "image/jpeg", b"\xff\xd8", generation=1)
    source.write([Edit(f"e{n}", None, b"{}", attachments=(photo,)) for n in range(3)])
    reading = threading.Lock()

    def read(wanted: Sequence[Wanted]) -> Any:
        with reading:
            found = [distant(each, reading) for each in source.read(wanted)]
        yield from found

    assert replicate(Replaced(source, read=read), target, options=OPTIONS).checked().docs_written == 38
    assert contents(target) == contents(source)


def distant(found: Any, reading: threading.Lock) -> Any:
    if not isinstance(found, Document):
        return found
    files = tuple(
        type(file)(file.name, file.content_type, file.digest, file.length, file.revpos, Distant(file.data, reading))
        for file in found.attachments
        if isinstance(file.data, bytes)
    )
    return Document(found.id, found.path, found.body, files)


def test_what_was_read_before_the_source_broke_is_written() -> None:
    source, target = pair(35)
    pages = iter(range(100))

    def changes(*args: Any, **kwargs: Any) -> Changes:
        if next(pages) == 2:
            raise LinkDown("gone")
        return source.changes(*args, **kwargs)

    report = Replicator(Replaced(source, changes=changes), target, options=OPTIONS).run()
    assert isinstance(report.error, LinkDown)
    assert (report.docs_written, report.checkpoints) == (20, 0)
    assert replicate(source, target, options=OPTIONS).docs_written == 15


def test_a_checkpoint_never_stands_past_what_is_written_however_much_was_read() -> None:
    source, target = pair(45)
    recorded: list[tuple[int, int]] = []

    def write_local(local_id: str, body: bytes) -> Revision:
        seen = len(source.changes("0").results) - len(source.changes(seq_of(body)).results)
        recorded.append((seen, target.info().doc_count))
        return target.write_local(local_id, body)

    replicate(source, Replaced(target, write_local=write_local), options=RECORDING).checked()
    assert [seen for seen, _ in recorded] == [written for _, written in recorded] == [10, 20, 30, 40, 45]


def seq_of(body: bytes) -> str:
    return str(parse_object(body)["source_last_seq"])


def test_no_thread_begins_where_one_part_is_all_and_none_is_left_behind() -> None:
    source, target = pair(5)
    before = set(threading.enumerate())
    ends = Alone(source), Alone(target)
    replicate(*ends, options=OPTIONS).checked()
    assert len(ends[0].threads) == 1
    source.write([Edit(f"more{n}", None) for n in range(40)])
    replicate(*ends, options=OPTIONS).checked()
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("end", ["source", "target"])
def test_an_end_that_fails_leaves_no_thread_behind(end: str) -> None:
    source, target = pair(45)
    count = iter(range(100))

    def breaks(method: Callable[..., Any]) -> Callable[..., Any]:
        def once(*args: Any, **kwargs: Any) -> Any:
            if next(count) == 2:
                raise LinkDown("gone")
            return method(*args, **kwargs)

        return once

    before = set(threading.enumerate())
    ends = {"source": source, "target": target}
    name = "read" if end == "source" else "graft"
    ends[end] = Replaced(ends[end], **{name: breaks(getattr(ends[end], name))})  # type: ignore[assignment]
    assert isinstance(replicate(ends["source"], ends["target"], options=OPTIONS).error, LinkDown)
    assert set(threading.enumerate()) <= before


def asked_of_target(documents: int, *, held: int = 0, begin: str = START, is_far: bool = True) -> list[str]:
    """What a target is asked while so many documents are carried to it, which holds some already."""
    source, target = pair(documents)
    target.write([Edit(f"held-{number}", None, b"{}") for number in range(held)])
    calls: list[tuple[str, str]] = []
    end: Any = Noting(target, "target", calls)
    if is_far:
        end.meter = Meter()
    replicate(source, end, options=replace(OPTIONS, begin=begin, limits=Limits(first_documents=60))).checked()
    assert len(contents(target)) == documents + held
    return [method for _, method in calls if method in ("info", "missing")]


def test_an_empty_target_across_a_link_is_not_asked_what_it_lacks() -> None:
    assert asked_of_target(150) == ["info"]


def test_a_target_that_may_hold_something_is_asked_what_it_lacks() -> None:
    assert asked_of_target(100, held=1) == ["info", "missing", "missing"]
    assert asked_of_target(20) == ["missing"]
    assert asked_of_target(100, is_far=False) == ["missing", "missing"]


def test_whoever_does_not_begin_at_the_beginning_asks_what_the_target_lacks() -> None:
    source, target = pair(100)
    calls: list[tuple[str, str]] = []
    end: Any = Noting(target, "target", calls)
    end.meter = Meter()
    begin = source.changes(START, limit=10).last_seq
    replicate(source, end, options=replace(OPTIONS, begin=begin, limits=Limits(first_documents=60))).checked()
    assert [method for _, method in calls if method in ("info", "missing")] == ["missing", "missing"]


def test_what_changes_while_an_empty_target_is_filled_arrives_too() -> None:
    source, target = pair(100)

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        if "d0000" in [one.id for one in documents] and documents[0].revision.generation == 1:
            (first,) = source.read([Wanted(documents[0].id)])
            assert isinstance(first, Document)
            source.write([Edit(first.id, first.revision, b'{"n":"anew"}')])
        return target.graft(documents)

    end = Replaced(target, graft=graft)
    end.meter = Meter()
    replicator = Replicator(source, end, options=replace(OPTIONS, limits=Limits(first_documents=60)))
    replicator.run().checked()
    replicator.run().checked()
    assert contents(target) == contents(source)
